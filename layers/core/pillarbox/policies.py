"""Policies: what a form's owner decides about senders, checked when the form is saved and compiled for the submit path.

Where they may come from, how often, and what is spam. The submit path reads the plain data that `compile_policy` makes.
"""

import re
from ipaddress import ip_address
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic import model_validator as whole

from pillarbox import controls, values

URL_SYNTAX = "!#$%&'()*+,/:;=?@[]~"  # what stays as it is in an address
MAX_ORIGINS = 50
MAX_BLOCKED = 500  # entries of a list; signals.py reads no more
MAX_BLOCKED_LETTERS = 20_000  # of the three lists together: every submission reads them with the form
MAX_RATE = 100_000  # a minute
MAX_KEY = 200  # characters; the vendors' have 36 to 60
SECRET_IS_SET = "set"  # noqa: S105  what is shown in the place of a secret, which nobody is shown again
VENDORS = {"turnstile": "Turnstile", "hcaptcha": "hCaptcha", "recaptcha": "reCAPTCHA"}
FORBID = ConfigDict(extra="forbid")


def _url(url: str) -> str:
    """Return the address in ASCII, as headers want it."""
    if (normal := values.url(url)) is None:
        raise ValueError("This isn't a web address: it starts with https:// or http://.")
    parts = urlsplit(normal)
    try:
        ascii_host = parts.netloc.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError("This isn't a web address: its host can't be looked up.") from error
    return quote(urlunsplit(parts._replace(netloc=ascii_host)), safe=URL_SYNTAX)


def _origin(text: str) -> str:
    """Return `https://host[:port]`, `host` or `*.host`, in lower case."""
    text = text.strip().lower()
    scheme, divider, rest = text.rpartition("://")
    rest = rest.removesuffix("/")
    under = "" if divider else rest[:2] * rest.startswith("*.")
    normal = values.url(f"https://{rest.removeprefix(under)}")
    if normal is None or any(character in rest for character in "/?#@") or scheme not in ("", "http", "https"):
        raise ValueError("An origin is written as https://example.com, example.com or *.example.com.")
    return f"{scheme}{divider}{under}{normal.removeprefix('https://')}"


def _word(word: str) -> str:
    word = " ".join(word.split())
    if not re.search(r"\w", word):
        raise ValueError("A blocked word needs a letter or a digit.")
    return word


def _address(address: str) -> str:
    """Take an e-mail address, or one of the network."""
    address = address.strip().lower()
    if values.email(address):
        return address
    try:
        return str(ip_address(address))
    except ValueError:
        raise ValueError("This is neither an e-mail address nor an IP address; whole domains have a list.") from None


def _domain(domain: str) -> str:
    domain = domain.strip().lower()
    bare = domain.removeprefix("@").removeprefix("*.")
    normal = values.url(f"https://{bare}")
    if normal is None or normal.removeprefix("https://") != bare or ":" in bare:
        raise ValueError("A domain is written as example.com; what lies under it is blocked too.")
    return bare


def _key(key: str) -> str:
    if not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("This isn't a key: it has spaces or letters that no key has.")
    return key


def _once(entries: list[str]) -> list[str]:
    return list({entry.lower(): entry for entry in entries}.values())


Url = Annotated[str, Field(max_length=2000), AfterValidator(_url)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Origin = Annotated[str, Field(max_length=300), AfterValidator(_origin)]
Origins = Annotated[list[Origin], Field(max_length=MAX_ORIGINS), AfterValidator(_once)]
Words = Annotated[list[Annotated[Short, AfterValidator(_word)]], Field(max_length=MAX_BLOCKED), AfterValidator(_once)]
Address = Annotated[str, Field(max_length=values.MAX_EMAIL), AfterValidator(_address)]
Addresses = Annotated[list[Address], Field(max_length=MAX_BLOCKED), AfterValidator(_once)]
Domain = Annotated[str, Field(max_length=values.MAX_HOST), AfterValidator(_domain)]
Domains = Annotated[list[Domain], Field(max_length=MAX_BLOCKED), AfterValidator(_once)]
Rate = Annotated[int, Field(ge=1, le=MAX_RATE)]
Key = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_KEY), AfterValidator(_key)]


class Limits(BaseModel):
    """How many submissions a minute; null switches a limit off."""

    model_config = FORBID

    per_address_per_minute: Rate | None = 60
    per_form_per_minute: Rate | None = None


class Spam(BaseModel):
    model_config = FORBID

    threshold: Annotated[float, Field(ge=1, le=100)] = 5.0
    honeypot: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)] = "_gotcha"
    captcha: Literal["altcha", "turnstile", "hcaptcha", "recaptcha"] | None = None
    captcha_site_key: Annotated[Key | None, Field(validate_default=True)] = None
    captcha_secret: Annotated[Key | None, Field(validate_default=True, repr=False)] = None
    blocked_words: Words = []
    blocked_addresses: Addresses = []
    blocked_domains: Domains = []

    @field_validator("honeypot")
    @classmethod
    def _is_trap(cls, name: str) -> str:
        if controls.is_never_data(name) and name not in controls.HONEYPOTS:
            raise ValueError(f"{name} tells Pillarbox what to do. Please choose another name for the honeypot.")
        return name

    @field_validator("captcha_site_key", "captcha_secret")
    @classmethod
    def _has_key(cls, key: str | None, info: ValidationInfo) -> str | None:
        vendor = VENDORS.get(info.data.get("captcha") or "")
        if vendor and key in (None, SECRET_IS_SET):
            raise ValueError(f"{vendor} needs {'a site key' if info.field_name == 'captcha_site_key' else 'a secret'}.")
        return key if vendor else None  # ALTCHA has no keys, and what isn't needed isn't kept

    @whole(mode="after")
    def _small(self) -> Self:
        lists = (self.blocked_words, self.blocked_addresses, self.blocked_domains)
        if sum(len(entry) for entries in lists for entry in entries) > MAX_BLOCKED_LETTERS:
            raise ValueError(f"The three blocked lists may have {MAX_BLOCKED_LETTERS:,} letters together.")
        return self

    def shown(self) -> "Spam":
        return self.model_copy(update={"captcha_secret": self.captcha_secret and SECRET_IS_SET})


class Policy(BaseModel):
    """The part of a form's definition that is about senders."""

    model_config = FORBID

    error_url: Url | None = None
    allowed_origins: Origins = []
    require_origin: bool = False
    limits: Limits = Limits()
    spam: Spam = Spam()


def compile_policy(policy: Policy) -> dict[str, Any]:
    """Return what the submit path reads, as JSON has it.

    `hosts` are the form's own, in ASCII as browsers send them: `example.com`, or `.example.com` for all that lies under
    it. Scheme and port of an origin say nothing of who owns a host, so they aren't compared.
    """
    hosts = [_host(origin) for origin in policy.allowed_origins]
    plain = policy.model_dump(mode="json", include={"error_url", "require_origin", "limits", "spam"})
    return {"hosts": list(dict.fromkeys(hosts))} | plain


def _host(origin: str) -> str:
    rest = origin.rpartition("://")[2].removeprefix("*")
    host = rest.partition("]")[0] + "]" if rest.startswith("[") else rest.partition(":")[0]
    return ".".join(
        label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in host.split(".")
    )
