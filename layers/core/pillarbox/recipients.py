"""Recipients: which addresses a form may mail. Each has said yes, by a mailed link, and can say no at any time.

A form's owner is asked once for each address, whichever of their forms names it; an account's own address that it has
verified needs no more. Whoever unsubscribes does so from one form. An address that bounced, or whose owner complained,
gets nothing of anybody's.
"""

import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Literal, NamedTuple

from pillarbox import accounts, attempts, forms, ids, links, mails, places, table, usernames
from pillarbox.accounts import Account
from pillarbox.errors import LinkDead, NotAllowed, NotFound, TooOften
from pillarbox.forms import Form

type Reason = Literal["bounced", "complained"]
type State = Literal["verified", "waiting", "unsubscribed", "bounced", "complained"]

TROUBLES = {
    "waiting": "No mail yet: {} waits for confirmation.",
    "unsubscribed": "{} has unsubscribed.",
    "bounced": "Mail to {} bounced.",
    "complained": "Mail to {} was called spam.",
}
UNSUBSCRIBED = "UNSUBSCRIBED#"  # rows of a form


class Recipient(NamedTuple):
    email: str
    state: State
    asked: bool  # whether a link was mailed there
    agreed: bool  # whether it said yes, whatever came after


class Offer(NamedTuple):
    """What a mailed link asks: whether what comes in by a form may be mailed to this address."""

    secret: str
    email: str
    account: str
    form: Form
    asker: str


def named(form: Form, owner: Account) -> list[str]:
    """Return every address that the form may come to mail."""
    return form.notify.addresses() if form.notify.to else [owner.email, *form.notify.addresses()]


def of(form: Form) -> list[Recipient]:
    """Return the form's recipients with how each stands; none when its owner is gone."""
    owner = owner_of(form.id)
    return standing(form.id, owner, named(form, owner)) if owner else []


def owner_of(form_id: str) -> Account | None:
    try:
        return accounts.of(forms.owner_of(form_id))
    except NotFound:
        return None


def standing(form_id: str, owner: Account, emails: Iterable[str]) -> list[Recipient]:
    """Return how addresses stand with a form, by one read of up to three items for each."""
    return _standing(owner, [(form_id, email) for email in dict.fromkeys(emails)])


def troubles(owner: Account, of_theirs: Iterable[Form]) -> dict[str, list[str]]:
    """Return a sentence for each address that gets nothing of a form, by the form's id: one read for all forms."""
    pairs = [(form.id, email) for form in of_theirs if form.notify.every != "never" for email in named(form, owner)]
    told: dict[str, list[str]] = {}
    for (form_id, _), one in zip(pairs, _standing(owner, pairs), strict=True):
        if one.state != "verified":
            told.setdefault(form_id, []).append(TROUBLES[one.state].format(one.email))
    return told


def ask(by: Account, form: Form, *, origin: str) -> None:
    """Mail a link to each address of a form that nobody has asked yet; past the rate the rest waits for a button.

    The owner's own address has its link since sign-up.
    """
    owner = owner_of(form.id) if form.notify.addresses() else None
    if owner is None:
        return
    for one in standing(form.id, owner, form.notify.addresses()):
        if one.state == "waiting" and not one.asked and one.email != owner.email:
            try:
                _ask(by, owner, form, one.email, origin)
            except TooOften:
                return


def ask_again(by: Account, form: Form, email: str, *, origin: str) -> None:
    """Mail the link once more, also to who has unsubscribed: it is theirs to say yes."""
    one, owner = _one(form, email), owner_of(form.id)
    if owner and one.state in {"waiting", "unsubscribed"}:
        _ask(by, owner, form, email, origin)


def offer(secret: str) -> Offer:
    """Return what a mailed link asks, or raise LinkDead: also when the form or its owner is gone."""
    _, told = links.read(secret, "recipient")
    form, owner = forms.found(told["form"]), owner_of(told["form"])
    if form is None or owner is None or owner.id != told["account"]:
        raise LinkDead
    return Offer(secret, told["email"], owner.id, form, told["asker"])


def confirm(offered: Offer) -> None:
    """Note that whoever reads the address's mail wants that of the form, once."""
    now = int(time.time())
    row = _key(offered.account, offered.email) | {"asked_at": now, "verified_at": now}
    try:
        table.transact(
            links.used(offered.secret), table.Put(row), table.Delete(_unsubscribed(offered.form.id, offered.email))
        )
    except table.Refused as refused:
        raise LinkDead from refused


