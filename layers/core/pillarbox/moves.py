"""Moves: what to change in a form that sends to another service today. docs/connect.md says the same."""

from collections.abc import Sequence
from typing import NamedTuple


class Change(NamedTuple):
    was: str
    now: str


class Move(NamedTuple):
    id: str
    service: str
    changes: Sequence[Change]
    works: str  # what goes on as before
    differs: str = ""


def moves(origin: str, form_id: str) -> list[Move]:
    """Return them for one form; `origin` is scheme and host of Pillarbox."""
    url = f"{origin}/f/{form_id}"
    return [
        Move(
            "formspree",
            "Formspree",
            [
                Change('action="https://formspree.io/f/…"', f'action="{url}"'),
                Change('useForm("…")', f'useForm("{form_id}", {{ endpoint: "{origin}" }})'),
                Change('useSubmit("…")', f'useSubmit("{form_id}", {{ origin: "{origin}" }})'),
                Change('submitForm("…", data)', f'submitForm("{form_id}", data, {{ endpoint: "{origin}" }})'),
                Change('initForm({ formId: "…" })', f'initForm({{ formId: "{form_id}", origin: "{origin}" }})'),
            ],
            "_next, _subject, _replyto, _cc, _format, _language, _gotcha, projects (/p/…/f/…), codes of errors.",
            "No Referer is demanded, and fetch gets JSON without asking for it.",
        ),
        Move(
            "netlify",
            "Netlify Forms",
            [
                Change('<form name="contact" netlify>', f'<form name="contact" action="{url}" method="post">'),
                Change('fetch("/", { … })', f'fetch("{url}", {{ … }})'),
            ],
            'netlify-honeypot="bot-field", and form-name, which is left out of what is stored.',
            "A honeypot of another name than bot-field has to be set as the form's honeypot. The page in action goes "
            "into the form's settings, or into a hidden field _next.",
        ),
        Move(
            "web3forms",
            "Web3Forms",
            [
                Change("https://api.web3forms.com/submit", f"{origin}/submit"),
                Change('name="access_key" value="…"', f'name="access_key" value="{form_id}"'),
            ],
            "subject, from_name, replyto, ccemail, redirect, botcheck; success, message, data and body in the answer.",
            f"With {url} as the address no access_key is needed. webhook is ignored.",
        ),
        Move(
            "formsubmit",
            "FormSubmit",
            [
                Change('action="https://formsubmit.co/you@example.com"', f'action="{url}"'),
                Change("https://formsubmit.co/ajax/you@example.com", url),
            ],
            "_next, _subject, _replyto, _cc, _blacklist, _template, _url and _honey.",
            'success is true and not "true": write if (data.success). There is no captcha page between, so _captcha is '
            "ignored; so is _webhook. What _autoresponse says is written in the form's settings instead.",
        ),
        Move(
            "basin",
            "Basin",
            [
                Change("https://usebasin.com/f/…", url),
                Change("https://usebasin.com/f/….json", f"{url}.json"),
            ],
            "_gotcha, g-recaptcha-response and the other captchas, once the form has the key; success in the answer.",
        ),
        Move(
            "getform",
            "Getform, Forminit",
            [Change("https://getform.io/f/…", url), Change("https://forminit.com/f/…", url)],
            "_gotcha, FormData and JSON, 200 for success and error for what went wrong.",
        ),
        Move(
            "formcarry",
            "Formcarry",
            [Change("https://formcarry.com/s/…", f"{origin}/s/{form_id}")],
            "_gotcha; code, status, title and message in the answer, and errors by field.",
            "Under /s/ answers are Formcarry's; under /f/ they are ours.",
        ),
        Move(
            "staticforms",
            "StaticForms",
            [
                Change("https://api.staticforms.xyz/submit", f"{origin}/submit"),
                Change('name="accessKey" value="…"', f'name="accessKey" value="{form_id}"'),
            ],
            "apiKey, subject, replyTo (@ is the e-mail field), redirectTo, honeypot; success and message in answers.",
        ),
        Move(
            "formspark",
            "Formspark",
            [Change("https://submit-form.com/…", url)],
            "_redirect, _error, _email.subject and _email.from, nested or with a dot, _honeypot.",
            "_append, _feedback and _email.template are left out. What was sent is repeated under data, beside ok.",
        ),
    ]
