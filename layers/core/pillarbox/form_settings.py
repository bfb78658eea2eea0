"""Settings of a form as their page shows them: what its inputs hold, what its buttons do, where its errors belong.

An input is called like its place in the form's JSON, with dashes: `notify-subject`. Lists are lines of a text area.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pillarbox import forms, recipients, settings
from pillarbox.accounts import Account
from pillarbox.errors import Invalid, UnknownButton
from pillarbox.forms import Form

EVERY = {
    "each": "At once, a mail for each",
    "15m": "Every 15 minutes, together",
    "1h": "Every hour, together",
    "daily": "Once a day, at 7:00 UTC",
    "weekly": "Once a week, Mondays at 7:00 UTC",
    "never": "Never",
}
DONE = {
    "notify": "Saved. Addresses that are new here are mailed a link, and get nothing before it was followed.",
    "autoresponse": "Saved.",
    "thanks": "Saved.",
    "keeping": "Saved. What is over by now goes within minutes.",
    "ask": "A link is on its way. It works once, within seven days.",
    "lift": "It gets mail again.",
}
STANDING = {
    "verified": "Confirmed: it gets mail.",
    "unsubscribed": "Has unsubscribed from this form.",
    "bounced": "Mail there bounced, so nothing is sent.",
    "complained": "Somebody there said that it is spam, so nothing is sent.",
}
BUTTONS = {
    "unsubscribed": ("ask", "Ask again"),
    "bounced": ("lift", "Mail it again"),
    "complained": ("lift", "Mail it again"),
}
RULE = re.compile(r"routes-(\d+)-")
ITEM = re.compile(r"(?<=to)\.\d+$")  # of a list that is one input


class Asked(NamedTuple):
    account: Account
    form: Form
    sent: Mapping[str, str]
    origin: str


def page(form: Form, typed: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, Any]:
    """Return what the page shows; `typed` is what was sent and didn't fit, the other parts are as they are saved."""
    part = typed.get("do", "")
    held = {name: value for name, value in _held(form).items() if not part or not name.startswith(f"{part}-")}
    held |= typed
    return {
        "held": held,
        "rules": max(_routes(held), default=-1) + 2,  # and an empty one
        "errors": errors,
        "summary": [{"id": name, "message": message} for name, message in errors.items()],
        "recipients": [(one, _words(one), _button(one)) for one in recipients.of(form)],
        "every": EVERY,
        "sends_mail": settings.sends_mail(),
    }


def act(asked: Asked) -> str:
    """Do what a button says, and return what was done; the errors of Invalid have the names of inputs."""
    what = asked.sent.get("do", "")
    if what not in ACTIONS:
        raise UnknownButton
    try:
        ACTIONS[what](asked)
    except Invalid as error:
        raise Invalid([one | {"field": _input(one["field"], asked.sent)} for one in error.errors]) from error
    return what


def _notify(asked: Asked) -> None:
    sent = asked.sent
    notify: dict[str, Any] = {
        "to": _lines(sent.get("notify-to", "")),
        "every": sent.get("notify-every", ""),
        "subject": sent.get("notify-subject", "").strip() or None,
        "most_per_minute": sent.get("notify-most_per_minute", ""),
        "routes": [_route(sent, n) for n in _routes(sent)],
    }
    form = forms.update(asked.account, asked.form.id, {"notify": notify})
    recipients.ask(asked.account, form, origin=asked.origin)


def _autoresponse(asked: Asked) -> None:
    answer = {name: asked.sent.get(f"autoresponse-{name}", "") for name in ("subject", "text")}
    ticked = {name: f"autoresponse-{name}" in asked.sent for name in ("enabled", "double_opt_in")}
    forms.update(asked.account, asked.form.id, {"autoresponse": answer | ticked})


def _thanks(asked: Asked) -> None:
    thanks = {name: asked.sent.get(f"thanks-{name}", "") for name in ("title", "text")}
    forms.update(asked.account, asked.form.id, {"thanks": thanks})


def _keeping(asked: Asked) -> None:
    days = asked.sent.get("keeping-retention_days", "").strip() or None
    kept = {"store": "keeping-store" in asked.sent, "retention_days": days}
    forms.update(asked.account, asked.form.id, kept)


def _ask(asked: Asked) -> None:
    recipients.ask_again(asked.account, asked.form, asked.sent.get("email", ""), origin=asked.origin)


def _lift(asked: Asked) -> None:
    recipients.lift(asked.form, asked.sent.get("email", ""))


ACTIONS: dict[str, Callable[[Asked], None]] = {
    "notify": _notify,
    "autoresponse": _autoresponse,
    "thanks": _thanks,
    "keeping": _keeping,
    "ask": _ask,
    "lift": _lift,
}


def _held(form: Form) -> dict[str, str]:
    """Return what the inputs hold. A box that isn't ticked isn't there."""
    notify, answer = form.notify, form.autoresponse
    held = {
        "notify-to": "\n".join(notify.to),
        "notify-every": notify.every,
        "notify-subject": notify.subject or "",
        "notify-most_per_minute": str(notify.most_per_minute),
        "autoresponse-subject": answer.subject,
        "autoresponse-text": answer.text,
        "keeping-retention_days": str(form.retention_days or ""),
        "thanks-title": form.thanks.title,
        "thanks-text": form.thanks.text,
    }
    ticked = {
        "autoresponse-enabled": answer.enabled,
        "autoresponse-double_opt_in": answer.double_opt_in,
        "keeping-store": form.store,
    }
    for n, route in enumerate(notify.routes):
        held |= {
            f"notify-routes-{n}-field": route.field,
            f"notify-routes-{n}-equals": route.equals,
            f"notify-routes-{n}-to": ", ".join(route.to),
        }
    return held | {name: "on" for name, yes in ticked.items() if yes}


def _words(one: recipients.Recipient) -> str:
    """Say how an address stands with the form."""
    waits = "Waits for confirmation: a link was mailed there." if one.asked else "Waits for confirmation."
    return STANDING.get(one.state, waits)


def _button(one: recipients.Recipient) -> tuple[str, str] | None:
    """Return what can be done about an address that gets nothing, and how the button says so."""
    if one.state == "waiting":
        return "ask", "Mail the link again" if one.asked else "Mail a link"
    return BUTTONS.get(one.state)


def _routes(sent: Mapping[str, str]) -> list[int]:
    """Return the numbers of the routes that something was typed into."""
    typed = " ".join(name for name, text in sent.items() if text.strip())
    found = re.findall(r"notify-routes-(\d{1,3})-(?:field|equals|to)\b", typed)
    return sorted(set(map(int, found)))


def _route(sent: Mapping[str, str], n: int) -> dict[str, Any]:
    field, equals, to = (sent.get(f"notify-routes-{n}-{name}", "").strip() for name in ("field", "equals", "to"))
    return {"field": field, "equals": equals, "to": _lines(to)}


def _lines(text: str) -> list[str]:
    return [one for line in re.split(r"[\n,;]", text) if (one := line.strip())]


def _input(field: str, sent: Mapping[str, str]) -> str:
    """Return the input that a setting comes from. Rules are numbered as they were typed, those left empty too."""
    name = ITEM.sub("", field).replace(".", "-")
    name = RULE.sub(lambda found: f"routes-{_routes(sent)[int(found[1])]}-", name)
    return {"notify": "notify-to", "retention_days": "keeping-retention_days"}.get(name, name)
