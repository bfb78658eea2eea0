"""Spam as visitors, bots and owners meet it, through HTTP."""

import base64
import json
import time

import altcha as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import altcha, bayes, judge, places, rates, table

HONEST = {"name": "Ada", "email": "ada@example.org", "message": "Do you still have the green teapot from last week?"}
PAGE = {"accept": "text/html"}


@pytest.fixture(autouse=True)
def _forgotten():
    """What another test sent would count as lately."""
    for memory in (rates.buckets, rates.minutes, rates.texts, rates.senders):
        memory.clear()


@pytest.fixture
def url(form):
    return f"/f/{form.id}"


@pytest.fixture
def spam(owner, form):
    """Set the form's spam settings."""
    return lambda **settings: owner.patch(f"/v1/forms/{form.id}", json={"spam": settings}).raise_for_status()


@pytest.fixture
def stored(owner, form):
    """Read the newest submission of a folder, or None."""

    def stored(folder):
        found = owner.get(f"/v1/forms/{form.id}/submissions", params={"folder": folder}).json()["submissions"]
        return found[0] if found else None

    return stored


def names(submission):
    return {signal["name"] for signal in submission["spam"]["signals"]}


def session(told):
    return {"formspree-session-data": base64.b64encode(json.dumps(told).encode()).decode()}


# ── Folders ──────────────────────────────────────────────────────────────────


def test_an_honest_message_lies_in_the_inbox_and_says_nothing_of_spam(visitor, url, stored, form):
    assert visitor.post(url, json=HONEST).status_code == 200

    assert stored("inbox")["spam"] == {"score": 0, "signals": []}
    assert "spam" not in item_of(form, "inbox", stored("inbox")["id"])


def item_of(form, folder, submission_id):
    found = table.get(table.key(places.partition(form.id, folder, 0), submission_id))
    assert found
    return found


def test_spam_is_answered_as_everything_else_and_kept_for_thirty_days(visitor, url, stored, form):
    answer = visitor.post(url, json=HONEST | {"_gotcha": "x"})

    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert stored("inbox") is None
    kept = stored("spam")
    assert kept["fields"] == HONEST
    assert kept["spam"]["score"] == 20
    days = (item_of(form, "spam", kept["id"])["expires_at"] - time.time()) / 86_400
    assert 29.9 < days <= 30


def test_what_is_moved_back_is_kept_for_good(visitor, owner, url, stored, form):
    visitor.post(url, json=HONEST | {"_gotcha": "x"})
    submission_id = stored("spam")["id"]

    owner.patch(f"/v1/forms/{form.id}/submissions/{submission_id}", json={"folder": "inbox"})

    assert "expires_at" not in item_of(form, "inbox", submission_id)
    assert names(stored("inbox")) == {"honeypot"}, "it still tells why it was taken for spam"


@pytest.mark.parametrize("name", ["_gotcha", "_honey", "_honeypot", "honeypot", "bot-field", "botcheck", "nickname"])
def test_a_filled_honeypot_is_spam_whatever_the_threshold(visitor, spam, url, stored, name):
    spam(threshold=100, honeypot="nickname")

    visitor.post(url, data=HONEST | {name: "x"})

    assert stored("spam")["spam"]["signals"][0]["note"] == f"A field that people can't see was filled in: {name}."


def test_what_the_owner_blocks_is_spam_whatever_the_threshold(visitor, spam, url, stored):
    spam(
        threshold=100, blocked_words=["green teapot"], blocked_domains=["example.org"], blocked_addresses=["192.0.2.1"]
    )

    visitor.post(url, json=HONEST)

    assert names(stored("spam")) == {"blocked_word", "blocked_domain", "blocked_address"}


def test_a_form_s_own_list_of_words_blocks_too(visitor, url, stored):
    visitor.post(url, data=HONEST | {"_blacklist": "red cup, green teapot"})

    assert names(stored("spam")) == {"blocked_word"}
    assert "_blacklist" not in stored("spam")["fields"]


def test_the_owner_s_threshold_decides(visitor, spam, url, stored):
    offer = {"message": "We offer search engine optimization and backlinks, see http://a.example and http://b.example"}
    spam(threshold=100)
    visitor.post(url, json=offer)
    score = stored("inbox")["spam"]["score"]
    assert score > 1

    spam(threshold=score)
    visitor.post(url, json=offer)

    assert stored("spam")["spam"]["score"] >= score


