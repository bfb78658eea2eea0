"""Captchas against those who made their protocols: PyPI's `altcha`, and a stand-in that answers as the vendors do."""

import base64
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import altcha as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.template import Template
from pillarbox import altcha, captcha

FORM = "0123456789ab"
NOW = 1_795_262_400.0
KEYS = {"captcha_site_key": "site", "captcha_secret": "secret"}
VENDORS = ("turnstile", "hcaptcha", "recaptcha")


def solve(challenge):
    """Solve as the official library does."""
    whole = oracle.Challenge.from_dict(challenge)
    solution = oracle.solve_challenge(whole)
    assert solution
    return oracle.Payload(whole, solution).to_base64()


@pytest.fixture(scope="module")
def solved():
    return solve(altcha.challenge(FORM, time.time()))


# ── ALTCHA ───────────────────────────────────────────────────────────────────


def test_what_the_official_library_solves_is_right(solved):
    once = altcha.verify(FORM, solved, time.time())

    nonce = json.loads(base64.b64decode(solved))["challenge"]["parameters"]["nonce"]
    assert once
    assert (once["pk"], once["sk"]) == (f"ALTCHA#{nonce}", "ALTCHA")
    assert time.time() < once["expires_at"] <= time.time() + altcha.VALID_SECONDS


def test_the_official_library_finds_our_challenges_and_what_we_take_right(solved):
    verdict = oracle.verify_solution(solved, altcha.key_of(FORM))

    assert verdict.verified
    assert not oracle.verify_solution(solved, altcha.key_of("another")).verified


def test_a_marker_lives_as_long_as_its_solution_is_taken(solved):
    once = altcha.verify(FORM, solved, time.time())

    assert once
    assert altcha.verify(FORM, solved, once["expires_at"] - 1)
    assert altcha.verify(FORM, solved, once["expires_at"]) is None


def test_a_solution_for_one_form_is_worth_nothing_at_another(solved):
    assert altcha.verify("another", solved, time.time()) is None


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("solution.counter", 7_000_000),
        ("solution.counter", -1),
        ("solution.counter", 2**32),
        ("solution.counter", True),
        ("solution.counter", "7"),
        ("solution.derivedKey", "00"),
        ("solution.derivedKey", None),
        ("challenge.parameters.cost", 1),
        ("challenge.parameters.cost", 10**12),
        ("challenge.parameters.keyPrefix", ""),
        ("challenge.parameters.expiresAt", 10**12),
        ("challenge.parameters.nonce", "00" * 16),
        ("challenge.parameters", []),
        ("challenge.signature", "0" * 64),
        ("challenge.signature", "é\ud800"),
        ("challenge.signature", None),
        ("challenge", None),
    ],
)
def test_nothing_of_a_solution_can_be_changed(solved, place, value):
    payload = json.loads(base64.b64decode(solved))
    *path, name = place.split(".")
    inner = payload
    for part in path:
        inner = inner[part]
    inner[name] = value

    assert altcha.verify(FORM, base64.b64encode(json.dumps(payload).encode()).decode(), time.time()) is None


@pytest.mark.parametrize("sent", ["", "no", "e30=", "bnVsbA==", "W10=", "é", "\ud800", "=" * 9000, "W1tb" * 900])
def test_what_is_no_solution_is_none(sent):
    assert altcha.verify(FORM, sent, NOW) is None


