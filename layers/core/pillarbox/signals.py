"""Signals: reasons for and against spam, each with a weight. Their sum is held against the form's threshold, 5.0.

On the submit path: stdlib only, and no sentence is carried here: signal_notes.py has those that the owner reads.
docs/spam.md tells each signal and why it weighs so; a test holds its table to WEIGHTS.
"""

from pillarbox import texts
from pillarbox.spam_words import DISPOSABLE, SHORTENERS, UNSPACED, by_first_word

TYPE_CHECKING = False  # as type checkers know it from typing, whose import would cost every cold start
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    type Found = tuple[str, float, str | int | float | None]  # name, weight, datum

THRESHOLD = 5.0
# What a signal weighs at most. Decisive ones outweigh everything that speaks for a message (captcha and filing: -6.5)
# at any threshold up to 13: a honeypot can't be seen by people, and what the owner blocks is an order, not a guess.
# All others are soft: none reaches the threshold alone.
WEIGHTS = {
    "honeypot": 20.0,
    "blocked_word": 20.0,
    "blocked_address": 20.0,
    "blocked_domain": 20.0,
    "too_fast": 3.0,
    "fast": 1.0,
    "webdriver": 3.0,
    "captcha_failed": 3.0,
    "captcha_passed": -2.0,
    "links": 3.0,
    "mostly_links": 1.0,
    "short_link": 1.0,
    "bbcode": 3.5,
    "html_link": 2.0,
    "link_in_name": 3.0,
    "random_name": 3.0,
    "gibberish": 3.0,
    "mixed_scripts": 2.0,
    "fancy_letters": 1.5,
    "shouting": 1.0,
    "exclamation": 0.5,
    "repeated_value": 1.5,
    "disposable_address": 1.5,
    "seo_offer": 4.0,  # trades that an owner may be in, so more than a link must come to it
    "money_offer": 4.0,
    "cold_offer": 4.0,
    "gambling": 4.7,  # with one link it is enough
    "pills": 4.7,
    "adult": 4.7,
    "prize": 4.7,
    # What one address alone can bring on itself ends at 3.0, so that no burst makes an honest text spam.
    "same_text": 1.0,
    "same_sender": 0.5,
    "address_rate": 1.0,
    "form_rate": 0.5,
    "same_text_elsewhere": 2.5,
    "filing": 4.5,  # and -4.5
}
TOO_FAST_SECONDS, FAST_SECONDS = 2, 4
LINKS = (0.0, 0.3, 0.6, 1.2, 1.8, 2.4)  # by number; more are 3.0. One or two are what people send
MAX_BLOCKED = 500  # entries of a list
MAX_LABELS = 6  # of a host, from its end, that a blocked domain is held against
MAX_DATUM = 60  # characters: it is stored with each submission
MANY_LETTERS, NO_ABBREVIATION = 25, 4  # that shout, and those of a word
LONG_ENOUGH = 4  # characters: people repeat "Hi" and "test"
FANCY_LETTERS = 8  # of the mathematical alphabets; a formula has fewer
_phrases = by_first_word()


def score(
    fields: "dict[str, Any]", *, settings: "dict[str, Any]", context: "dict[str, Any]", bayes: str | None
) -> "tuple[float, list[dict[str, Any]]]":
    """Return the sum and the signals, `{"name", "weight"}` and mostly `"data"`, weights rounded to one decimal.

    `settings` is the form's `spam`. `context` may have, and what it lacks says nothing:
    `honeypot` (name of the filled one), `seconds` (load to send, from a signed time or the client), `webdriver`,
    `captcha` (true: passed, false: a wrong solution was sent), `address` (the client's), `blocked_words` (what
    `_blacklist` lists), and how often lately, this submission not counted: `same_text` (from this address),
    `same_text_elsewhere` (from others), `same_sender` (this e-mail address), `address_rate` and `form_rate` (what came
    within the last minute).
    """
    reading = texts.read(fields)
    signals = []
    for found in (
        _decisive(reading, settings, context),
        _behaviour(context),
        _crowd(settings, context),
        _links(reading),
        _letters(reading),
        _words(reading),
        _filing(bayes, fields, reading),
    ):
        for name, weight, datum in found:
            if rounded := round(weight, 1):
                signal: dict[str, Any] = {"name": name, "weight": rounded}
                if datum is not None:
                    signal["data"] = datum[:MAX_DATUM] if isinstance(datum, str) else datum
                signals.append(signal)
    return round(sum((signal["weight"] for signal in signals), 0.0), 1), signals


