"""Settings of a form as their page shows them, a part at a time: what its buttons do, and where errors belong."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from pillarbox import display, forms, logos, recipients, setting_changes, setting_parts, setting_words, settings
from pillarbox.accounts import Account
from pillarbox.errors import Invalid, NotFound, UnknownButton
from pillarbox.forms import Form
from pillarbox.setting_changes import Overtaken
from pillarbox.setting_parts import PARTS, Held, Sent
from pillarbox.setting_words import CAPTCHAS, EVERY, LANGUAGES, WORDS

SAVED = "Saved. It is in force everywhere within 10 seconds."
DONE = dict.fromkeys(PARTS, SAVED) | {
    "notify": "Saved. Addresses that are new here are mailed a link, and get nothing before it was followed.",
    "keeping": "Saved. What is over by now goes within minutes.",
    "ask": "A link is on its way. It works once, within seven days.",
    "lift": "It gets mail again.",
    "logo": "The logo is on the form's page.",
    "unlogo": "The logo is gone.",
}
OF = {"ask": "notify", "lift": "notify", "logo": "look", "unlogo": "look", "delete": "general"}  # buttons of parts
# Where an error belongs whose place in the form's JSON isn't the name of its input.
INPUTS = {"notify": "notify-to", "spam": "spam-blocked_words", "": "spam-honeypot"}
RULE = re.compile(r"routes-(\d+)-")
ITEM = re.compile(r"\.(\d+)$")  # of a list that is one input
MOST_TOLD = 3  # errors of one input; the rest are counted
ENTRY_LENGTH = 40  # characters of an entry that an error names


class Asked(NamedTuple):
    account: Account
    form: Form
    sent: Sent
    file: bytes  # a picture, for the button that takes one
    origin: str


def path(form_id: str, done: str) -> str:
    """Return where a person is led who has just done that."""
    return "/dashboard" if done == "delete" else f"/forms/{form_id}/settings?part={OF.get(done, done)}&done={done}"


def part_of(asked: str | None, sent: Sent) -> str:
    """Return the part to show: of the button that was pressed, else the one that the address names."""
    do = sent.get("do", "")
    part = OF.get(do, do) or asked or "general"
    if part not in PARTS:
        raise NotFound("There is no such part of the settings.")
    return part


def page(form: Form, part: str, sent: Sent, error: Invalid | Overtaken | None) -> dict[str, Any]:
    """Return what the page shows. What was `sent` and didn't go through stands in the inputs, but for a secret."""
    form = error.form if isinstance(error, Overtaken) else form
    saved = PARTS[part].held(form)
    held = {**sent} if sent.get("do") == part else {**saved, **sent}
    if isinstance(error, Overtaken) and error.was:
        held = _merged(held, PARTS[part].held(error.was), saved)
    errors = _told(error) if isinstance(error, Invalid) else {}
    kept = isinstance(error, Invalid) and sent.get("do") == part  # of the page that was opened: its inputs stand here
    if sent.get("spam-captcha_secret"):
        errors.setdefault("spam-captcha_secret", "Please paste the secret once more: nobody is shown it again.")
    return {
        "form": form,
        "part": part,
        "title": PARTS[part].title,
        "parts": [(name, one.title, WORDS[name](form)) for name, one in PARTS.items()],
        "held": held,
        "seen": sent.get("seen", "") if kept else setting_changes.seen(form, part),
        "overtaken": error if isinstance(error, Overtaken) else None,
        "theirs": _theirs(saved, held) if isinstance(error, Overtaken) else {},
        "errors": errors,
        "summary": [{"id": name, "message": message} for name, message in errors.items()],
    } | (_mail(form, held) if part == "notify" else {"every": EVERY, "languages": LANGUAGES, "captchas": CAPTCHAS})


def act(asked: Asked) -> str:
    """Do what a button says, and return what was done; the errors of Invalid have the names of inputs."""
    what = asked.sent.get("do", "")
    if what in PARTS:
        try:
            form = setting_changes.save(asked.account, asked.form.id, what, asked.sent)
        except Invalid as error:
            raise Invalid(_placed(error, asked.sent)) from error
        if what == "notify":
            recipients.ask(asked.account, form, origin=asked.origin)
    elif what in ACTIONS:
        ACTIONS[what](asked)
    else:
        raise UnknownButton
    return what


