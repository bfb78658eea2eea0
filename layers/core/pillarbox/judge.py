"""Judge: is it spam? Gathers what the signals need of a submission, and chooses its folder. Stdlib only.

Nothing here is imported but what every submission needs: captchas and the Bayes table are for the forms that use them.
"""

import binascii
import hmac
import json

from pillarbox import rates, refusals, settings, signals

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Item = dict[str, Any]

# What people can't fill in, and what the owner blocks, is spam whatever the threshold.
DECISIVE = frozenset({"honeypot", "blocked_word", "blocked_address", "blocked_domain"})
SIGNATURE_LENGTH = 24  # hexadecimal digits: 96 bits
LONGEST_VISIT = 24 * 60 * 60  # seconds; what claims to be older says nothing
MOST_CHARACTERS = 1000  # of Formspree-Session-Data
PROSE = 20  # characters; what is shorter, many people write alike
MOST_COMPARED = 10_000  # characters of a text
MOST_EMAIL = 254  # characters


def judge(  # noqa: PLR0913, PLR0917  what a submission is, and when
    form: "Item", policy: "Item", data: "Item", controls: "Item", event: "Item", now: float
) -> "Item":
    """Return `{"folder", "score", "signals"}`, or raise Captcha where the owner demands one and none passed.

    `form` is its item, `policy` what policies.compile_policy made, `controls` what controls.split told; `now` is in
    seconds since 1970. An ALTCHA that passed adds `once`, an item to be put in the same transaction on condition that
    it isn't there: where it is, `replayed` says what to do instead. A hosted form adds `took`: seconds
    since it was shown.
    """
    spam, address = policy.get("spam") or {}, event["requestContext"]["http"]["sourceIp"]
    context: Item = {"address": address}
    for name in ("honeypot", "blocked_words"):
        if name in controls:
            context[name] = controls[name]
    took = _see_visit(context, form["id"], controls, event, now)
    once = unchecked = None
    tokens = controls.get("captcha") or {}
    if spam.get("captcha") or "altcha" in tokens:
        from pillarbox import captcha  # noqa: PLC0415  most forms ask for none

        outcome = captcha.check(form["id"], spam, tokens, address, now)
        once, unchecked = outcome.once, outcome.unchecked
        if outcome.passed is not None:
            context["captcha"] = outcome.passed
        if spam.get("captcha") and not outcome.passed and not unchecked:
            raise _demanded(missing=outcome.passed is None)
    place = rates.address_hash(form["id"], event)
    context |= rates.lately(form["id"], place, _prose(form, data), _sender(data), now)
    score, found = signals.score(data, settings=spam, context=context, bayes=form.get("bayes"))
    if unchecked:
        found.append({"name": "captcha_unchecked", "weight": 0.0, "data": unchecked})
    beside = {"once": once} if once else {}
    return _verdict(spam, score, found) | beside | ({} if took is None else {"took": took})


def replayed(policy: "Item", verdict: "Item") -> "Item":
    """Return the verdict on a submission whose captcha was solved for another one, or raise Captcha."""
    spam = policy.get("spam") or {}
    if spam.get("captcha"):
        raise _demanded(missing=False)
    found = [signal for signal in verdict["signals"] if signal["name"] != "captcha_passed"]
    found.append({"name": "captcha_failed", "weight": signals.WEIGHTS["captcha_failed"]})
    return _verdict(spam, round(sum(signal["weight"] for signal in found), 1), found)


def loaded(form_id: str, now: float) -> str:
    """Return what a hosted form carries in `_loaded`: when it was shown, signed."""
    moment = str(int(now * 1000))
    return f"{moment}.{_signature(form_id, moment)}"


def _verdict(spam: "Item", score: float, found: "list[Item]") -> "Item":
    threshold = spam.get("threshold") or signals.THRESHOLD
    is_spam = score >= threshold or any(signal["name"] in DECISIVE for signal in found)
    return {"folder": "spam" if is_spam else "inbox", "score": score, "signals": found}


def _demanded(*, missing: bool) -> refusals.Captcha:
    if missing:
        return refusals.Captcha(
            "The check that you aren't a robot is missing: it needs JavaScript, in your browser and on this page. "
            "Please send it again."
        )
    return refusals.Captcha("The check that you aren't a robot didn't pass or is used up. Please send it again.")


def _see_visit(context: "Item", form_id: str, controls: "Item", event: "Item", now: float) -> int | None:
    """Add how long the visit took and who drove it, where that is told; our own signed time is believed first.

    Return the seconds that it took by our own.
    """
    told = _session(event["headers"].get("formspree-session-data", ""))
    if told.get("webdriver") is True:
        context["webdriver"] = True
    ours = _when(form_id, controls.get("loaded", ""))
    moment = ours or told.get("loadedAt")
    # The client's clock may differ from ours: a time to come, or one long past, says nothing.
    if isinstance(moment, (int, float)) and (now - LONGEST_VISIT) * 1000 <= moment <= now * 1000:
        context["seconds"] = now - moment / 1000
        return int(context["seconds"]) if ours else None
    return None


def _session(header: str) -> "Item":
    """Read what Formspree's clients tell: base64 of `{"loadedAt": milliseconds, "webdriver": bool}`."""
    if not header or len(header) > MOST_CHARACTERS:
        return {}
    try:
        told = json.loads(binascii.a2b_base64(header))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _when(form_id: str, sent: str) -> int | None:
    """Return the milliseconds of a time that we signed for this form."""
    moment, _, signature = sent.partition(".")
    if not signature or not sent.isascii() or not hmac.compare_digest(signature, _signature(form_id, moment)):
        return None
    return int(moment)


def _signature(form_id: str, moment: str) -> str:
    key = settings.secret_key()
    return hmac.digest(key, f"loaded {form_id} {moment}".encode(), "sha256").hex()[:SIGNATURE_LENGTH]


def _prose(form: "Item", data: "Item") -> str:
    """Return the longest text, by which one message is known from another; of choices everybody makes the same."""
    chosen = set()
    if '"options"' in form["rules"]:
        chosen = {field["name"] for field in json.loads(form["rules"])["fields"] if "options" in field}
    texts = [value for name, value in data.items() if isinstance(value, str) and name not in chosen]
    longest = max(texts, key=len, default="")
    return " ".join(longest[:MOST_COMPARED].lower().split()) if len(longest) >= PROSE else ""


def _sender(data: "Item") -> str:
    for value in data.values():
        if isinstance(value, str) and len(value) <= MOST_EMAIL and "@" in value and not value.count(" "):
            return value.lower()
    return ""
