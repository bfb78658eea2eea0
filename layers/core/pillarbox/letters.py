"""Letters: what each mail says, with the link that it carries. The worker send_mail writes them.

What may be asked for by anybody goes to one address a few times an hour and not more, so that nobody's mail is flooded.
"""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from aws_lambda_powertools import Logger

from pillarbox import accounts, attempts, audit, links, outbox, recipients, settings, usernames
from pillarbox.errors import TooOften

type Message = dict[str, Any]

HOUR, DAY = 60 * 60, 24 * 60 * 60  # seconds
IF_NOT_YOU = "If you didn't ask for this, do nothing: without the link nothing happens."

logger = Logger()


class Letter(NamedTuple):
    to: str
    subject: str
    paragraphs: list[str]
    button: str = ""
    link: str = ""
    close: str = ""  # after the link, in small print


def post(message: Message) -> None:
    """Write and send the mail that a message asks for."""
    letter = KINDS[message["kind"]](message)
    if letter is not None:
        outbox.send(letter.to, letter.subject, letter._asdict())


def _verify_email(message: Message) -> Letter | None:
    account = accounts.of(message["account"])
    if account is None or account.email_verified or not _may_go_to(account.email):
        return None
    secret = links.create("verify-email", seconds=DAY, account=account.id, email=account.email)
    return Letter(
        account.email,
        "Confirm your e-mail address",
        [f"Somebody made the account {account.username} with this address. If that was you, confirm it:"],
        "Confirm the address",
        _link(message, "/verify-email", token=secret),
        f"The link works once, within a day. {IF_NOT_YOU}",
    )


def _change_email(message: Message) -> Letter | None:
    account, holder = accounts.of(message["account"]), accounts.find(message["email"])
    if account is None or not _may_go_to(message["email"]):
        return None
    if holder and holder.id != account.id:
        return Letter(
            message["email"],
            "This address has an account already",
            [
                f"The account {account.username} is to have this address from now on.",
                f"But the account {holder.username} has it already, and an address belongs to one account.",
                "If both are yours, give the other account another address, or delete it, and ask again.",
            ],
            "Sign in",
            _link(message, "/sign-in"),
            "If you don't know who asked for this, do nothing.",
        )
    secret = links.create("change-email", seconds=DAY, account=account.id, email=message["email"])
    return Letter(
        message["email"],
        "Confirm your new e-mail address",
        [f"The account {account.username} is to have this address from now on. If that is what you want, confirm it:"],
        "Confirm the new address",
        _link(message, "/verify-email", token=secret),
        f"The link works once, within a day. {IF_NOT_YOU}",
    )


def _reset_password(message: Message) -> Letter | None:
    account = accounts.find(message["name"])
    if account is None or not account.active or not _may_go_to(account.email):
        return None
    secret = links.create("reset-password", seconds=HOUR, account=account.id, email=account.email, epoch=account.epoch)
    return Letter(
        account.email,
        "Set a new password",
        [f"Somebody asked for a new password for the account {account.username}. If that was you, set it here:"],
        "Set a new password",
        _link(message, "/reset-password", token=secret),
        f"The link works once, within an hour. {IF_NOT_YOU}",
    )


def _invitation(message: Message) -> Letter | None:
    if not _may_go_to(message["email"]):
        return None
    secret = links.create("invitation", seconds=links.INVITED_SECONDS, email=message["email"], number=message["number"])
    return Letter(
        message["email"],
        f"{message['inviter']} invites you to Pillarbox",
        [f"{message['inviter']} invites you to make an account. It collects what people send with your forms."],
        "Make your account",
        _link(message, "/sign-up", invitation=secret),
        "The link works once, within seven days. If you don't know who this is, do nothing.",
    )


def _share(message: Message) -> Letter | None:
    if not _may_go_to(message["email"]):
        return None
    about = {"email": message["email"], "form": message["form_id"], "number": message["number"]}
    secret = links.create("share", seconds=links.INVITED_SECONDS, **about)
    return Letter(
        message["email"],
        f"{message['inviter']} shares the form “{message['form_name']}” with you",
        [f"{message['inviter']} shares the form “{message['form_name']}” with you, as {message['role']}."],
        "Look at the invitation",
        _link(message, "/invitations", token=secret),
        "The link works once, within seven days. If you don't know who this is, do nothing.",
    )


def _recipient(message: Message) -> Letter | None:
    email, form = message["email"], message["form_name"]
    if recipients.is_refused(email) or not _may_go_to(email):
        return None
    about = {"account": message["account"], "email": email, "form": message["form_id"], "asker": message["asker"]}
    secret = links.create("recipient", seconds=links.INVITED_SECONDS, **about)
    return Letter(
        email,
        f"May the form “{form}” send you mail?",
        [f"{message['asker']} wants to send you what comes in through the form “{form}”."],
        "Yes, send it here",
        _link(message, "/recipients", token=secret),
        "The link works once, within seven days. If you don't know who this is, do nothing: then nothing is sent.",
    )


def _webhook_off(message: Message) -> Letter | None:
    return Letter(
        message["to"],
        f"A webhook of “{message['form_name']}” was switched off",
        [
            f"{message['url']} is told no more of what the form “{message['form_name']}” gets. {message['reason']}",
            "The inbox has everything. When the receiver works again, switch the webhook on and send what it missed.",
        ],
        "See the form's webhooks",
        _link(message, f"/forms/{message['form_id']}/webhooks"),
    )


def _notice(message: Message) -> Letter | None:
    sentence = audit.SENTENCES[message["event"]].format_map(message["details"])
    return Letter(
        message["to"],
        f"{sentence.removesuffix('.')} ({message['username']})",
        [
            f"This is about your account {message['username']}. {sentence}",
            f"It came from the address {message['address']}, with {message['agent'] or 'a program without a name'}.",
            "If that was you, there is nothing to do. If not, set a new password and look at what else happened:",
        ],
        "See the activity",
        _link(message, "/account/activity"),
        f"Set a new password: {_link(message, '/reset-password')}",
    )


KINDS: dict[str, Callable[[Message], Letter | None]] = {
    "verify-email": _verify_email,
    "change-email": _change_email,
    "reset-password": _reset_password,
    "invitation": _invitation,
    "share": _share,
    "recipient": _recipient,
    "webhook-off": _webhook_off,
    "notice": _notice,
}


def _link(message: Message, path: str, **query: str) -> str:
    return f"{message['origin'] or settings.public_url()}{path}" + (f"?{urlencode(query)}" if query else "")


def _may_go_to(address: str) -> bool:
    try:
        attempts.take("mail", usernames.folded(address))
    except TooOften:
        logger.info("mail not sent: too many to one address")
        return False
    return True
