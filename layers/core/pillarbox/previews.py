"""Previews: a form as visitors would see it with the fields of its draft, or with those that it once had."""

import json
from collections.abc import Sequence
from typing import Any

from pillarbox import drafts, sheets, versions, visitor_pages
from pillarbox.definitions import Definition
from pillarbox.forms import Form
from pillarbox.languages import Language
from pillarbox.sheets import Sheet

BROKEN = "Something about this field has to be mended before it can be shown."


def page(form: Form, version: str | None, language: Language) -> str:
    """Return the page; NotFound for a version that never was."""
    if version is None:
        return _page(form, drafts.of(form).sheets, language)
    number = int(version[:9]) if version.isdecimal() else 0
    return _page(form, sheets.of(versions.get(form.id, number).definition.fields), language)


def _page(form: Form, of: Sequence[Sheet], language: Language) -> str:
    fields = [
        field.model_dump(mode="json") if field else _instead(sheet)
        for field, sheet in zip(sheets.judged(of).fields, of, strict=True)
    ]
    document = form.model_dump(mode="json", include=set(Definition.model_fields) - {"name", "active"})
    # Without its policy: no captcha is solved here, and its vendor isn't asked.
    item = {"id": form.id, "name": form.name, "document": json.dumps(document | {"fields": fields}), "logo": form.logo}
    action = f"/f/{form.id}"
    return visitor_pages.form_page(item, typed={}, errors=[], action=action, language=language, preview=True)


def _instead(sheet: Sheet) -> dict[str, Any]:
    """Return what stands in the place of a field that doesn't fit yet."""
    label = sheet.get("label") or sheet.get("name") or "A field"
    page = {"starts_page": sheet["starts_page"]} if "starts_page" in sheet else {}
    return {"name": sheet.get("name") or sheet["key"], "label": label, "type": "text", "help": BROKEN} | page
