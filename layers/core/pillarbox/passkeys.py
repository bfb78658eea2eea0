"""Passkeys (WebAuthn): a key pair on somebody's device, as second factor or as the whole sign-in.

Only functions with the layer `passkeys` import this: webauthn brings cryptography.
"""

import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from pillarbox import accounts, audit, challenges, factors, ids, table
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import Invalid, NotFound, NotSignedIn

MOST = 20  # of one account
MOST_ID_BYTES = 700  # of a key's name: in base64 it is part of a sort key, which takes 1,024
NAME = "Pillarbox"
MOST_CHARACTERS = 10_000  # of what a browser sends; the largest attestations have some 6,000
WRONG = "This passkey isn't one that we know. Use another, or sign in with your password."


class Site(NamedTuple):
    """Where the passkeys belong: another site's are worth nothing here."""

    origin: str  # https://pillarbox.example

    @property
    def host(self) -> str:
        return self.origin.partition("://")[2].partition(":")[0]


def of(account: Account) -> list[table.Item]:
    """Return the account's passkeys, the oldest first."""
    found = [item for name, item in factors.of(account).items() if name.startswith(factors.PASSKEY)]
    return sorted(found, key=lambda item: item["added_at"])


def act(account: Account, sent: Mapping[str, str], site: Site, client: Client) -> tuple[str, list[str] | None]:
    """Do what a button of the page says; return what was done, and the recovery codes to show after adding one."""
    if "remove" in sent:
        remove(account, sent["remove"], client, site)
        return "removed", None
    if "rename" in sent:
        rename(account, sent["rename"], sent.get("name", ""))
        return "renamed", None
    return "added", add(account, sent.get("passkey", ""), sent.get("name", ""), site, client)


def shown(account: Account, site: Site) -> dict[str, Any]:
    return {"keys": of(account), "options": creation(account, site)}


def creation(account: Account, site: Site) -> str:
    """Return what a browser needs to make a passkey, as JSON."""
    return options_to_json(
        generate_registration_options(
            rp_id=site.host,
            rp_name=NAME,
            user_id=account.id.encode(),
            user_name=account.username,
            challenge=challenges.create("make", account.id),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=[_descriptor(item) for item in of(account)],
        )
    )


def add(account: Account, sent: str, name: str, site: Site, client: Client) -> list[str]:
    """Store the passkey that a browser made; return new recovery codes when it is the first factor."""
    if len(of(account)) >= MOST:
        raise Invalid([{"field": "name", "code": "too_long", "message": f"At most {MOST} passkeys. Remove one first."}])
    response, challenge = _read(sent)
    challenges.use(challenge, "make", account.id)
    try:
        made = verify_registration_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise NotSignedIn("This passkey couldn't be made: what the browser sent doesn't fit. Try again.") from error
    if len(made.credential_id) > MOST_ID_BYTES:
        raise NotSignedIn("This device names its key with more than we can keep. Please use another one.")
    now = int(time.time())
    item = factors.key(account.id, factors.PASSKEY + bytes_to_base64url(made.credential_id)) | {
        "public_key": bytes_to_base64url(made.credential_public_key),
        "sign_count": made.sign_count,
        "name": _name(name),
        "added_at": now,
        "used_at": now,
        "backed_up": made.credential_backed_up,
        "number": ids.short(),  # names it in our own pages
    }
    return factors.added(account, item, "passkey-added", client, origin=site.origin)


def request(site: Site, account: Account | None = None) -> str:
    """Return what a browser needs to use a passkey, as JSON: any of the site's, or one of the account's."""
    keys = [_descriptor(item) for item in of(account)] if account else None
    return options_to_json(
        generate_authentication_options(
            rp_id=site.host,
            challenge=challenges.create("use", account.id if account else ""),
            allow_credentials=keys,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def check(sent: str, site: Site, client: Client, account: Account | None = None) -> Account:
    """Return whose passkey signed the challenge, or raise NotSignedIn; `account` is whose it has to be, if told."""
    response, challenge = _read(sent)
    challenges.use(challenge, "use", account.id if account else "")
    owner = account or _owner(response)
    item = table.get(factors.key(owner.id, factors.PASSKEY + _id(response))) if owner else None
    if owner is None or item is None:
        raise NotSignedIn(WRONG)
    try:
        verified = verify_authentication_response(
            credential=response,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(item["public_key"]),
            credential_current_sign_count=item["sign_count"],
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        audit.note("passkey-failed", owner.id, client)
        raise NotSignedIn(WRONG) from error
    _note_use(item, verified.new_sign_count)
    return owner


def rename(account: Account, number: str, name: str) -> None:
    item = _numbered(account, number)
    table.update(table.key(item["pk"], item["sk"]), {"name": _name(name)}, condition="attribute_exists(pk)")


def remove(account: Account, number: str, client: Client, site: Site) -> None:
    item = _numbered(account, number)
    name = item["sk"].removeprefix(factors.PREFIX)
    factors.remove(account, name, "passkey-removed", client, origin=site.origin)


def _owner(response: dict[str, Any]) -> Account | None:
    """Return the account that the device remembers; whether it is so, the signature says."""
    handle = response.get("response", {}).get("userHandle")
    try:
        account_id = base64url_to_bytes(handle).decode() if isinstance(handle, str) else ""
    except ValueError:
        return None
    account = accounts.of(account_id) if ids.is_short(account_id) else None
    return account if account and account.active else None


def _id(response: dict[str, Any]) -> str:
    """Return what the device calls its key; nothing for what can't be the name of one that we know."""
    name = str(response.get("id", ""))
    return name if name.isascii() and len(name) <= MOST_ID_BYTES * 4 // 3 + 1 else ""


def _read(sent: str) -> tuple[dict[str, Any], bytes]:
    """Return what a browser sent, and the challenge in it; that this is what was signed, webauthn checks."""
    try:
        response = json.loads(sent[:MOST_CHARACTERS])
        client_data = json.loads(base64url_to_bytes(response["response"]["clientDataJSON"]))
        return response, base64url_to_bytes(client_data["challenge"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotSignedIn("The browser sent no passkey. Try again, or sign in with your password.") from error


def _note_use(item: table.Item, sign_count: int) -> None:
    """Note the use and the count; of two answers with the same count one is a copy."""
    counted = {"sign_count": sign_count, "used_at": int(time.time())}
    try:
        table.update(
            table.key(item["pk"], item["sk"]),
            counted,
            condition="sign_count = :seen",
            values={":seen": item["sign_count"]},
        )
    except table.Refused as refused:
        raise NotSignedIn(WRONG) from refused


def _numbered(account: Account, number: str) -> table.Item:
    found = next((item for item in of(account) if item["number"] == number), None)
    if found is None:
        raise NotFound("There is no such passkey. It may have been removed already.")
    return found


def _descriptor(item: table.Item) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=base64url_to_bytes(item["sk"].rpartition("#")[2]))


def _name(name: str) -> str:
    return " ".join(name.split())[:60] or "Passkey"
