"""What visitors see: the hosted form, the page that keeps what they typed when something is wrong, and short messages.

Jinja2 and the standard library only: the submit path imports this when it has such a page to show, and not before.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pillarbox import assets, controls, languages, looks, sentences, widgets
from pillarbox.languages import Language
from pillarbox.sentences import Error
from pillarbox.visitor_inputs import Control, inputs, retyped, text_of

type Item = Mapping[str, Any]  # a form as it lies in the table

TEMPLATES = Path(__file__).parent / "templates"
DEFAULT_HONEYPOT = "_gotcha"
ENGLISH = languages.language("en")
ARRIVED = {"title": "Thank you", "text": "Your message has arrived."}  # as definitions.Thanks has it


class Step(NamedTuple):
    """A page of a form that has several, or all of one that has none."""

    title: str
    controls: Sequence[Control]


class Frame(NamedTuple):
    """What a page tells the page around it."""

    form_id: str
    sheet: str  # the stylesheet: of the scheme of colours that the page around has
    sent: bool = False
    leads_to: str = ""  # where the page around it is to go


def fields(form: Item, language: Language = ENGLISH) -> list[dict[str, Any]]:
    """Return the declared fields, or those that a form asks for that declares none."""
    return json.loads(form["document"])["fields"] or [
        {"name": "name", "label": language.say("Name"), "type": "text"},
        {"name": "email", "label": language.say("E-mail"), "type": "email"},
        {"name": "message", "label": language.say("Message"), "type": "long_text", "required": True},
    ]


def form_page(  # noqa: PLR0913  each says one thing of the page
    form: Item,
    *,
    typed: Mapping[str, Any],
    errors: Sequence[Error],
    action: str,
    language: Language = ENGLISH,
    visits: str = "",
    frame: Frame | None = None,
    preview: bool = False,
) -> str:
    """Return the hosted form, with what was typed and an error beside each field that doesn't fit.

    `visits` is where the page tells that it was seen; without it nothing is told. Nothing can be sent from a preview.
    """
    trap = _spam(form).get("honeypot") or DEFAULT_HONEYPOT
    asked = fields(form, language)
    by_name = {field["name"]: field for field in asked}
    errors = [{**error, "message": sentences.of_error(language, error, by_name)} for error in errors]
    if errors:  # a box that was left empty isn't sent: its default must not tick it again
        asked = [{**field, "default": None} for field in asked]
    told = {"heading": form["name"], "message": "", "action": action, "visits": visits, "send": language.say("Send")}
    return _form(form, asked, typed, language, errors, trap=trap, frame=frame, preview=preview, **told)


def retry_page(  # noqa: PLR0913  as above
    *,
    heading: str,
    message: str,
    action: str,
    typed: Mapping[str, Any],
    form: Item | None = None,
    language: Language = ENGLISH,
    frame: Frame | None = None,
) -> str:
    """Return a page that holds what was typed, so that it can be sent again: nothing of it is lost."""
    declared = json.loads(form["document"])["fields"] if form else []
    asked = [{**field, "default": None} for field in declared]
    told = {"heading": heading, "message": message, "action": action, "visits": "", "send": language.say("Send again")}
    trap = _spam(form or {}).get("honeypot")
    return _form(form or {}, asked, typed, language, [], trap=trap, frame=frame, preview=False, **told)


def message_page(
    *, heading: str, message: str, form: Item | None = None, language: Language = ENGLISH, frame: Frame | None = None
) -> str:
    look = looks.of(form) if form else looks.PLAIN
    shown = {"heading": heading, "message": message, "language": language, "look": look, "frame": frame}
    return _templates.get_template("visitor_message.html").render(shown)


def thanks_page(form: Item, *, language: Language = ENGLISH, frame: Frame | None = None) -> str:
    said = thanks(json.loads(form["document"])["thanks"], language)
    return message_page(heading=said["title"], message=said["text"], form=form, language=language, frame=frame)


def thanks(said: Mapping[str, str], language: Language) -> Mapping[str, str]:
    """Return the owner's thanks; who left ours as they were has them in the visitor's language."""
    if said != ARRIVED:
        return said
    return {"title": language.say("Thank you"), "text": language.say("Your message has arrived.")}


def steps(shown: Iterable[Control]) -> list[Step]:
    """Return the inputs in pages: each begins with a field that has the title of one."""
    pages: list[tuple[str, list[Control]]] = []
    for control in shown:
        if control.starts_page or not pages:
            pages.append((control.starts_page, []))
        pages[-1][1].append(control)
    return [Step(title, controls) for title, controls in pages]


def _form(  # noqa: PLR0913  as above
    form: Item,
    asked: Sequence[Mapping[str, Any]],
    typed: Mapping[str, Any],
    language: Language,
    errors: Sequence[Error],
    *,
    trap: str | None,
    frame: Frame | None,
    **told: Any,
) -> str:
    spam = _spam(form)
    if errors or spam.get("captcha"):  # a solution counts once, and the page asks for another
        typed = {name: value for name, value in typed.items() if name not in controls.CAPTCHAS}
    wrong = {error["field"]: error["message"] for error in reversed(errors) if "field" in error}
    shown = inputs(asked, typed, wrong)
    known = {control.name for control in shown} | ({trap} if asked else set())
    others = {name: typed[name] for name in typed if name not in known}
    unknown = {error["field"] for error in errors if error["code"] == "UNKNOWN_FIELD"}  # would be refused again
    more = retyped(others, start=len(shown), trap=trap, wrong=wrong)
    shown += [control._replace(sent=control.name not in unknown) for control in more]
    first = next((n for n, control in enumerate(shown) if control.error and control.kind != "hidden"), None)
    if first is not None:
        shown[first] = shown[first]._replace(focused=True)
    checks = {
        "trap": trap if asked else "",
        "trapped": text_of(typed.get(trap or "")),
        "altcha": spam.get("captcha") == "altcha",
        "widget": widgets.WIDGETS.get(spam.get("captcha") or ""),
        "site_key": spam.get("captcha_site_key"),
    }
    page = {"steps": steps(shown), "summary": _summary(errors, shown), "look": looks.of(form) if form else looks.PLAIN}
    return _templates.get_template("visitor_form.html").render(told | checks | page, language=language, frame=frame)


def _summary(errors: Iterable[Error], shown: Sequence[Control]) -> list[dict[str, str]]:
    """Return the errors with the id of the input that each is about."""
    ids = {control.name: control.id for control in reversed(shown) if control.kind != "hidden"}
    return [{"id": ids.get(error.get("field", ""), ""), "message": error["message"]} for error in errors]


def _spam(form: Item) -> Mapping[str, Any]:
    policy: dict[str, Any] = json.loads(form.get("policy", "{}"))
    return policy.get("spam") or {}


_templates = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_templates.globals["static"] = assets.url
languages.install(_templates)
