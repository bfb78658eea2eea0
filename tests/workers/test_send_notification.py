"""What comes in is mailed to who wants it, once, with nothing in a head that doesn't belong there."""

import json
import socket
import time
from contextlib import suppress

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from pillarbox import (
    deliveries,
    ids,
    outbox,
    places,
    recipients,
    submissions,
    table,
    unsubscribing,
)
from pillarbox.errors import Unavailable
from tests.outgoing import due_now, item_of, queued, swept, worked_on
from tests.posting import agreed, header, html, log, subject, text

LETTER = {"name": "Ada", "email": "ada@example.com", "message": "Hello <b>there</b>"}


@pytest.fixture
def other(owner):
    found = f"{ids.short()}@example.com"
    agreed(owner, found)
    return found


@pytest.fixture
def send(visitor, form):
    def send(**fields):
        answer = visitor.post(f"/f/{form.id}", json=fields or LETTER)
        assert answer.status_code == 200, answer.text
        return answer.json()["id"]

    return send


@pytest.fixture
def patch(owner, form):
    def patch(**changes):
        answer = owner.patch(f"/v1/forms/{form.id}", json=changes)
        assert answer.status_code == 200, answer.text

    return patch


# ── What a mail says ─────────────────────────────────────────────────────────


def test_what_comes_in_is_mailed_to_the_owner_with_a_link_to_it(form, send, post, address):
    submission_id = send()

    post.tell(form.id, submission_id)

    (mail,) = post.to(address)
    assert subject(mail) == "Ada · Contact"
    for body in (text(mail), html(mail)):
        assert f"https://pillarbox.test/forms/{form.id}/submissions/{submission_id}" in body
        assert "ada@example.com" in body
    assert "Hello <b>there</b>" in text(mail)
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in html(mail)
    (delivery,) = deliveries.of_submission(form.id, submission_id)
    assert (delivery.state, delivery.to) == ("done", address)
    assert delivery.log[0].ok
    assert delivery.log[0].request == f"To: {address}\nSubject: Ada · Contact"


def test_no_mail_of_ours_loads_anything_from_elsewhere(form, send, post, address):
    post.tell(form.id, send(name='<img src="https://evil.example/x.png">', message="https://evil.example/y.png"))

    body = html(post.to(address)[0])
    assert "<img" not in body
    assert "src=" not in body.replace("&lt;img src=", "")
    assert "url(" not in body


def test_a_reply_goes_to_whoever_sent_it(form, send, post, address):
    post.tell(form.id, send())
    post.tell(form.id, send(message="Hi", _replyto="grace@bücher.example"))
    post.tell(form.id, send(message="Nobody"))

    nobody, grace, ada = post.to(address)
    assert ada["ReplyToAddresses"] == ["ada@example.com"]
    assert grace["ReplyToAddresses"] == ["grace@xn--bcher-kva.example"]
    assert "ReplyToAddresses" not in nobody


