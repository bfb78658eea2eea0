"""What visitors and owners could type to break something stands in the tour's world everywhere, and is only text.

That no script of theirs runs and that the layout holds, test_every_page.py sees on every page; here is the rest.
"""

import csv
import io
import json
import re
import time
import zipfile

import httpx
import pytest

from tests.browser import checks, tour
from tests.browser.visits import WIDE
from tests.browser.world import HOSTILE, OPERATOR
from tests.people import Browser

STOPS = {stop.name: stop for stop in tour.stops()}
SCRIPT, WORDS = HOSTILE["script"], "window.ran = 1"
SECONDS = 120  # for what a worker does, on a busy machine
# What a page's address and its title are made of.
NAMED = [
    "dashboard",
    "connect-hostile",
    "fields-hostile",
    "hosted-form-hostile",
    "thanks-hostile",
    "settings-general-hostile",
]


@pytest.fixture
def owner(world):
    with Browser(base_url=world.site, timeout=SECONDS, cookies=dict(world.cookies["owner"])) as owner:
        yield owner


@pytest.mark.parametrize("name", NAMED)
def test_a_form_is_named_as_it_was_and_no_script_runs(visit, name):
    visited = visit(STOPS[name], **WIDE)

    assert checks.look(visited.page, "ran") == []
    assert "<script>window.ran" not in visited.answer.text()
    shown = visited.page.title() + visited.page.inner_text("body")
    assert "</title></textarea><script>window.ran = 1</script>" in shown


def test_a_submission_shows_every_letter_of_it(visit):
    page = visit(STOPS["submission-hostile"], **WIDE).page
    text = page.inner_text("body")

    for name in ("script", "attribute", "template", "word", "emoji"):
        assert HOSTILE[name].split()[0] in text, name
    assert HOSTILE["template"].split("}")[0] in text, "49 isn't what was typed"
    assert checks.look(page, "ran") == []


def test_what_is_printed_fits_the_paper(visit):
    page = visit(STOPS["submission-hostile"], viewport={"width": 720, "height": 1000}).page
    page.emulate_media(media="print")

    assert checks.layout(page) == []
    assert page.pdf()[:5] == b"%PDF-"
    assert checks.look(page, "ran") == []


def test_mails_are_text_and_one_line_is_their_subject(world, visit):
    mails = httpx.get(f"{world.site}/_local/mail.json", timeout=SECONDS).json()["mails"]
    told = [mail for mail in mails if OPERATOR in mail["to"] and WORDS in mail["text"] + mail["subject"]]
    assert told, "somebody is told of what came"

    for mail in told:
        assert "<script" not in mail["html"]
        assert not re.search(r"<[^>]+\son\w+=", mail["html"])
        assert mail["subject"].isprintable()
    page = visit(STOPS["home"], **WIDE).page
    page.goto(f"{world.site}/_local/mail/{told[0]['id']}")
    assert checks.look(page, "ran") == []


def test_the_copy_of_everything_has_it_as_it_was(world, owner):
    owner.fill("/account/data", {"do": "copy"})
    until = time.monotonic() + SECONDS
    while (led := owner.get("/account/data?fetch")).status_code != 303:
        assert time.monotonic() < until, "the copy isn't made"
        time.sleep(0.3)
    with zipfile.ZipFile(io.BytesIO(httpx.get(led.headers["location"], timeout=SECONDS).content)) as copy:
        names = copy.namelist()
        found = b"".join(copy.read(name) for name in names if world.known["form_id"] in name).decode()
        rows = copy.read(f"forms/{world.known['form_id']}/submissions.csv").decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(rows, newline="")) for cell in row]
    assert f"'{HOSTILE['formula']}" in cells
    assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
    assert all(re.fullmatch(r"[\w./-]+", name) and ".." not in name for name in names), names
    assert json.dumps(SCRIPT) in found or json.dumps(SCRIPT, ensure_ascii=False) in found
