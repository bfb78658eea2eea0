"""Settings of a form in words: what can be chosen, how each part is set, how an address stands."""

from collections.abc import Callable
from urllib.parse import urlsplit

from pillarbox import policies, recipients, setting_parts
from pillarbox.forms import Form

EVERY = {
    "each": "At once, a mail for each",
    "15m": "Every 15 minutes, together",
    "1h": "Every hour, together",
    "daily": "Once a day, at 7:00 UTC",
    "weekly": "Once a week, Mondays at 7:00 UTC",
    "never": "Never",
}
LANGUAGES = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "pt": "Português",
    "it": "Italiano",
    "nl": "Nederlands",
    "pl": "Polski",
    "ja": "日本語",
    "zh": "中文",
    "ar": "العربية",
}
CAPTCHAS = {"": "None", "altcha": "ALTCHA", **policies.VENDORS}
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


def standing(one: recipients.Recipient) -> str:
    """Say how an address stands with the form."""
    waits = "Waits for confirmation: a link was mailed there." if one.asked else "Waits for confirmation."
    return STANDING.get(one.state, waits)


def button(one: recipients.Recipient) -> tuple[str, str] | None:
    """Return what can be done about an address that gets nothing, and how the button says so."""
    if one.state == "waiting":
        return "ask", "Mail the link again" if one.asked else "Mail a link"
    return BUTTONS.get(one.state)


def _spam_words(form: Form) -> str:
    blocked = sum(len(getattr(form.spam, name)) for name in setting_parts.BLOCKED)
    asks = f", {CAPTCHAS[form.spam.captcha]}" if form.spam.captcha else ""
    return f"Spam from {form.spam.threshold:g} points{asks}" + (f", {blocked} blocked" if blocked else "")


def _look_words(form: Form) -> str:
    spoken = ", ".join(LANGUAGES[code] for code in form.languages[:3]) if form.languages else "All languages"
    return f"{'Card' if form.appearance.layout == 'card' else 'Plain'}. {spoken}"


def _senders_words(form: Form) -> str:
    count = len(form.allowed_origins)
    return "Any page" if not count else "Pages of one site" if count == 1 else f"Pages of {count} sites"


def every(said: str) -> str:
    """Say how often mails go out: by a word, or after 30m or 2h."""
    return EVERY.get(said) or f"Every {said[:-1]} {'minutes' if said.endswith('m') else 'hours'}, together"


def _keeping_words(form: Form) -> str:
    if not form.store:
        return "Passed on, not kept"
    return f"Kept for {form.retention_days} days" if form.retention_days else "Kept until deleted"


# How a part is set, in a few words.
WORDS: dict[str, Callable[[Form], str]] = {
    "general": lambda form: "Takes submissions" if form.active else "Closed",
    "senders": _senders_words,
    "spam": _spam_words,
    "after": lambda form: f"On to {urlsplit(form.redirect_url).netloc}" if form.redirect_url else form.thanks.title,
    "look": _look_words,
    "notify": lambda form: every(form.notify.every),
    "autoresponse": lambda form: form.autoresponse.subject if form.autoresponse.enabled else "None",
    "keeping": _keeping_words,
}
