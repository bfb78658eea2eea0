"""Second factors: what an account asks for beside its password. Each is a row `FACTOR#…` of the account's partition.

An authenticator app (`TOTP`), passkeys (`PASSKEY#<id>`), and ten recovery codes (`RECOVERY`) that come with the first
of them. The account's `second_factor` says whether there is any, and changes with them in one transaction.
"""

import secrets
import time
from collections.abc import Iterable, Mapping
from typing import Any

from pillarbox import accounts, attempts, audit, devices, ids, mails, settings, table, totp
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import NotAllowed, NotFound, NotSignedIn, UnknownButton

PREFIX = "FACTOR#"
APP, RECOVERY, PASSKEY = "TOTP", "RECOVERY", "PASSKEY#"
PENDING_SECONDS = 15 * 60  # from the QR code to the first code
RECOVERY_CODES, RECOVERY_LENGTH = 10, 24  # 118 bits each: so much chance that a plain hash hides them
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def of(account: Account) -> dict[str, table.Item]:
    """Return the account's factors by name, its recovery codes among them."""
    items = table.query_all(f"ACCOUNT#{account.id}", prefix=PREFIX)
    return {item["sk"].removeprefix(PREFIX): item for item in items}


def key(account_id: str, name: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", f"{PREFIX}{name}")


def act(account: Account, sent: Mapping[str, str], client: Client, *, origin: str) -> list[str] | None:
    """Do what a button of the page says; return the recovery codes to show, an empty list where they stay."""
    match sent.get("do"):
        case "begin":
            begin(account)
        case "confirm":
            return confirm(account, sent.get("code", ""), client, origin=origin)
        case "codes":
            return renew_codes(account, client, origin=origin)
        case "remove":
            remove(account, APP, "app-removed", client, origin=origin)
        case _:
            raise UnknownButton
    return None


def shown(account: Account) -> dict[str, Any]:
    """Return what the page shows: what there is, the recovery codes left, and an app that waits for its first code."""
    there, secret = of(account), begun(account)
    return {
        "there": there,
        "left": codes_left(there),
        "secret": secret,
        "qr": totp.qr(totp.address(secret, account.username)) if secret else "",
        "required": settings.second_factor_required(),
    }


def removed(account: Account) -> list[table.Write]:
    """Return the writes that take all factors away."""
    return [table.Delete(_pending_key(account)), *(table.Delete(key(account.id, name)) for name in of(account))]


def begin(account: Account) -> str:
    """Return a new secret for an authenticator app, which counts once a code of it was typed."""
    secret = totp.new_secret()
    table.put(_pending_key(account) | {"secret": secret, "expires_at": int(time.time()) + PENDING_SECONDS})
    return secret


def begun(account: Account) -> str | None:
    """Return the secret that waits for its first code."""
    item = table.get(_pending_key(account))
    return item["secret"] if item and not table.expired(item) else None


def confirm(account: Account, code: str, client: Client, *, origin: str) -> list[str]:
    """Take the app as a factor by its first code; return new recovery codes, or none where there are some already."""
    if (secret := begun(account)) is None:
        raise NotFound("This took too long. Begin again with a new QR code.")
    used = totp.step(secret, _digits(code), after=0, setting_up=True)
    item = key(account.id, APP) | {"secret": secret, "step": used, "added_at": int(time.time())}
    return added(account, item, "app-added", client, table.Delete(_pending_key(account)), origin=origin)


def added(
    account: Account, item: table.Item, event: audit.Kind, client: Client, *with_it: table.Write, origin: str
) -> list[str]:
    """Store a factor together with the account's flag, and with recovery codes when it is the first."""
    codes = [] if RECOVERY in of(account) else _new_codes()
    writes = [table.Put(item, condition="attribute_not_exists(pk)"), *with_it]
    if codes:
        writes.append(table.Put(_recovery(account, codes)))
    accounts.change(account, *writes, *audit.writes(event, account.id, client), second_factor=True)
    mails.notify(account, event, client, origin=origin)
    return codes


def remove(account: Account, name: str, event: audit.Kind, client: Client, *, origin: str) -> None:
    """Take one factor away, and with the last one the recovery codes; not where the operator wants one of everybody."""
    there = of(account)
    if name not in there:
        raise NotFound("There is no such factor.")
    left = there.keys() - {name, RECOVERY}
    if not left and settings.second_factor_required():
        raise NotAllowed("This Pillarbox asks for a second factor. Set up another one before you remove this.")
    gone = [name] if left else [name, RECOVERY]
    writes = [table.Delete(key(account.id, one)) for one in gone]
    accounts.change(account, *writes, *audit.writes(event, account.id, client), second_factor=bool(left))
    mails.notify(account, event, client, origin=origin)


def renew_codes(account: Account, client: Client, *, origin: str) -> list[str]:
    """Return ten new recovery codes; the old ones are worth nothing from now on."""
    if not account.second_factor:
        raise NotFound("There is no second factor that a recovery code could stand in for.")
    codes = _new_codes()
    accounts.change(
        account, table.Put(_recovery(account, codes)), *audit.writes("recovery-codes-made", account.id, client)
    )
    mails.notify(account, "recovery-codes-made", client, origin=origin)
    return codes


def codes_left(there: dict[str, table.Item]) -> int:
    return len(there[RECOVERY]["codes"]) if RECOVERY in there else 0


def check_code(account: Account, code: str, client: Client, cookies: Mapping[str, str] | None = None) -> None:
    """Take a code of the app or a recovery code, each of which works once, or raise NotSignedIn or TooOften.

    A browser that the account knows has a count of its own, so that who guesses elsewhere keeps nobody out.
    """
    device = devices.known(cookies or {}, account.id)
    own = ("code-device", device, account.id) if device else ("code", account.id)
    attempts.take(*own)
    there, typed = of(account), _digits(code)
    try:
        if APP in there and len(typed) == totp.DIGITS and typed.isdecimal():
            used = totp.step(there[APP]["secret"], typed, after=there[APP]["step"])
            table.update(key(account.id, APP), {"step": used}, condition="step < :used", values={":used": used})
        else:
            _use_recovery(account, there, typed, client)
    except table.Refused as refused:  # the same code by another request, which was quicker
        raise NotSignedIn("This code was used already. Wait for the next one.") from refused
    except NotSignedIn:
        audit.note("code-failed", account.id, client)
        raise
    attempts.forget(*own)


def _use_recovery(account: Account, there: dict[str, table.Item], typed: str, client: Client) -> None:
    stored = there[RECOVERY]["codes"] if RECOVERY in there else []
    hashed = ids.digest(typed)
    if hashed not in stored:
        raise NotSignedIn(totp.WRONG)
    rest = [one for one in stored if one != hashed]
    changed = table.Update(
        key(account.id, RECOVERY), {"codes": rest}, condition="codes = :seen", values={":seen": stored}
    )
    table.transact(changed, *audit.writes("recovery-code-used", account.id, client, left=str(len(rest))))


def _new_codes() -> list[str]:
    return ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]


def _recovery(account: Account, codes: Iterable[str]) -> table.Item:
    return key(account.id, RECOVERY) | {"codes": [ids.digest(code) for code in codes], "made_at": int(time.time())}


def _digits(code: str) -> str:
    """Return a code without what people put into it: blanks, dashes, capitals."""
    return "".join(code.split()).replace("-", "").lower()[:100]


def _pending_key(account: Account) -> table.Item:
    return table.key(f"ACCOUNT#{account.id}", "PENDINGTOTP")