def unsubscribe(form_id: str, email: str) -> None:
    """Mail nothing of this form there any more."""
    if forms.exists(form_id):
        table.put(_unsubscribed(form_id, email) | {"at": int(time.time())})


def refuse(email: str, reason: Reason) -> None:
    """Mail nothing of anybody's there. A complaint stands, whatever bounces after it."""
    item = suppression(email) | {"reason": reason, "at": int(time.time())}
    with suppress(table.Refused):
        table.put(item, condition="attribute_not_exists(pk) OR #reason = :bounced", values={":bounced": "bounced"})


def is_refused(email: str) -> bool:
    return table.get(suppression(email)) is not None


def may_be_answered(form_id: str, email: str) -> bool:
    """Whether a visitor's address may be mailed by the form: nobody there has said no."""
    return not table.get_many([suppression(email), _unsubscribed(form_id, email)])


def lift(form: Form, email: str) -> None:
    """Have an address of the form's mailed again; after a complaint only one that its owner had confirmed."""
    one = _one(form, email)
    if one.state == "complained" and not one.agreed:
        raise NotAllowed("Whoever reads this address said that our mail is spam. Only they could take that back.")
    table.delete(suppression(email))


def forget(account_id: str, email: str) -> None:
    """Forget that an address said yes to an account; whoever said no stays unmailed, by a hash of the address alone."""
    table.delete(_key(account_id, email))


def keys_of_account(account_id: str) -> list[table.Item]:
    return [table.key(row["pk"], row["sk"]) for row in table.query_all(_partition(account_id))]


def hashed(email: str) -> str:
    return ids.digest(usernames.folded(email))


def suppression(email: str) -> table.Item:
    return table.key(f"SUPPRESSED#{hashed(email)}", "SUPPRESSED")


def _one(form: Form, email: str) -> Recipient:
    found = next((one for one in of(form) if one.email == email), None)
    if found is None:
        raise NotFound("The form doesn't mail to this address.")
    return found


def _ask(by: Account, owner: Account, form: Form, email: str, origin: str) -> None:
    attempts.take("mail-by-account", by.id)
    if email == owner.email and not owner.email_verified:
        mails.send("verify-email", origin=origin, account=owner.id)
        return
    told = {"account": owner.id, "email": email, "form_id": form.id, "form_name": form.name, "asker": by.username}
    mails.send("recipient", origin=origin, **told)
    row = _key(owner.id, email)
    asked = {"asked_at": int(time.time())}
    with suppress(table.Refused):  # it had said yes before, and unsubscribed
        table.put(row | asked, condition="attribute_not_exists(verified_at)")


def _standing(owner: Account, pairs: list[tuple[str, str]]) -> list[Recipient]:
    three = [_keys(form_id, owner, email) for form_id, email in pairs]
    wanted = {tuple(key.values()): key for keys in three for key in keys}
    found = {(item["pk"], item["sk"]): item for item in table.get_many(wanted.values())}
    items = [[found.get((key["pk"], key["sk"])) for key in keys] for keys in three]
    return [_recipient(owner, email, *of_it) for (_, email), of_it in zip(pairs, items, strict=True)]


def _recipient(
    owner: Account, email: str, row: table.Item | None, suppressed: table.Item | None, unsubscribed: table.Item | None
) -> Recipient:
    agreed = _is_own(owner, email) or (row is not None and "verified_at" in row)
    state: State = "verified" if agreed else "waiting"
    if unsubscribed:
        state = "unsubscribed"
    if suppressed:
        state = suppressed["reason"]
    return Recipient(email, state, asked=row is not None, agreed=agreed)


def _is_own(owner: Account, email: str) -> bool:
    return owner.email_verified and usernames.folded(owner.email) == usernames.folded(email)


def _partition(account_id: str) -> str:
    return f"RECIPIENTS#{account_id}"


def _keys(form_id: str, owner: Account, email: str) -> tuple[table.Item, table.Item, table.Item]:
    return _key(owner.id, email), suppression(email), _unsubscribed(form_id, email)


def _key(account_id: str, email: str) -> table.Item:
    return table.key(_partition(account_id), hashed(email))


def _unsubscribed(form_id: str, email: str) -> table.Item:
    return table.key(places.form(form_id)["pk"], f"{UNSUBSCRIBED}{hashed(email)}")
