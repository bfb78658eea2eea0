"""Whatever a receiver does, it is called once, in time, under its own name, and what it did is told."""

import json
import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from pillarbox import guard, receivers, signing
from tests.receiver import certificate, receiving

BODY = json.dumps({"type": "submission.created", "data": {"fields": {"name": "Ada Ł"}}}, ensure_ascii=False)


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setenv("HTTP_RECEIVERS", "yes")


def message(url, **more):
    about = {"delivery_id": "d-1", "form_id": "f", "submission_id": "s", "webhook_id": "w", "lease": 1}
    sent = {"until": time.time() + 60, "url": url, "versions": [1], "content_type": "application/json", "body": BODY}
    return about | sent | more


def outcome(receiver, **more):
    told = receivers.post(message(receiver.url, **more))
    assert told
    return told


def test_a_receiver_built_on_the_official_package_believes_us():
    with receiving(204) as receiver:
        told = outcome(receiver)

    (call,) = receiver.calls
    assert Webhook(signing.secret("w", 1)).verify(call.body, call.headers) == json.loads(BODY)
    assert told["attempt"]["ok"]
    assert (told["attempt"]["status"], told["attempt"]["error"], told["gone"]) == (204, None, False)
    assert call.headers["webhook-id"] == "d-1"
    assert call.headers["host"] == receiver.url.split("/")[2]


def test_while_a_secret_changes_both_are_believed_and_no_third():
    with receiving() as receiver:
        outcome(receiver, versions=[3, 2])

    (call,) = receiver.calls
    for version in (2, 3):
        Webhook(signing.secret("w", version)).verify(call.body, call.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.secret("w", 1)).verify(call.body, call.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.secret("another", 3)).verify(call.body, call.headers)


@given(body=st.text(max_size=200))
def test_whatever_the_body_its_signature_is_the_official_packages(body):
    headers = signing.headers("w", [1], "d-1", body.encode())
    oracle = Webhook(signing.secret("w", 1))

    oracle.verify(body, headers, json_parse=False)
    with pytest.raises(WebhookVerificationError):
        oracle.verify(f"{body}.", headers, json_parse=False)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, "It answered 500."),
        (404, "It answered 404."),
        (410, "It answered 410."),
        (304, "It answered 304, and redirects aren't followed."),
        ("redirect", "It answered 302, and redirects aren't followed."),
        ("reset", "The connection failed: ConnectionResetError."),
        ("nonsense", "The connection failed: BadStatusLine."),
        ("huge head", "The connection failed: HTTPException."),
        ("hang", "No answer within 0.5 seconds."),
        ("slow head", "No answer within 0.5 seconds."),
    ],
)
def test_what_goes_wrong_is_told_and_is_over_in_time(answer, error, monkeypatch):
    monkeypatch.setattr(receivers, "SECONDS", 0.5)
    with receiving(answer) as receiver:
        told = outcome(receiver)

    assert len(receiver.calls) == 1
    assert (told["attempt"]["ok"], told["attempt"]["error"]) == (False, error)
    assert told["gone"] == (answer == 410)


def test_who_said_yes_and_then_nothing_more_has_taken_it(monkeypatch):
    """Else a receiver that took it would be called nine times more."""
    monkeypatch.setattr(receivers, "SECONDS", 0.5)
    with receiving("slowly") as receiver:
        told = outcome(receiver)

    assert (told["attempt"]["ok"], told["attempt"]["status"]) == (True, 200)
    assert set(told["attempt"]["answer"]) == {"."}


def test_of_a_huge_answer_the_first_part_is_kept_and_no_more_is_read():
    with receiving("hugely") as receiver:
        told = outcome(receiver)

    assert told["attempt"]["ok"]
    assert told["attempt"]["answer"] == "x" * receivers.MOST_KEPT


def test_the_request_is_shown_without_what_proves_it_ours():
    with receiving() as receiver:
        receiver.body = b"<b>\xff\0"
        attempt = outcome(receiver, body="x" * 10_000)["attempt"]

    signature = receiver.calls[0].headers["webhook-signature"]
    assert signature not in attempt["request"]
    assert "webhook-signature: …" in attempt["request"]
    assert attempt["request"].endswith("\n\n" + "x" * receivers.MOST_KEPT)
    assert attempt["answer"] == "<b>\ufffd\ufffd"


def test_a_refused_address_is_an_outcome_and_nobody_is_called(monkeypatch):
    monkeypatch.setattr(guard, "lookup", lambda *_: ["10.0.0.1"])
    told = receivers.post(message("https://rebound.example.com/"))

    assert told
    assert told["attempt"]["error"] == "This host leads to an address that isn't on the public internet."


def test_a_message_that_waited_too_long_is_let_go():
    with receiving() as receiver:
        assert receivers.post(message(receiver.url, until=time.time() - 1)) is None

    assert receiver.calls == []


def test_a_closed_port_is_told():
    with receiving() as receiver:
        pass
    assert outcome(receiver)["attempt"]["error"] == "The connection failed: ConnectionRefusedError."


