"""What a visitor, or the visitor's script, is answered: JSON where it is asked for, else a redirect or a page.

htmx gets a fragment. Jinja2 is imported only where a page has to be shown. Stdlib only, apart from that.
"""

import json
import re
import zlib
from base64 import b64encode
from http import HTTPStatus

from pillarbox import bodies, doors, exact, headers
from pillarbox.accept import Accepted
from pillarbox.refusals import Error, NothingHere, Refusal

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Event = dict[str, Any]
    type Answer = dict[str, Any]

GZIP = 31  # zlib's number for its format
WEIGHT = re.compile(r"\bq=([01](?:\.\d{0,3})?)")
LANGUAGE = re.compile("[a-z]{2}")
# What `embed` says of a page in a frame: that it is in one, and in which colours where the page around has one kind.
FRAMED = ("1", "light", "dark")


def accepted(event: "Event", done: Accepted) -> "Answer":
    document = exact.parsed(done.form["document"])
    carries = carried(event)
    framed = "embed=" in carries  # then the page around is led on, and by the page of thanks
    led = done.leads_to or (None if framed else document["redirect_url"])
    to = _in_ascii(led or f"{_site(event)}/f/{done.form['id']}/thanks{carries}")
    thanks = document["thanks"]
    words = thanks["text"] or thanks["title"]
    if _is_htmx(event):
        return html(event, HTTPStatus.OK, f'<div role="status"><p>{_escaped(words)}</p></div>')
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
        return html(event, refusal.status, f'<div role="alert">{lines}</div>')
    if isinstance(refusal, NothingHere) and event["rawPath"].startswith("/v1/"):
        title = HTTPStatus(refusal.status).phrase
        problem = {"type": "/docs/problems#not-found", "title": title, "status": refusal.status, "detail": sentence}
        return _json(refusal.status, problem, kind="application/problem+json")
    if wants_json(event):
        if doors.is_formcarry(event):
            return _json(refusal.status, _as_formcarry(refusal))
        said = {"error": sentence, "errors": refusal.errors, "success": False, "message": sentence}
        return _json(refusal.status, said)
    ours = event["headers"].get("origin") == _site(event)  # our own page shows again what was typed on it
    if refusal.error_url and not ours and refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return _redirect(_with_codes(refusal.error_url, refusal.errors))
    from pillarbox import visitor_answers  # noqa: PLC0415  with Jinja2: half a cold start, for those who see a page

    return visitor_answers.refused(event, refusal)


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


def carried(event: "Event") -> str:
    """Return the query that the pages of a form hand on: the language that was asked for, and that they are framed."""
    asked = event.get("queryStringParameters") or {}
    # What a tag begins with, as `languages` takes it; that module comes with Jinja2.
    lang, embed = asked.get("lang", "").strip().lower().replace("_", "-").partition("-")[0], asked.get("embed")
    kept = [f"lang={lang}"] * bool(LANGUAGE.fullmatch(lang)) + [f"embed={embed}"] * (embed in FRAMED)
    return f"?{'&'.join(kept)}" if kept else ""


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


def html(  # noqa: PLR0913  what a page is, and what it may load, lead to and be framed by
    event: "Event", status: int, body: str, *, form_action: str = "", sources: str = "", frames: str = "'none'"
) -> "Answer":
    guards = headers.html(form_action=form_action, sources=sources, framed_by=frames)
    said = guards | {"vary": "accept-encoding, accept-language"}
    if "gzip" not in event["headers"].get("accept-encoding", ""):
        return {"statusCode": status, "headers": said, "body": body}
    said["content-encoding"] = "gzip"
    packed = b64encode(zlib.compress(body.encode(), wbits=GZIP)).decode()
    return {"statusCode": status, "headers": said, "body": packed, "isBase64Encoded": True}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
