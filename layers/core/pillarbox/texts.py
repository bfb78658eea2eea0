"""Texts: what the spam signals and the Bayes table read of a submission, bounded, so that no sender makes it slow.

On the submit path: stdlib only. Nothing here judges; signals.py and bayes.py do.
"""
# ruff: noqa: SIM905  a hundred quotes would hide the data

import re
from itertools import islice, pairwise

TYPE_CHECKING = False  # as type checkers know it from typing, whose import would cost every cold start
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# A value may have 64 KB and a submission 256: reading a part of each is enough to judge, and keeps the worst case at
# a few milliseconds. Head and tail, because a long text hides its links at its end.
MAX_READ = 16_384  # characters of one submission
HEAD, TAIL = 3072, 1024  # characters of one value
MAX_VALUES = 400  # values and containers: 200 fields, their lists and some nesting
MAX_HOSTS = 50
MAX_LONG_WORD = 40  # letters of a word that are looked at
MAX_WORDS = 400  # of one value that are looked at letter by letter
MAX_GIBBERISH = 20  # as many as would matter

WORD = re.compile(r"\w+")
GAPS = str.maketrans(
    dict.fromkeys("<>[](){}\"'`|,;=\u3000\u3001\u3002\uff0c", " ")
)  # what may stand right beside a link
PUNCTUATION = "!?.,:;*~_-\u2013\u2014\u2026\u00ab\u00bb\u201e\u201c\u201d\u2018\u2019\"'()[]"
HOST_ENDS = str.maketrans(dict.fromkeys("/?#:\\&", " "))
# Fields by their usual names, in the languages that forms are written in.
NAMES = frozenset(
    "name your-name your_name yourname full_name fullname full-name first_name firstname first-name fname last_name "
    "lastname last-name lname surname vorname nachname nom prenom prénom nombre apellido apellidos nome cognome "
    "sobrenome imie imię nazwisko naam voornaam achternaam namn navn имя фамилия 名前 お名前 氏名 姓名".split()
)
SITES = (
    "url",
    "web",
    "site",
    "link",
    "homepage",
    "domain",
    "blog",
    "portfolio",
)  # where an address is what was asked for
CODES = ("token", "id", "key", "code", "ref", "hash", "session", "nonce", "utm", "serial", "sku", "click", "pass")
# Endings that make a dotted word a link without http:// or www. No ending that is also a word ("thanks.me"), a file's
# ("main.rs", "notes.md", "run.sh") or a library's ("node.js"): people forget the space after a full stop.
ENDINGS = frozenset(
    "com net org info biz ru xyz top online site shop store club icu vip loan casino bet io co uk eu cn pl nl fr ua cz "
    "ch dk app dev tk ml gq cf ga cc pw su gg ly рф".split()
)
# Pairs of letters that nearly no word has in any of some sixty languages of Latin script, counted in the translations
# that come with a Linux distribution. Of their 480,000 words of 7 letters and more, is_strange takes 0.06 %, mostly
# identifiers such as "msgctxt"; of random words of 8, 12 and 20 letters it takes 41, 60 and 85 %, and in mixed case
# 61, 92 and 99 %.
RARE = frozenset(
    "bk bq cq cv cw cx dq fc fq fv fx fz gq hc hg hq hx hz jb jc jf jg jh jp jq jw jx jz kq kx lq lx mq pq px "
    "pz qb qc qd qf qg qh qj qk qm qn qp qr qs qv qw qx qz sx tq vg vp vq vw vx wb wf wj wm wq wv wx xf xg xj xk xn xq "
    "xv xz yq yx zf zj zq zx".split()
)
CONSONANTS = frozenset("bcdfghjklmnpqrstvxz")  # Welsh sings its w, and everybody their y
LOOKALIKES = frozenset("авекмнорстухіјѕё")  # Cyrillic letters that pass for Latin ones
SOUNDS = (("sch", "s"), ("ch", "c"), ("sz", "s"), ("cz", "c"), ("st", "t"), ("th", "t"), ("sh", "s"), ("ng", "n"))


class Reading:
    """A submission as the signals see it. Everything is lower case but `texts` and `names`."""

    __slots__ = ("addresses", "folded", "hosts", "link_size", "links", "mentioned", "names", "size", "texts", "words")

    texts: "list[tuple[str, str]]"  # (field, value), without names, addresses and the sender's own site
    names: "list[str]"
    addresses: "list[str]"  # e-mail addresses that are a value of their own: the sender's
    mentioned: "list[str]"  # those inside texts
    hosts: "list[str]"  # of links and of the sender's own site
    links: int  # in texts
    link_size: int  # characters of them
    size: int  # characters of the texts, without white space
    words: "list[str]"  # of everything, in order
    folded: str  # those words between single spaces, so that " word " is a whole word


