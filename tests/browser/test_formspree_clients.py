"""Formspree's own clients, as npm has them, against `make run`: each success, and each refusal as they tell it."""

import json
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from tests.browser import node

GONE = "abcdefghjkmn"
PERSON = "Object.defineProperty(Navigator.prototype, 'webdriver', { get: () => false })"
FIELDS = [
    {"name": "email", "type": "email", "required": True},
    {"name": "age", "type": "integer", "min": 18, "max": 120},
    {"name": "size", "type": "choice", "options": [{"value": "small"}, {"value": "large"}]},
    {"name": "code", "type": "text", "pattern": "[A-Z]{3}"},
    {"name": "site", "type": "url"},
    {"name": "call", "type": "phone"},
    {"name": "day", "type": "date"},
    {"name": "hour", "type": "time"},
    {"name": "agreed", "type": "checkbox"},
    {"name": "name", "type": "text", "min_length": 2, "max_length": 20},
]
OFTEN = 10  # each instance counts for itself, and a busy machine runs several
EMAIL = {"email": "ada@example.com"}


class Case(NamedTuple):
    """What is sent to which form, and what comes of it: the code of the form, or of a field. No code is success."""

    data: dict[str, Any]
    code: str = ""
    field: str = ""
    definition: dict[str, Any] = {}  # noqa: RUF012  nobody changes it
    form: str = ""
    project: str = ""
    file: bool = False
    times: int = 1
    unknown: bool = False  # to the client, which then says UNSPECIFIED and keeps the sentence


def declared(field, value, code, *, unknown=False, **more):
    return Case({**EMAIL, field: value}, code, field, {"fields": FIELDS, **more}, unknown=unknown)


CASES = {
    "what is typed": Case({"name": "Ada", "message": "Good morning, is the shop open on Sunday?"}),
    "a project's form": Case({"message": "Good morning to the project"}, project="1234567890"),
    "typed fields": Case({**EMAIL, "age": "36", "size": "small"}, definition={"fields": FIELDS}),
    "a name twice": Case({"day": ["Monday", "Friday"]}),
    "nothing": Case({"message": "  "}, "EMPTY"),
    "an unknown form": Case(EMAIL, "FORM_NOT_FOUND", form=GONE),
    "an unknown form of a project": Case(EMAIL, "FORM_NOT_FOUND", form=GONE, project="1234567890"),
    "a form switched off": Case(EMAIL, "INACTIVE", definition={"active": False}),
    "from elsewhere": Case(
        EMAIL, "BLOCKED", definition={"allowed_origins": ["https://shop.example.com"], "require_origin": True}
    ),
    "a file": Case(EMAIL, "NO_FILE_UPLOADS", file=True),
    "a field left out": Case({"name": "Ada"}, "REQUIRED_FIELD_MISSING", "email", {"fields": FIELDS}),
    "a field left empty": Case({"email": "", "name": "Ada"}, "REQUIRED_FIELD_EMPTY", "email", {"fields": FIELDS}),
    "no e-mail address": declared("email", "ada at example", "TYPE_EMAIL"),
    "no number": declared("age", "old", "TYPE_NUMERIC"),
    "no text": declared("agreed", "maybe", "TYPE_TEXT"),
    "no web address": declared("site", "not a site", "TYPE_URL", unknown=True),
    "no phone number": declared("call", "nobody", "TYPE_PHONE", unknown=True),
    "no date": declared("day", "someday", "TYPE_DATE", unknown=True),
    "no time": declared("hour", "later", "TYPE_TIME", unknown=True),
    "no option": declared("size", "huge", "NOT_AN_OPTION", unknown=True),
    "too short": declared("name", "A", "TOO_SHORT", unknown=True),
    "too long": declared("name", "A" * 21, "TOO_LONG", unknown=True),
    "too small": declared("age", "17", "TOO_SMALL", unknown=True),
    "too large": declared("age", "121", "TOO_LARGE", unknown=True),
    "no match": declared("code", "abc", "PATTERN_MISMATCH", unknown=True),
    "an unknown name": declared("colour", "red", "UNKNOWN_FIELD", unknown=True, strict=True),
    "too much": Case({f"n{n}": "1" for n in range(201)}, "TOO_LARGE", unknown=True),
    "no captcha": Case(EMAIL, "CAPTCHA", definition={"spam": {"captcha": "altcha"}}, unknown=True),
    "too often": Case(
        EMAIL, "RATE_LIMITED", definition={"limits": {"per_address_per_minute": 1}}, times=OFTEN, unknown=True
    ),
}
each_case = pytest.mark.parametrize("case", CASES)
EXAMPLES = {
    "EMPTY": "Nothing was filled in.",
    "TYPE_EMAIL": "Email must be an e-mail address, like ada@example.com.",
    "TOO_LONG": "Name must have at most 20 characters.",
}


