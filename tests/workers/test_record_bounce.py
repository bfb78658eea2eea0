"""A mail that came back, or that somebody said is spam, is seen by the owner, and no other goes there."""

import json

import pytest

from infra.local import lambdas
from pillarbox import deliveries, ids, outbox, recipients
from tests.outgoing import due_now, due_rows, swept
from tests.posting import log


@pytest.fixture
def send(visitor, form):
    return lambda: visitor.post(f"/f/{form.id}", json={"name": "Ada"}).json()["id"]


@pytest.fixture
def tell(template):
    """Have the worker told what SES tells of a mail."""
    (function,) = [function for function in template.functions if function.name == "RecordBounce"]

    def tell(mail, kind, **told):
        tags = {tag["Name"]: [tag["Value"]] for tag in mail.get("EmailTags", [])}
        event = {"eventType": kind.title(), "mail": {"tags": tags, "headers": []}, kind: told}
        return lambdas.invoke(
            function, {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": json.dumps(event)}}]}
        )

    return tell


def bounce(address, kind="Permanent", **more):
    return {"bounceType": kind, "bouncedRecipients": [{"emailAddress": address, **more}]}


def note(form, submission_id):
    return deliveries.of_submission(form.id, submission_id)[0].note


def test_what_bounced_for_good_is_marked_and_its_address_gets_nothing_more(form, send, post, address, tell):
    post.tell(form.id, submission_id := send())

    for _ in range(2):
        tell(post.asked[0], "bounce", **bounce(address.upper(), diagnosticCode="smtp; 550 5.1.1 user unknown"))

    assert log(form, submission_id) == {("mail", address, "bounced")}
    assert "user unknown" in note(form, submission_id)
    post.tell(form.id, send())
    assert len(post.asked) == 1


def test_what_bounced_for_now_is_marked_and_the_next_goes(form, send, post, address, tell):
    post.tell(form.id, submission_id := send())

    tell(post.asked[0], "bounce", **bounce(f"Ada <{address}>", "Transient"))

    assert log(form, submission_id) == {("mail", address, "bounced")}
    post.tell(form.id, send())
    assert len(post.asked) == 2


def test_a_complaint_ends_the_mails_and_stands(form, send, post, address, tell):
    post.tell(form.id, submission_id := send())

    tell(post.asked[0], "complaint", complainedRecipients=[{"emailAddress": address}], complaintFeedbackType="abuse")
    tell(post.asked[0], "bounce", **bounce(address))

    assert log(form, submission_id) == {("mail", address, "complained")}
    assert [one.state for one in recipients.of(form)] == ["complained"]


def test_a_report_that_a_mail_is_no_spam_is_no_complaint(form, send, post, address, tell):
    post.tell(form.id, submission_id := send())

    tell(post.asked[0], "complaint", complainedRecipients=[{"emailAddress": address}], complaintFeedbackType="not-spam")

    assert log(form, submission_id) == {("mail", address, "done")}
    assert not recipients.is_refused(address)


def test_a_letter_of_no_delivery_ends_mails_to_its_address_too(tell):
    address = f"{ids.short()}@example.com"

    tell({}, "bounce", **bounce(address))

    assert recipients.is_refused(address)


def test_a_digest_that_bounced_is_marked_beside_all_that_it_held(template, owner, form, send, post, address, tell):
    owner.patch(f"/v1/forms/{form.id}", json={"notify": {"every": "1h"}})
    found = [send(), send()]
    for submission_id in found:
        post.tell(form.id, submission_id)
    (row,) = due_rows(form.id)
    due_now(form.id, row["sk"].partition("#")[2])
    swept(template)
    post.go()

    tell(post.to(address)[0], "bounce", **bounce(address))

    assert [log(form, one) for one in found] == [{("mail", address, "bounced")}] * 2


@pytest.mark.parametrize("kind", ["bounce", "complaint"])
def test_what_came_back_before_its_sending_was_noted_stays_so(form, send, post, address, tell, monkeypatch, kind):
    about = {"bounce": bounce(address), "complaint": {"complainedRecipients": [{"emailAddress": address}]}}[kind]
    back_at_once(post, tell, monkeypatch, kind, about)

    post.tell(form.id, submission_id := send())

    assert log(form, submission_id) == {("mail", address, "bounced" if kind == "bounce" else "complained")}


def test_a_digest_that_came_back_before_its_sending_was_noted_is_marked_beside_all_that_it_held(
    template, owner, form, send, post, address, tell, monkeypatch
):
    owner.patch(f"/v1/forms/{form.id}", json={"notify": {"every": "1h"}})
    post.tell(form.id, submission_id := send())
    (row,) = due_rows(form.id)
    due_now(form.id, row["sk"].partition("#")[2])
    back_at_once(post, tell, monkeypatch, "bounce", bounce(address))

    swept(template)
    post.go()

    assert log(form, submission_id) == {("mail", address, "bounced")}


def back_at_once(post, tell, monkeypatch, kind, about):
    """Have SES tell that a mail came back while it answers whoever sends it."""
    take = post._take  # noqa: SLF001 - the stand-in for SES

    def send_email(**asked):
        answer = take(**asked)
        tell(asked, kind, **about)
        return answer

    monkeypatch.setattr(outbox.client, "send_email", send_email)


def test_what_was_deleted_meanwhile_needs_no_mark(form, send, post, address, tell):
    post.tell(form.id, submission_id := send())
    deliveries.forget(form.id, submission_id)

    assert tell(post.asked[0], "bounce", **bounce(address)) == {"done": 1}
