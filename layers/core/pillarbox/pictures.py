"""Pictures: what kind one is and how large, told by its first bytes and by no name that somebody gave it."""

from typing import Literal, NamedTuple

PNG, GIFS, JPEG = b"\x89PNG\r\n\x1a\n", (b"GIF87a", b"GIF89a"), b"\xff\xd8\xff"
NO_LENGTH = {0x01, *range(0xD0, 0xD9)}  # markers of a JPEG that stand alone
FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # those that say the size
SHORTEST = 24  # bytes that say the size in all four kinds
SIDE = 0x3FFF  # 14 bits, that a WebP has for each side


class Picture(NamedTuple):
    type: str
    width: int  # pixels
    height: int


def measured(content: bytes) -> Picture | None:
    """Return what a PNG, JPEG, WebP or GIF says of itself; None for anything else, and for one that is broken off."""
    if len(content) < SHORTEST:
        return None
    if content.startswith(PNG) and content[12:16] == b"IHDR":
        return _of("image/png", content[16:20], content[20:24], "big")
    if content.startswith(GIFS):
        return _of("image/gif", content[6:8], content[8:10], "little")
    if content.startswith(JPEG):
        return _jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content[12:16], content[20:30])
    return None


def _of(kind: str, width: bytes, height: bytes, order: Literal["big", "little"]) -> Picture | None:
    sides = [int.from_bytes(side, order) for side in (width, height)]
    return Picture(kind, *sides) if all(sides) else None


def _jpeg(content: bytes) -> Picture | None:
    """Go from marker to marker, over what each says its length is, to the one that says the size."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004  what each marker begins with
        marker = content[at + 1]
        if marker in FRAMES:
            return _of("image/jpeg", content[at + 7 : at + 9], content[at + 5 : at + 7], "big")
        if marker == 0xFF:  # noqa: PLR2004  filling
            at += 1
        elif marker in NO_LENGTH:
            at += 2
        else:
            at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return None


def _webp(kind: bytes, said: bytes) -> Picture | None:
    """Read the size from the first chunk: of a lossy, a lossless, or an extended file."""
    if len(said) < 10:  # noqa: PLR2004  what the longest of the three needs
        return None
    if kind == b"VP8 " and said[3:6] == b"\x9d\x01\x2a":
        sides = (int.from_bytes(said[6:8], "little") & SIDE, int.from_bytes(said[8:10], "little") & SIDE)
    elif kind == b"VP8L" and said[0] == 0x2F:  # noqa: PLR2004  its signature
        bits = int.from_bytes(said[1:5], "little")
        sides = ((bits & SIDE) + 1, (bits >> 14 & SIDE) + 1)
    elif kind == b"VP8X":
        sides = (int.from_bytes(said[4:7], "little") + 1, int.from_bytes(said[7:10], "little") + 1)
    else:
        return None
    return Picture("image/webp", *sides) if all(sides) else None
