"""What a visitor's request carries: names and values, in order, out of every kind of body that forms send.

Whoever crosses a bound is told which. A multipart body lies in memory as a whole, so it is split where its boundary
stands; a streaming parser would take longer to import than all of this path. Stdlib only.
"""

import re
from binascii import Error as NotBase64
from binascii import a2b_base64

from pillarbox import exact
from pillarbox.refusals import Empty, Malformed, NoFileUploads, TooLarge, UnsupportedType

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    type Event = dict[str, Any]
    type Fields = dict[str, Any]  # text, a list of texts for a repeated name, or any JSON value
    type Pairs = Iterable[tuple[str, str]]

REQUEST_BYTES = 4_500_000
MOST_FIELDS = 200
NAME_CHARACTERS = 100
VALUE_BYTES = 64 * 1024
STORED_BYTES = 256 * 1024

FORM, MULTIPART, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
# A page that calls itself ISO-8859-1 is read as windows-1252 by every browser, and its forms are sent so.
CHARSETS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8"} | dict.fromkeys(
    ("iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252"), "cp1252"
)
PARAMETER = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;"\s]*))')
BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
ESCAPE = re.compile(rb"%(..)")
NO_FORM = re.compile(rb'\s*[{\[]\s*["{\[]|--[^\r\n]+\r\ncontent-disposition:', re.IGNORECASE)
NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def kind(event: "Event") -> str:
    """Return the type that the body claims to be of, such as `application/json`."""
    claimed = str(event["headers"].get("content-type", ""))
    return claimed.partition(";")[0].strip().lower()


def is_json(kind: str) -> bool:
    return kind == JSON or (kind.startswith("application/") and kind.endswith("+json"))


def read(event: "Event") -> "Fields":
    """Return what was sent, or raise the Refusal that says why it can't be taken."""
    body, claimed = _bytes(event), kind(event)
    if not body:
        raise Empty("Nothing was sent.")
    said = _parameters(event["headers"].get("content-type", ""))
    if (charset := CHARSETS.get(said.get("charset", "utf-8").lower())) is None:
        raise UnsupportedType("Text is taken in UTF-8 or ISO-8859-1 only.")
    if claimed == FORM:
        if NO_FORM.match(body):
            raise Malformed(f"Content-Type says {FORM}, but the body is JSON or multipart.")
        fields = _named(_urlencoded(body, charset))
    elif claimed == MULTIPART:
        fields = _multipart(body, said.get("boundary", ""), charset)
    elif is_json(claimed):
        fields = _json(_text(body, charset))
    elif claimed in {"text/plain", ""}:
        fields = _beacon(body, charset)
    else:
        raise UnsupportedType(f"A form is sent as {FORM}, {MULTIPART} or {JSON}, and not as {claimed[:100]}.")
    if not fields:
        raise Empty("Nothing was sent.")
    if len(exact.dumps(fields).encode()) > STORED_BYTES:
        raise TooLarge("All fields together may hold 256 KB.")
    return fields


def _bytes(event: "Event") -> bytes:
    sent = event.get("body") or ""
    try:
        body = a2b_base64(sent) if event.get("isBase64Encoded") else sent.encode()
    except (NotBase64, ValueError) as error:
        raise Malformed("The body can't be read.") from error
    if len(body) > REQUEST_BYTES:
        raise TooLarge("A request may hold 4.5 MB.")
    if event["headers"].get("content-length", came := str(len(body))) != came:
        raise Malformed(f"{came} bytes arrived, and not as many as Content-Length says.")
    return body


def _parameters(header: str) -> dict[str, str]:
    """Return what follows the first `;` of a header: `multipart/form-data; boundary=x` has a boundary."""
    found = PARAMETER.findall(header)
    return {name.lower(): re.sub(r'\\(["\\])', r"\1", quoted) or bare for name, quoted, bare in found}


def _text(value: bytes, charset: str = "utf-8") -> str:
    try:
        text = value.decode(charset)
    except UnicodeDecodeError as error:
        raise Malformed("The text isn't in the encoding that it should be in, which is UTF-8 unless said.") from error
    if "\0" in text:
        raise Malformed("The text holds a NUL character.")
    return text


