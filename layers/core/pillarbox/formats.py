"""Formats: what a webhook is sent of a submission, as plain JSON or as a message for Slack, Discord or Teams.

What a visitor wrote is text and nothing else there: it formats nothing, calls nobody, and leads nowhere. What is longer
than a service takes is cut, since it would refuse the whole message.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pillarbox import display, exact
from pillarbox.forms import Form
from pillarbox.submissions import Submission

JSON = "application/json"
TITLES = {"created": "New in {}", "spam": "Spam in {}", "updated": "Changed in {}", "test": "A test of {}"}
NOTHING = "(empty)"  # no service takes a text without characters
MORE = "{} more in Pillarbox"
OPEN = "Open in Pillarbox"
TITLE = 150  # characters; Slack takes so many, Discord 256
SLACK_TEXTS = 10  # in a section


class Bounds(NamedTuple):
    """What a service takes, and what somebody reads in a chat."""

    fields: int
    name: int  # characters
    value: int
    all: int


SLACK = Bounds(50, 100, 2000, 12_000)  # 2,000 is its own; how long all of a message may be is written nowhere
DISCORD = Bounds(25, 256, 1024, 5700)  # its own, but that title and footer count too: 6,000 in all
TEAMS = Bounds(50, 100, 2000, 24_000)  # bytes of 28 KB in all


class News(NamedTuple):
    """What happened, for whoever is to be told."""

    event: str  # created, spam, updated, test
    at: datetime
    form: Form
    submission: Submission
    fields: dict[str, Any]  # those that were chosen, under the names that were chosen
    url: str | None  # of the submission's page, where we know our own address

    @property
    def title(self) -> str:
        return TITLES[self.event].format(_line(self.form.name))


def chosen(fields: Mapping[str, Any], only: list[str] | None, rename: Mapping[str, str]) -> dict[str, Any]:
    """Return these fields under their new names; one whose new name another has too keeps its own, so none is lost."""
    kept = {name: value for name, value in fields.items() if only is None or name in only}
    names = {name: rename.get(name, name) for name in kept}
    while len(set(names.values())) < len(names):
        twice = {new for new, times in Counter(names.values()).items() if times > 1}
        names = {name: name if new in twice else new for name, new in names.items()}
    return {names[name]: value for name, value in kept.items()}


def as_json(news: News) -> Any:
    moment = news.at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    about = {"fields": news.fields, "form_name": news.form.name, "url": news.url}
    data = news.submission.model_dump(mode="json") | about
    return {"type": f"submission.{news.event}", "timestamp": moment, "data": data}


def for_slack(news: News) -> Any:
    """Return blocks of plain text, in which Slack knows no formatting; three characters are escaped everywhere."""
    pairs, left = _pairs(news, SLACK, _slack)
    texts = [_slack_text(text) for pair in pairs for text in pair]
    blocks: list[Any] = [{"type": "header", "text": _slack_text(_fitted(news.title, TITLE, _slack))}]
    sections = [texts[at : at + SLACK_TEXTS] for at in range(0, len(texts), SLACK_TEXTS)]
    blocks += [{"type": "section", "fields": section} for section in sections]
    if left:
        blocks.append({"type": "context", "elements": [_slack_text(MORE.format(left))]})
    if news.url:
        button = {"type": "button", "text": _slack_text(OPEN), "url": news.url}
        blocks.append({"type": "actions", "elements": [button]})
    return {"text": _fitted(news.title, TITLE, _slack), "mrkdwn": False, "blocks": blocks}


def for_discord(news: News) -> Any:
    """Return an embed that mentions nobody, every character that means something in Markdown escaped."""
    pairs, left = _pairs(news, DISCORD, _discord)
    embed: dict[str, Any] = {
        "title": _fitted(news.title, TITLE, _discord),
        "color": 0xB8142B,
        "timestamp": news.at.isoformat(),
    }
    embed["fields"] = [{"name": name, "value": value} for name, value in pairs]
    if left:
        embed["footer"] = {"text": MORE.format(left)}
    if news.url:
        embed["url"] = news.url
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


def for_teams(news: News) -> Any:
    """Return an adaptive card of runs of text, in which Teams knows no formatting, as its workflows take it."""
    pairs, left = _pairs(news, TEAMS, _teams, measure=_bytes)
    title = _fitted(news.title, TITLE, _teams)
    body = [_teams_text({"text": title, "weight": "Bolder", "size": "Large"})]
    body += [_teams_text({"text": f"{name}\n", "isSubtle": True}, {"text": value}) for name, value in pairs]
    if left:
        body.append(_teams_text({"text": MORE.format(left), "isSubtle": True}))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    if news.url:
        card["actions"] = [{"type": "Action.OpenUrl", "title": OPEN, "url": news.url}]
    attached = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attached]}


WRITERS: dict[str, Callable[[News], Any]] = {
    "json": as_json,
    "slack": for_slack,
    "discord": for_discord,
    "teams": for_teams,
}


def write(form_of_it: str, news: News) -> tuple[str, str]:
    """Return the content type and the body."""
    return JSON, exact.dumps(WRITERS[form_of_it](news))


def _pairs(
    news: News, bounds: Bounds, escape: Callable[[str], str], *, measure: Callable[[str], int] | None = None
) -> tuple[list[tuple[str, str]], int]:
    """Return names and values that a service takes, escaped, and how many of them found no room."""
    measure, room, pairs = measure or _units, bounds.all, list[tuple[str, str]]()
    for name, value in news.fields.items():
        pair = _fitted(_line(name), bounds.name, escape), _fitted(_text(value), bounds.value, escape)
        room -= sum(map(measure, pair))
        if room < 0 or len(pairs) == bounds.fields:
            break
        pairs.append(pair)
    return pairs, len(news.fields) - len(pairs)


def _fitted(text: str, most: int, escape: Callable[[str], str]) -> str:
    """Return the text escaped, and cut so that it has at most so many units and no escape is torn."""
    parts: list[str] = []
    room = most
    for character in text.strip():
        parts.append(escape(character))
        room -= _units(parts[-1])
        if room < 0:
            while room < len("…"):
                room += _units(parts.pop())
            return "".join(parts) + "…"
    return "".join(parts) or escape(NOTHING)


def _line(text: str) -> str:
    return display.plain(" ".join(text.split()))


def _text(value: Any) -> str:
    """Return a value as text that may have several lines."""
    return display.plain("\n".join(value.splitlines())) if isinstance(value, str) else display.scalar(value)


def _units(text: str) -> int:
    """Return how long a service counts a text to be that speaks JavaScript: what lies past 65,535 counts twice."""
    return len(text) + sum(character > "\uffff" for character in text)


def _bytes(text: str) -> int:
    """Return how many bytes a text has in JSON, and some for what stands around it."""
    return len(exact.dumps(text).encode()) + 60


def _slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_text(text: str) -> Any:
    return {"type": "plain_text", "text": text, "emoji": False}


def _discord(text: str) -> str:
    return re.sub(r"([\\*_~`|>#\-+\[\]()<@:.!])", r"\\\1", text)


def _teams(text: str) -> str:
    return text.replace("{", "{\u2060")  # {{DATE(…)}} would be worked out


def _teams_text(*runs: Any) -> Any:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}
