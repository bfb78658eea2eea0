"""A form in pages of the owner's own site, put there by embed.js or by a plain frame."""

import pytest
from playwright.sync_api import expect

WAIT = 15_000  # milliseconds: a frame is a whole page


@pytest.fixture
def form_id(owner):
    return owner.form(name="Write to us")


@pytest.fixture
def publish(site, website):
    """Publish a page of the owner's own, which lets in nothing but Pillarbox's script and frames."""
    policy = f"default-src 'none'; script-src {site} 'nonce-own'; frame-src {site}"

    def published(body, *, head=""):
        html = f'<!doctype html><html lang="en"><head><title>Ada</title>{head}'
        html += f'<meta http-equiv="content-security-policy" content="{policy}"></head><body><h1>Ada</h1>{body}</body>'
        return website.publish("page.html", html)

    return published


def script(site, attributes):
    return f'<script src="{site}/static/embed.js" {attributes} async></script>'


def test_a_form_stands_where_its_script_stands_as_high_as_it_is(owner, site, form_id, publish, open_context):
    page, watched = open_context()
    page.goto(publish(f"<p>Before</p>{script(site, f'data-form="{form_id}"')}<p>After</p>"))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_label("Message")).to_be_visible(timeout=WAIT)

    expect(page.locator("iframe")).to_have_attribute("title", "Write to us")
    inside = frame.locator("body").evaluate("body => Math.ceil(body.getBoundingClientRect().height)")
    assert page.locator("iframe").bounding_box()["height"] == inside
    tops = [page.get_by_text(words).bounding_box()["y"] for words in ("Before", "After")]
    assert tops[0] < page.locator("iframe").bounding_box()["y"] < tops[1]
    assert frame.locator("body").evaluate("body => getComputedStyle(body).backgroundColor") == "rgba(0, 0, 0, 0)"
    frame.get_by_label("Message").fill("Hello")
    frame.get_by_role("button", name="Send").click()

    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible(timeout=WAIT)
    expect(frame.get_by_role("heading", name="Thank you")).to_be_focused()
    assert [one["message"] for one in owner.folder(form_id)] == ["Hello"]
    assert watched.complaints == []


def test_an_error_is_shown_in_the_frame_which_grows_with_it(owner, site, publish, open_context):
    form_id = owner.form(name="Seats", fields=[{"name": "seats", "label": "Seats", "type": "integer"}])
    page, _ = open_context()
    page.goto(publish(script(site, f'data-form="{form_id}" data-query="lang=it&seats=x"')))
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Invia").click(timeout=WAIT)

    expect(frame.get_by_role("alert")).to_contain_text("«Seats» deve essere un numero intero.", timeout=WAIT)
    expect(frame.get_by_label("Seats")).to_be_focused()
    assert frame.locator("html").evaluate("html => html.scrollHeight <= innerHeight")


def test_two_forms_of_one_page_keep_to_themselves(owner, site, form_id, publish, open_context):
    other = owner.form(name="Order")
    page, watched = open_context()
    page.goto(publish(script(site, f'data-form="{form_id}"') + script(site, f'data-form="{other}"')))
    page.evaluate("addEventListener('pillarbox:sent', (event) => { document.title = event.detail.form; })")
    first, second = (page.frame_locator("iframe").nth(n) for n in range(2))
    second.get_by_label("Message").fill("Two", timeout=WAIT)
    second.get_by_role("button", name="Send").click()

    expect(second.get_by_role("heading", name="Thank you")).to_be_visible(timeout=WAIT)
    expect(page).to_have_title(other)
    expect(first.get_by_label("Message")).to_have_value("")
    assert (owner.folder(form_id), len(owner.folder(other))) == ([], 1)
    assert watched.complaints == []


def test_a_popup_takes_the_focus_closes_by_escape_and_keeps_what_was_typed(site, form_id, publish, open_context):
    link = f'<p><a href="{site}/f/{form_id}" data-pillarbox="{form_id}">Write to us</a></p>'
    page, watched = open_context()
    page.goto(publish(link + script(site, "") + script(site, "")), wait_until="networkidle")  # twice: one opens it
    page.get_by_role("link").click()
    dialog = page.get_by_role("dialog", name="Write to us")
    expect(dialog).to_have_count(1, timeout=WAIT)
    frame = page.frame_locator("dialog iframe")
    frame.get_by_label("Message").fill("Hello")

    page.keyboard.press("Escape")  # within the frame
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(frame.get_by_label("Message")).to_have_value("Hello")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("link").click()
    page.evaluate("addEventListener('pillarbox:sent', () => { document.title = 'Sent' })")
    frame.get_by_role("button", name="Send").click()
    expect(page).to_have_title("Sent", timeout=WAIT)  # the answer's script runs by then, and hears the key
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    assert watched.complaints == []


