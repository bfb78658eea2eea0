"""A form mails only who has said yes, and nobody who has said no since."""

import pytest

from pillarbox import accounts, attempts, forms, ids, recipients, table
from pillarbox.definitions import Definition
from pillarbox.errors import LinkDead, NotAllowed, NotFound
from tests.people import new_account


@pytest.fixture
def address():
    return f"{ids.short()}@example.com"


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


def states(form, owner):
    return {one.email: one.state for one in recipients.of(forms.get(owner.account, form.id))}


def wanted(owner, url, *addresses):
    assert owner.patch(url, json={"notify": {"to": addresses}}).status_code == 200


def say_yes(visitor, mailbox, address):
    path, _, secret = mailbox.link(address).partition("?token=")
    return visitor.fill(f"{path}?token={secret}", {"token": secret}, to=path)


def test_a_form_mails_its_owner_once_their_address_is_verified(owner, form):
    assert states(form, owner) == {owner.account.email: "waiting"}

    accounts.change(owner.account, email_verified=True)

    assert states(form, owner) == {owner.account.email: "verified"}


def test_another_address_is_mailed_a_link_and_is_verified_once_it_was_followed(
    owner, visitor, form, url, address, mailbox
):
    wanted(owner, url, address)
    assert states(form, owner) == {address: "waiting"}
    (mail,) = mailbox.of(address)
    assert owner.account.username in mail["text"]
    assert form.name in mail["subject"]

    page = say_yes(visitor, mailbox, address)

    assert page.status_code == 200
    assert address in page.text
    assert states(form, owner) == {address: "verified"}


def test_it_is_asked_once_however_often_the_form_is_saved_and_holds_for_all_forms_of_the_owner(
    owner, visitor, url, address, mailbox
):
    for _ in range(3):
        wanted(owner, url, address)
    assert len(mailbox.of(address)) == 1
    say_yes(visitor, mailbox, address)

    other = forms.create(owner.account, Definition.model_validate({"name": "B", "notify": {"to": [address]}}))

    assert states(other, owner) == {address: "verified"}


def test_a_yes_to_one_owner_is_none_to_another(owner, visitor, stranger, url, address, mailbox):
    wanted(owner, url, address)
    say_yes(visitor, mailbox, address)

    theirs = forms.create(stranger.account, Definition.model_validate({"name": "X", "notify": {"to": [address]}}))

    assert states(theirs, stranger) == {address: "waiting"}


def test_a_form_that_is_made_with_addresses_asks_them_too(owner, address, mailbox):
    assert owner.post("/v1/forms", json={"name": "Contact", "notify": {"to": [address]}}).status_code == 201

    assert len(mailbox.of(address)) == 1


@pytest.mark.usefixtures("slow_pauses")
def test_a_hundred_addresses_are_not_asked_at_once_and_the_form_is_saved_all_the_same(owner, url, mailbox, monkeypatch):
    monkeypatch.setitem(attempts.LIMITS, "mail-by-account", attempts.LIMITS["mail-by-account"]._replace(free=3))
    many = [f"{ids.short()}@example.com" for _ in range(20)]

    wanted(owner, url, *many)

    assert owner.get(url).json()["notify"]["to"] == many
    assert sum(len(mailbox.of(address)) for address in many) == 4  # the free ones and one more


def test_who_unsubscribes_from_a_form_gets_nothing_of_it_until_they_say_yes_again(
    owner, visitor, form, url, address, mailbox
):
    wanted(owner, url, address)
    say_yes(visitor, mailbox, address)
    other = forms.create(owner.account, Definition.model_validate({"name": "B", "notify": {"to": [address]}}))

    recipients.unsubscribe(form.id, address.upper())

    assert states(form, owner) == {address: "unsubscribed"}
    assert states(other, owner) == {address: "verified"}
    recipients.ask_again(owner.account, forms.get(owner.account, form.id), address, origin="https://x.test")
    assert states(form, owner) == {address: "unsubscribed"}
    say_yes(visitor, mailbox, address)
    assert states(form, owner) == {address: "verified"}


def test_an_address_that_bounced_gets_nothing_however_it_is_spelt_and_no_links_that_others_ask_for(
    owner, form, url, address, mailbox
):
    recipients.refuse(address, "bounced")

    wanted(owner, url, address.replace("example", "EXAMPLE"))

    assert states(form, owner) == {address: "bounced"}
    assert mailbox.of(address) == []
    recipients.lift(forms.get(owner.account, form.id), address)
    assert states(form, owner) == {address: "waiting"}


def test_a_complaint_outlasts_a_bounce_and_is_lifted_only_for_who_had_said_yes(
    owner, visitor, form, url, address, mailbox
):
    wanted(owner, url, address)
    link = mailbox.link(address)
    recipients.refuse(address, "complained")
    recipients.refuse(address, "bounced")
    assert states(form, owner) == {address: "complained"}

    with pytest.raises(NotAllowed, match="spam"):
        recipients.lift(forms.get(owner.account, form.id), address)

    secret = link.partition("?token=")[2]
    visitor.fill(link, {"token": secret}, to="/recipients")
    recipients.lift(forms.get(owner.account, form.id), address)
    assert states(form, owner) == {address: "verified"}


def test_only_addresses_of_the_form_can_be_asked_or_lifted(owner, form, address):
    recipients.refuse(address, "bounced")

    for act in (recipients.lift, lambda form, email: recipients.ask_again(owner.account, form, email, origin="")):
        with pytest.raises(NotFound):
            act(form, address)
    assert recipients.is_refused(address)


def test_a_form_that_is_gone_asks_nobody_and_takes_no_yes(owner, form, url, address, mailbox):
    wanted(owner, url, address)
    secret = mailbox.link(address).partition("?token=")[2]
    owner.delete(url)

    with pytest.raises(LinkDead):
        recipients.offer(secret)
    assert recipients.of(form) == []


def test_what_was_said_goes_with_the_account_and_with_the_form(owner, form, url, address):
    wanted(owner, url, address)
    recipients.unsubscribe(form.id, address)

    said = [key for key in forms.keys_of(form.id) if key["sk"].startswith(recipients.UNSUBSCRIBED)]
    keys = [*recipients.keys_of_account(owner.account.id), *said]

    assert len(keys) == 2
    assert len(table.get_many(keys)) == 2
    assert recipients.keys_of_account(new_account().id) == []
