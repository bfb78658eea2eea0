"""The outbox: a letter becomes HTML and text, and goes out by SES. Values are escaped; a header takes one line."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pillarbox import settings
from pillarbox.errors import Unavailable
from pillarbox.table import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

TEMPLATES = Path(__file__).parent / "templates" / "mail"
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SUBJECT_CHARACTERS = 150

client: "SESV2Client" = boto3.client("sesv2", config=CONFIG)


def send(to: str, subject: str, letter: dict[str, Any]) -> None:
    """Send one mail, or raise Unavailable, so that the queue hands its message over again and at last puts it aside."""
    shown = letter | {"subject": subject}
    bodies = {name: _template(name).render(shown) for name in ("text", "html")}
    try:
        client.send_email(
            FromEmailAddress=settings.mail_from(),
            Destination={"ToAddresses": [one_line(to)]},
            Content={
                "Simple": {
                    "Subject": {"Data": one_line(subject)[:SUBJECT_CHARACTERS], "Charset": "UTF-8"},
                    "Body": {
                        "Text": {"Data": bodies["text"], "Charset": "UTF-8"},
                        "Html": {"Data": bodies["html"], "Charset": "UTF-8"},
                    },
                }
            },
        )
    except (BotoCoreError, ClientError) as error:
        raise Unavailable(f"SES didn't take the mail. {error}") from error


def one_line(text: str) -> str:
    """Return the text without line breaks, which would begin another header."""
    return CONTROLS.sub(" ", text).strip()


@cache
def _template(name: str) -> Any:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=name == "html", undefined=StrictUndefined, trim_blocks=True)  # noqa: S701
    return environment.get_template("letter.html" if name == "html" else "letter.txt")