def test_what_the_owner_s_filing_taught_counts(visitor, url, stored, form):
    counts: dict[int, tuple[int, int]] = {}
    for _ in range(9):
        bayes.learn(counts, bayes.tokens({"message": "wholesale drones catalogue"}), spam=True)
        bayes.learn(counts, bayes.tokens(HONEST), spam=False)
    packed = bayes.pack(counts, 9, 9)
    table.update(places.form(form.id), {"bayes": packed}, condition="attribute_exists(pk)")

    visitor.post(url, json={"message": "wholesale drones catalogue"})

    assert names(stored("inbox")) == {"filing"}


# ── How it was sent ──────────────────────────────────────────────────────────


def loaded(url, seconds):
    return {"_loaded": judge.loaded(url.removeprefix("/f/"), time.time() - seconds)}


@pytest.mark.parametrize(
    ("seconds", "found"), [(0.5, {"too_fast"}), (3, {"fast"}), (30, set()), (90_000, set()), (-60, set())]
)
def test_a_hosted_form_tells_how_long_it_was_open(visitor, url, stored, seconds, found):
    visitor.post(url, data=HONEST | loaded(url, seconds))

    assert names(stored("inbox")) == found
    assert "_loaded" not in stored("inbox")["fields"]


def test_the_page_itself_carries_that_time(visitor, url, stored):
    shown = visitor.get(url).text
    moment = shown.partition('name="_loaded" value="')[2].partition('"')[0]

    visitor.post(url, data=HONEST | {"_loaded": moment})

    assert names(stored("inbox")) == {"too_fast"}


def test_after_a_mistake_the_time_is_still_that_of_the_first_look(visitor, owner, url, stored):
    owner.patch(url.replace("/f/", "/v1/forms/"), json={"fields": [{"name": "email", "type": "email"}]})
    page = visitor.post(url, data={"email": "nonsense"} | loaded(url, 30), headers=PAGE)
    assert page.status_code == 422
    moment = page.text.partition('name="_loaded" value="')[2].partition('"')[0]

    visitor.post(url, data={"email": "ada@example.org", "_loaded": moment})

    assert names(stored("inbox")) == set()


@pytest.mark.parametrize(
    "sent", ["", "0", "1795249818146", "1795249818146.", ".", "1.0" * 99, "é.é", "1795249818146." + "0" * 24]
)
def test_a_time_that_we_did_not_sign_says_nothing(visitor, url, stored, sent):
    assert visitor.post(url, json=HONEST | {"_loaded": sent}).status_code == 200

    assert names(stored("inbox")) == set()


def test_a_time_signed_for_another_form_says_nothing(visitor, url, stored):
    visitor.post(url, data=HONEST | {"_loaded": judge.loaded("another", time.time())})

    assert names(stored("inbox")) == set()


def test_formspree_s_clients_tell_when_they_loaded_and_who_drives(visitor, url, stored):
    told = {"loadedAt": int(time.time() * 1000) - 500, "webdriver": True}

    visitor.post(url, json=HONEST, headers=session(told))

    assert names(stored("spam")) == {"too_fast", "webdriver"}


@pytest.mark.parametrize("ahead", [-90_000, -30, 30, 90_000], ids=lambda seconds: f"{seconds} s")
def test_a_clock_that_differs_is_held_against_nobody(visitor, url, stored, ahead):
    told = {"loadedAt": (time.time() + ahead) * 1000, "webdriver": False}

    visitor.post(url, json=HONEST, headers=session(told))

    assert names(stored("inbox")) == set()


def test_our_own_signed_time_is_believed_before_the_client_s(visitor, url, stored):
    visitor.post(url, data=HONEST | loaded(url, 30), headers=session({"loadedAt": time.time() * 1000 - 100}))

    assert names(stored("inbox")) == set()


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        "====",
        base64.b64encode(b"[" * 700).decode(),
        base64.b64encode(b"[1]").decode(),
        base64.b64encode(b'"text"').decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b'{"loadedAt": 1e999, "webdriver": "true"}').decode(),
        base64.b64encode(b'{"loadedAt": NaN, "webdriver": 1}').decode(),
        base64.b64encode(b'{"loadedAt": true}').decode(),
        base64.b64encode(b'{"loadedAt": ' + b"9" * 600 + b"}").decode(),
        base64.b64encode(b'{"loadedAt": {}, "webdriver": []}').decode(),
        "A" * 8000,
    ],
    ids=lambda header: header[:30] or "empty",
)
def test_session_data_that_makes_no_sense_is_harmless(visitor, url, stored, header):
    assert visitor.post(url, json=HONEST, headers={"formspree-session-data": header}).status_code == 200

    assert names(stored("inbox")) == set()


@given(told=st.text(), moment=st.text())
def test_no_header_and_no_time_makes_it_stumble(told, moment):
    event = {"headers": {"formspree-session-data": told}, "requestContext": {"http": {"sourceIp": "192.0.2.1"}}}

    verdict = judge.judge({"id": "f", "rules": "{}"}, {}, HONEST, {"loaded": moment}, event, time.time())

    assert verdict["folder"] == "inbox"