def _ask(asked: Asked) -> None:
    recipients.ask_again(asked.account, asked.form, asked.sent.get("email", ""), origin=asked.origin)


def _lift(asked: Asked) -> None:
    recipients.lift(asked.form, asked.sent.get("email", ""))


def _logo(asked: Asked) -> None:
    logos.put(asked.form.id, logos.checked(asked.file), seen=asked.sent.get("seen") or None)


def _unlogo(asked: Asked) -> None:
    logos.delete(asked.form.id, seen=asked.sent.get("seen") or None)


def _delete(asked: Asked) -> None:
    """Delete the form once its name was typed, as the page shows it."""
    forms.require(asked.form, "owner")
    typed, name = (" ".join(display.plain(text).split()) for text in (asked.sent.get("confirm", ""), asked.form.name))
    if typed != name:
        message = "This isn't the name of the form, so nothing was deleted."
        raise Invalid([{"field": "confirm", "code": "confirm", "message": message}])
    forms.delete(asked.account, asked.form.id)


ACTIONS: dict[str, Callable[[Asked], None]] = {
    "ask": _ask,
    "lift": _lift,
    "logo": _logo,
    "unlogo": _unlogo,
    "delete": _delete,
}


def _mail(form: Form, held: Held) -> dict[str, Any]:
    return {
        "rules": max(setting_parts.routes(held), default=-1) + 2,  # and an empty one
        "recipients": [(one, setting_words.standing(one), setting_words.button(one)) for one in recipients.of(form)],
        "every": EVERY | {one: setting_words.every(one) for one in (form.notify.every,)},
        "sends_mail": settings.sends_mail(),
    }


def _merged(typed: Held, was: Held, saved: Held) -> Held:
    """Return what was typed, and in the inputs that were left as they were what is saved now.

    Versions keep nothing of a captcha, so that there it isn't known what was left.
    """
    left = {name for name in (*was, *saved) if "captcha" not in name and _typed(typed, name) == was.get(name, "")}
    return {name: text for name, text in typed.items() if name not in left} | {
        name: text for name, text in saved.items() if name in left
    }


def _theirs(saved: Held, held: Sent) -> Held:
    """Return what is saved now where something else stands in the inputs; for a box on or off."""
    names = {name for name in (*saved, *held) if name in saved or held.get(name) == "on"}
    if not saved.get("spam-threshold-other"):
        names.discard("spam-threshold-other")  # the score that is saved has words
    return {name: saved.get(name, "") for name in names if saved.get(name, "") != _typed(held, name)}


def _typed(held: Sent, name: str) -> str:
    return held.get(name, "").replace("\r\n", "\n").strip()


def _placed(error: Invalid, sent: Sent) -> list[dict[str, str]]:
    """Return the errors with the inputs that they belong to; of a list each names its line."""
    placed = []
    for one in error.errors:
        item = ITEM.search(one["field"])
        name = ITEM.sub("", one["field"]).replace(".", "-")
        name = RULE.sub(lambda found: f"routes-{setting_parts.routes(sent)[int(found[1])]}-", name)
        name = INPUTS.get(name, name)
        if name == "spam-threshold" and sent.get(name) == "other":
            name = "spam-threshold-other"
        where = _line(name, int(item[1]), sent) if item else ""
        placed.append(one | {"field": name, "message": where + one["message"]})
    return placed


def _line(name: str, index: int, sent: Sent) -> str:
    typed = setting_parts.entries(sent.get(name, ""), setting_parts.divider(name))
    if index >= len(typed):
        return ""
    line, entry = typed[index]
    entry = display.plain(entry)
    shown = entry if len(entry) <= ENTRY_LENGTH else f"{entry[:ENTRY_LENGTH]}…"
    return f"Line {line}, “{shown}”: " if "\n" in sent[name].strip() else f"“{shown}”: "


def _told(error: Invalid) -> Held:
    """Return what is said beside each input: its first errors, and how many more there are."""
    told: dict[str, list[str]] = {}
    for one in error.errors:
        told.setdefault(one["field"], []).append(one["message"])
    return {name: " ".join(some[:MOST_TOLD]) + _more(len(some) - MOST_TOLD) for name, some in told.items()}


def _more(count: int) -> str:
    return "" if count <= 0 else " And one more." if count == 1 else f" And {count} more."
