"""Looks: the accent, the logo and the layout that an owner gives the pages of a form. Stdlib only.

No page has inline styles, so the accent is a stylesheet of a few lines; it and the logo have addresses that change with
them, and are kept by browsers for good.
"""

import hashlib
import json
from base64 import b64encode
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

from pillarbox import assets, colours, headers
from pillarbox.refusals import NothingHere

type Item = Mapping[str, Any]  # a form as it lies in the table

STYLESHEET, LOGO = "accent.css", "logo"


class Look(NamedTuple):
    stylesheet: str  # its address, or nothing for our own red
    logo: str  # its address, or nothing
    layout: str  # plain or card
    mark: bool  # whether the foot says who received it


PLAIN = Look("", "", "plain", mark=True)


def of(form: Item) -> Look:
    said = _appearance(form)
    accent, logo = said.get("accent"), form.get("logo")
    place = f"/f/{form['id']}/look"
    return Look(
        f"{place}/{STYLESHEET}?v={_version(stylesheet(accent))}" if accent else "",
        f"{place}/{LOGO}?v={logo}" if logo else "",
        said.get("layout", "plain"),
        mark=said.get("mark", True),
    )


def stylesheet(accent: str) -> str:
    """Return the stylesheet of an accent; visitor.css says where its colours go."""
    light, dark = colours.accent(accent, colours.LIGHT), colours.accent(accent, colours.DARK)
    return f"{_root(light)}\n@media (prefers-color-scheme: dark) {{\n  {_root(dark)}\n}}\n"


def answer(event: Mapping[str, Any], form: Item) -> dict[str, Any]:
    """Return what Lambda answers for the file that the path names, or raise NothingHere."""
    file, query = event["pathParameters"]["file"], event.get("queryStringParameters") or {}
    if file == STYLESHEET and (accent := _appearance(form).get("accent")):
        sheet = stylesheet(accent)
        shown = assets.in_scheme(sheet, query.get("in", ""))
        return _file(assets.TYPES[".css"], _version(sheet), query.get("v")) | {"body": shown}
    if file == LOGO and form.get("logo"):
        from pillarbox import logos  # noqa: PLC0415  with boto3, and few forms have one

        if logo := logos.get(form["id"]):
            body = b64encode(logo.content).decode()
            return _file(logo.type, logo.sha, query.get("v")) | {"body": body, "isBase64Encoded": True}
    raise NothingHere("There is nothing at this address.")


def _file(kind: str, version: str, asked: str | None) -> dict[str, Any]:
    lasts = assets.FOR_GOOD if asked == version else assets.FOR_NOW
    said = {"content-type": kind, "cache-control": lasts, **headers.GUARDS}
    return {"statusCode": HTTPStatus.OK, "headers": said}


def _appearance(form: Item) -> dict[str, Any]:
    return dict(json.loads(form["document"]).get("appearance") or {})


def _root(accent: colours.Accent) -> str:
    return (
        f".visitor {{ --theme: {accent.fill}; --on-theme: {accent.words}; --theme-edge: {accent.edge}; "
        f"--theme-deep: {accent.deep}; --theme-line: {accent.line}; }}"
    )


def _version(sheet: str) -> str:
    return hashlib.sha256(sheet.encode()).hexdigest()[: assets.VERSION_LENGTH]
