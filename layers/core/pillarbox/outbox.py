"""The outbox: a mail becomes HTML and text, and goes out by SES. Values are escaped; a header takes one line."""

import re
from collections.abc import Mapping
from email.utils import formataddr
from functools import cache
from http import HTTPStatus
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pillarbox import display, settings, table
from pillarbox.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

TEMPLATES = Path(__file__).parent / "templates" / "mail"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")  # and what turns letters around
SUBJECT_CHARACTERS = 150
NAME_CHARACTERS = 100
HEADER_CHARACTERS = 870  # SES's bound for one of ours
FOR_GOOD = {"BadRequestException", "InvalidParameterValue"}  # too large, no address: the same mail never goes

# SES may have taken a mail whose answer is late, so that it is waited for, and a try sends once; the next comes later.
CONFIG = table.CONFIG.merge(Config(read_timeout=5, retries={"total_max_attempts": 1}))

client: "SESV2Client" = boto3.client("sesv2", config=CONFIG)


class Mail(NamedTuple):
    to: str
    subject: str
    template: str  # templates/mail/<template>.html and .txt
    shown: dict[str, Any]
    sender: str = ""  # the name beside our address
    reply_to: str | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    tags: Mapping[str, str] = MappingProxyType({})
    plain: bool = False  # text alone


class NotSent(Exception):
    """SES didn't take a mail; `final`: and will never take this one."""

    def __init__(self, words: str, *, status: int | None = None, final: bool = False) -> None:
        super().__init__(words)
        self.status = status
        self.final = final


def send(to: str, subject: str, letter: dict[str, Any]) -> None:
    """Send one letter, or raise Unavailable, so that the queue hands its message over again, or at last aside."""
    try:
        deliver(Mail(to, subject, "letter", letter))
    except NotSent as error:
        raise Unavailable(f"SES didn't take the mail. {error}") from error


def deliver(mail: Mail) -> str:
    """Send one mail and return SES's id of it, or raise NotSent."""
    subject = one_line(mail.subject)[:SUBJECT_CHARACTERS]
    shown = mail.shown | {"subject": subject}
    body: dict[str, Any] = {"Text": _part(f"{mail.template}.txt", shown)}
    if not mail.plain:
        body["Html"] = _part(f"{mail.template}.html", shown)
    content: Any = {"Subject": {"Data": subject, "Charset": "UTF-8"}, "Body": body}
    if mail.headers:
        content["Headers"] = [{"Name": name, "Value": _header(value)} for name, value in mail.headers.items()]
    asked: dict[str, Any] = {"ReplyToAddresses": [spelt(mail.reply_to)]} if mail.reply_to else {}
    if mail.tags:
        asked["EmailTags"] = [{"Name": name, "Value": value} for name, value in mail.tags.items()]
    sender = formataddr((one_line(mail.sender)[:NAME_CHARACTERS], settings.mail_from()))
    try:
        done = client.send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [spelt(mail.to)]},
            Content={"Simple": content},
            **asked,
        )
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        raise NotSent(str(error), status=status, final=error.response["Error"]["Code"] in FOR_GOOD) from error
    except BotoCoreError as error:
        raise NotSent(f"SES is out of reach: {type(error).__name__}.") from error
    return done["MessageId"]


def one_line(text: str) -> str:
    """Return the text without line breaks, which would begin another header."""
    return CONTROLS.sub(" ", text).strip()


def spelt(address: str) -> str:
    """Return an address as SES takes it, its domain in ASCII, or raise NotSent for one that it can't mail to."""
    local, _, domain = one_line(address).rpartition("@")
    try:
        local.encode("ascii")
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        words = "Mail can't be sent to an address with such letters."
        raise NotSent(words, status=HTTPStatus.BAD_REQUEST, final=True) from error


def _header(value: str) -> str:
    return one_line(value).encode("ascii", "replace").decode()[:HEADER_CHARACTERS]


def _part(name: str, shown: dict[str, Any]) -> dict[str, str]:
    return {"Data": _environment(html=name.endswith(".html")).get_template(name).render(shown), "Charset": "UTF-8"}


@cache
def _environment(*, html: bool) -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=html, undefined=StrictUndefined, trim_blocks=True)  # noqa: S701
    environment.filters.update(display.FILTERS)
    return environment