def _named(pairs: "Pairs") -> "Fields":
    """Gather values by name; a name that comes again makes a list."""
    fields: Fields = {}
    for name, value in pairs:
        _bound(name, value)
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields


def _bound(name: str, value: str) -> None:
    if not name:
        raise Malformed("A field has no name.")
    if len(name) > NAME_CHARACTERS:
        raise TooLarge(
            "The name of a field may hold %(most)s characters: “%(name)s…” is longer.",
            most=NAME_CHARACTERS,
            name=name[:20],
        )
    if len(value) > VALUE_BYTES or len(value.encode()) > VALUE_BYTES:
        raise _too_long(name)


def _too_long(name: str) -> TooLarge:
    return TooLarge("A field may hold 64 KB: “%(name)s” is larger.", name=name[:NAME_CHARACTERS])


def _too_many() -> TooLarge:
    return TooLarge("A form may send %(most)s fields.", most=MOST_FIELDS)


def _urlencoded(body: bytes, charset: str) -> "Pairs":
    pairs = [pair for pair in body.strip(b"\r\n").split(b"&") if pair]
    if len(pairs) > MOST_FIELDS:
        raise _too_many()
    if BAD_ESCAPE.search(body):
        raise Malformed("The body holds a % that two hexadecimal digits should follow.")
    for pair in pairs:
        name, _, value = pair.partition(b"=")
        if len(value) > 3 * VALUE_BYTES:  # an escape is three bytes for one
            raise _too_long(_unescaped(name, charset))
        yield _unescaped(name, charset), _unescaped(value, charset)


def _unescaped(escaped: bytes, charset: str) -> str:
    spaced = escaped.replace(b"+", b" ")
    return _text(ESCAPE.sub(lambda found: bytes((int(found[1], 16),)), spaced), charset)


def _multipart(body: bytes, boundary: str, charset: str) -> "Fields":
    if not boundary:
        raise Malformed(f"Content-Type says {MULTIPART}, without the boundary that separates its parts.")
    _, *parts = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(parts) > MOST_FIELDS + 1:  # what follows the last boundary is counted too
        raise _too_many()
    pairs, files = [], False
    for part in parts:
        if part.startswith(b"--"):
            break
        head, _, content = part.partition(b"\r\n\r\n")
        lines = dict(_header(line) for line in _text(head).strip().split("\r\n"))
        said = _parameters(lines.get("content-disposition", ""))
        if "name" not in said:
            raise Malformed("A part of the body has no name.")
        if "filename" not in said:
            own = _parameters(lines.get("content-type", "")).get("charset", "").lower()
            pairs.append((_unquoted(said["name"]), _text(content, CHARSETS.get(own, charset))))
        elif content or said["filename"]:  # else it is a file input that nobody used
            files = True
    else:
        raise Malformed("The body is cut off: its closing boundary is missing.")
    fields = _named(pairs)
    if files:
        raise NoFileUploads("This form takes no files. Please send it without one.", typed=fields)
    return fields


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.strip().lower(), value


def _unquoted(name: str) -> str:
    """Undo what browsers do to a name in multipart, and only there."""
    return name.replace("%22", '"').replace("%0D%0A", "\r\n")


def _json(text: str) -> "Fields":
    if NUL_IN_JSON.search(text):
        raise Malformed("The text holds a NUL character.")
    try:
        fields = exact.loads(text.removeprefix("\ufeff"))
    except ValueError as error:
        raise Malformed(str(error)) from error
    if not isinstance(fields, dict):
        raise Malformed('The JSON must be an object, like {"name": "Ada"}.')
    if len(fields) > MOST_FIELDS:
        raise _too_many()
    for name, value in fields.items():
        _bound(name, value if isinstance(value, str) else exact.dumps(value))
    return fields


def _beacon(body: bytes, charset: str) -> "Fields":
    """Read what came as text or as nothing in particular: sendBeacon's JSON, or else a form."""
    try:
        return _json(_text(body, charset))
    except Malformed:
        if NO_FORM.match(body):
            raise
    return _named(_urlencoded(body, charset))
