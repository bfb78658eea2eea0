"""What visitors are mailed: little, seldom, and never what a stranger could make of it."""

import pytest

from pillarbox import answering, attempts, definitions, deliveries, forms, ids, notifications, recipients, submissions
from tests.outgoing import item_of
from tests.posting import confirm, header, html, log, subject, text


@pytest.fixture
def visitors():
    """An address that a visitor leaves."""
    return f"{ids.short()}@example.com"


@pytest.fixture
def send(visitor, form, visitors):
    def send(**fields):
        sent = {"name": "Ada", "email": visitors, "message": "Hello"} | fields
        return visitor.post(f"/f/{form.id}", json=sent).json()["id"]

    return send


@pytest.fixture
def answers(owner, form):
    """Have the form answer visitors; returns how to set more of it."""

    def set_(**more):
        answer = owner.patch(f"/v1/forms/{form.id}", json={"autoresponse": more})
        assert answer.status_code == 200, answer.text

    set_(enabled=True, subject="Thanks, {name}", text="Dear {name},\n\nwe have your message.")
    return set_


def test_a_visitor_is_answered_where_the_owner_switched_it_on(form, send, post, visitors, answers):
    post.tell(form.id, submission_id := send())

    (mail,) = post.to(visitors)
    assert subject(mail) == "Thanks, Ada"
    assert "Dear Ada,\n" in text(mail)
    assert "we have your message." in html(mail)
    assert mail["FromEmailAddress"].startswith("Contact <")
    assert header(mail, "Auto-Submitted") == "auto-generated"
    assert "/unsubscribe?token=" in str(header(mail, "List-Unsubscribe"))
    assert log(form, submission_id) == {("autoresponse", visitors, "done")}
    assert answers


def test_nobody_is_answered_by_a_form_that_does_not(form, send, post, visitors):
    post.tell(form.id, send(_autoresponse="Buy this now"))

    assert post.to(visitors) == []


@pytest.mark.usefixtures("answers")
def test_one_address_is_answered_once_a_day_by_a_form_however_it_is_spelt(form, send, post, visitors):
    for spelt in (visitors, visitors, visitors.upper()):
        post.tell(form.id, send(email=spelt))
    again = send()
    post.tell(form.id, again)
    post.tell(form.id, again)

    assert len(post.asked) == 1


@pytest.mark.usefixtures("answers")
def test_spam_is_not_answered(form, send, post, visitors):
    post.tell(form.id, send(_gotcha="x"))

    assert post.to(visitors) == []


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("no", ["unsubscribed", "bounced", "complained"])
def test_who_said_no_is_not_answered(form, send, post, visitors, no):
    if no == "unsubscribed":
        recipients.unsubscribe(form.id, visitors)
    else:
        recipients.refuse(visitors, no)

    post.tell(form.id, send())

    assert post.to(visitors) == []


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("word", ["http://evil.example", "Visit www.evil.example", "evil.example", "x@y.z, evil.com"])
def test_a_strangers_link_is_not_mailed_in_our_name(form, send, post, visitors, word):
    post.tell(form.id, send(name=word, _autoresponse=f"Look at {word}"))

    (mail,) = post.to(visitors)
    assert "evil" not in subject(mail) + text(mail) + html(mail)


@pytest.mark.usefixtures("answers")
def test_a_strangers_words_are_short_and_escaped_in_what_is_mailed_in_our_name(form, send, post, visitors):
    post.tell(form.id, send(name="<b>\r\nBcc: all " + "x" * 5000))

    (mail,) = post.to(visitors)
    assert subject(mail).isprintable()
    assert "x" * 101 not in text(mail)
    assert "<b>" not in html(mail)


@pytest.mark.usefixtures("answers", "slow_pauses")
def test_one_address_is_not_flooded_by_many_forms(owner, post, visitor, visitors, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "mail", attempts.LIMITS["mail"]._replace(free=2))
    answering = {"name": "Contact", "autoresponse": {"enabled": True}}
    states = []
    for _ in range(5):
        form = forms.create(owner.account, definitions.Definition.model_validate(answering))
        post.tell(form.id, submission_id := visitor.post(f"/f/{form.id}", json={"email": visitors}).json()["id"])
        states += [state for _, _, state in log(form, submission_id)]

    assert states == ["done"] * 3 + ["dropped"] * 2
    assert len(post.to(visitors)) == 3


# ── Double opt-in ────────────────────────────────────────────────────────────


def test_with_double_opt_in_nobody_is_told_before_the_address_was_confirmed(
    visitor, form, send, post, address, visitors, answers
):
    answers(double_opt_in=True)
    submission_id = send()
    found = forms.found(form.id)
    assert found
    assert notifications.waits(found, submissions.get(form.id, submission_id))
    for _ in range(2):
        post.tell(form.id, submission_id)

    (question,) = post.asked
    assert question["Destination"]["ToAddresses"] == [visitors]
    page = confirm(visitor, question)

    assert page.status_code == 200
    item = item_of(form.id, submission_id)
    assert (item["announce"], item["confirmed"]) == ("confirmed", True)
    assert item["change"]
    assert not notifications.waits(found, submissions.get(form.id, submission_id))
    post.tell(form.id, submission_id)
    assert len(post.to(address)) == 1
    assert subject(post.to(visitors)[0]) == "Thanks, Ada"
    assert [one.kind for one in deliveries.of_submission(form.id, submission_id)].count("autoresponse") == 2


def test_without_an_address_there_is_nothing_to_confirm_and_the_owner_is_told(form, send, post, address, answers):
    answers(double_opt_in=True)

    post.tell(form.id, send(email=""))

    assert len(post.to(address)) == 1


def test_spam_is_not_asked_either_and_what_is_confirmed_in_spam_is_told_once_it_is_saved(
    form, send, post, visitors, answers, visitor
):
    answers(double_opt_in=True)
    post.tell(form.id, submission_id := send())
    submissions.update(form.id, submission_id, folder="spam")

    confirm(visitor, post.to(visitors)[0])

    item = item_of(form.id, submission_id)
    assert item["confirmed"]
    assert item["announce"] == "updated"
    submissions.update(form.id, submission_id, folder="inbox")
    assert submissions.get(form.id, submission_id).confirmed
    assert item_of(form.id, submission_id)["announce"] == "restored"
    for folder in ("spam", "inbox"):
        submissions.update(form.id, submission_id, folder=folder)
    assert item_of(form.id, submission_id)["announce"] == "updated"


def test_what_is_confirmed_in_the_moment_of_a_move_is_confirmed_where_it_went(form, send, monkeypatch):
    submission_id = send()
    find = submissions._find  # noqa: SLF001 - the moment between reading and writing

    def find_and_lose_time(*asked):
        found = find(*asked)
        answering.note(form.id, submission_id)
        return found

    monkeypatch.setattr(submissions, "_find", find_and_lose_time)
    submissions.update(form.id, submission_id, folder="archive")

    assert submissions.get(form.id, submission_id).confirmed