def test_a_browser_without_javascript_is_judged_as_any_other(visitor, url, stored):
    assert visitor.post(url, data=HONEST, headers=PAGE).status_code == 303

    assert stored("inbox")["spam"]["score"] == 0


# ── What came lately ─────────────────────────────────────────────────────────


def test_one_who_sends_the_same_again_and_again_is_seen_and_stays_in_the_inbox(visitor, owner, url, stored, form):
    for _ in range(30):
        visitor.post(url, json=HONEST)

    assert names(stored("inbox")) >= {"same_text", "same_sender", "address_rate"}
    assert stored("spam") is None
    assert len(owner.get(f"/v1/forms/{form.id}/submissions?limit=50").json()["submissions"]) == 30


def test_the_same_text_from_elsewhere_counts_more():
    form = {"id": "f", "rules": "{}"}
    for n in range(5):
        event = {"headers": {}, "requestContext": {"http": {"sourceIp": f"192.0.2.{n}"}}}
        verdict = judge.judge(form, {}, HONEST, {}, event, time.time())

    found = {signal["name"]: signal["weight"] for signal in verdict["signals"]}
    assert found["same_text_elsewhere"] == 2.5
    assert verdict["folder"] == "inbox"


def test_what_many_choose_alike_is_no_repeated_text():
    rules = {"fields": [{"name": "plan", "options": ["I shall come with the whole family"]}]}
    for n in range(5):
        event = {"headers": {}, "requestContext": {"http": {"sourceIp": f"192.0.2.{n}"}}}
        data = {"plan": "I shall come with the whole family", "name": "Ada"}
        verdict = judge.judge({"id": "f", "rules": json.dumps(rules)}, {}, data, {}, event, time.time())

    assert verdict["signals"] == []


# ── Rates ────────────────────────────────────────────────────────────────────


def test_too_often_is_429_in_words_and_with_retry_after(visitor, owner, url, form, stored):
    owner.patch(f"/v1/forms/{form.id}", json={"limits": {"per_address_per_minute": 2}})
    assert [visitor.post(url, json=HONEST).status_code for _ in range(2)] == [200, 200]

    refused = visitor.post(url, json=HONEST | {"name": "third"})

    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 30
    assert refused.json()["errors"][0]["code"] == "RATE_LIMITED"
    assert "Please wait" in refused.json()["error"]
    assert stored("inbox")["fields"]["name"] == "Ada"


def test_a_person_who_is_too_quick_keeps_what_was_typed(visitor, owner, url, form):
    owner.patch(f"/v1/forms/{form.id}", json={"limits": {"per_form_per_minute": 1}})
    visitor.post(url, data=HONEST)

    refused = visitor.post(url, data=HONEST | {"_subject": "Teapots"} | loaded(url, 9), headers=PAGE)

    assert refused.status_code == 429
    assert "Please wait" in refused.text
    assert f'value="{HONEST["message"]}"' in refused.text
    assert '<input type="hidden" name="_subject" value="Teapots">' in refused.text
    assert '<input type="hidden" name="_loaded"' in refused.text


def test_no_header_makes_one_sender_two(visitor, owner, url, form):
    owner.patch(f"/v1/forms/{form.id}", json={"limits": {"per_address_per_minute": 1}})
    said = [{"x-forwarded-for": f"198.51.100.{n}", "x-real-ip": f"198.51.100.{n}"} for n in range(3)]

    assert [visitor.post(url, json=HONEST, headers=headers).status_code for headers in said] == [200, 429, 429]


def test_null_switches_the_limit_off(visitor, owner, url, form):
    owner.patch(f"/v1/forms/{form.id}", json={"limits": {"per_address_per_minute": None}})

    assert {visitor.post(url, json=HONEST).status_code for _ in range(70)} == {200}


def test_an_address_that_was_blocked_behind_the_stream_waits_until_the_end_of_its_block(visitor, url, form, stored):
    visitor.post(url, json=HONEST)
    blocked = stored("inbox")["source"]["address_hash"]
    blocks = json.dumps({blocked: int(time.time()) + 300})
    table.update(places.form(form.id), {"blocks": blocks}, condition="attribute_exists(pk)")

    refused = visitor.post(url, json=HONEST)

    assert refused.status_code == 429
    assert 290 <= int(refused.headers["retry-after"]) <= 300


# ── Captchas ─────────────────────────────────────────────────────────────────


