"""Signal notes: the sentences in which an owner reads why a submission was sorted as it was, rendered when read."""

from typing import Any

NOTES = {
    "honeypot": "A field that people can't see was filled in: {data}.",
    "blocked_word": "It contains a word that you block: “{data}”.",
    "blocked_address": "It comes from, or names, an address that you block: {data}.",
    "blocked_domain": "It comes from, or links to, a domain that you block: {data}.",
    "too_fast": "It was sent {data} seconds after the form was opened: too fast for a person.",
    "fast": "It was sent {data} seconds after the form was opened, which is quick.",
    "webdriver": "The browser said that a program was driving it.",
    "captcha_failed": "A wrong captcha solution was sent.",
    "captcha_passed": "The visitor passed the captcha.",
    "links": "Links in it: {data}.",
    "mostly_links": "Most of the text is links.",
    "short_link": "A link hides where it leads: {data}.",
    "bbcode": "It has links written for a forum ([url=…]), which bots leave everywhere.",
    "html_link": "It has links written as HTML.",
    "link_in_name": "There is a link where a name belongs.",
    "random_name": "The name looks like letters struck at random: “{data}”.",
    "gibberish": "Words look like letters struck at random, such as “{data}”.",
    "mixed_scripts": "A word mixes Latin and Cyrillic letters that look alike: “{data}”.",
    "fancy_letters": "It is written in ornamental letters that filters can't read.",
    "shouting": "Most of it is in capitals.",
    "exclamation": "It has three exclamation marks in a row.",
    "repeated_value": "Every field says the same: “{data}”.",
    "disposable_address": "The e-mail address is a throw-away one, of {data}.",
    "seo_offer": "It reads like an offer of search ranking, links or visitors: “{data}”.",
    "money_offer": "It reads like an offer of money, loans or investments: “{data}”.",
    "gambling": "It reads like an advertisement for gambling: “{data}”.",
    "pills": "It reads like an advertisement for pills: “{data}”.",
    "adult": "It reads like an advertisement for sex: “{data}”.",
    "prize": "It reads like a prize or a push to click: “{data}”.",
    "cold_offer": "It reads like an offer sent to many websites: “{data}”.",
    "same_text": "The same text came from this sender a short while ago. Times: {data}.",
    "same_sender": "The same e-mail address sent other messages a short while ago. Times: {data}.",
    "address_rate": "Much came from the same place within a minute. Other submissions: {data}.",
    "form_rate": "The form got much within a minute. Other submissions: {data}.",
    "same_text_elsewhere": "The same text came from other places a short while ago. Times: {data}.",
    "filing": "You filed messages like it as spam.",
}
# What weighs nothing, and is told all the same.
REMARKS = {"captcha_unchecked": "The captcha couldn't be checked, so it says nothing: {data}."}
KEPT = "You kept messages like it."  # what filing says with a weight below zero


def note(signal: dict[str, Any]) -> str:
    """Return the sentence for a stored signal; one of a name that is no longer known still tells its name."""
    name = str(signal.get("name", ""))
    if name == "filing" and signal.get("weight", 0) < 0:
        return KEPT
    sentence = NOTES.get(name) or REMARKS.get(name)
    if sentence is None:
        return f"A check that is no longer made: {name.replace('_', ' ')}."
    return sentence.replace("{data}", str(signal.get("data", "…")))
