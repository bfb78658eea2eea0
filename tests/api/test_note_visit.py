"""Visits: what a hosted form tells is counted, and keeps nothing of who it was."""

import json
import time

import pytest

from pillarbox import accept, beacons, definitions, forms, ids, judge, places, rates, table

MAY = "anybody"


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """An instance that nobody has asked yet."""
    monkeypatch.setattr(rates, "buckets", {})


def tell(visitor, form_id, body, **headers):
    sent = body if isinstance(body, (bytes, str)) else json.dumps(body)
    return visitor.post(f"/f/{form_id}/visit", content=sent, headers={"content-type": "text/plain"} | headers)


def noted(form_id):
    """Return what lies in the table of a form's visits, without keys."""
    found = [item for n in range(ids.MAX_SHARDS) for item in table.query_all(places.visits(form_id, n))]
    return [{name: value for name, value in item.items() if name not in {"pk", "sk", "expires_at"}} for item in found]


def test_notes_that_a_form_was_opened_begun_and_how_far_somebody_came(visitor, form):
    for body in (
        {"what": "view", "from": "news.example.com"},
        {"what": "start", "from": "news.example.com"},
        {"what": "page", "page": 2},
    ):
        answer = tell(visitor, form.id, body)
        assert (answer.status_code, answer.content) == (204, b"")

    assert noted(form.id) == [
        {"what": "view", "host": "news.example.com"},
        {"what": "start"},
        {"what": "page", "page": 2},
    ]


def test_what_is_noted_tells_nothing_of_who_it_was_and_is_gone_after_a_day(visitor, form):
    tell(visitor, form.id, {"what": "view"}, referer="https://example.com/secret?of=ada", cookie="a=b")

    (item,) = table.query_all(places.visits(form.id, 0))
    assert item.keys() == {"pk", "sk", "what", "host", "expires_at"}
    assert 0 < item["expires_at"] - time.time() <= 24 * 60 * 60
    assert ids.is_ulid(item["sk"])


def test_sets_no_cookie_and_is_kept_nowhere_on_the_way(visitor, form):
    answer = tell(visitor, form.id, {"what": "view"})

    assert "set-cookie" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "host",
    [
        *("<script>", "a b", "https://example.com/", "x" * 300, "a\nb", ".example.com", "", "\u202eevil"),
        *("pillarbox.test", None, 7, ["a"], {}),
    ],
)
def test_what_is_no_host_that_led_there_counts_as_none(visitor, form, host):
    tell(visitor, form.id, {"what": "view", "from": host})

    assert noted(form.id) == [{"what": "view", "host": ""}]


@pytest.mark.parametrize("host", ["Example.com", "localhost:3000", "xn--bcher-kva.example", "192.0.2.7"])
def test_a_host_is_kept_in_lower_case(visitor, form, host):
    tell(visitor, form.id, {"what": "view", "from": host})

    assert noted(form.id) == [{"what": "view", "host": host.lower()}]


@pytest.mark.parametrize(
    "body",
    [
        "", "{", "[]", "7", "null", b"\xff\xfe", "[" * 1000, "{}", '{"what": "login"}', '{"what": ["view"]}',
        '{"what": "page"}', '{"what": "page", "page": 1}', '{"what": "page", "page": 201}',
        '{"what": "page", "page": -2}',
        '{"what": "page", "page": "2"}', '{"what": "page", "page": true}', '{"what": "page", "page": 2.5}',
        '{"what": "page", "page": 1e999}', json.dumps({"what": "view", "more": "x" * 1500}),
    ],
)  # fmt: skip
def test_what_cant_be_understood_is_answered_alike_and_kept_nowhere(visitor, form, body):
    answer = tell(visitor, form.id, body)

    assert (answer.status_code, answer.content) == (204, b"")
    assert noted(form.id) == []


def test_a_page_of_ours_counts_in_a_frame_as_well(visitor, form):
    tell(visitor, form.id, {"what": "start"}, **{"sec-fetch-site": "same-origin", "sec-gpc": "0", "dnt": "0"})

    assert noted(form.id) == [{"what": "start"}]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_what_another_website_has_a_browser_send_is_answered_alike_and_not_counted(visitor, form, site):
    answer = tell(visitor, form.id, {"what": "view"}, **{"sec-fetch-site": site, "sec-fetch-mode": "no-cors"})

    assert (answer.status_code, answer.content) == (204, b"")
    assert noted(form.id) == []


