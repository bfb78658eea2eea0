"""Values: what a sent text means as an e-mail address, a web address, a phone number, a number, a date or a time.

Each reader takes text (those of numbers: also what JSON has) and returns the value in normal form, or None when it is
none. On the submit path: stdlib only, and nothing is imported until a value needs it.
"""

TYPE_CHECKING = False  # as type checkers know it from typing, whose import would cost every cold start
if TYPE_CHECKING:
    from decimal import Decimal

MAX_DIGITS = 100  # characters of a number
MAX_EXPONENT = 308  # the power of ten that everybody's doubles can hold
MAX_EMAIL = 254  # bytes: RFC 5321 with its erratum 1690
MAX_LOCAL = 64  # bytes before the @
MAX_HOST, MAX_LABEL = 253, 63  # characters, and those between two dots
MAX_URL = 2048  # characters
PORTS = range(1, 65536)
PHONE_DIGITS = range(5, 16)  # E.164 ends at 15; the whole numbers of small countries have 5
PHONE_PUNCTUATION = " ()-./\u00a0\u2009\u202f\u2010\u2011\u2013"  # with the spaces and dashes that typesetters use
LOCAL_PUNCTUATION = "!#$%&'*+/=?^_`{|}~-."
NEVER_IN_URLS = ' "<>\\^`{|}'  # RFC 3986; a browser would read \ as /


def email(text: str) -> str | None:
    """Read an address: NFC, the domain in lower case and in its own script; no quotes, comments or bare hosts."""
    local, _, domain = _nfc(text.strip()).rpartition("@")
    host = _host(".".join(map(_in_its_script, domain.lower().split("."))))
    if host is None or not local.isprintable() or not all(_is_local(character) for character in local):
        return None
    if not local or local[0] == "." or local[-1] == "." or ".." in local:
        return None
    address = f"{local}@{host}"
    return address if len(local.encode()) <= MAX_LOCAL and len(address.encode()) <= MAX_EMAIL else None


def url(text: str) -> str | None:
    """Read an address of the web, scheme and host in lower case; https:// is added where there is none."""
    text = text.strip()
    scheme, divider, rest = text.partition("://")
    if not divider or not scheme.isalnum():
        scheme, rest = "https", text
    end = min(at for at in (*map(rest.find, "/?#"), len(rest)) if at >= 0)
    authority, tail = rest[:end], rest[end:]
    host, colon, port = authority.partition(":")
    if authority.startswith("["):
        inside, bracket, port = authority[1:].partition("]")
        colon, port = port[:1], port[1:]
        found = f"[{inside}]".lower() if bracket and _is_ipv6(inside) else None
    else:
        found = host if _is_ipv4(host) else "localhost" if host.lower() == "localhost" else _host(_nfc(host))
    if found is None or colon not in ("", ":") or (port and not _is_port(port)):
        return None
    address = f"{scheme.lower()}://{found}{':' * bool(port)}{port}{tail}"
    clean = address.isprintable() and not any(character in NEVER_IN_URLS for character in address)
    return address if clean and scheme.lower() in ("http", "https") and len(address) <= MAX_URL else None


def phone(text: str) -> str | None:
    """Read a number as digits, after a + when it has its country's code."""
    if "+" in text:
        text = text.replace("(0)", "")  # +44 (0)20 …: the zero is for callers in the country
    number = _western("".join(character for character in text if character not in PHONE_PUNCTUATION))
    digits = number.removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in PHONE_DIGITS:
        return None
    return None if number.startswith("+0") else number  # no country's code begins with 0


def number(raw: object) -> "int | Decimal | None":
    """Read a number exactly: an int or, with a point or an exponent, a Decimal."""
    if isinstance(raw, int):
        return raw if abs(raw) < 10 ** (MAX_EXPONENT + 1) else None
    text = _western(str(raw))
    if len(text) > MAX_DIGITS or not set(text) <= set("0123456789+-.eE"):
        return None
    if (text[1:] if text[:1] in ("+", "-") else text).isdigit():
        return int(text)
    from decimal import Decimal, InvalidOperation  # noqa: PLC0415  whole numbers do without

    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if abs(found.adjusted()) <= MAX_EXPONENT else None


def integer(raw: object) -> int | None:
    """Read a whole number; 5.0 and 5e3 are some too."""
    found = number(raw)
    return int(found) if found is not None and found == int(found) else None


def date(text: str) -> str | None:
    """Read YYYY-MM-DD, a day that the calendar has."""
    from datetime import date as day  # noqa: PLC0415  only forms with a date need it

    if not text.isascii() or len(text) != len("2026-11-21") or text[4] + text[7] != "--":
        return None
    try:
        return day.fromisoformat(text).isoformat()
    except ValueError:
        return None


def time(text: str) -> str | None:
    """Read HH:MM or HH:MM:SS."""
    parts = text.split(":")
    if len(parts) not in (2, 3) or not all(len(part) == len("09") and _is_digits(part) for part in parts):
        return None
    return text if parts[0] < "24" and max(parts[1:]) < "60" else None


def _host(name: str) -> str | None:
    """Return a host of at least two labels in lower case and NFC, or None."""
    name = _nfc(name.lower())
    labels = name.split(".")
    fits = len(labels) > 1 and len(name) <= MAX_HOST and not _is_digits(labels[-1])
    return name if fits and all(_is_label(label) for label in labels) else None


def _in_its_script(label: str) -> str:
    """Return bücher for xn--bcher-kva, as Chromium sends it for what was typed: one address must not be two."""
    if not label.startswith("xn--") or len(label) > MAX_LABEL:
        return label
    try:
        written = label[4:].encode("ascii").decode("punycode")
        same = not written.isascii() and written.encode("punycode") == label[4:].encode()
    except UnicodeError:
        return label
    return written if same and _is_label(written) and written == _nfc(written.lower()) else label


def _is_label(label: str) -> bool:
    return 0 < len(label) <= MAX_LABEL and "-" not in label[0] + label[-1] and all(map(_is_host, label))


def _is_host(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character == "-"
    from unicodedata import category  # noqa: PLC0415  most addresses are ASCII

    return category(character)[0] in "LMN"  # letters, the marks on them, numbers


def _is_local(character: str) -> bool:
    return not character.isascii() or character.isalnum() or character in LOCAL_PUNCTUATION


def _is_ipv4(host: str) -> bool:
    parts = host.split(".")
    return len(parts) == 4 and all(_is_digits(part) and str(int(part)) == part and int(part) < 256 for part in parts)  # noqa: PLR2004


def _is_ipv6(host: str) -> bool:
    from socket import AF_INET6, inet_pton  # noqa: PLC0415  hardly anybody sends one

    try:
        return bool(inet_pton(AF_INET6, host))
    except OSError:
        return False


def _is_port(text: str) -> bool:
    return _is_digits(text) and len(text) <= len("65535") and int(text) in PORTS


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _western(text: str) -> str:
    """Return text with 0-9 for the digits of every script."""
    return text if text.isascii() else "".join(str(int(c)) if c.isdecimal() else c for c in text)


def _nfc(text: str) -> str:
    if text.isascii():
        return text
    from unicodedata import normalize  # noqa: PLC0415  most texts here are ASCII

    return normalize("NFC", text)