def read(fields: "dict[str, Any]") -> Reading:
    """Read what was sent, whatever JSON it is; control fields must be gone."""
    reading = Reading()
    reading.texts, reading.names, reading.addresses, reading.mentioned, reading.hosts = [], [], [], [], []
    reading.links = reading.link_size = reading.size = 0
    everything = []
    for field, value in _values(fields):
        parts = value.split()
        if not parts:
            continue
        everything.append(value)
        lone = parts[0].lower() if len(parts) == 1 else ""
        if "@" in lone and "://" not in lone:
            reading.addresses.append(lone)
        elif lone and any(part in field for part in SITES) and (own := _host(lone)):
            reading.hosts.append(own)
        elif field in NAMES:
            reading.names.append(value)
            _find_links(value, reading)
        else:
            reading.texts.append((field, value))
            reading.size += sum(map(len, parts))
            _find_links(value, reading)
    reading.words = WORD.findall("\n".join(everything).lower())
    reading.folded = f" {' '.join(reading.words)} "
    return reading


def _values(fields: "dict[str, Any]") -> "Iterator[tuple[str, str]]":
    """Yield (name of the field in lower case, text), in order, within the bounds above; never recurse."""
    room, left = MAX_READ, MAX_VALUES
    stack: list[tuple[str, Any]] = [("", fields)]
    while stack and room > 0 and left > 0:
        left -= 1
        name, value = stack.pop()
        if isinstance(value, str):
            text = value if len(value) <= HEAD + TAIL else f"{value[:HEAD]} {value[-TAIL:]}"
            room -= len(text)
            yield name, text
        elif isinstance(value, dict):
            stack += [(str(key)[:100].lower(), one) for key, one in islice(value.items(), left)][::-1]
        elif isinstance(value, list):
            stack += [(name, one) for one in value[:left]][::-1]


def _find_links(text: str, reading: Reading) -> None:
    if "." not in text:  # no link is without a dot
        return
    for chunk in text.lower().translate(GAPS).split():
        if "." not in chunk:
            continue
        if "@" in chunk and "://" not in chunk:
            if len(reading.mentioned) < MAX_HOSTS:
                reading.mentioned.append(chunk.strip(PUNCTUATION))
            continue
        for part in chunk.split("://")[1:] if "://" in chunk else (chunk,):
            host = _host(part) if "://" in chunk or part.startswith("www.") else _bare_host(part)
            if host:
                reading.links += 1
                reading.link_size += len(part)
                if len(reading.hosts) < MAX_HOSTS:
                    reading.hosts.append(host)


def _host(link: str) -> str:
    """Return the host of an address with or without its scheme, or nothing."""
    rest = link.partition("://")[2] or link
    words = rest[:260].translate(HOST_ENDS).split()
    host = words[0].strip(PUNCTUATION).removeprefix("www.") if words else ""
    return host if "." in host and host.replace(".", "").replace("-", "").isalnum() else ""


def _bare_host(chunk: str) -> str:
    host = _host(chunk)
    return host if host.rpartition(".")[2] in ENDINGS else ""


def strange_words(value: str) -> "tuple[list[str], int]":
    """Return the words that look like letters struck at random, and the number of words that could have."""
    strange: list[str] = []
    candidates = 0
    for chunk in value.split()[:MAX_WORDS]:
        word = chunk.strip(PUNCTUATION)
        if word.isalpha():  # what holds digits or signs is a code, an address or markup, and says nothing
            candidates += 1
            if len(strange) < MAX_GIBBERISH and is_strange(word):
                strange.append(word[:MAX_LONG_WORD])
    return strange, candidates


def is_strange(word: str) -> bool:
    """Whether no language writes so. Made for words of 7 letters and more: abbreviations are as strange, and honest."""
    word = word[:MAX_LONG_WORD]
    if len(word) < 7:  # noqa: PLR2004  the docstring's
        return False
    lower = word.lower()
    points = sum(lower[at : at + 2] in RARE for at in range(len(lower) - 1))
    # Random letters change case in mid-word; so does getElementById, at three of its letters.
    points += max(0, sum(map(str.isupper, word[1:])) - 3) if not word.isupper() else 0
    for long, short in SOUNDS:  # one sound to those who write them: Borschtsch has four consonants, not eight
        lower = lower.replace(long, short)
    longest = length = 0
    before = ""
    for letter in lower:  # letters beyond ASCII end a run, as vowels do: most are vowels
        if letter not in CONSONANTS:
            length = 0
        elif letter != before:  # hmmmmm
            length += 1
            longest = max(longest, length)
        before = letter
    return points + max(0, longest - 4) >= 2  # noqa: PLR2004  measured: see RARE


def mixes_scripts(word: str) -> bool:
    """Whether a word writes Latin and Cyrillic letters that look alike, to slip past filters.

    Russian puts its endings on Latin words, as in "SMSки": that is one seam, and at its end a letter that is no double.
    """
    if word.isascii():
        return False
    scripts = [
        ("c" if "\u0400" <= letter <= "\u04ff" else "l" if "a" <= letter <= "z" else "")
        for letter in word[:MAX_LONG_WORD]
    ]
    if "c" not in scripts or "l" not in scripts:
        return False
    seams = sum(one != other for one, other in pairwise(scripts))
    return seams > 1 or not ({letter for letter in word if "\u0400" <= letter <= "\u04ff"} - LOOKALIKES)


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script that writes no spaces between words: Thai, Lao, Burmese, Chinese or Japanese."""
    return not word.isascii() and any(
        "\u0e00" <= letter <= "\u0eff" or "\u1000" <= letter <= "\u109f" or letter >= "\u2e80" for letter in word[:2]
    )
