"""Small pictures: a whole PNG, and of the other kinds as much as says what they are."""

import struct
import zlib


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour that every browser shows."""
    rows = b"".join(b"\x00" + b"\xb8\x14\x2b" * width for _ in range(height))
    chunks = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<2H", width, height) + bytes(20)


def jpeg(width: int, height: int) -> bytes:
    """Return one with a note and a filling byte before what says its size."""
    note = b"\xff\xe0\x00\x10JFIF" + bytes(10)
    return b"\xff\xd8" + note + b"\xff\xff\xc2\x00\x11\x08" + struct.pack(">2H", height, width) + bytes(12)


def webp(width: int, height: int, kind: str) -> bytes:
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = {
        "lossy": b"VP8 \x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a" + struct.pack("<2H", width, height),
        "lossless": b"VP8L\x00\x00\x00\x00\x2f" + struct.pack("<I", (height - 1) << 14 | width - 1) + bytes(5),
        "extended": b"VP8X\x0a\x00\x00\x00" + bytes(4) + canvas,
    }[kind]
    return b"RIFF\x00\x00\x00\x00WEBP" + chunk
