"""The guard: which addresses of other people's servers are called at all, so that nobody reaches inside through us.

It is asked when an address is saved and again each time it is called, and hands out the network addresses that it has
checked: who calls connects to one of these and never looks the name up again.
"""

import re
import socket
import threading
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from pillarbox import settings

PORTS = (443, 8443)
LONGEST = 2000  # characters
LOOKUP_SECONDS = 5  # a resolver by itself may take 20, and whoever saves an address waits 10 at most
NOT_PUBLIC = (".internal", ".local", ".localhost", ".localdomain", ".home.arpa", ".lan", ".corp", ".onion")
# What carries an IPv4 address inside, and so leads wherever that leads: translators and tunnels.
CARRIERS = ("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fec0::/10")
# What Python's lists don't know yet, or don't count: documentation, and the relays of 6to4.
NOWHERE = ("3fff::/20", "192.88.99.0/24")
NETWORKS = [ip_network(network) for network in (*CARRIERS, *NOWHERE)]

type Address = IPv4Address | IPv6Address


class Refused(ValueError):
    """An address that isn't called; its text is a sentence for whoever wrote it."""


class Unknown(Refused):
    """A name that can't be looked up, at the moment."""


class Target(NamedTuple):
    secure: bool
    host: str  # in ASCII, as the certificate, SNI and Host have it
    port: int
    path: str
    addresses: list[str]  # all of them were checked


def check(url: str) -> Target:
    """Return where an address leads, or raise Refused."""
    parts = _parts(url)
    host, secure = _host(parts), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    if secure and port not in PORTS:
        raise Refused("Only the ports 443 and 8443 are called.")
    addresses = [str(literal)] if (literal := _literal(host)) else lookup(host, port)
    for address in addresses:
        _check_address(address, secure=secure)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, host, port, path, addresses)


def lookup(host: str, port: int) -> list[str]:
    """Return all addresses of a name, from the system's resolver; one that says nothing is left behind."""
    answers: list[list[str]] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            return
        answers.append(list(dict.fromkeys(str(one[4][0]) for one in found)))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LOOKUP_SECONDS)
    if not answers:
        raise Unknown(f"The host {host} can't be found.")
    return answers[0]


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST or not re.fullmatch(r"[!-~]+", url) or "\\" in url:
        raise Refused("This isn't a web address: it has spaces, letters that no address has, or too many of them.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Refused("This isn't a web address.") from error
    if parts.scheme not in ({"https", "http"} if settings.http_receivers() else {"https"}):
        raise Refused("Only addresses that begin with https:// are called.")
    if "@" in parts.netloc:
        raise Refused("An address with a name or a password in it isn't called.")
    if not parts.hostname or port == 0:
        raise Refused("This isn't a web address: it names no host.")
    return parts


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removesuffix(".")
    if "%" in host:
        raise Refused("An address with a zone belongs to one network only, and isn't called.")
    if ":" in host:
        return host
    if not all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", label) for label in host.split(".")):
        raise Refused("This isn't a web address: no host is called so.")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]) and not re.fullmatch(r"(\d+\.){3}\d+", host):
        raise Refused("This host is a number in disguise: write it as four numbers with dots.")
    if _literal(host) is None and not settings.http_receivers():
        if "." not in host:
            raise Refused("This host has no dot: it belongs to one network only, and isn't called.")
        if host.endswith(NOT_PUBLIC):
            raise Refused("This host belongs to one network only, and isn't called.")
    return host


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError as error:
        if ":" in host or re.fullmatch(r"[0-9.]+", host):  # 010.0.0.1, which some read as octal, or 1.2.3.4567
            raise Refused("This host is a number in disguise: write it as four numbers with dots.") from error
        return None


def _check_address(text: str, *, secure: bool) -> None:
    address = ip_address(text.partition("%")[0])
    here = settings.http_receivers() and address.is_loopback
    if not secure and not here:
        raise Refused("Only a receiver on this machine is called without https.")
    if not here and not _is_global(address):
        # Which address it is would tell what lies inside.
        raise Refused("This host leads to an address that isn't on the public internet.")


def _is_global(address: Address) -> bool:
    if any(address in network for network in NETWORKS):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
