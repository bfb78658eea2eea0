"""The snippets of docs/connect.md, which are those of the connect page, run: in a browser, in Node, in a shell."""

import re
import shlex
import shutil
import subprocess
from typing import Any

import httpx
import jinja2
import pytest
from playwright.sync_api import expect

from infra.local.template import ROOT
from pillarbox import connections, moves
from tests.browser import node

DOCUMENT = (ROOT / "docs" / "connect.md").read_text()
ORIGIN, FORM_ID = "https://pillarbox.example", "YOUR_FORM_ID"
WAYS = {way.id: way for way in connections.ways(ORIGIN, FORM_ID)}
BARE = '<!doctype html><meta charset="utf-8"><title>My site</title><link rel="icon" href="data:,"><body>'
TYPED = {"email": "grace@example.com", "message": "Is it true that you mend teapots?"}
EXAMPLE = {"email": "ada@example.com", "message": "Hello"}
MOUNTED = {
    "react": 'import { createRoot } from "react-dom/client"; import Contact from "./Contact.jsx";'
    "createRoot(document.body.appendChild(document.createElement('div'))).render(<Contact />);",
    "vue": 'import { createApp } from "vue"; import Contact from "./Contact.vue";'
    "createApp(Contact).mount(document.body.appendChild(document.createElement('div')));",
}
# Labels and patterns full of what templates take for their own.
BRACES: list[dict[str, Any]] = [
    {"name": "email", "label": "{email} {{ 7 * 7 }}", "type": "text", "required": True},
    {"name": "message", "label": '{% raw %} <b> & "it\'s"', "type": "text", "pattern": r"[a-z \{\}]{3,}"},
]


@pytest.fixture
def form(owner):
    return owner.form()


def code(way, owner, form, n=0):
    """Return the snippet of the document, for a form that exists."""
    return blocks(WAYS[way].name)[n].replace(FORM_ID, form).replace(ORIGIN, owner.site)


def blocks(heading):
    _, _, section = DOCUMENT.partition(f"### {heading}\n")
    return re.findall(r"```[a-z]+\n(.*?)```", re.split(r"\n##", section)[0], re.DOTALL)


def write(page, typed=TYPED):
    page.locator("[name=email]").fill(typed["email"])
    page.locator("[name=message]").fill(typed["message"])
    page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("way", WAYS)
def test_the_document_shows_what_the_page_shows(way):
    assert blocks(WAYS[way].name) == [code.text for code in WAYS[way].codes]


@pytest.mark.parametrize("move", moves.moves(ORIGIN, FORM_ID), ids=lambda move: move.id)
def test_the_document_says_what_to_change_as_the_page_does(move):
    _, _, section = DOCUMENT.partition(f"### {move.service}\n")
    section = section.partition("\n##")[0]
    plain = " ".join(section.replace("`", "").split()).lower()

    assert [change for change in move.changes if f"| `{change.was}` | `{change.now}` |" not in section] == []
    assert move.works.lower() in plain
    assert move.differs.lower() in plain


@pytest.mark.parametrize("way", ["html", "fetch", "htmx", "astro"])
def test_html_works_without_scripts(owner, form, website, open_context, way):
    page, _ = open_context(java_script_enabled=False)
    page.goto(website.publish("page.html", BARE + code(way, owner, form)))

    write(page)

    expect(page).to_have_url(f"{owner.site}/f/{form}/thanks")
    assert owner.folder(form) == [TYPED]


@pytest.mark.parametrize("way", ["fetch", "astro", "htmx", "react", "vue"])
def test_a_page_with_scripts_stays_and_says_what_came_of_it(owner, website, open_context, way):
    form = owner.form(
        fields=[{"name": "email", "type": "email"}, {"name": "message", "type": "text", "max_length": 40}]
    )
    page, behind = open_context()
    serve_htmx(page)
    snippet = code(way, owner, form)
    if way in MOUNTED:
        snippet = node.bundled(MOUNTED[way], {"Contact.jsx": snippet, "Contact.vue": snippet})
    address = website.publish("page.html", BARE + snippet)
    page.goto(address)

    write(page, {**TYPED, "message": "x" * 41})
    expect(page.get_by_text("Message must have at most 40 characters.")).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value("x" * 41)
    write(page)
    expect(page.get_by_text("Your message has arrived.")).to_be_visible()

    assert page.url == address
    assert owner.folder(form) == [TYPED]
    # The browser tells of every 422, and of each header that htmx looks for in vain.
    assert [one for one in behind.complaints if "422" not in one and "unsafe header" not in one] == []


@pytest.mark.parametrize("way", ["fetch", "react", "vue"])
def test_a_page_that_is_offline_says_so(owner, form, website, open_context, way):
    page, _ = open_context()
    snippet = code(way, owner, form)
    if way in MOUNTED:
        snippet = node.bundled(MOUNTED[way], {"Contact.jsx": snippet, "Contact.vue": snippet})
    page.goto(website.publish("page.html", BARE + snippet))
    page.context.set_offline(offline=True)

    write(page)

    expect(page.get_by_text("This couldn't be sent. Are you online?")).to_be_visible()
    expect(page.locator("[name=message]")).to_have_value(TYPED["message"])


