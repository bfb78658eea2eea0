import re
import subprocess
import sys

from infra.local.template import ROOT

MAY = "anybody"


def test_tells_a_visitor_what_this_is_and_the_way_in(visitor):
    response = visitor.get("/")

    assert response.status_code == 200
    assert "<h1>The form inbox that you own</h1>" in response.text
    assert 'href="/sign-up"' in response.text
    assert 'href="/sign-in"' in response.text


def test_shows_five_lines_of_html_with_the_address_of_this_very_site(visitor):
    (shown,) = re.findall(r"<code>(.*?)</code>", visitor.get("/").text, re.DOTALL)

    assert len(shown.strip().splitlines()) == 5
    assert "https://pillarbox.test/f/" in shown


def test_leads_an_owner_to_their_forms(owner):
    response = owner.get("/")

    assert 'href="/dashboard"' in response.text
    assert 'href="/sign-up"' not in response.text


def test_whoever_only_looks_gets_no_cookie(visitor):
    assert "set-cookie" not in visitor.get("/").headers


def test_every_page_is_guarded_and_asks_nothing_of_third_parties(visitor):
    response = visitor.get("/")

    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r'(src|href)="(https?:)?//', response.text)
    assert not re.search(r"<style|<script(?! src)|\sstyle=|\son\w+=", response.text)


def test_what_a_first_visit_loads_is_light(visitor):
    page = visitor.get("/", headers={"accept-encoding": "gzip"})
    parts = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page.text))

    weights = [int(visitor.get(part, headers={"accept-encoding": "gzip"}).headers["content-length"]) for part in parts]

    assert len(parts) == 4
    assert sum(weights) + int(page.headers["content-length"]) < 60_000


def test_whoever_only_looks_does_not_wait_for_boto3():
    command = "import sys, functions.pages.home_page.handler; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", command],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "layers" / "core"), "POWERTOOLS_SERVICE_NAME": "tests"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert not {"boto3", "botocore.client", "pydantic"} & set(loaded)
