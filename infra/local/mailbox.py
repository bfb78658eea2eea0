"""The mail that would have been sent: `/_local/mail` for people, `/_local/mail.json` for programs. Only on a laptop."""

import json
import re
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from infra.local.cloudformation import ACCOUNT
from infra.local.engine import Engine
from infra.local.events import Request, Response

PATH = re.compile(r"/_local/mail(?:\.json|/(?P<id>[^/]+?)(?P<raw>\.html)?)?")
LINK = re.compile(r"https?://[^\s<>\"]+")
# The mail's own HTML shows in a frame without scripts; what it links to opens in the whole window.
FRAMED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
GUARDED = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"


class Mailbox:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        loader = FileSystemLoader(Path(__file__).parent)
        self._page = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self._page.filters["linked"] = _linked

    def mails(self) -> list[dict[str, Any]]:
        """Return what was sent, the newest first."""
        # Asked of the engine itself: SES has no call that shows what was sent.
        with urllib.request.urlopen(f"{self._engine.url}/_ministack/ses/messages", timeout=5) as found:  # noqa: S310
            kept = json.load(found)["messages"]
        mails = [_mail(one) for one in kept.get(ACCOUNT, [])]
        return sorted(mails, key=lambda mail: mail["sent_at"], reverse=True)

    def answer(self, request: Request) -> Response:
        found = PATH.fullmatch(request.raw_path)
        if found is None or request.method not in {"GET", "HEAD"}:
            return _text(404, "There is nothing here. Try /_local/mail.\n")
        mails = self.mails()
        if request.raw_path.endswith(".json"):
            body = json.dumps({"mails": mails}, ensure_ascii=False, indent=1)
            return Response(200, [("content-type", "application/json")], body.encode(), "mailbox")
        chosen = next((mail for mail in mails if mail["id"] == found["id"]), None)
        if found["id"] and chosen is None:
            return _text(404, "This mail is gone. See /_local/mail.\n")
        if chosen and found["raw"]:
            html = chosen["html"].replace("<head>", '<head><base target="_top">', 1)
            return _html(html, FRAMED)
        chosen = chosen or (mails[0] if mails else None)
        return _html(self._page.get_template("mailbox.html").render(mails=mails, chosen=chosen), GUARDED)


def _mail(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": kept["MessageId"].partition("@")[0],
        "to": kept["To"],
        "from": kept["Source"],
        "subject": kept["Subject"],
        "text": kept["BodyText"],
        "html": kept["BodyHtml"],
        "sent_at": datetime.fromtimestamp(kept["Timestamp"], UTC).isoformat(timespec="milliseconds"),
    }


def _linked(text: str) -> Markup:
    """Return text in which addresses can be followed."""
    parts, at = [], 0
    for found in LINK.finditer(text):
        parts += [escape(text[at : found.start()]), Markup('<a href="{0}">{0}</a>').format(found[0])]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


def _html(body: str, policy: str) -> Response:
    headers = [("content-type", "text/html; charset=utf-8"), ("content-security-policy", policy)]
    return Response(200, [*headers, ("cache-control", "no-store")], body.encode(), "mailbox")


def _text(status: int, body: str) -> Response:
    return Response(status, [("content-type", "text/plain; charset=utf-8")], body.encode(), "mailbox")