@pytest.fixture
def solved(visitor, url):
    """Fetch a challenge and solve it, as a browser does."""

    def solved():
        challenge = oracle.Challenge.from_dict(visitor.get(f"{url}/challenge").json())
        solution = oracle.solve_challenge(challenge)
        assert solution
        return {"altcha": oracle.Payload(challenge, solution).to_base64()}

    return solved


def test_a_captcha_that_the_owner_demands_and_that_passed_counts_for_a_message(visitor, spam, url, stored, solved):
    spam(captcha="altcha")

    assert visitor.post(url, json=HONEST | solved()).status_code == 200

    assert names(stored("inbox")) == {"captcha_passed"}
    assert stored("inbox")["spam"]["score"] == -2
    assert stored("inbox")["fields"] == HONEST


@pytest.mark.parametrize("token", [{}, {"altcha": ""}, {"altcha": "nonsense"}, {"g-recaptcha-response": "x"}], ids=str)
def test_one_that_is_missing_or_wrong_is_refused_and_nothing_is_stored(visitor, spam, url, stored, token):
    spam(captcha="altcha")

    refused = visitor.post(url, json=HONEST | token)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "CAPTCHA"
    assert (stored("inbox"), stored("spam")) == (None, None)


def test_who_has_no_javascript_is_told_and_keeps_what_was_typed(visitor, spam, url):
    spam(captcha="altcha")

    refused = visitor.post(url, data=HONEST, headers=PAGE)

    assert refused.status_code == 422
    assert "needs JavaScript" in refused.text
    assert HONEST["message"] in refused.text
    assert f'data-altcha="{url}/challenge"' in refused.text


def test_a_replayed_solution_is_refused_where_one_is_demanded(visitor, spam, url, stored, solved):
    spam(captcha="altcha")
    token = solved()
    assert visitor.post(url, json=HONEST | token).status_code == 200

    again = visitor.post(url, json=HONEST | {"name": "Again"} | token)

    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "CAPTCHA")
    assert "used up" in again.json()["error"]
    assert (stored("inbox")["fields"]["name"], stored("spam")) == ("Ada", None)


def test_a_replayed_solution_that_nobody_demanded_is_a_signal(visitor, url, stored, solved):
    token = solved()
    visitor.post(url, json=HONEST | token)
    assert names(stored("inbox")) == {"captcha_passed"}

    assert visitor.post(url, json={"message": "Something else entirely"} | token).status_code == 200

    assert "captcha_failed" in names(stored("inbox"))
    assert "captcha_passed" not in names(stored("inbox"))


def test_a_wrong_solution_that_nobody_demanded_is_a_signal(visitor, url, stored):
    visitor.post(url, json=HONEST | {"altcha": "nonsense"})

    assert names(stored("inbox")) == {"captcha_failed"}


def test_a_challenge_grows_old(visitor, spam, url, solved, monkeypatch):
    spam(captcha="altcha")
    with monkeypatch.context() as patched:
        patched.setattr(altcha, "VALID_SECONDS", -1)
        token = solved()

    assert visitor.post(url, json=HONEST | token).status_code == 422


def test_a_message_is_not_lost_when_the_vendor_is_out_of_reach(visitor, spam, url, stored, monkeypatch):
    monkeypatch.setenv("CAPTCHA_URL", "http://127.0.0.1:1/siteverify")
    spam(captcha="turnstile", captcha_site_key="site", captcha_secret="secret")

    assert visitor.post(url, json=HONEST | {"cf-turnstile-response": "token"}).status_code == 200

    (signal,) = stored("inbox")["spam"]["signals"]
    assert (signal["name"], signal["weight"]) == ("captcha_unchecked", 0)
    assert "can't be reached" in signal["note"]


@pytest.mark.parametrize(
    ("captcha", "name", "source"),
    [
        ("turnstile", "cf-turnstile", "https://challenges.cloudflare.com"),
        ("hcaptcha", "h-captcha", "https://*.hcaptcha.com"),
        ("recaptcha", "g-recaptcha", "https://www.google.com/recaptcha/"),
    ],
)
def test_a_hosted_form_shows_the_vendor_s_widget_and_lets_it_run(visitor, spam, url, captcha, name, source):
    assert "https:" not in visitor.get(url).text
    spam(captcha=captcha, captcha_site_key="site-key", captcha_secret="secret-key")

    page = visitor.get(url)

    assert f'class="field {name}" data-sitekey="site-key"' in page.text
    assert "secret-key" not in page.text
    policy = page.headers["content-security-policy"]
    assert f"script-src 'self' {source}" in policy or f"{source};" in policy
    assert f"frame-src {source}" in policy or source in policy.partition("frame-src")[2]
    assert "unsafe-inline" not in policy
