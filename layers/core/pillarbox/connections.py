"""Connections: the code with which a page or a program sends to a form, ready to paste, with the form's own fields.

docs/connect.md shows the same for a form of two fields; a test holds both together, and runs them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from markupsafe import escape

from pillarbox import snippets

type Fields = Sequence[Mapping[str, Any]]  # as `/v1` shows them

START: Fields = snippets.START
WORDS = re.compile("ADDRESS|ORIGIN|FORM_ID|DATA")
IN_JSX = {"maxlength": "maxLength", "minlength": "minLength", "inputmode": "inputMode"}
TEXTS = {file.name: file.read_text() for file in (Path(__file__).parent / "templates" / "connect").iterdir()}
EXAMPLES = {
    "email": "ada@example.com",
    "url": "https://example.com",
    "phone": "+44 20 7946 0958",
    "number": "1",
    "integer": "1",
    "date": "2027-01-15",
    "time": "09:30",
    "checkbox": "on",
    "consent": "on",
}


class Code(NamedTuple):
    file: str  # where it goes, or nothing
    text: str


class Way(NamedTuple):
    id: str
    name: str
    words: str
    codes: Sequence[Code]


def ways(origin: str, form_id: str, fields: Fields = ()) -> list[Way]:
    """Return what to paste for each kind of page or program; `origin` is scheme and host of Pillarbox."""
    url = f"{origin}/f/{form_id}"
    fill = {"ADDRESS": str(escape(url)), "ORIGIN": str(escape(origin)), "FORM_ID": form_id, "SEND": TEXTS["send.js"]}
    html = _inputs(fields)
    braced = _braced(html)
    jsx = fill | {"FIELDS": _jsx(html)}
    names = [field["name"] for field in fields or START]
    errors = [f'<ValidationError field="{_jsx([escape(name)])[0]}" errors={{state.errors}} />' for name in names]
    bare = [*html, "  <button>Send</button>", "</form>"]
    live = [*html, "  <button>Send</button>", '  <p role="status"></p>', "</form>"]
    opening = f'<form action="{escape(url)}" method="post"'
    script = _filled("script.html", fill)
    data = json.dumps(dict(_examples(fields)), ensure_ascii=False)
    return [
        Way(
            "html",
            "Plain HTML",
            "Nothing else is needed. After sending, people see a page of thanks, or the one that you set for the form.",
            [Code("", snippets.html(url, fields))],
        ),
        Way(
            "fetch",
            "fetch",
            "People stay on your page, and the answer is shown in it. Without JavaScript the form works all the same.",
            [Code("", f"{opening} data-send>\n{_lines(live)}\n{script}")],
        ),
        Way(
            "react",
            "React",
            'The same as a component. Next.js and Remix take it too; Next.js wants "use client" in the first line.',
            [Code("Contact.jsx", _filled("react.jsx", jsx))],
        ),
        Way(
            "vue",
            "Vue",
            "A component of Vue 3; Nuxt takes it as it is.",
            [Code("Contact.vue", _filled("vue.vue", fill | {"FIELDS": braced}))],
        ),
        Way(
            "htmx",
            "htmx",
            "htmx gets a small piece of HTML: thanks, or errors. It sends to other sites, and shows errors, only when "
            "the first line says so.",
            [Code("", _filled("htmx.html", fill | {"FIELDS": html}))],
        ),
        Way(
            "astro",
            "Astro",
            "A component; Astro bundles its script. Leave the script away and it works without JavaScript.",
            [Code("src/components/Contact.astro", f"{opening} data-send>\n{_lines(_braced(live))}\n{script}")],
        ),
        Way(
            "hugo",
            "Hugo",
            "A shortcode, so that the form can stand in any page's Markdown, and its address in one place.",
            [
                Code("hugo.toml", f"[params]\nform = {json.dumps(url)}\n"),
                Code(
                    "layouts/shortcodes/contact.html",
                    f'<form action="{{{{ site.Params.form }}}}" method="post">\n{_lines(_braced(bare))}',
                ),
                Code("content/contact.md", "{{< contact >}}\n"),
            ],
        ),
        Way(
            "eleventy",
            "Eleventy",
            "A piece to include, and the address in one place.",
            [
                Code("_data/site.json", json.dumps({"form": url}) + "\n"),
                Code(
                    "_includes/contact.njk",
                    f'<form action="{{{{ site.form }}}}" method="post">\n{_lines(_braced(bare))}',
                ),
                Code("contact.njk", '{% include "contact.njk" %}\n'),
            ],
        ),
        Way(
            "curl",
            "curl and other programs",
            "Send a form or JSON; Accept asks for an answer in JSON.",
            [Code("", _curl(url, fields)), Code("", _curl_json(url, fields))],
        ),
        Way(
            "formspree-client",
            "Formspree's clients",
            "@formspree/react, @formspree/core and @formspree/ajax work as they are: tell them the endpoint (in "
            "@formspree/ajax it is called origin).",
            [
                Code("Contact.jsx", _filled("formspree.jsx", jsx | {"ERRORS": ["  " + error for error in errors]})),
                Code("with @formspree/core", _filled("core.js", fill | {"DATA": data})),
                Code("with @formspree/ajax", _filled("ajax.js", fill)),
            ],
        ),
    ]


def embeds(origin: str, form_id: str, name: str) -> list[Way]:
    """Return what to paste to show the hosted form in a page; `name` is the form's."""
    url, title = escape(f"{origin}/f/{form_id}"), escape(name)
    script = f'<script src="{escape(origin)}/static/embed.js"'
    return [
        Way(
            "inline",
            "In the page",
            "The form stands where you paste this, as high as it is, and thanks stand in its place.",
            [
                Code(
                    "",
                    f'{script} data-form="{form_id}" async></script>\n'
                    f'<noscript><a href="{url}">{title}</a></noscript>\n',
                )
            ],
        ),
        Way(
            "popup",
            "As a popup",
            "Whatever has data-pillarbox opens it: a link of yours, which without JavaScript leads to the form.",
            [Code("", f'<a href="{url}" data-pillarbox="{form_id}">{title}</a>\n{script} async></script>\n')],
        ),
        Way(
            "frame",
            "In a plain frame",
            "No script at all, and a height that you choose. light is for a page that is light whatever the visitor's "
            "system says; dark and 1 (as the visitor's browser prefers) are the others.",
            [
                Code(
                    "",
                    f'<iframe src="{url}?embed=light" title="{title}" width="100%" height="700" style="border: 0">'
                    "</iframe>\n",
                )
            ],
        ),
        Way("link", "As a link", "The form is a page of its own too.", [Code("", f'<a href="{url}">{title}</a>\n')]),
    ]


