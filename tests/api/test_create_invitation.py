import pytest

from pillarbox import attempts, audit, ids, members

MAY = "manager, forms:write"


def invite(person, form, **changes):
    sent = {"email": f"{ids.short()}@example.com", "role": "viewer"} | changes
    return person.post(f"/v1/forms/{form.id}/invitations", json=sent)


def test_mails_an_invitation_that_waits(owner, form, mailbox):
    email = f"{ids.short()}@example.com"

    answer = invite(owner, form, email=email, role="editor")

    assert answer.status_code == 201
    assert {name: answer.json()[name] for name in ("email", "role")} == {"email": email, "role": "editor"}
    (mail,) = mailbox.of(email)
    assert owner.account.username in mail["subject"]
    assert owner.get(f"/v1/forms/{form.id}/members").json()["invitations"] == [answer.json()]
    assert f"offered to {email}, as editor" in audit.page(owner.account.id, limit=9).events[0].sentence


def test_a_second_one_to_the_same_address_takes_the_place_of_the_first(owner, form, mailbox, visitor):
    email = f"{ids.short()}@example.com"
    invite(owner, form, email=email)
    first = mailbox.link(email)

    invite(owner, form, email=email.upper(), role="manager")

    (waiting,) = owner.get(f"/v1/forms/{form.id}/members").json()["invitations"]
    assert waiting["role"] == "manager"
    assert visitor.get(first).status_code == 404
    assert visitor.get(mailbox.link(waiting["email"])).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "nobody"}, "email"), ({"email": ""}, "email"), ({"role": "owner"}, "role"), ({"more": 1}, "more")],
)
def test_says_what_does_not_fit(owner, form, changes, field):
    answer = invite(owner, form, **changes)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_somebody_who_has_it_already_is_not_invited(owner, viewer, form):
    assert invite(owner, form, email=viewer.account.email).status_code == 422


def test_a_form_is_shared_with_so_many_and_no_more(owner, form, monkeypatch):
    monkeypatch.setattr(members, "MOST", 2)
    assert invite(owner, form).status_code == 201

    assert invite(owner, form).status_code == 422


@pytest.mark.usefixtures("slow_pauses")
def test_strangers_are_not_mailed_for_ever(owner, form, mailbox, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "mail-by-account", attempts.LIMITS["mail-by-account"]._replace(free=2))
    mailbox.waiting()

    answers = [invite(owner, form) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert len(mailbox.waiting()) == 3


def test_only_who_manages_a_form_shares_it(viewer, editor, manager, stranger, visitor, form):
    statuses = [invite(person, form).status_code for person in (viewer, editor, manager, stranger, visitor)]

    assert statuses == [403, 403, 201, 404, 401]
