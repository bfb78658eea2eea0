"""The checks of every page can fail: each finds what is broken on purpose here, and nothing on a page that is right."""

import pytest

from tests.browser import checks
from tests.browser.checks import Traffic

RIGHT = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>A right page</title>
  <style>
    :root { color-scheme: light dark; }
    body { margin: 1rem; background: #fff; color: #111; }
    @media (prefers-color-scheme: dark) { body { background: #111; color: #fff; } }
    input, button, a { min-height: 44px; min-width: 44px; }
    a { display: inline-block; color: inherit; }
    :focus-visible { outline: 2px solid currentcolor; }
  </style>
</head>
<body>
  <header><a href="#main">Skip</a> <nav aria-label="Site"><a href="/a">Forms</a></nav></header>
  <main id="main">
    <h1>Everything is as it should be</h1>
    <form method="post" action="/b">
      <label>Name <input name="name"></label>
      <button>Send</button>
    </form>
  </main>
  <footer><p>The end</p></footer>
</body>
</html>
"""
TRAP = "<div onkeydown=\"if (event.key === 'Tab') { event.preventDefault(); }\"><a href='/t'>Stay</a></div>"
FORM, SEND = '<form method="post" action="/b">', "<button>Send</button>"
# The check, what is broken (this part of the right page becomes that), and what is said of it.
BROKEN = [
    (checks.axe, "<label>Name", "<label></label><p>Name</p>", "label: Form elements must have labels"),
    (checks.axe, "color: #111; }", "color: #bbb; }", "color-contrast"),
    (checks.axe, 'lang="en"', "", "html-has-lang"),
    (checks.axe, FORM, f"<h4>Too deep</h4>{FORM}", "heading-order"),
    (checks.structure, "<h1>", "<h1>Another</h1><h1>", "it has 2 h1"),
    (checks.structure, 'lang="en"', "", "its language isn't told"),
    (checks.structure, "A right page", "undefined · Pillarbox", "its title is “undefined"),
    (checks.structure, "<footer>", "<main></main><footer>", "it needs one <main>"),
    (checks.layout, "Everything", "E" * 10_000, "px wide in a window of 390"),
    (checks.layout, "<h1>", "<p style='position: relative; left: -30px'>Cut off</p><h1>", "reaches from"),
    (checks.keyboard, SEND, f'{SEND}<b tabindex="3">B</b>', "tabindex above 0"),
    (checks.keyboard, "2px solid currentcolor", "none", "nothing shows that <button> “Send” has the focus"),
    (checks.keyboard, "<footer>", f"{TRAP}<footer><a href='/u'>After</a>", "Tab never comes to <a> “After”"),
    (checks.keyboard, SEND, f"{SEND}<p style='position: fixed; inset: 0'>Over</p>", "has the focus under"),
    (checks.skip_link, '<a href="#main">Skip</a>', "", "is no link past"),
    (checks.skip_link, 'id="main"', "", "leads into it"),
]  # fmt: skip
BY_NAME = [
    ("thumbs", (), "min-height: 44px;", "height: 20px;", "too small for a thumb"),
    (
        "motion",
        (150,),
        "min-width: 44px;",
        "min-width: 44px; transition: all 200ms;",
        "moves for 200 ms",
    ),
    ("motion", (1,), "margin: 1rem;", "margin: 1rem; animation: turn 2s infinite;", "moves for 2000 ms"),
    ("idle", (), SEND, '<button type="button">Open</button>', "does nothing without JavaScript"),
    ("idle", (), SEND, "", "has no button that sends it"),
    ("idle", (), FORM, "<form></form>", "belongs to no form"),
    ("idle", (), SEND, f'{SEND}<a role="button">Menu</a>', "does nothing without JavaScript"),
]
INVALID = [
    ("<h1>", "<h1><div>Block</div>", "element-permitted-content"),
    ('name="name"', 'name="name" aria-describedby="none"', "no-missing-references"),
    ('id="main"', 'id="main" id="other"', "no-dup-attr"),
    ("</main>", "</section>", "close-order"),
    (SEND, "<button>Send", "close-order"),
    ("<p>The end", "<p><img src='/x'>The end", "wcag/h37"),
]


def reported(found, words):
    return any(words in sentence for sentence in found)


@pytest.fixture
def phone(browser):
    """A narrow page, whose background of its own is white."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme="light")
    yield page
    page.close()


@pytest.mark.parametrize("check", dict.fromkeys(check for check, *_ in BROKEN), ids=lambda check: check.__name__)
def test_nothing_is_said_of_a_page_that_is_right(phone, check):
    phone.set_content(RIGHT)

    assert check(phone) == []


@pytest.mark.parametrize(("name", "given"), {name: given for name, given, *_ in BY_NAME}.items())
def test_nothing_is_said_of_what_is_right_in_it(phone, name, given):
    phone.set_content(RIGHT)

    assert checks.look(phone, name, *given) == []


@pytest.mark.parametrize(("check", "part", "broken", "words"), BROKEN)
def test_what_is_broken_is_found(phone, check, part, broken, words):
    assert part in RIGHT
    phone.set_content(RIGHT.replace(part, broken, 1))

    assert reported(check(phone), words)


@pytest.mark.parametrize(("name", "given", "part", "broken", "words"), BY_NAME)
def test_what_is_broken_in_it_is_found(phone, name, given, part, broken, words):
    assert part in RIGHT
    phone.set_content(RIGHT.replace(part, broken, 1))

    assert reported(checks.look(phone, name, *given), words)


def test_html_that_is_right_is_valid(valid):
    assert [one for one in valid(RIGHT) if "no-inline-style" not in one] == []


@pytest.mark.parametrize(("part", "broken", "words"), INVALID)
def test_html_that_is_not_is_not(valid, part, broken, words):
    assert part in RIGHT

    assert reported(valid(RIGHT.replace(part, broken, 1)), words)


def test_colours_that_stay_as_they_are_are_found(phone):
    phone.set_content(RIGHT)
    assert [*checks.scheme(phone, "dark"), *checks.scheme(phone, "light")] == []

    phone.set_content(RIGHT.replace("prefers-color-scheme: dark", "print"))
    assert reported(checks.scheme(phone, "dark"), "isn't dark")


def test_a_ring_that_forced_colours_take_away_is_found(phone):
    phone.set_content(RIGHT.replace("outline: 2px solid currentcolor", "outline: none; box-shadow: 0 0 0 2px red"))
    checks.keyboard(phone)
    phone.emulate_media(forced_colors="active")

    assert reported(checks.look(phone, "rings"), "nothing shows that <button> “Send” has the focus")


def test_what_goes_over_the_wire_is_weighed_and_its_guards_are_missed(website, open_context):
    # And the icon that browsers look for.
    parts = "".join(f'<img src="/{n}.html" alt="">' for n in range(checks.MOST_REQUESTS))
    url = website.publish("page.html", RIGHT.replace("The end", f"{'x' * checks.MOST_BYTES}{parts}"))
    for n in range(checks.MOST_REQUESTS):
        website.publish(f"{n}.html", "x")
    page, _ = open_context()
    traffic = Traffic(page)
    page.goto(url)
    page.evaluate("console.error('Refused to run it')")

    assert reported(traffic.weight(), "its first visit takes 6")
    assert reported(traffic.weight(), f"takes {checks.MOST_REQUESTS + 2} requests")
    assert reported(traffic.complained(200), "Refused to run it")
    assert reported(checks.guarded(traffic.responses, website.url), "/page.html has no strict Content-Security-Policy")
    assert reported(checks.guarded(traffic.responses, "http://localhost:1"), "it asks somebody else")


def test_a_policy_that_allows_much_is_found(open_context):
    page, _ = open_context()
    policy = "default-src 'none'; script-src 'self' 'unsafe-inline'"
    headers = {"content-security-policy": policy, "x-content-type-options": "nosniff"}
    page.route("**/*", lambda route: route.fulfill(body=RIGHT, content_type="text/html", headers=headers))
    traffic = Traffic(page)
    page.goto("http://pillarbox.test/")

    assert checks.guarded(traffic.responses, "http://pillarbox.test") == ["/: its policy allows 'unsafe-inline'"]