def _decisive(reading: texts.Reading, settings: "dict[str, Any]", context: "dict[str, Any]") -> "Iterator[Found]":
    if context.get("honeypot"):
        yield "honeypot", WEIGHTS["honeypot"], str(context["honeypot"])
    words = [*(settings.get("blocked_words") or ()), *(context.get("blocked_words") or ())]
    for word in words[:MAX_BLOCKED]:
        needle = " ".join(texts.WORD.findall(word.lower()))
        if needle and (needle if texts.is_unspaced(needle) else f" {needle} ") in reading.folded:
            yield "blocked_word", WEIGHTS["blocked_word"], word
            break
    senders = {*reading.addresses, *reading.mentioned, str(context.get("address")).lower()}
    for address in (settings.get("blocked_addresses") or ())[:MAX_BLOCKED]:
        if address.strip().lower() in senders:
            yield "blocked_address", WEIGHTS["blocked_address"], address
            break
    blocked = {domain.strip().lower().lstrip("@*.") for domain in (settings.get("blocked_domains") or ())[:MAX_BLOCKED]}
    if blocked:
        hosts = [*reading.hosts, *(address.rpartition("@")[2] for address in (*reading.addresses, *reading.mentioned))]
        for host in hosts:
            if hit := _within(host, blocked):
                yield "blocked_domain", WEIGHTS["blocked_domain"], hit
                break


def _within(host: str, domains: "frozenset[str] | set[str]") -> str:
    """Return the one of the domains that a host is or lies under: evilexample.com doesn't lie under example.com."""
    labels = host.split(".")[-MAX_LABELS:]
    return next((end for at in range(len(labels)) if (end := ".".join(labels[at:])) in domains), "")


def _behaviour(context: "dict[str, Any]") -> "Iterator[Found]":
    """Weigh how it was sent. Most of that takes JavaScript, so its absence is never held against a visitor."""
    seconds = context.get("seconds")
    if seconds is not None and 0 <= seconds < FAST_SECONDS:
        name = "too_fast" if seconds < TOO_FAST_SECONDS else "fast"
        yield name, WEIGHTS[name], round(float(seconds), 1)
    if context.get("webdriver") is True:
        yield "webdriver", WEIGHTS["webdriver"], None
    if context.get("captcha") is not None:
        name = "captcha_passed" if context["captcha"] else "captcha_failed"
        yield name, WEIGHTS[name], None


def _crowd(settings: "dict[str, Any]", context: "dict[str, Any]") -> "Iterator[Found]":
    """Weigh counts of lately, less where the threshold is below 5.0: a burst alone must not reach that either."""
    scale = max(0.0, min(1.0, float(settings.get("threshold") or THRESHOLD) / THRESHOLD))
    for name, few, many in (
        ("same_text", 1, 3),  # once more is a double click or a second try
        ("same_sender", 2, 4),
        ("address_rate", 4, 12),
        ("form_rate", 30, 60),
        ("same_text_elsewhere", 1, 3),
    ):
        count = context.get(name) or 0
        if count >= few:
            yield name, WEIGHTS[name] * scale * (1.0 if count >= many else 0.5), count


