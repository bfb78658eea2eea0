"""Widgets: what the captchas' vendors want on a hosted form. Importable by the submit path: stdlib only."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple


class Widget(NamedTuple):
    name: str  # of the class that the vendor's script looks for
    script: str
    sources: str  # for the content security policy


WIDGETS = {
    "turnstile": Widget(
        "cf-turnstile", "https://challenges.cloudflare.com/turnstile/v0/api.js", "https://challenges.cloudflare.com"
    ),
    "hcaptcha": Widget("h-captcha", "https://js.hcaptcha.com/1/api.js", "https://hcaptcha.com https://*.hcaptcha.com"),
    "recaptcha": Widget(
        "g-recaptcha",
        "https://www.google.com/recaptcha/api.js",
        "https://www.google.com/recaptcha/ https://www.gstatic.com/recaptcha/ https://recaptcha.google.com/recaptcha/",
    ),
}


def sources(form: Mapping[str, Any]) -> str:
    """Return whose scripts a form's hosted page runs besides ours, for the content security policy: mostly nobody's."""
    policy = json.loads(form.get("policy", "{}"))
    widget = WIDGETS.get((policy.get("spam") or {}).get("captcha") or "")
    return widget.sources if widget else ""
