"""The parts of a form's settings: which keys of its definition each is about, what its inputs hold, what they say.

An input is called like its place in the form's JSON, with dashes: `notify-subject`. Lists are lines of a text area, and
a box that isn't ticked isn't there.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pillarbox.definitions import Definition
from pillarbox.errors import Invalid
from pillarbox.forms import Form
from pillarbox.hosting import LANGUAGES
from pillarbox.policies import SECRET_IS_SET

type Sent = Mapping[str, str]
type Held = dict[str, str]
type Patch = dict[str, Any]

RED = "#b8142b"  # of a form's page that has no colour of its own
THRESHOLDS = ("3.0", "5.0", "8.0", "12.0")  # those that are told in words
LINE, LIST = re.compile(r"\n"), re.compile(r"[\n,;]")


class Part(NamedTuple):
    title: str
    keys: tuple[str, ...]  # of the definition
    held: Callable[[Definition], Held]
    patch: Callable[[Sent, Form], Patch]


def entries(text: str, divider: re.Pattern[str] = LIST) -> list[tuple[int, str]]:
    """Return what stands in a text area, each with its line; empty lines are none."""
    lines = enumerate(text.split("\n"), 1)
    return [(n, one) for n, line in lines for piece in divider.split(line) if (one := piece.strip())]


def divider(name: str) -> re.Pattern[str]:
    """Return what is between the entries of a list; words that are blocked may have commas in them."""
    return LINE if name == "spam-blocked_words" else LIST


def routes(sent: Sent) -> list[int]:
    """Return the numbers of the routes that something was typed into."""
    typed = " ".join(name for name, text in sent.items() if text.strip())
    found = re.findall(r"notify-routes-(\d{1,3})-(?:field|equals|to)\b", typed)
    return sorted(set(map(int, found)))


def _list(sent: Sent, name: str) -> list[str]:
    return [one for _, one in entries(sent.get(name, ""), divider(name))]


def _text(sent: Sent, name: str) -> str | None:
    return sent.get(name, "").strip() or None


def _ticked(**boxes: bool) -> Held:
    return {name.replace("__", "-"): "on" for name, yes in boxes.items() if yes}


def _general(form: Definition) -> Held:
    return {"name": form.name} | _ticked(active=form.active)


def _general_patch(sent: Sent, _: Form) -> Patch:
    return {"name": sent.get("name", ""), "active": "active" in sent}


def _senders(form: Definition) -> Held:
    limits = {f"limits-{name}": str(rate or "") for name, rate in form.limits.model_dump().items()}
    return limits | {"allowed_origins": "\n".join(form.allowed_origins)} | _ticked(require_origin=form.require_origin)


def _senders_patch(sent: Sent, form: Form) -> Patch:
    limits = {name: _text(sent, f"limits-{name}") for name in form.limits.model_dump()}
    origins = _list(sent, "allowed_origins")
    return {"allowed_origins": origins, "require_origin": "require_origin" in sent, "limits": limits}


def _spam(form: Definition) -> Held:
    spam, score = form.spam, str(form.spam.threshold)  # to the last digit: it is saved again with the part
    lists = {f"spam-{name}": "\n".join(getattr(spam, name)) for name in BLOCKED}
    return lists | {
        "spam-threshold": score if score in THRESHOLDS else "other",
        "spam-threshold-other": "" if score in THRESHOLDS else score.removesuffix(".0"),
        "spam-honeypot": spam.honeypot,
        "spam-captcha": spam.captcha or "",
        "spam-captcha_site_key": spam.captcha_site_key or "",
    }


def _spam_patch(sent: Sent, form: Form) -> Patch:
    """Read the inputs. A secret that isn't typed anew stays, unless it is another vendor's."""
    score, vendor = sent.get("spam-threshold", ""), _text(sent, "spam-captcha")
    kept = SECRET_IS_SET if vendor == form.spam.captcha and form.spam.captcha_secret else None
    return {
        "spam": {name: _list(sent, f"spam-{name}") for name in BLOCKED}
        | {
            "threshold": sent.get("spam-threshold-other", "").replace(",", ".") if score == "other" else score,
            "honeypot": sent.get("spam-honeypot", ""),
            "captcha": vendor,
            "captcha_site_key": _text(sent, "spam-captcha_site_key"),
            "captcha_secret": _text(sent, "spam-captcha_secret") or kept,
        }
    }


BLOCKED = ("blocked_words", "blocked_addresses", "blocked_domains")


def _after(form: Definition) -> Held:
    urls = {"redirect_url": form.redirect_url or "", "error_url": form.error_url or ""}
    return urls | {"thanks-title": form.thanks.title, "thanks-text": form.thanks.text}


def _after_patch(sent: Sent, _: Form) -> Patch:
    urls = {name: _text(sent, name) for name in ("redirect_url", "error_url")}
    return urls | {"thanks": {name: sent.get(f"thanks-{name}", "") for name in ("title", "text")}}


def _look(form: Definition) -> Held:
    look, frames = form.appearance, form.allowed_frames
    return {
        "appearance-accent": look.accent or "",
        "appearance-accent-picked": look.accent or RED,
        "appearance-layout": look.layout,
        "frames": "senders" if frames is None else "these" if frames else "nobody",
        "allowed_frames": "\n".join(frames or []),
        **{f"languages-{code}": "on" for code in form.languages},
        **_ticked(appearance__mark=look.mark),
    }


def _look_patch(sent: Sent, form: Form) -> Patch:
    frames = {"senders": None, "nobody": []}.get(sent.get("frames", ""), _list(sent, "allowed_frames"))
    if sent.get("frames") == "these" and not frames:
        message = "Name at least one, or choose another answer above."
        raise Invalid([{"field": "allowed_frames", "code": "missing", "message": message}])
    look = {"accent": _accent(sent, form), "layout": sent.get("appearance-layout", "")}
    return {
        "appearance": look | {"mark": "appearance-mark" in sent},
        "languages": [code for code in LANGUAGES if f"languages-{code}" in sent],
        "allowed_frames": frames,
    }


def _accent(sent: Sent, form: Form) -> str | None:
    """Return the colour of the two inputs that was changed; without a script they don't follow one another."""
    typed, picked, was = _text(sent, "appearance-accent"), sent.get("appearance-accent-picked"), form.appearance.accent
    return picked if picked and typed == was and picked != (was or RED) else typed