def test_mails_of_a_form_are_one_thread_and_end_with_one_click(form, send, post, address):
    for _ in range(2):
        post.tell(form.id, send())

    one, other = post.to(address)
    assert header(one, "References") == header(other, "In-Reply-To") == f"<form-{form.id}@pillarbox.test>"
    assert header(one, "List-Unsubscribe") == f"<{unsubscribing.link(form.id, address)}>"
    assert header(one, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert header(one, "X-Pillarbox-Form") == form.id
    assert len(one["Content"]["Simple"]["Headers"]) <= 15  # SES's bound
    assert {tag["Name"] for tag in one["EmailTags"]} == {"form", "delivery"}


def test_the_owners_subject_holds_values_and_none_of_what_was_not_sent(form, patch, send, post, address):
    patch(notify={"subject": "[{topic}] {name} {company}"})

    post.tell(form.id, send(name="Ada", topic=["Sales", "Other"], message="{name}"))

    assert subject(post.to(address)[0]) == "[Sales, Other] Ada"


@pytest.mark.parametrize(
    ("own", "comes"),
    [
        ("{0.__class__}{name.__init__.__globals__}!", "!"),
        ("{name!r:>50} {name", "{name"),
        ("{}{{name}}", "{}{Ada}"),
        ("{message}", "{name} {0}"),
    ],
)
def test_a_subject_is_no_template_of_python(form, patch, send, post, address, own, comes):
    patch(notify={"subject": own})

    post.tell(form.id, send(name="Ada", message="{name} {0}"))

    assert subject(post.to(address)[0]) == comes


def test_a_subject_of_nothing_is_that_of_every_form(form, patch, send, post, address):
    patch(notify={"subject": "{company}"})

    post.tell(form.id, send())

    assert subject(post.to(address)[0]) == "Ada · Contact"


def test_controls_of_the_page_are_heeded(form, send, post, address):
    post.tell(form.id, send(message="Hi", _subject="From the page", from_name="The page", _format="plain"))

    (mail,) = post.to(address)
    assert subject(mail) == "From the page"
    assert mail["FromEmailAddress"].startswith("The page <")
    assert "Html" not in mail["Content"]["Simple"]["Body"]


@pytest.mark.parametrize("look", ["table", "box", "basic"])
def test_each_look_shows_all_fields(form, send, post, address, look):
    post.tell(form.id, send(_template=look, name="Ada", empty="", nested={"a": {"b": [1, {"c": True}]}}))

    body = html(post.to(address)[0])
    assert ("<table" in body) == (look == "table")
    for shown in ("nested / a / b 2 / c", "Yes", "Ada", "empty"):
        assert shown in body


# ── Hostile ──────────────────────────────────────────────────────────────────

BREAKS = "x\r\nBcc: all@example.com\r\n\r\n<script>\x00\u2028\u202e"


def rewritten(form, submission_id, **attributes):
    """Write into a submission's item what the submit path would never let in."""
    item = item_of(form.id, submission_id)
    table.put(item | {name: json.dumps(value) for name, value in attributes.items()})


def heads(mail):
    found = [subject(mail), mail["FromEmailAddress"], *mail.get("ReplyToAddresses", [])]
    return found + [one["Value"] for one in mail["Content"]["Simple"]["Headers"]]


def test_no_value_makes_a_second_line_in_a_head(form, patch, send, post, address):
    patch(notify={"subject": "{message} {name}"})
    hostile = {"name": BREAKS, "message": BREAKS, "email": "ada@example.com\r\nBcc: all@example.com"}
    rewritten(form, submission_id := send(), fields=hostile)

    post.tell(form.id, submission_id)

    (mail,) = post.to(address)
    assert [head for head in heads(mail) if not head.isprintable()] == []
    assert mail["Destination"] == {"ToAddresses": [address]}
    assert "\x00" not in text(mail) + html(mail)
    assert "<script>" not in html(mail)


def test_neither_do_a_forms_name_and_what_its_page_asks_for(form, send, post, address):
    asked = {"subject": f"a{BREAKS}", "from_name": f"b{BREAKS}", "replyto": "c@d.e\r\nBcc: x@y.z"}
    rewritten(form, submission_id := send(), controls=asked)
    item = table.get(places.form(form.id))
    assert item
    table.put(item | {"name": 'Con"tact' + BREAKS})

    post.tell(form.id, submission_id)

    (mail,) = post.to(address)
    assert [head for head in heads(mail) if not head.isprintable()] == []
    assert mail["ReplyToAddresses"] == ["ada@example.com"]
    assert "<script>" not in html(mail)


def test_a_megabyte_is_cut_and_says_so(form, post, address, visitor):
    sent = {f"field {n}": "<&>" * 20_000 for n in range(4)}
    submission_id = visitor.post(f"/f/{form.id}", json=sent).json()["id"]

    post.tell(form.id, submission_id)

    (mail,) = post.to(address)
    assert len(text(mail)) < 50_000
    assert len(html(mail)) < 250_000
    assert "more than a mail shows" in text(mail)
    assert "more than a mail shows" in html(mail)


def test_what_is_stored_nowhere_is_mailed_at_once_whole_and_without_a_link(form, patch, post, address, visitor):
    patch(store=False, notify={"every": "daily"})
    sent = {"message": f"{'x' * 60_000} end", "more": f"{'y' * 60_000} end"}
    submission_id = visitor.post(f"/f/{form.id}", json=sent).json()["id"]

    post.tell(form.id, submission_id)

    (mail,) = post.to(address)
    assert text(mail).count(" end") == 2
    assert "more than a mail shows" not in text(mail)
    for body in (text(mail), html(mail)):
        assert f"/forms/{form.id}/submissions/" not in body


def test_two_hundred_fields_with_long_names_fit_too(form, post, address, visitor):
    sent = {f"{n} {'n' * 90}": "v" * 600 for n in range(190)}
    submission_id = visitor.post(f"/f/{form.id}", json=sent).json()["id"]

    post.tell(form.id, submission_id)

    assert len(html(post.to(address)[0])) < 250_000


# ── To whom ──────────────────────────────────────────────────────────────────


def test_nobody_is_mailed_who_has_not_said_yes_or_has_said_no(owner, form, patch, send, post):
    yes, unasked, bounced, angry, away = (f"{ids.short()}@example.com" for _ in range(5))
    agreed(owner, yes, bounced, angry, away)
    patch(notify={"to": [yes, unasked, bounced, angry, away]})
    recipients.refuse(bounced, "bounced")
    recipients.refuse(angry, "complained")
    recipients.unsubscribe(form.id, away)

    post.tell(form.id, submission_id := send())

    assert [mail["Destination"]["ToAddresses"] for mail in post.asked] == [[yes]]
    assert log(form, submission_id) == {("mail", yes, "done")}


def test_an_owner_whose_address_is_not_verified_gets_nothing(form, send, post):
    post.tell(form.id, submission_id := send())

    assert post.asked == []
    assert log(form, submission_id) == set()


def test_a_route_takes_the_place_of_the_list_where_its_value_was_sent(owner, form, patch, send, post, other):
    sales = f"{ids.short()}@example.com"
    agreed(owner, sales)
    patch(notify={"to": [other], "routes": [{"field": "topic", "equals": "Sales", "to": [sales]}]})

    for topic in ("Sales", ["Help", "Sales"], "sales", None, {"a": "Sales"}):
        post.tell(form.id, send(message="Hi", topic=topic))

    assert len(post.to(sales)) == 2
    assert len(post.to(other)) == 3


def test_copies_go_only_to_addresses_that_the_owner_had_confirmed(form, send, post, address, other):
    post.tell(form.id, send(message="Hi", _cc=f"{other}, stranger@example.com"))

    assert len(post.to(other)) == len(post.to(address)) == 1
    assert post.to("stranger@example.com") == []


def test_an_address_that_is_spelt_in_two_ways_gets_one_mail(form, send, post, address):
    post.tell(form.id, send(message="Hi", _cc=f"{address.upper()}, {address.capitalize()}"))

    assert [mail["Destination"]["ToAddresses"] for mail in post.asked] == [[address]]


def test_spam_is_never_mailed_and_what_is_saved_from_it_is(form, send, post, address):
    submission_id = send(message="Hi", _gotcha="x")
    post.tell(form.id, submission_id)
    assert post.asked == []

    submissions.update(form.id, submission_id, folder="inbox")
    for _ in range(2):
        post.tell(form.id, submission_id)

    assert len(post.to(address)) == 1


def test_a_form_that_mails_never_mails_nothing(form, patch, send, post, address):
    patch(notify={"every": "never"})

    post.tell(form.id, send())

    assert post.to(address) == []


def test_without_a_sender_nothing_is_planned(form, send, post, address, monkeypatch):
    monkeypatch.setenv("MAIL_FROM", "")

    post.tell(form.id, submission_id := send())

    assert log(form, submission_id) == set()
    assert post.to(address) == []


# ── Once, and late rather than never ─────────────────────────────────────────


def test_what_is_told_twice_is_mailed_once_and_so_is_a_message_that_comes_twice(template, form, send, post, address):
    submission_id = send()
    for _ in range(3):
        post.tell(form.id, submission_id)
    (delivery,) = deliveries.of_submission(form.id, submission_id)
    message = {"form_id": form.id, "submission_id": submission_id, "delivery_id": delivery.id, "lease": 1}

    assert worked_on(template, "SendNotification", message, message) == {"batchItemFailures": []}

    assert len(post.to(address)) == 1


def test_a_message_of_an_older_lease_does_nothing(template, form, send, post, address):
    submission_id = send()
    post.make(form.id, submission_id)
    (old,) = queued("notifications")
    (delivery,) = deliveries.of_submission(form.id, submission_id)
    assert deliveries.lease(delivery)

    worked_on(template, "SendNotification", old)
    assert post.asked == []
    worked_on(template, "SendNotification", old | {"lease": 2})
    assert len(post.to(address)) == 1


def test_a_refusal_that_may_pass_is_tried_again_when_it_is_due(template, form, send, post, address):
    post.refuse("TooManyRequestsException", 429)
    post.tell(form.id, submission_id := send())
    (delivery,) = deliveries.of_submission(form.id, submission_id)
    assert (delivery.state, delivery.log[0].status) == ("pending", 429)
    assert "SES says no" in str(delivery.log[0].error)

    post.refuses = None
    due_now(form.id, delivery.id)
    swept(template)
    post.go()

    assert len(post.to(address)) == 1
    assert deliveries.get(form.id, delivery.id).state == "done"


def test_a_mail_that_ses_will_never_take_fails_visibly(form, send, post, address):
    post.refuse("BadRequestException")

    post.tell(form.id, submission_id := send())

    assert log(form, submission_id) == {("mail", address, "failed")}


def test_ses_out_of_reach_is_an_outcome(form, send, post, address, monkeypatch):
    def fail(**_):
        raise EndpointConnectionError(endpoint_url="x")

    monkeypatch.setattr(outbox.client, "send_email", fail)

    post.tell(form.id, submission_id := send())

    assert log(form, submission_id) == {("mail", address, "pending")}


def test_a_mail_whose_answer_is_late_is_not_sent_again_within_the_try(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        config = outbox.CONFIG.merge(Config(read_timeout=0.2))
        monkeypatch.setattr(outbox, "client", boto3.client("sesv2", config=config, endpoint_url=url))

        with pytest.raises(Unavailable):
            outbox.send("ada@example.com", "Hello", {"paragraphs": ["Hello"], "link": "", "close": ""})

        silent.settimeout(0.2)
        calls = []
        with suppress(TimeoutError):
            while True:
                calls.append(silent.accept()[0])
        for call in calls:
            call.close()
        assert len(calls) == 1


def test_a_message_that_comes_when_its_lease_is_nearly_over_leaves_the_mail_to_who_has_the_next(
    template, form, send, post, address
):
    post.make(form.id, submission_id := send())
    (delivery,) = deliveries.of_submission(form.id, submission_id)
    about = {"form_id": form.id, "submission_id": submission_id, "delivery_id": delivery.id}
    for seconds in (5, 0):
        deliveries.postpone(deliveries.get(form.id, delivery.id), int(time.time()) + seconds)
        worked_on(template, "SendNotification", about | {"lease": 1})
    assert post.to(address) == []

    due_now(form.id, delivery.id)
    swept(template)
    post.go()

    assert len(post.to(address)) == 1


def test_a_bug_in_writing_a_mail_is_a_failed_try_and_not_a_loop(form, send, post, address, monkeypatch):
    monkeypatch.setattr("pillarbox.composing.of", lambda *_: 1 / 0)

    post.tell(form.id, submission_id := send())

    (delivery,) = deliveries.of_submission(form.id, submission_id)
    assert delivery.log[0].error == "It could not be written: ZeroDivisionError."
    assert address


@pytest.mark.parametrize("what", ["deleted", "spam", "unsubscribed", "bounced", "the form"])
def test_what_nobody_wants_any_more_does_not_go(template, owner, form, send, post, address, what):
    post.refuse("TooManyRequestsException")
    post.tell(form.id, submission_id := send())
    post.refuses = None
    (delivery,) = deliveries.of_submission(form.id, submission_id)
    due_now(form.id, delivery.id)
    if what == "deleted":
        submissions.delete(form.id, submission_id)
    elif what == "spam":
        submissions.update(form.id, submission_id, folder="spam")
    elif what == "unsubscribed":
        recipients.unsubscribe(form.id, address)
    elif what == "bounced":
        recipients.refuse(address, "bounced")
    else:
        owner.delete(f"/v1/forms/{form.id}")

    swept(template)
    post.go()

    assert post.to(address) == []
    if what != "deleted":  # else its deliveries are gone with it
        dropped = deliveries.get(form.id, delivery.id)
        assert dropped.state == "dropped"
        assert dropped.note


def test_a_delivery_that_was_deleted_meanwhile_is_nobodys_business(template, form, send, post):
    gone = {"form_id": form.id, "submission_id": send(), "delivery_id": f"{send()}-{'0' * 16}", "lease": 1}

    assert worked_on(template, "SendNotification", gone) == {"batchItemFailures": []}
    assert post.asked == []
