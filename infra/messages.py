"""`make messages`: collect what is said to visitors, bring each language's catalogue up to it, and compile them.

A sentence that is gone goes out of the catalogues too, and a new one stands in them untranslated, which a test refuses.
"""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from infra.local.template import ROOT
from pillarbox import languages, refusals

LAYER = ROOT / "layers" / "core" / "pillarbox"
TEMPLATES = [*LAYER.glob("templates/visitor*.html"), ROOT / "functions/pages/opt_in_page/page.html"]
TEMPLATES += [ROOT / "functions/pages/unsubscribe_page/page.html"]
SAYING = [LAYER / "sentences.py", LAYER / "visitor_pages.py"]
KEYWORDS = {"_": None, "say": None, "count": (1, 2), "gettext": None, "ngettext": (1, 2)}
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # always the same: only a sentence changes a file
# What only a program can have done wrong is told in English.
FOR_PROGRAMS = {"Malformed", "UnsupportedType", "KeyReused"}
REFUSALS = {name: one for name, one in vars(refusals).items() if isinstance(one, type) and hasattr(one, "heading")}

type Found = tuple[str | tuple[str, ...], str]  # a sentence, or its forms for one and for more; where it stands


def sentences() -> Catalog:
    """Return all that is said to visitors, with where it is said and nothing translated."""
    catalogue = Catalog(domain=languages.DOMAIN, fuzzy=False)
    for sentence, place in sorted({*_in_templates(), *_in_code(), *_in_refusals()}, key=str):
        catalogue.add(sentence, locations=[(place, 0)])
    return catalogue


def catalogue(code: str) -> Catalog:
    with _file(code, "po").open("rb") as file:
        return read_po(file, locale=code, domain=languages.DOMAIN)


def po(catalogue: Catalog) -> bytes:
    """Return a catalogue as its file has it: without a date or a name, so that only a sentence changes it."""
    written = BytesIO()
    catalogue.header_comment = f"# What Pillarbox says to visitors, in {catalogue.locale.english_name}."  # type: ignore[union-attr]
    write_po(written, catalogue, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines()
    kept = ('"Content-Type', '"Content-Transfer', '"Language:', '"Plural-Forms', '"MIME')
    head = lines.index("", 1)
    lines[:head] = [line for line in lines[:head] if not line.startswith('"') or line.startswith(kept)]
    return ("\n".join(lines).rstrip() + "\n").encode()


def mo(catalogue: Catalog) -> bytes:
    catalogue.creation_date = catalogue.revision_date = SOME_DAY
    written = BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def main() -> None:
    wanted = sentences()
    for code in languages.CODES[1:]:
        held = catalogue(code) if _file(code, "po").exists() else Catalog(locale=code, domain=languages.DOMAIN)
        held.fuzzy = False
        held.update(wanted, no_fuzzy_matching=True)
        _file(code, "po").parent.mkdir(parents=True, exist_ok=True)
        _file(code, "po").write_bytes(po(held))
        _file(code, "mo").write_bytes(mo(catalogue(code)))


def _file(code: str, ending: str) -> Path:
    return languages.FOLDER / code / "LC_MESSAGES" / f"{languages.DOMAIN}.{ending}"


def _in_templates() -> Iterator[Found]:
    for file in TEMPLATES:
        yield from _extracted("jinja2", file)


def _in_code() -> Iterator[Found]:
    for file in SAYING:
        yield from _extracted("python", file)


def _extracted(method: str, file: Path) -> Iterator[Found]:
    with file.open("rb") as source:
        for _line, sentence, _comments, _context in extract(method, source, keywords=KEYWORDS):
            yield sentence, _place(file)


def _in_refusals() -> Iterator[Found]:
    """Return the headings of refusals, and the sentences that they are raised with."""
    for file in LAYER.glob("*.py"):
        text = file.read_text()
        if file.stem == "refusals":
            yield from ((refusal.heading, _place(file)) for refusal in REFUSALS.values())
        elif "refusals" in text:
            calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args)
            for call in calls:
                name = ast.unparse(call.func).removeprefix("refusals.")
                first = call.args[0]
                if name in REFUSALS.keys() - FOR_PROGRAMS and isinstance(first, ast.Constant):
                    yield str(first.value), _place(file)
    yield str(refusals.Broken()), _place(LAYER / "refusals.py")


def _place(file: Path) -> str:
    return str(file.relative_to(ROOT))


if __name__ == "__main__":
    main()