@pytest.fixture(scope="module")
def forms(owner):
    """A form for each case, made at once."""
    return {name: case.form or owner.form(**case.definition) for name, case in CASES.items()}


@pytest.fixture(scope="module")
def by_core(site, forms):
    """Return what @formspree/core makes of each case sent as multipart, and as JSON."""
    cases = [{**CASES[name]._asdict(), "form": form} for name, form in forms.items()]
    sent = [one | {"json": json} for json in (False, True) for one in cases if not (json and one["file"])]
    results = json.loads(node.run(node.CLIENTS / "core.mjs", {"endpoint": site, "cases": sent}))
    names = [(name, json) for json in (False, True) for name in CASES if not (json and CASES[name].file)]
    return dict(zip(names, results, strict=True))


@pytest.fixture(scope="module")
def script():
    return node.bundled((node.CLIENTS / "react.jsx").read_text())


def holds(case, result, site, form):
    """Whether the client was told what the case says."""
    if not case.code:
        assert result == {"next": f"{site}/f/{form}/thanks"}
        return
    code = "UNSPECIFIED" if case.unknown else case.code
    told = result["fields"].get(case.field, []) if case.field else result["form"]
    assert [one["code"] for one in told] == [code]
    assert told[0]["message"].strip()
    assert told[0]["message"] == EXAMPLES.get(case.code, told[0]["message"])
    others = {**result["fields"], "": result["form"]}
    others.pop(case.field)
    assert not any(others.values())


@pytest.mark.parametrize("as_json", [False, True], ids=["multipart", "JSON"])
@each_case
def test_core_is_answered(by_core, site, forms, case, as_json):
    if (case, as_json) not in by_core:
        assert CASES[case].file  # JSON holds none
        return
    holds(CASES[case], by_core[case, as_json], site, forms[case])


def test_what_core_sends_is_stored(owner, by_core, forms):
    assert by_core
    typed = {"email": "ada@example.com", "age": 36, "size": "small", "agreed": False}
    assert owner.folder(forms["typed fields"]) == [typed] * 2
    assert owner.folder(forms["a name twice"]) == [{"day": ["Monday", "Friday"]}] * 2
    assert len(owner.folder(forms["a project's form"])) == 2


def test_a_slash_at_the_end_of_the_endpoint_does_no_harm(site, owner):
    form = owner.form()
    case = {"form": form, "data": EMAIL}

    (result,) = json.loads(node.run(node.CLIENTS / "core.mjs", {"endpoint": f"{site}/", "cases": [case]}))

    assert result == {"next": f"{site}/f/{form}/thanks"}
    assert owner.folder(form) == [EMAIL]


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.times == 1])
def test_react_is_answered(owner, website, open_context, script, case):
    this = CASES[case]
    form = this.form or owner.form(**this.definition)
    page, behind = open_context()
    page.add_init_script(PERSON)
    page.goto(website.publish("react.html", BARE + script))
    extra = {} if this.code else {"extra": "told by the page"}
    page.evaluate("show", {"form": form, "endpoint": owner.site, "extra": extra, **sent(this)})
    attach(page, this)

    page.get_by_role("button", name="Send").click()

    holds(this, json.loads(page.locator("output").text_content()), owner.site, form)
    if this.field in this.data:
        assert page.locator(".field").all_text_contents()[0].startswith(f"{this.field} ")
    elif this.code and not this.field:
        expect(page.locator("#whole")).not_to_be_empty()
    if not this.code:
        assert owner.folder(form)[0].items() >= extra.items()
        assert behind.complaints == []


