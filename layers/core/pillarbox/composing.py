"""Composing: what the mail about a submission says, and what stands in its head.

A value goes into a head as one short line, and into a body as text. A body holds the beginning of what is long: mail
programs cut at 100 KB, and all of it is on the submission's page. What is only passed on has none, and goes whole.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from pillarbox import answering, display, exact, inboxes, links, outbox, settings, unsubscribing
from pillarbox.deliveries import Delivery
from pillarbox.forms import Form
from pillarbox.outbox import Mail
from pillarbox.submissions import Submission

PLACE = re.compile(r"\{([^{}]{1,100})\}")  # {name} in an owner's subject or text
WORD_CHARACTERS = 100  # of a value in a subject
MOST_OF_A_VALUE, MOST_OF_ALL = 5_000, 40_000  # characters
MOST_PASSED = 1_000_000  # of what is stored nowhere: more than is taken
MOST_IN_DIGEST = 50  # submissions that are shown
DEEPEST = 4  # levels of what is nested that are shown as fields


class Line(NamedTuple):
    label: str
    value: str


def of(form: Form, submission: Submission, delivery: Delivery) -> Mail:
    """Return the mail that tells a recipient of a submission."""
    lines, cut = body(form, submission)
    asked = submission.controls
    answer_to = _answer_to(form, submission)
    shown = {
        "who": display.who(submission.fields),
        "when": display.long_time(submission.received_at),
        "lines": lines,
        "cut": cut,
        "look": asked.get("template", "table"),
        "link": "" if submission.passes else link(form, submission),  # nobody can look it up
        "answer_to": answer_to,
    }
    return _mail(form, delivery, subject(form, submission), "submission", shown)._replace(
        sender=asked.get("from_name") or form.name,
        reply_to=answer_to,
        plain=asked.get("format") == "plain",
    )


def digest(form: Form, shown: list[Submission], total: int, delivery: Delivery) -> Mail:
    """Return the mail about several submissions, of which the newest are shown."""
    rows = [
        {
            "who": display.who(one.fields),
            "words": display.first_words(one.fields),
            "when": display.long_time(one.received_at),
            "link": link(form, one),
        }
        for one in shown
    ]
    told = {"rows": rows, "total": total, "link": f"{settings.public_url()}/forms/{form.id}"}
    words = f"{total} new" if total > 1 else display.who(shown[0].fields)
    return _mail(form, delivery, f"{words} · {form.name}", "digest", told)


def answer(form: Form, submission: Submission, delivery: Delivery) -> Mail:
    """Return what a visitor is answered."""
    own = form.autoresponse
    subject, text = (fill(words, submission.fields, answering.word) for words in (own.subject, own.text))
    told = {"paragraphs": text.split("\n\n"), "words": "", "link": ""}
    return _mail(form, delivery, subject or form.name, "visitor", told)


def question(form: Form, submission: Submission, delivery: Delivery) -> Mail:
    """Return what asks a visitor to confirm their address, with a link that does so once."""
    about = {"form": form.id, "submission": submission.id, "email": delivery.target}
    secret = links.create("opt-in", seconds=links.INVITED_SECONDS, **about)
    told = {
        "paragraphs": [f"Somebody sent the form “{form.name}” with this address. If that was you, please confirm it:"],
        "words": "Yes, that was me",
        "link": f"{settings.public_url()}/f/{form.id}/confirm?{urlencode({'token': secret})}",
    }
    return _mail(form, delivery, f"Please confirm your address · {form.name}", "visitor", told)


def subject(form: Form, submission: Submission) -> str:
    """Return the owner's subject with values in it, else what the page's own form asks for, else who and which form."""
    if form.notify.subject and (own := fill(form.notify.subject, submission.fields, display.scalar)):
        return own
    return submission.controls.get("subject") or f"{display.who(submission.fields)} · {form.name}"


def fill(text: str, fields: Mapping[str, Any], word: Any) -> str:
    """Return a text with values where `{name}` stands; a name that nothing was sent under leaves nothing.

    What is put in is not looked at again, and names are names: nothing of Python's formatting is reached.
    """
    return PLACE.sub(lambda found: word(fields.get(found[1].strip()))[:WORD_CHARACTERS], text).strip()


def body(form: Form, submission: Submission) -> tuple[list[Line], bool]:
    """Return the fields as lines, and whether there is more than they show; what isn't stored is shown whole."""
    lines: list[Line] = []
    left, cut = MOST_OF_ALL, False
    longest = MOST_OF_A_VALUE
    if submission.passes:
        left = longest = MOST_PASSED
    for name, value in inboxes.in_words(form, submission.fields):
        for label, text in _flat(name, value):
            most = min(longest, left)
            cut = cut or len(text) > most
            if left <= 0:
                return lines, True
            lines.append(Line(display.plain(label), text if len(text) <= most else f"{text[:most].rstrip()} …"))
            left -= min(len(text), most) + len(label)
    return lines, cut


def headers(form: Form, delivery: Delivery) -> dict[str, str]:
    """Return what makes a form's mails one thread, and lets a recipient end them with one click."""
    host = urlsplit(settings.public_url()).hostname or "localhost"
    thread = f"<form-{form.id}@{host}>"
    return {
        "References": thread,
        "In-Reply-To": thread,
        "List-Id": f"<{form.id}.{host}>",
        "List-Unsubscribe": f"<{unsubscribing.link(form.id, delivery.target)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "X-Pillarbox-Form": form.id,
        "X-Pillarbox-Delivery": delivery.id,
    }


def tags(delivery: Delivery) -> dict[str, str]:
    """Return what comes back with a bounce, and tells which delivery it is about."""
    return {"form": delivery.form_id, "delivery": delivery.id}


def link(form: Form, submission: Submission) -> str:
    return f"{settings.public_url()}/forms/{form.id}/submissions/{submission.id}"


def _mail(form: Form, delivery: Delivery, subject: str, template: str, told: dict[str, Any]) -> Mail:
    """Return a mail of a form's, with the head and the foot that all of them have."""
    shown = told | {"form": form.name, "unsubscribe": unsubscribing.link(form.id, delivery.target)}
    head = headers(form, delivery)
    return Mail(delivery.target, subject, template, shown, sender=form.name, headers=head, tags=tags(delivery))


def _answer_to(form: Form, submission: Submission) -> str | None:
    found = answering.address(form, submission)
    try:
        return found and outbox.spelt(found)
    except outbox.NotSent:
        return None


def _flat(label: str, value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield what is nested as fields of their own."""
    if isinstance(value, dict) and value and depth < DEEPEST:
        for name, inner in value.items():
            yield from _flat(f"{label} / {name}", inner, depth + 1)
    elif isinstance(value, list) and depth < DEEPEST and any(isinstance(one, dict | list) for one in value):
        for number, inner in enumerate(value, 1):
            yield from _flat(f"{label} {number}", inner, depth + 1)
    elif isinstance(value, str):
        yield label, display.plain(value.strip())
    elif isinstance(value, dict | list) and depth == DEEPEST:
        yield label, display.plain(exact.dumps(value))
    else:
        yield label, display.scalar(value)