def _links(reading: texts.Reading) -> "Iterator[Found]":
    if any("://" in name or "www." in name.lower() for name in reading.names):
        yield "link_in_name", WEIGHTS["link_in_name"], None
    if reading.links:
        weight = LINKS[reading.links] if reading.links < len(LINKS) else WEIGHTS["links"]
        yield "links", weight, reading.links
        if reading.link_size * 2 >= reading.size:
            yield "mostly_links", WEIGHTS["mostly_links"], None
        if short := next((host for host in reading.hosts if host in SHORTENERS), None):
            yield "short_link", WEIGHTS["short_link"], short
    for _, text in reading.texts:
        lower = text.lower()
        if "[url" in lower or "[link=" in lower:
            yield "bbcode", WEIGHTS["bbcode"], None
            break
        if "<a " in lower and "href" in lower:  # developers send code, so it weighs less than what only bots write
            yield "html_link", WEIGHTS["html_link"], None
            break
    domains = (_within(address.rpartition("@")[2], DISPOSABLE) for address in reading.addresses)
    if bad := next(filter(None, domains), None):
        yield "disposable_address", WEIGHTS["disposable_address"], bad


def _letters(reading: texts.Reading) -> "Iterator[Found]":
    for name in reading.names:
        if strange := texts.strange_words(name)[0]:
            yield "random_name", WEIGHTS["random_name"], strange[0]
            break
    strange, candidates = [], 0
    for field, text in reading.texts:
        if " " in text or not any(part in field for part in texts.CODES):  # a lone word there is a code, not prose
            more, of = texts.strange_words(text)
            strange += more
            candidates += of
    if strange and len(strange) * 10 >= candidates:  # one among many is a surname or a typing error
        yield "gibberish", WEIGHTS["gibberish"] if len(strange) * 2 >= candidates else 1.0, strange[0]
    if mixed := next(filter(texts.mixes_scripts, reading.words), ""):
        yield "mixed_scripts", WEIGHTS["mixed_scripts"], mixed
    everything = " ".join([*reading.names, *(text for _, text in reading.texts)])
    if (
        not everything.isascii()
        and sum("\U0001d400" <= letter <= "\U0001d7ff" for letter in everything) >= FANCY_LETTERS
    ):
        yield "fancy_letters", WEIGHTS["fancy_letters"], None
    long_words = [word for _, text in reading.texts for word in text.split() if len(word) >= NO_ABBREVIATION]
    cased = [word for word in long_words if word.upper() != word.lower()]
    loud = sum(len(word) for word in cased if word.isupper())
    if loud >= MANY_LETTERS and loud >= 0.7 * sum(map(len, cased)):
        yield "shouting", WEIGHTS["shouting"], None
    if "!!!" in everything:
        yield "exclamation", WEIGHTS["exclamation"], None


def _filing(table: str | None, fields: "dict[str, Any]", reading: texts.Reading) -> "Iterator[Found]":
    if table:
        from pillarbox import bayes  # noqa: PLC0415  a form whose owner never filed anything goes without

        yield "filing", bayes.weigh(table, fields, reading), None


def _words(reading: texts.Reading) -> "Iterator[Found]":
    topics: dict[str, list[tuple[float, str]]] = {}
    for word in dict.fromkeys(reading.words):
        for topic, phrase, weight in _phrases.get(word, ()):
            if phrase in reading.folded:
                topics.setdefault(topic, []).append((weight, phrase.strip()))
    if not reading.folded.isascii():
        for topic, (weight, phrases) in UNSPACED.items():
            for phrase in phrases:
                if phrase in reading.folded:
                    topics.setdefault(topic, []).append((weight, phrase))
    for topic, said in topics.items():
        yield topic, min(WEIGHTS[topic], sum(weight for weight, _ in said)), max(said)[1]
    values = [text.strip().lower() for text in (*reading.names, *(text for _, text in reading.texts))]
    if len(values) > 1 and len(values[0]) > LONG_ENOUGH and len(set(values)) == 1:
        yield "repeated_value", WEIGHTS["repeated_value"], values[0]