def test_templates_of_hugo_and_eleventy_give_the_form(owner, form, website, open_context):
    address = f"{owner.site}/f/{form}"
    assert f'form = "{address}"\n' in code("hugo", owner, form)
    hugo = code("hugo", owner, form, 1).replace("{{ site.Params.form }}", address)
    pieces = {"contact.njk": code("eleventy", owner, form, 1)}  # Nunjucks reads Jinja's language
    page_of_eleventy = jinja2.Environment(loader=jinja2.DictLoader(pieces), autoescape=True).from_string(
        code("eleventy", owner, form, 2)
    )
    data = httpx.Response(200, text=code("eleventy", owner, form)).json()

    for html in (hugo, page_of_eleventy.render(site=data)):
        page, _ = open_context(java_script_enabled=False)
        page.goto(website.publish("page.html", BARE + html))
        write(page)
        expect(page).to_have_url(f"{address}/thanks")

    assert owner.folder(form) == [TYPED, TYPED]


@pytest.mark.parametrize("n", [0, 1], ids=["a form", "JSON"])
def test_curl_works(owner, form, n):
    command = code("curl", owner, form, n)

    assert '"ok": true' in in_shell(command)
    assert owner.folder(form) == [EXAMPLE]


def test_the_readme_s_form_and_call_work(owner, form, website, open_context):
    readme = (ROOT / "README.md").read_text().replace(FORM_ID, form).replace("http://localhost:8000", owner.site)
    (html,) = re.findall(r"```html\n(.*?)```", readme, re.DOTALL)
    (call,) = [one for one in re.findall(r"```sh\n(.*?)```", readme, re.DOTALL) if one.startswith("curl ")]
    page, _ = open_context(java_script_enabled=False)
    page.goto(website.publish("page.html", BARE + html))

    write(page)
    expect(page).to_have_url(f"{owner.site}/f/{form}/thanks")
    assert '"ok": true' in in_shell(call)
    assert as_curl(call).startswith('{"ok": true')

    assert owner.folder(form) == [TYPED, {"name": "Ada", "message": "Hi"}, {"name": "Ada", "message": "Hi"}]


def test_formspree_s_hook_works(owner, form, website, open_context):
    page, behind = open_context()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false })")
    snippet = code("formspree-client", owner, form)
    page.goto(website.publish("page.html", BARE + node.bundled(MOUNTED["react"], {"Contact.jsx": snippet})))

    write(page)

    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert owner.folder(form) == [TYPED]
    assert behind.complaints == []


def test_formspree_s_core_works(owner, form):
    executable = (ROOT / ".tools" / "node.path").read_text().strip()
    done = subprocess.run(
        [executable, "--input-type=module"],
        input=code("formspree-client", owner, form, 1),
        cwd=node.CLIENTS,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == f"{owner.site}/f/{form}/thanks\n"
    assert owner.folder(form) == [EXAMPLE]


def test_formspree_s_ajax_works(owner, form, website, open_context):
    page, _ = open_context()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false })")
    html = code("html", owner, form).replace("<form", '<form id="contact"')
    page.goto(website.publish("page.html", BARE + html + node.bundled(code("formspree-client", owner, form, 2))))

    write(page)

    expect(page.get_by_text("Thank you!")).to_be_visible()
    assert owner.folder(form) == [TYPED]


@pytest.mark.parametrize("way", ["react", "vue", "eleventy", "html"])
def test_braces_in_labels_and_patterns_are_only_braces(owner, form, website, open_context, way):
    shown = {one.id: one for one in connections.ways(owner.site, form, BRACES)}[way].codes
    snippet = shown[1 if way == "eleventy" else 0].text
    if way in MOUNTED:
        snippet = node.bundled(MOUNTED[way], {"Contact.jsx": snippet, "Contact.vue": snippet})
    if way == "eleventy":
        snippet = (
            jinja2.Environment(autoescape=True).from_string(snippet).render(site={"form": f"{owner.site}/f/{form}"})
        )
    page, behind = open_context()
    page.goto(website.publish("page.html", BARE + snippet))

    labels = [label.strip() for label in page.locator("label").all_text_contents()]
    assert labels == [field["label"] for field in BRACES]
    assert page.locator("[name=message]").get_attribute("pattern") == BRACES[1]["pattern"]
    assert behind.complaints == []


def in_shell(command):
    if not shutil.which("curl"):
        return as_curl(command)
    shell = [shutil.which("bash") or "sh", "-c", command.replace("curl ", "curl -sS ", 1)]
    return subprocess.run(shell, capture_output=True, text=True, check=True).stdout


def as_curl(command):
    """Send what a command of ours says, where there is no curl."""
    _, *words = shlex.split(command.replace("\\\n", " "))
    url = next(word for word in words if word.startswith("http"))
    words.remove(url)
    pairs = list(zip(words[::2], words[1::2], strict=True))
    headers = dict(value.split(": ") for option, value in pairs if option == "-H")
    is_json = "json" in headers.get("Content-Type", "")
    sent = [value for option, value in pairs if option in {"-d", "--data-urlencode"}]
    fields = {} if is_json else dict(value.split("=", 1) for value in sent)
    body = sent[0] if is_json else None
    return httpx.post(url, headers=headers, data=fields or None, content=body).text


def serve_htmx(page):
    """Hand out htmx from what npm installed."""
    script = (node.PACKAGES / "htmx.org" / "dist" / "htmx.min.js").read_text()
    page.route("https://unpkg.com/**", lambda route: route.fulfill(body=script, content_type="text/javascript"))