def _notify(form: Definition) -> Held:
    notify = form.notify
    held = {
        "notify-to": "\n".join(notify.to),
        "notify-every": notify.every,
        "notify-subject": notify.subject or "",
        "notify-most_per_minute": str(notify.most_per_minute),
    }
    for n, route in enumerate(notify.routes):
        held |= {f"notify-routes-{n}-field": route.field, f"notify-routes-{n}-equals": route.equals}
        held[f"notify-routes-{n}-to"] = ", ".join(route.to)
    return held


def _notify_patch(sent: Sent, _: Form) -> Patch:
    notify = {name: sent.get(f"notify-{name}", "") for name in ("every", "most_per_minute")}
    lists = {"to": _list(sent, "notify-to"), "routes": [_route(sent, n) for n in routes(sent)]}
    return {"notify": notify | lists | {"subject": _text(sent, "notify-subject")}}


def _route(sent: Sent, n: int) -> Patch:
    of = f"notify-routes-{n}-"
    return {name: sent.get(of + name, "").strip() for name in ("field", "equals")} | {"to": _list(sent, f"{of}to")}


def _autoresponse(form: Definition) -> Held:
    answer = form.autoresponse
    ticked = _ticked(autoresponse__enabled=answer.enabled, autoresponse__double_opt_in=answer.double_opt_in)
    return {"autoresponse-subject": answer.subject, "autoresponse-text": answer.text} | ticked


def _autoresponse_patch(sent: Sent, _: Form) -> Patch:
    answer = {name: sent.get(f"autoresponse-{name}", "") for name in ("subject", "text")}
    return {"autoresponse": answer | {name: f"autoresponse-{name}" in sent for name in ("enabled", "double_opt_in")}}


def _keeping(form: Definition) -> Held:
    return {"retention_days": str(form.retention_days or "")} | _ticked(store=form.store)


def _keeping_patch(sent: Sent, _: Form) -> Patch:
    return {"store": "store" in sent, "retention_days": _text(sent, "retention_days")}


PARTS: dict[str, Part] = {
    "general": Part("General", ("name", "active"), _general, _general_patch),
    "senders": Part("Who may send", ("allowed_origins", "require_origin", "limits"), _senders, _senders_patch),
    "spam": Part("Spam", ("spam",), _spam, _spam_patch),
    "after": Part("After sending", ("redirect_url", "error_url", "thanks"), _after, _after_patch),
    "look": Part("The form's own page", ("appearance", "languages", "allowed_frames"), _look, _look_patch),
    "notify": Part("Mail to you", ("notify",), _notify, _notify_patch),
    "autoresponse": Part("Mail to visitors", ("autoresponse",), _autoresponse, _autoresponse_patch),
    "keeping": Part("Keeping", ("store", "retention_days"), _keeping, _keeping_patch),
}
