"""Origins: which hosts are a form's own, where it may be sent from, and where it may lead. Stdlib only.

A host is the form's own when the owner lists it among the allowed origins, exactly or as `*.example.com`, when one of
the form's own addresses leads there, or when it is the one that the request came to.
"""

from pillarbox import values
from pillarbox.refusals import Blocked

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    type Event = dict[str, Any]


def check(event: "Event", hosts: list[str], *, required: bool) -> None:
    """Refuse what comes from elsewhere; `required`: and what doesn't say where it comes from.

    Origin is asked before Referer. `null` is what browsers say who won't tell (a sandboxed frame, a file): it counts
    as nothing said.
    """
    headers = event["headers"]
    origin = headers.get("origin", "").strip()
    came = origin if origin != "null" else ""
    if not came:
        referer = headers.get("referer", "")
        came = referer if "://" in referer else ""
    if not came:
        if required:
            raise Blocked("This form takes only what says which page it comes from, and this doesn't.")
    elif hosts and not _is_here(came, event) and not is_own(came, hosts):
        raise Blocked("This form isn't open to the page that this was sent from.")


def leads_to(wanted: "Iterable[str]", hosts: list[str], event: "Event", base: "Iterable[str]" = ()) -> str | None:
    """Return the first address that leads to one of the hosts; a path is taken as one of the first own host in `base`.

    The answer is ASCII, as headers want it.
    """
    hosts = [*hosts, _ascii_host(event["headers"]["host"].partition(":")[0])]
    for text in map(str.strip, wanted):
        address = text
        if text.startswith("/") and not text.startswith("//"):
            site = next((_site(one) for one in base if is_own(one, hosts)), "")
            address = site + text
        if is_own(address, hosts):
            return in_ascii(str(values.url(address)))
    return None


def is_own(address: str, hosts: list[str]) -> bool:
    """Whether an address of the web lies on one of the hosts; `.example.com` stands for all that lies under it."""
    host = host_of(address)
    return bool(host) and any(
        host == own or (own[:1] == "." and host.endswith(own) and host != own[1:]) for own in hosts
    )


def host_of(address: str) -> str:
    """Return the host of an absolute address in ASCII, or nothing for what browsers might read otherwise than we do."""
    normal = values.url(address) if address[:8].lower().startswith(("http://", "https://")) else None
    if normal is None:
        return ""
    authority = _authority(normal)
    bare = authority.rpartition("]")[0] + "]" if authority.startswith("[") else authority.partition(":")[0]
    return _ascii_host(bare)


def in_ascii(address: str) -> str:
    """Return an address as browsers send it: the host in Punycode, other letters beyond ASCII as escaped UTF-8."""
    if address.isascii():
        return address
    authority = _authority(address)
    host, colon, port = authority.partition(":")
    scheme, _, rest = address.partition("://")
    tail = "".join(
        letter if letter.isascii() else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in rest[len(authority) :]
    )
    return f"{scheme}://{_ascii_host(host)}{colon}{port}{tail}"


def _authority(address: str) -> str:
    rest = address.partition("://")[2]
    return rest[: min(at for at in (*map(rest.find, "/?#"), len(rest)) if at >= 0)]


def _site(address: str) -> str:
    normal = str(values.url(address))
    return f"{normal.partition('://')[0]}://{_authority(normal)}"


def _is_here(address: str, event: "Event") -> bool:
    """Whether it is a page of ours: the hosted form."""
    return _authority(address).lower() == str(event["headers"]["host"]).lower()


def _ascii_host(host: str) -> str:
    host = host.lower()
    if host.isascii():
        return host
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in host.split(".")
    )
