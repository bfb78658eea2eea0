"""What a visitor, or the visitor's script, is answered: JSON where it is asked for, else a redirect or a page.

htmx gets a fragment. Jinja2 is imported only where a page has to be shown. Stdlib only, apart from that.
"""

import json
import re
import time
import zlib
from base64 import b64encode
from http import HTTPStatus

from pillarbox import bodies, controls, doors, exact, headers, judge
from pillarbox.accept import Accepted
from pillarbox.refusals import Captcha, Error, Misfit, NothingHere, Refusal

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Event = dict[str, Any]
    type Answer = dict[str, Any]
    type Item = dict[str, Any]

GZIP = 31  # zlib's number for its format
WEIGHT = re.compile(r"\bq=([01](?:\.\d{0,3})?)")
LONG_HEADER = 4000  # characters; all headers together may have 10,240
ORIGIN = re.compile(r"https?://[^/?#]+")


def accepted(event: "Event", done: Accepted) -> "Answer":
    document = exact.parsed(done.form["document"])
    to = _in_ascii(done.leads_to or document["redirect_url"] or f"{_site(event)}/f/{done.form['id']}/thanks")
    thanks = document["thanks"]
    words = thanks["text"] or thanks["title"]
    if _is_htmx(event):
        return _html(event, HTTPStatus.OK, f'<div role="status"><p>{_escaped(words)}</p></div>')
    if not wants_json(event):
        return _redirect(to)
    if doors.is_formcarry(event):
        title = thanks["title"]
        return _json(HTTPStatus.OK, {"code": 200, "status": "success", "title": title, "message": words, "next": to})
    said = {"ok": True, "next": to, "id": done.submission_id, "success": True, "message": words}
    answer = _json(HTTPStatus.OK, said)
    # What was sent, as it was stored; twice, because Web3Forms' documents have it in both places.
    data, said_again = exact.dumps(done.fields), json.dumps(words, ensure_ascii=False)
    answer["body"] = f'{answer["body"][:-1]}, "data": {data}, "body": {{"data": {data}, "message": {said_again}}}}}'
    return answer


def refused(event: "Event", refusal: Refusal) -> "Answer":
    answer = _refused(event, refusal)
    if refusal.retry_after is not None:
        answer["headers"]["retry-after"] = str(refusal.retry_after)
    return answer


def _refused(event: "Event", refusal: Refusal) -> "Answer":
    sentence = str(refusal)
    if _is_htmx(event):
        lines = "".join(f"<p>{_escaped(error['message'])}</p>" for error in refusal.errors)
        return _html(event, refusal.status, f'<div role="alert">{lines}</div>')
    if isinstance(refusal, NothingHere) and event["rawPath"].startswith("/v1/"):
        title = HTTPStatus(refusal.status).phrase
        problem = {"type": "/docs/problems#not-found", "title": title, "status": refusal.status, "detail": sentence}
        return _json(refusal.status, problem, kind="application/problem+json")
    if wants_json(event):
        if doors.is_formcarry(event):
            return _json(refusal.status, _as_formcarry(refusal))
        said = {"error": sentence, "errors": refusal.errors, "success": False, "message": sentence}
        return _json(refusal.status, said)
    if refusal.error_url and refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _redirect(_with_codes(refusal.error_url, refusal.errors))
    return _page(event, refusal)


def _as_formcarry(refusal: Refusal) -> "dict[str, Any]":
    said = {"code": int(refusal.status), "status": "error", "title": refusal.heading, "message": str(refusal)}
    fields = [error for error in refusal.errors if "field" in error]
    errors = {error["field"]: {"message": error["message"], "rule": error["code"].lower()} for error in fields}
    return said | ({"errors": errors} if errors else {})


def _with_codes(url: str, errors: "list[Error]") -> str:
    """Add what went wrong to the address of the owner's page, and nothing of what was typed."""
    address, hash_sign, fragment = url.partition("#")
    codes = ",".join(dict.fromkeys(error["code"] for error in errors))
    return _in_ascii(f"{address}{'&' if '?' in address else '?'}error={codes}{hash_sign}{fragment}")


def _in_ascii(url: str) -> str:
    """Return the address as headers and clients want it; the owner may have given it as people read it."""
    if url.isascii():
        return url
    from pillarbox import origins  # noqa: PLC0415  nearly all addresses are ASCII

    return origins.in_ascii(url)


def _redirect(to: str) -> "Answer":
    said = {"location": to, "cache-control": "no-store", **headers.GUARDS}
    return {"statusCode": HTTPStatus.SEE_OTHER, "headers": said}


def _page(event: "Event", refusal: Refusal) -> "Answer":
    from pillarbox import visitor_pages  # noqa: PLC0415  with Jinja2: half a cold start, for those who see a page

    if refusal.form and isinstance(refusal, (Misfit, Captcha)):
        return _form_page(event, refusal.form, refusal.status, refusal.typed, refusal.errors)
    typed = refusal.typed or (_typed(event) if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR else {})
    if not typed:
        return _html(event, refusal.status, visitor_pages.message_page(heading=refusal.heading, message=str(refusal)))
    page = visitor_pages.retry_page(
        heading=refusal.heading, message=str(refusal), action=_again(event, refusal), typed=typed, form=refusal.form
    )
    # Where the form leads to isn't known when the table can't be read; browsers hold redirects to form-action.
    return _html(event, refusal.status, page, form_action="https: http:")


