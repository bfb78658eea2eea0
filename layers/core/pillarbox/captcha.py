"""Captchas: whether what was sent for one is right. On the submit path, for forms that ask for one; stdlib only.

ALTCHA is checked here. Turnstile, hCaptcha and reCAPTCHA take one call to their vendor, whose three protocols are one.
"""

import json
import time

from pillarbox import altcha, settings

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

VERIFIERS = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
    "recaptcha": "https://www.google.com/recaptcha/api/siteverify",
}
SECONDS = 2.5  # for the vendor's answer; ours has to come within 10
MOST_CHARACTERS = 8192  # of a token
MOST_ANSWERED = 65_536  # bytes
PERSON = 0.5  # from here on reCAPTCHA 3 takes somebody for one, of 1.0
OURS = ("secret", "sitekey", "internal")  # words in error codes that are no fault of the visitor's


class Outcome:
    """`passed` is None where nothing was sent, or where the vendor couldn't be asked: then `unchecked` says why."""

    def __init__(
        self, *, passed: bool | None, unchecked: str | None = None, once: "dict[str, Any] | None" = None
    ) -> None:
        self.passed = passed
        self.unchecked = unchecked
        self.once = once  # the marker of a solution that counts once


def check(form_id: str, spam: "dict[str, Any]", sent: "dict[str, str]", address: str, now: float) -> Outcome:
    """Return what is to be said of the captcha that the form asks for, or of an ALTCHA that came unasked.

    `spam` are the form's settings, `sent` the tokens by vendor, `now` is in seconds since 1970.
    """
    kind = spam.get("captcha") or "altcha"
    token = sent.get(kind, "")
    if not token:
        return Outcome(passed=None)
    if kind == "altcha":
        once = altcha.verify(form_id, token, now)
        return Outcome(passed=once is not None, once=once)
    if len(token) > MOST_CHARACTERS or not token.isascii():
        return Outcome(passed=False)
    asked = {"secret": spam["captcha_secret"], "response": token, "remoteip": address}
    if kind == "hcaptcha":
        asked["sitekey"] = spam["captcha_site_key"]
    try:
        return _outcome(_asked(settings.captcha_url() or VERIFIERS[kind], asked))
    except (OSError, ValueError, RecursionError):
        return Outcome(passed=None, unchecked="it can't be reached")


def _outcome(said: "dict[str, Any]") -> Outcome:
    if said.get("success") is True:
        score = said.get("score")
        return Outcome(passed=not isinstance(score, (int, float)) or score >= PERSON)
    codes = said.get("error-codes")
    for code in map(str, codes if isinstance(codes, list) else ()):
        if any(word in code for word in OURS):
            return Outcome(passed=None, unchecked=f"it says {code}")
    return Outcome(passed=False)


def _asked(url: str, form: "dict[str, str]") -> "dict[str, Any]":
    """POST the form and return the JSON object that is answered, or raise OSError or ValueError."""
    from http.client import HTTPConnection, HTTPException, HTTPSConnection  # noqa: PLC0415  only these forms need it
    from urllib.parse import urlencode  # noqa: PLC0415

    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    until = time.monotonic() + SECONDS
    connection = (HTTPSConnection if scheme == "https" else HTTPConnection)(host, timeout=SECONDS)
    try:
        connection.connect()
        connection.sock.settimeout(max(0.1, until - time.monotonic()))
        kind = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        connection.request("POST", slash + path, urlencode(form), kind)
        answer = connection.getresponse()
        said = json.loads(answer.read(MOST_ANSWERED))
    except HTTPException as error:
        raise OSError from error
    finally:
        connection.close()
    if not isinstance(said, dict) or answer.status >= 500 or "success" not in said:  # noqa: PLR2004
        raise ValueError("This is no verdict.")
    return said