@pytest.mark.parametrize("asked", ["sec-gpc", "dnt"])
def test_whose_browser_asks_not_to_be_tracked_is_not_counted_whatever_the_page_sends(visitor, form, asked):
    assert tell(visitor, form.id, {"what": "view"}, **{asked: "1"}).status_code == 204

    assert noted(form.id) == []


def test_a_form_that_isnt_there_or_is_off_is_answered_alike(owner, visitor):
    off = forms.create(owner.account, definitions.Definition(name="Off", active=False))
    for form_id in (off.id, "n0such0f0rm0", "no", "%2e%2e", "a" * 500):
        assert tell(visitor, form_id, {"what": "view"}).status_code == 204

    assert noted(off.id) == noted("n0such0f0rm0") == []


def test_a_flood_from_one_address_is_cut_off(visitor, form, monkeypatch):
    monkeypatch.setattr(beacons, "A_MINUTE", 3)
    for _ in range(6):
        assert tell(visitor, form.id, {"what": "view"}).status_code == 204

    assert len(noted(form.id)) == 3


def test_visits_take_nothing_from_what_an_address_may_send(owner, visitor):
    few = definitions.Definition.model_validate({"name": "Few", "limits": {"per_address_per_minute": 2}})
    form_id = forms.create(owner.account, few).id
    assert visitor.post(f"/f/{form_id}", json={"name": "Ada"}).status_code == 200
    rates.buckets.clear()  # another function has a memory of its own

    for _ in range(10):
        tell(visitor, form_id, {"what": "view"})

    assert len(noted(form_id)) == 10


def test_a_form_is_read_once_and_each_visit_is_one_write(visitor, form, faults, monkeypatch):
    monkeypatch.setenv("FORM_CACHE_SECONDS", "10")
    monkeypatch.setattr(accept, "_forms", {})
    for _ in range(3):
        tell(visitor, form.id, {"what": "view"})

    assert faults.calls == {"GetItem": 1, "PutItem": 3}


def test_a_table_out_of_reach_is_nothing_to_a_visitor(visitor, form, monkeypatch, capsys):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    assert tell(visitor, form.id, {"what": "view"}).status_code == 204
    assert "Failed" not in capsys.readouterr().out


def test_what_is_broken_of_ours_is_logged_without_what_was_told(visitor, form, monkeypatch, capsys):
    def broken(*_):
        raise RuntimeError("secret")

    monkeypatch.setattr(beacons, "_told", broken)

    assert tell(visitor, form.id, {"what": "view"}).status_code == 204
    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["message"] == "visit"
    assert line["Failed"] == 1
    assert "secret" not in json.dumps(line)


# ── Time to fill, which a submission tells ───────────────────────────────────


def submitted(form_id):
    (item,) = table.query_all(places.partition(form_id, "inbox", 0))
    return item


def test_a_submission_of_the_hosted_form_says_how_long_it_took(visitor, form):
    shown = judge.loaded(form.id, time.time() - 42)
    visitor.post(f"/f/{form.id}", data={"message": "Hi", "_loaded": shown})

    assert 42 <= submitted(form.id)["took"] <= 60


@pytest.mark.parametrize("told", ["", "1.forged", "another form's", "yesterday"])
def test_only_our_own_word_is_believed(visitor, form, told):
    signed = {"another form's": ("n0such0f0rm0", 5), "yesterday": (form.id, 90_000)}
    if told in signed:
        form_id, ago = signed[told]
        told = judge.loaded(form_id, time.time() - ago)
    visitor.post(f"/f/{form.id}", data={"message": "Hi", "_loaded": told})

    assert "took" not in submitted(form.id)


def test_it_is_nobodys_to_read_and_costs_a_submission_a_few_bytes(owner, visitor, form):
    shown = judge.loaded(form.id, time.time() - 5)
    sent = visitor.post(f"/f/{form.id}", json={"message": "x" * 200, "_loaded": shown}).json()["id"]

    assert "took" not in owner.get(f"/v1/forms/{form.id}/submissions/{sent}").text
    size = sum(len(f"{name}{value}") for name, value in submitted(form.id).items())
    assert size < 1024, "one write unit"