@given(st.recursive(st.none() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_no_json_makes_it_stumble(sent):
    packed = base64.b64encode(json.dumps(sent).encode()).decode()

    assert altcha.verify(FORM, packed, NOW) is None


def test_every_challenge_is_another():
    assert len({altcha.challenge(FORM, NOW)["parameters"]["nonce"] for _ in range(100)}) == 100


# ── The vendors ──────────────────────────────────────────────────────────────


class Vendor(ThreadingHTTPServer):
    """Answers as the three document it: `passed` is right once, with the right secret."""

    answer: object = None  # in the place of all that
    status = 200
    delay = threading.Event()

    def __init__(self):
        self.asked = []
        super().__init__(("127.0.0.1", 0), Questions)

    def handle_error(self, *_):
        """Whoever asked has given up."""


class Questions(BaseHTTPRequestHandler):
    server: Vendor

    def do_POST(self):
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        self.server.asked.append(sent)
        if self.server.answer == "silence":
            self.server.delay.wait(10)
        said = self.verdict(sent) if self.server.answer is None else self.server.answer
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def verdict(self, sent):
        if sent.get("secret") != "secret":
            return {"success": False, "error-codes": ["invalid-input-secret"]}
        if sent.get("response") != "passed":
            return {"success": False, "error-codes": ["invalid-input-response"]}
        if self.server.asked.count(sent) > 1:
            return {"success": False, "error-codes": ["timeout-or-duplicate"]}
        return {"success": True, "hostname": "example.com", "challenge_ts": "2026-11-21T08:00:00Z", "error-codes": []}

    def log_message(self, *_):
        """Nobody reads it."""


@contextmanager
def standing_in():
    with Vendor() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.delay.set()
            server.shutdown()
            thread.join()


@pytest.fixture
def vendor(monkeypatch):
    with standing_in() as server:
        monkeypatch.setenv("CAPTCHA_URL", f"http://127.0.0.1:{server.server_port}/siteverify")
        yield server


def check(kind, token, **keys):
    spam = {"captcha": kind} | KEYS | keys
    return captcha.check(FORM, spam, {kind: token} if token else {}, "192.0.2.1", NOW)


@pytest.mark.parametrize("kind", VENDORS)
def test_a_vendor_is_asked_in_the_form_that_it_documents(vendor, kind):
    assert check(kind, "passed").passed is True

    asked = {"secret": "secret", "response": "passed", "remoteip": "192.0.2.1"}
    assert vendor.asked == [asked | ({"sitekey": "site"} if kind == "hcaptcha" else {})]


@pytest.mark.parametrize("kind", VENDORS)
@pytest.mark.usefixtures("vendor")
def test_what_the_vendor_does_not_know_or_has_seen_did_not_pass(kind):
    assert check(kind, "guessed").passed is False
    assert check(kind, "passed").passed is True
    assert check(kind, "passed").passed is False


def test_nothing_sent_says_nothing_and_asks_nobody(vendor):
    assert check("turnstile", "").passed is None
    assert check("turnstile", "x" * 9000).passed is False
    assert check("turnstile", "é").passed is False
    assert vendor.asked == []


@pytest.mark.parametrize(("score", "passed"), [(0.9, True), (0.5, True), (0.1, False)])
def test_recaptcha_3_has_a_score_of_its_own(vendor, score, passed):
    vendor.answer = {"success": True, "score": score, "action": "submit"}

    assert check("recaptcha", "passed").passed is passed


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"success": False, "error-codes": ["internal-error"]}, 200),
        ({"success": False, "error-codes": ["invalid-input-secret"]}, 200),
        ({"success": False, "error-codes": ["sitekey-secret-mismatch"]}, 200),
        (b"<html>", 200),
        ([], 200),
        ({}, 200),
        (b"", 200),
        (b"[" * 60_000, 200),
        ({"success": True}, 503),
    ],
)
def test_what_is_no_fault_of_the_visitor_is_none(vendor, answer, status):
    vendor.answer, vendor.status = answer, status

    outcome = check("turnstile", "passed")

    assert outcome.passed is None
    assert outcome.unchecked


def test_an_owner_s_wrong_secret_is_named(vendor):
    assert check("turnstile", "passed", captcha_secret="wrong").unchecked == "it says invalid-input-secret"
    assert vendor.asked


def test_a_vendor_that_is_silent_is_not_waited_for_long(vendor, monkeypatch):
    monkeypatch.setattr(captcha, "SECONDS", 0.2)
    vendor.answer = "silence"
    began = time.monotonic()

    assert check("turnstile", "passed").unchecked
    assert time.monotonic() - began < 2


def test_a_vendor_that_is_gone_holds_nothing_up(monkeypatch):
    monkeypatch.setenv("CAPTCHA_URL", "http://127.0.0.1:1/siteverify")

    assert check("turnstile", "passed").unchecked == "it can't be reached"


def test_in_aws_it_is_the_vendors_who_are_asked():
    assert all(url.startswith("https://") for url in captcha.VERIFIERS.values())
    assert not any("CAPTCHA_URL" in function.environment for function in Template().functions)
