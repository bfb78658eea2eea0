"""Whatever an address looks like, nobody reaches inside through us: each is refused with its sentence."""

import ipaddress
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import guard

PUBLIC = "93.184.216.34"


@pytest.fixture
def names(monkeypatch):
    """What a resolver knows; a list of lists answers one after the other."""
    known = {"example.com": [PUBLIC], "sixth.example.com": ["2606:4700::1111"]}
    monkeypatch.setattr(guard, "lookup", lambda host, _port: known[host])
    return known


def sentence(url):
    with pytest.raises(guard.Refused) as refused:
        guard.check(url)
    return str(refused.value)


def test_a_public_address_leads_where_it_says(names):
    target = guard.check("https://Example.com/hook/a?b=c#d")

    assert target == guard.Target(secure=True, host="example.com", port=443, path="/hook/a?b=c", addresses=[PUBLIC])
    assert guard.check("https://example.com:8443").port == 8443
    assert guard.check("https://example.com./").host == "example.com"
    assert guard.check("https://sixth.example.com/").addresses == names["sixth.example.com"]
    assert guard.check(f"https://{PUBLIC}/").addresses == [PUBLIC]
    assert guard.check("https://[2606:4700::1111]/").addresses == ["2606:4700::1111"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://example.com/", "begin with https"),
        ("ftp://example.com/", "begin with https"),
        ("file:///etc/passwd", "begin with https"),
        ("gopher://example.com/", "begin with https"),
        ("//example.com/", "begin with https"),
        ("https://ada:secret@example.com/", "a name or a password"),
        ("https://example.com@10.0.0.1/", "a name or a password"),
        ("https://@example.com/", "a name or a password"),
        ("https://example.com:80/", "ports 443 and 8443"),
        ("https://example.com:22/", "ports 443 and 8443"),
        ("https://example.com:6379/", "ports 443 and 8443"),
        ("https://example.com:0/", "names no host"),
        ("https://example.com:99999/", "isn't a web address"),
        ("https:///path", "names no host"),
        ("https://exa mple.com/", "has spaces"),
        ("https://example.com\\@10.0.0.1/", "has spaces"),
        ("https://example.com/\r\nHost: inside", "has spaces"),
        ("https://exämple.com/", "has spaces"),
        ("https://example.com/\0", "has spaces"),
        (f"https://example.com/{'a' * 2000}", "too many"),
        ("https://-example.com/", "no host is called so"),
        ("https://ex*mple.com/", "no host is called so"),
        ("https://[::1/", "isn't a web address"),
        ("https://localhost/", "has no dot"),
        ("https://metadata/", "has no dot"),
        ("https://metadata.google.internal/", "one network only"),
        ("https://printer.local/", "one network only"),
        ("https://a.localhost/", "one network only"),
        ("https://[fe80::1%25eth0]/", "zone"),
        ("https://2130706433/", "number in disguise"),
        ("https://0x7f000001/", "number in disguise"),
        ("https://0x7f.1/", "number in disguise"),
        ("https://127.1/", "number in disguise"),
        ("https://017700000001/", "number in disguise"),
        ("https://0177.0.0.1/", "number in disguise"),
        ("https://010.8.8.8/", "number in disguise"),
        ("https://example.com.0x7f/", "number in disguise"),
        ("https://1.2.3.4567/", "number in disguise"),
    ],
)
@pytest.mark.usefixtures("names")
def test_an_address_that_isnt_called_is_told_why(url, told):
    assert told in sentence(url)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),  # noqa: S104
        *("169.254.169.254", "100.64.0.1", "100.127.255.255", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1"),
        *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1", "100::1"),
        *("::ffff:127.0.0.1", "::ffff:93.184.216.34", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1"),
        *("2002:7f00:1::", "2001:0:5ef5:79fd:0:59d:a0e5:ba1"),
        *("3fff::1", "192.88.99.1"),
    ],
)
def test_what_isnt_public_is_refused_by_number_and_behind_a_name(address, names):
    host = f"[{address}]" if ":" in address else address
    names["rebound.example.com"] = [PUBLIC, address]

    for url in (f"https://{host}/", "https://rebound.example.com/"):
        assert "isn't on the public internet" in sentence(url)


@given(st.ip_addresses())
def test_nothing_is_called_that_the_registries_call_anything_but_global(address):
    host = f"[{address}]" if address.version == 6 else str(address)
    try:
        target = guard.check(f"https://{host}/")
    except guard.Refused:
        return
    assert ipaddress.ip_address(target.addresses[0]).is_global


def test_a_name_that_leads_inside_the_second_time_is_refused_the_second_time(monkeypatch):
    answers = iter([[PUBLIC], ["10.0.0.1"]])
    monkeypatch.setattr(guard, "lookup", lambda *_: next(answers))

    assert guard.check("https://rebinding.example.com/").addresses == [PUBLIC]
    assert "isn't on the public internet" in sentence("https://rebinding.example.com/")


def test_a_name_that_nobody_knows_is_told_so(monkeypatch):
    def nobody(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", nobody)

    assert sentence("https://gone.example.com/") == "The host gone.example.com can't be found."


def test_a_resolver_that_says_nothing_is_not_waited_for(monkeypatch):
    answer = threading.Event()
    monkeypatch.setattr(guard, "LOOKUP_SECONDS", 0.01)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer.wait() and [])

    assert sentence("https://silent.example.com/") == "The host silent.example.com can't be found."
    answer.set()


def test_only_the_local_stack_calls_this_machine_and_nothing_further_inside(monkeypatch, names):
    monkeypatch.setenv("HTTP_RECEIVERS", "yes")
    names["localhost"] = ["127.0.0.1", "::1"]
    names["inside.example.com"] = ["10.0.0.1"]

    assert guard.check("http://localhost:9000/hook").port == 9000
    assert guard.check("http://[::1]:9000/").addresses == ["::1"]
    assert "only a receiver on this machine" in sentence("http://example.com/").lower()
    assert "only a receiver on this machine" in sentence("http://10.0.0.1/").lower()
    assert "isn't on the public internet" in sentence("https://inside.example.com/")