def test_a_button_of_the_script_s_own_opens_it_in_the_visitor_s_language(site, form_id, publish, open_context):
    page, _ = open_context(locale="de")
    page.goto(publish(script(site, f'data-form="{form_id}" data-popup="Schreiben"')))
    page.get_by_role("button", name="Schreiben").click()

    expect(page.get_by_role("dialog").get_by_role("button", name="Schließen")).to_be_visible(timeout=WAIT)
    expect(page.frame_locator("iframe").get_by_label("Nachricht")).to_be_visible()


def test_the_page_around_is_led_on_where_the_form_leads(owner, site, website, publish, open_context):
    there = website.publish("there.html", "<!doctype html><title>There</title><h1>There</h1>")
    form_id = owner.form(name="Leads on", redirect_url=there)
    page, _ = open_context()
    page.goto(publish(script(site, f'data-form="{form_id}"')))
    frame = page.frame_locator("iframe")
    frame.get_by_label("Message").fill("Hello", timeout=WAIT)
    frame.get_by_role("button", name="Send").click()

    page.wait_for_url(there)


def test_or_stays_when_it_says_so_and_a_plain_frame_offers_a_link(owner, site, website, publish, open_context):
    there = website.publish("there.html", "<!doctype html><title>There</title><h1>There</h1>")
    form_id = owner.form(name="Leads on", redirect_url=there)
    page, _ = open_context(java_script_enabled=False)
    page.goto(publish(f'<iframe src="{site}/f/{form_id}?embed=light" title="Write" width="600" height="700"></iframe>'))
    frame = page.frame_locator("iframe")
    frame.get_by_label("Message").fill("Hello", timeout=WAIT)
    frame.get_by_role("button", name="Send").click()
    frame.get_by_role("link", name="Go on").click(timeout=WAIT)
    page.wait_for_url(there)

    page, _ = open_context()
    page.goto(publish(script(site, f'data-form="{form_id}"')))
    page.evaluate(
        "addEventListener('pillarbox:sent', (event) => { event.preventDefault(); document.title = 'Stays'; })"
    )
    frame = page.frame_locator("iframe")
    frame.get_by_label("Message").fill("Hello", timeout=WAIT)
    frame.get_by_role("button", name="Send").click()
    expect(page).to_have_title("Stays", timeout=WAIT)
    expect(frame.get_by_role("heading", name="Thank you")).to_be_visible()


def test_a_page_that_may_not_frame_it_gets_a_link(owner, site, publish, open_context):
    form_id = owner.form(name="Nobody", allowed_frames=[])
    page, _ = open_context()
    page.goto(publish(script(site, f'data-form="{form_id}" data-link="Open the form"')))

    link = page.get_by_role("link", name="Open the form")
    expect(link).to_be_visible(timeout=WAIT)
    expect(link).to_have_attribute("href", f"{site}/f/{form_id}")
    assert page.locator("iframe").count() == 0


@pytest.mark.parametrize(
    ("head", "scheme"), [("", "light"), ('<meta name="color-scheme" content="light dark">', "dark")]
)
def test_it_is_dark_only_where_the_page_around_is(site, form_id, publish, open_context, head, scheme):
    page, _ = open_context(color_scheme="dark")
    page.goto(publish(script(site, f'data-form="{form_id}"'), head=head))
    body = page.frame_locator("iframe").locator("body")

    ink = {"light": "rgb(31, 27, 24)", "dark": "rgb(242, 237, 231)"}[scheme]
    expect(body).to_have_css("color", ink, timeout=WAIT)


def test_what_another_window_says_is_not_heard(site, form_id, publish, open_context):
    forged = """<script nonce="own">
      const said = { pillarbox: "FORM", height: 9, title: "Forged", sent: true, next: "https://evil.example/" };
      postMessage(said, "*");
      dispatchEvent(new MessageEvent("message", { data: said, origin: "SITE", source: window }));
      addEventListener("pillarbox:sent", () => { document.title = "Forged"; });
      setTimeout(() => { postMessage(said, "*"); document.body.append("Said"); }, 2000);
    </script>""".replace("FORM", form_id).replace("SITE", site)
    page, _ = open_context()
    page.goto(publish(script(site, f'data-form="{form_id}"') + forged))
    expect(page.locator("iframe")).to_have_attribute("title", "Write to us", timeout=WAIT)
    expect(page.get_by_text("Said")).to_be_visible(timeout=WAIT)

    assert page.title() == "Ada"
    assert page.locator("iframe").bounding_box()["height"] > 300


def test_the_script_is_small(owner):
    packed = owner.get("/static/embed.js", headers={"accept-encoding": "gzip"})

    assert int(packed.headers["content-length"]) <= 2 * 1024
    assert len(packed.content) <= 3.5 * 1024