def _inputs(fields: Fields) -> list[str]:
    """Return the lines between <form> and its button."""
    return snippets.html("", fields).splitlines()[1:-2]


def _braced(lines: Sequence[str]) -> list[str]:
    """Keep template languages from reading a brace as theirs; HTML reads it as before."""
    return [line.replace("{", "&#123;").replace("}", "&#125;") for line in lines]


def _jsx(lines: Sequence[str]) -> list[str]:
    renamed = [
        re.sub(r'(?<= )([a-z]+)(?==")', lambda name: IN_JSX.get(name[1], name[1]), one) for one in _braced(lines)
    ]
    return [re.sub(r"<input\b[^>]*", r"\g<0> /", line) for line in renamed]


def _filled(name: str, values: Mapping[str, str | Sequence[str]]) -> str:
    """Put values in the place of words in capitals; what fills a line of its own is indented like the one before."""
    done, indent = [], ""
    for line in TEXTS[name].splitlines():
        value = values.get(line)
        if value is None:
            indent = line[: len(line) - len(line.lstrip())]
            done.append(WORDS.sub(lambda word: str(values[word[0]]), line))
        elif isinstance(value, str):
            done += [f"{indent}{one}" for one in value.splitlines()]
        else:
            done += [f"{indent}{one}" for one in value]
    return _lines(done)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _curl(url: str, fields: Fields) -> str:
    sent = [f"--data-urlencode {quote(f'{name}={value}')}" for name, value in _examples(fields)]
    return " \\\n  ".join([f"curl {quote(url)}", "-H 'Accept: application/json'", *sent]) + "\n"


def _curl_json(url: str, fields: Fields) -> str:
    said = json.dumps(dict(_examples(fields)), ensure_ascii=False)
    return f"curl {quote(url)} \\\n  -H 'Content-Type: application/json' \\\n  -d {quote(said)}\n"


def _examples(fields: Fields) -> list[tuple[str, str]]:
    """Return something to send for each field; its pattern and its lengths may want something else."""
    return [(field["name"], _example(field)) for field in fields or START]


def _example(field: Mapping[str, Any]) -> str:
    for option in field.get("options") or ():
        return str(option["value"])
    return str(field.get("min") or EXAMPLES.get(field["type"], "Hello"))