@pytest.fixture
def named(tmp_path, monkeypatch):
    """A receiver over TLS under a name, of whose addresses one is chosen by the guard."""
    server, client = certificate(tmp_path, "receiver.example.com")
    monkeypatch.setattr(receivers, "tls", client)

    def checked(host):
        port = int(receiver.url.split(":")[2].split("/")[0])
        addresses = ["127.0.0.2", "127.0.0.1"]
        target = guard.Target(secure=True, host=host, port=port, path="/hook", addresses=addresses)
        monkeypatch.setattr(guard, "check", lambda _url: target)
        return outcome(receiver)

    with receiving(200, tls=server) as receiver:
        yield receiver, checked


def test_the_address_that_was_checked_is_called_under_its_name(named):
    receiver, called = named

    told = called("receiver.example.com")

    assert told["attempt"]["ok"], told
    (call,) = receiver.calls
    assert call.server_name == "receiver.example.com"
    assert call.headers["host"].startswith("receiver.example.com:")


def test_who_has_another_names_certificate_is_told_nothing(named):
    receiver, called = named

    told = called("another.example.com")

    assert "certificate isn't valid" in told["attempt"]["error"]
    assert receiver.calls == []


# ── Where it connects, and for how long ──────────────────────────────────────


class Clock:
    """Stands in for the time that passes while a connection is made."""

    def __init__(self, monkeypatch):
        self.now = 0.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def connecting(monkeypatch):
    """Note what is connected to and how long for; `script` does something in the place of each connection."""
    asked = []
    script: list[Callable[[], socket.socket]] = []

    def connect(place, seconds):
        asked.append((place, round(seconds, 3)))
        return script.pop(0)()

    monkeypatch.setattr(socket, "create_connection", connect)
    return asked, script


def test_a_name_that_leads_inside_a_moment_later_is_called_where_it_was_checked(monkeypatch, connecting):
    """Rebinding: whoever looks the name up a second time is led inside, so nobody does."""
    asked, script = connecting
    answers = [["93.184.216.34"], ["127.0.0.1"]]
    monkeypatch.setattr(guard, "lookup", lambda *_: answers.pop(0))
    script.append(fails)

    receivers.post(message("https://rebinding.example.com:8443/hook"))

    assert [place for place, _ in asked] == [("93.184.216.34", 8443)]
    assert answers == [["127.0.0.1"]]


def fails():
    raise ConnectionRefusedError


def test_an_address_that_says_nothing_leaves_time_for_the_next(monkeypatch, clock, connecting):
    asked, script = connecting
    public = [f"93.184.216.{n}" for n in range(5)]
    monkeypatch.setattr(guard, "lookup", lambda *_: public)

    def silent():
        clock.now += asked[-1][1]
        raise TimeoutError

    script += [silent, silent, silent]
    told = receivers.post(message("https://example.com/hook"))

    assert [(place[0], seconds) for place, seconds in asked] == [(one, 5) for one in public[:3]]
    assert told
    assert told["attempt"]["error"] == "No answer within 15 seconds."


def test_one_who_is_slow_to_connect_has_less_time_to_shake_hands(monkeypatch, clock, connecting):
    _, script = connecting
    monkeypatch.setattr(guard, "lookup", lambda *_: ["93.184.216.34"])
    ours, theirs = socket.socketpair()

    def slow():
        clock.now += 14
        return ours

    class Tls:
        left = 0.0

        def wrap_socket(self, connected, **_):
            self.left = connected.gettimeout()
            raise TimeoutError

    tls = Tls()
    monkeypatch.setattr(receivers, "tls", tls)
    script.append(slow)
    told = receivers.post(message("https://example.com/hook"))
    theirs.close()

    assert tls.left == 1
    assert told
    assert told["attempt"]["error"] == "No answer within 15 seconds."
    assert ours.fileno() == -1


# ── Whatever it answers ──────────────────────────────────────────────────────

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n\r\n"
PIECES = [
    OK,
    CHUNKED,
    b"HTTP/1.1 ",
    b"200",
    b"\xb2",
    b" ",
    b"\r\n",
    b"\n",
    b"content-length: ",
    b"5",
    b"-",
    b"_",
    b"0x",
]
PIECES += [b"f" * 9, b"\0", b"\xff", b":", b"x" * 5000, b"content-encoding: gzip\r\n", b"content-type: a/b;c=\xff\r\n"]


def answered(raw):
    """Return what becomes of an answer of exactly these bytes."""
    ours, theirs = socket.socketpair()
    theirs.sendall(raw)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.MonkeyPatch.context() as patch, theirs:
        patch.setattr(socket, "create_connection", lambda *_: ours)
        told = receivers.post(message("http://127.0.0.1:9/hook"))
    assert told
    return told["attempt"]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map(b"".join))
@example(CHUNKED + b"-5\r\n" + b"x" * 20_000)
@example(CHUNKED + b"ffffffffffffffff\r\n" + b"x" * 20_000)
@example(OK + b"content-length: -1\r\n\r\nabc")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 300 + OK + b"\r\n")
def test_no_answer_breaks_the_sender_and_no_more_is_kept_than_is_told(raw):
    attempt = answered(raw)

    assert attempt["ok"] == (attempt["error"] is None)
    assert len(attempt["answer"] or "") <= receivers.MOST_KEPT