def _again(event: "Event", refusal: Refusal) -> str:
    """Return the path to send to once more; of a path with slashes too many browsers would take a host out of it."""
    return f"/f/{refusal.form['id']}" if refusal.form else "/" + event["rawPath"].lstrip("/")


def form_page(event: "Event", form: "Item") -> "Answer":
    """Return the hosted form, for owners without a page of their own."""
    return _form_page(event, form, HTTPStatus.OK, {controls.LOADED: judge.loaded(form["id"], time.time())}, [])


def thanks_page(event: "Event", form: "Item") -> "Answer":
    from pillarbox import visitor_pages  # noqa: PLC0415  as above

    return _html(event, HTTPStatus.OK, visitor_pages.thanks_page(form))


def _form_page(event: "Event", form: "Item", status: int, typed: "Item", errors: "list[Error]") -> "Answer":
    from pillarbox import visitor_pages, widgets  # noqa: PLC0415  as above

    page = visitor_pages.form_page(form, typed=typed, errors=errors, action=f"/f/{form['id']}")
    return _html(event, status, page, form_action=_leads_to(form), sources=widgets.sources(form))


def _leads_to(form: "Item") -> str:
    """Return the hosts that an answer may lead to, for the page's form-action, which browsers hold redirects to."""
    document, hosts = exact.parsed(form["document"]), exact.parsed(form.get("policy", "{}")).get("hosts", [])
    pages = [ORIGIN.match(document.get(name) or "") for name in ("redirect_url", "error_url")]
    said = [page[0] for page in pages if page] + [f"{'*' * host.startswith('.')}{host}:*" for host in hosts]
    listed = " ".join(said)
    return listed if len(listed) < LONG_HEADER else "https: http:"


def _typed(event: "Event") -> "dict[str, Any]":
    """Return what was typed, for a page that keeps it, or nothing when it can't be read."""
    try:
        return bodies.read(event)
    except Refusal:
        return {}


def wants_json(event: "Event") -> bool:
    """Whether JSON is asked for: by the address, by Accept, else by what sent the request."""
    sent = event["headers"]
    if doors.asks_json(event):
        return True
    as_json, as_html = _preference(sent.get("accept", ""), "json"), _preference(sent.get("accept", ""), "html")
    if sent.get("x-requested-with", "").lower() == "xmlhttprequest" or as_json > as_html:
        return True
    if as_html > as_json:
        return False
    return bodies.is_json(bodies.kind(event)) or sent.get("sec-fetch-mode", "").lower() == "cors"


def _preference(accept: str, wanted: str) -> tuple[float, int, int]:
    """Return how much JSON or HTML is wanted: its weight, how exactly it was named, and how early."""
    best = (0.0, 0, 0)
    for place, part in enumerate(accept.lower().split(",")):
        kind, _, parameters = part.partition(";")
        named = _named(kind.strip(), wanted)
        if named > best[1]:  # the closest name counts, as in `*/*, application/json;q=0`
            weight = WEIGHT.search(parameters)
            best = (float(weight[1]) if weight else 1.0, named, -place)
    return best if best[0] else (0.0, 0, 0)


def _named(kind: str, wanted: str) -> int:
    if kind.endswith((f"/{wanted}", f"+{wanted}")):
        return 3
    if kind == {"json": "application/*", "html": "text/*"}[wanted]:
        return 2
    return int(kind == "*/*")


def _is_htmx(event: "Event") -> bool:
    return bool(event["headers"].get("hx-request", "").lower() == "true")


def _site(event: "Event") -> str:
    """Return scheme and host that the request came to; API Gateway's own word comes last."""
    proto = event["headers"].get("x-forwarded-proto", "https").rpartition(",")[2].strip()
    return f"{proto}://{event['headers']['host']}"


def _json(status: int, said: "dict[str, Any]", *, kind: str = "application/json") -> "Answer":
    guards = {"content-type": kind, "cache-control": "no-store", **headers.GUARDS}
    return {"statusCode": status, "headers": guards, "body": json.dumps(said, ensure_ascii=False)}


def _html(event: "Event", status: int, body: str, *, form_action: str = "", sources: str = "") -> "Answer":
    said = headers.html(form_action=form_action, sources=sources) | {"vary": "accept-encoding"}
    if "gzip" not in event["headers"].get("accept-encoding", ""):
        return {"statusCode": status, "headers": said, "body": body}
    said["content-encoding"] = "gzip"
    packed = b64encode(zlib.compress(body.encode(), wbits=GZIP)).decode()
    return {"statusCode": status, "headers": said, "body": packed, "isBase64Encoded": True}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