def test_react_sends_without_a_form(site, owner, website, open_context, script):
    form = owner.form()
    page, _ = open_context()
    page.add_init_script(PERSON)
    page.goto(website.publish("react.html", BARE + script))
    page.evaluate("show", {"hook": "useSubmit", "form": form, "endpoint": site, "data": {"message": "By the hook"}})

    page.get_by_role("button", name="Send").click()

    said = json.loads(page.locator("output").text_content())
    assert said == {"kind": "success", "next": f"{site}/f/{form}/thanks"}
    assert owner.folder(form) == [{"message": "By the hook"}]


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.times == 1])
def test_ajax_is_answered(site, owner, website, open_context, case):
    this = CASES[case]
    form = this.form or owner.form(**this.definition)
    page, behind = open_context()
    page.add_init_script(PERSON)
    page.goto(website.publish("ajax.html", ajax(site, form, this)))
    attach(page, this)

    page.get_by_role("button", name="Send").click()

    holds(this, json.loads(page.locator("output").text_content()), site, form)
    active = page.locator("[data-fs-active]")
    if not this.code:
        expect(active).to_have_text("Thank you!")
        assert behind.complaints == []
    elif not this.field:
        expect(active).to_have_attribute("data-fs-error", "")
    elif this.field in this.data:
        expect(active).to_have_attribute("data-fs-error", this.field)
        expect(page.locator("[aria-invalid=true]")).to_have_attribute("name", this.field)


def test_a_browser_that_a_program_drives_is_a_sign_of_spam(site, owner, website, open_context):
    form = owner.form(spam={"threshold": 3})
    page, _ = open_context()
    page.goto(website.publish("ajax.html", ajax(site, form, CASES["what is typed"])))

    page.get_by_role("button", name="Send").click()

    expect(page.locator("[data-fs-active]")).to_have_text("Thank you!")
    lying = owner.get(f"/v1/forms/{form}/submissions", params={"folder": "spam"}).json()["submissions"]
    assert "webdriver" in {signal["name"] for signal in lying[0]["spam"]["signals"]}


BARE = '<!doctype html><meta charset="utf-8"><title>My site</title><link rel="icon" href="data:,"><body>'


def sent(case):
    return {"data": case.data, "project": case.project, "file": case.file}


def attach(page, case):
    if case.file:
        page.locator("[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})


def ajax(site, form, case):
    pairs = [
        (name, one) for name, value in case.data.items() for one in (value if isinstance(value, list) else [value])
    ]
    inputs = [
        f'<input name="{name}" value="{value}" data-fs-field><span data-fs-error="{name}"></span>'
        for name, value in pairs
    ]
    told = {"formElement": "#contact", "formId": form, "origin": site} | (
        {"projectId": case.project} if case.project else {}
    )
    config = json.dumps(told)
    lines = [
        BARE,
        "<div data-fs-success></div><div data-fs-error></div>",
        '<form id="contact">',
        *inputs,
        '<input type="file" name="attachment">' if case.file else "",
        '<button type="submit" data-fs-submit-btn>Send</button></form>',
        "<script>",
        "window.formspree = window.formspree || function () { (formspree.q = formspree.q || []).push(arguments); };",
        "const say = (words) => {",
        '  document.body.appendChild(document.createElement("output")).textContent = JSON.stringify(words);',
        "};",
        f"formspree('initForm', {{ ...{config},",
        "  onSuccess: (_, result) => say({ next: result.next }),",
        "  onError: (_, error) => say({",
        "    form: error.getFormErrors(), fields: Object.fromEntries(error.getAllFieldErrors()),",
        "  }),",
        "});",
        "</script>",
        node.inline((node.PACKAGES / "@formspree/ajax/dist/global.js").read_text()),
    ]
    return "\n".join(lines)
