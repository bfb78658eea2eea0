"""The pages among the answers: the hosted form, its thanks, and what says no to a person. With Jinja2."""

import json
import re
import time
from http import HTTPStatus
from typing import Any

from pillarbox import (
    answers,
    assets,
    bodies,
    controls,
    doors,
    embedding,
    judge,
    languages,
    origins,
    sentences,
    visitor_inputs,
    visitor_pages,
    widgets,
)
from pillarbox.languages import Language
from pillarbox.refusals import Broken, Captcha, Empty, Misfit, NoFileUploads, Refusal
from pillarbox.visitor_pages import Frame

type Event = dict[str, Any]
type Answer = dict[str, Any]
type Item = dict[str, Any]

LONG_HEADER = 4000  # characters; all headers together may have 10,240
ORIGIN = re.compile(r"https?://[^/?#]+")


def form_page(event: Event, form: Item) -> Answer:
    """Return the hosted form, for owners without a page of their own; its address may fill in fields."""
    filled = visitor_inputs.prefilled(visitor_pages.fields(form), event.get("rawQueryString", ""))
    typed = filled | {controls.LOADED: judge.loaded(form["id"], time.time())}
    return _form_page(event, form, HTTPStatus.OK, typed, [], visits=f"/f/{form['id']}/visit")


def thanks_page(event: Event, form: Item) -> Answer:
    frame = _frame(event, form["id"])
    if frame:
        leads_to = json.loads(form["document"])["redirect_url"] or ""
        frame = frame._replace(sent=True, leads_to=origins.in_ascii(leads_to))
    page = visitor_pages.thanks_page(form, language=_language(event, form), frame=frame)
    return answers.html(event, HTTPStatus.OK, page, frames=embedding.ancestors(form))


def refused(event: Event, refusal: Refusal) -> Answer:
    """Return the page that says no: where the form is known it is shown again, with all that was typed."""
    try:
        return _refused(event, refusal)
    except Exception:
        if not (refusal.form and isinstance(refusal, Broken)):
            raise
    return _refused(event, Broken())  # the form itself may be what is broken: what was typed is shown without it


def _refused(event: Event, refusal: Refusal) -> Answer:
    form = refusal.form
    if form and isinstance(refusal, (Misfit, Captcha, Empty)):
        return _form_page(event, form, refusal.status, refusal.typed, refusal.errors)
    if form and isinstance(refusal, NoFileUploads) and json.loads(form["document"])["fields"]:
        return _form_page(event, form, refusal.status, refusal.typed, refusal.errors)
    language = _language(event, form)
    heading, message = sentences.of_refusal(language, refusal)
    failed = refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR
    echoes = failed and event["requestContext"]["http"]["method"] == "POST"
    frame = _frame(event, form["id"] if form else doors.form_id(event) if echoes else None)
    # Whose pages may frame a form isn't known without it; nobody gains by framing what they sent, and it isn't lost.
    frames = embedding.ancestors(form) if form else embedding.EVERYBODY if frame else embedding.NOBODY
    typed = refusal.typed or (_typed(event) if failed else {})
    if not typed:
        page = visitor_pages.message_page(heading=heading, message=message, form=form, language=language, frame=frame)
        return answers.html(event, refusal.status, page, frames=frames)
    action = _again(event, refusal)
    page = visitor_pages.retry_page(
        heading=heading, message=message, action=action, typed=typed, form=form, language=language, frame=frame
    )
    # Where the form leads to isn't known when the table can't be read; browsers hold redirects to form-action.
    sources = widgets.sources(form) if form else ""
    return answers.html(event, refusal.status, page, form_action="https: http:", sources=sources, frames=frames)


def _form_page(  # noqa: PLR0913, PLR0917  each says one thing of the page
    event: Event, form: Item, status: int, typed: Item, errors: list[dict[str, str]], visits: str = ""
) -> Answer:
    page = visitor_pages.form_page(
        form,
        typed=typed,
        errors=errors,
        action=f"/f/{form['id']}{answers.carried(event)}",
        language=_language(event, form),
        visits=visits,
        frame=_frame(event, form["id"]),
    )
    frames = embedding.ancestors(form)
    return answers.html(event, status, page, form_action=_leads_to(form), sources=widgets.sources(form), frames=frames)


def _language(event: Event, form: Item | None) -> Language:
    """Return the visitor's language, among those that the form is for."""
    return languages.of(event, json.loads(form["document"]).get("languages", ()) if form else ())


def _frame(event: Event, form_id: str | None) -> Frame | None:
    embed = (event.get("queryStringParameters") or {}).get("embed")
    if embed not in answers.FRAMED or not form_id:
        return None
    return Frame(form_id, assets.STYLESHEET if embed == answers.FRAMED[0] else f"{embed}.css")


def _again(event: Event, refusal: Refusal) -> str:
    """Return the path to send to once more; of a path with slashes too many browsers would take a host out of it."""
    path = f"/f/{refusal.form['id']}" if refusal.form else "/" + event["rawPath"].lstrip("/")
    return path + answers.carried(event)


def _leads_to(form: Item) -> str:
    """Return the hosts that an answer may lead to, for the page's form-action, which browsers hold redirects to."""
    document, hosts = json.loads(form["document"]), json.loads(form.get("policy", "{}")).get("hosts", [])
    pages = [ORIGIN.match(document.get(name) or "") for name in ("redirect_url", "error_url")]
    said = [page[0] for page in pages if page] + [f"{'*' * host.startswith('.')}{host}:*" for host in hosts]
    listed = " ".join(said)
    return listed if len(listed) < LONG_HEADER else "https: http:"


def _typed(event: Event) -> dict[str, Any]:
    """Return what was typed, for a page that keeps it, or nothing when it can't be read."""
    try:
        return bodies.read(event)
    except Refusal:
        return {}
