"""A hosted form in a real browser: page by page, by keyboard, from right to left, without JavaScript."""

import pytest
from playwright.sync_api import expect

YES = [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}]
MEALS = [{"value": "meat", "label": "Meat"}, {"value": "fish", "label": "Fish"}]
COMING = {"field": "coming", "equals": "yes"}
FIELDS = [
    {"name": "name", "label": "Your name", "type": "text", "required": True},
    {"name": "email", "label": "E-mail", "type": "email", "help": "For the answer."},
    {"name": "coming", "label": "Are you coming?", "type": "choice", "options": YES, "required": True}
    | {"starts_page": "The evening"},
    {"name": "meals", "label": "What do you eat?", "type": "choices", "options": MEALS, "required": True}
    | {"show_if": COMING},
    {"name": "guests", "label": "Guests", "type": "integer", "max": 4, "show_if": COMING, "required": True},
    {"name": "bus", "label": "By bus", "type": "checkbox", "show_if": COMING, "starts_page": "The way"},
    {"name": "stop", "label": "Which stop?", "type": "text", "show_if": {"field": "bus", "equals": True}},
    {"name": "wishes", "label": "Wishes", "type": "long_text", "starts_page": "The end"},
]


@pytest.fixture
def form_id(owner):
    return owner.form(name="Summer evening", fields=FIELDS, appearance={"accent": "#1b6e45", "layout": "card"})


@pytest.fixture
def opened(site, form_id, open_context):
    """The form's page, in a browser that tells what went wrong."""
    page, watched = open_context()
    page.goto(f"{site}/f/{form_id}")
    page.watched = watched
    return page


def focused(page):
    return page.evaluate("document.activeElement.name || document.activeElement.tagName")


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def test_one_page_after_the_other_and_back(opened, owner, form_id):
    page = opened
    expect(page.get_by_text("Page 1 of 3")).to_be_visible()
    expect(page.get_by_label("Are you coming?")).to_be_hidden()
    expect(button(page, "Send")).to_be_hidden()

    page.get_by_label("Your name").fill("Ada")
    button(page, "Next").click()
    expect(page.get_by_role("heading", name="The evening")).to_be_visible()
    assert focused(page) == "DIV"
    page.get_by_label("Yes").check()
    page.get_by_label("Fish").check()
    page.get_by_label("Guests").fill("2")
    button(page, "Next").click()
    page.get_by_label("By bus").check()
    page.get_by_label("Which stop?").fill("Mill")
    button(page, "Back").click()
    expect(page.get_by_label("Guests")).to_have_value("2")
    button(page, "Next").click()
    button(page, "Next").click()
    expect(page.get_by_text("Page 4 of 4")).to_be_visible()
    button(page, "Send").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    sent = {"name": "Ada", "email": "", "coming": "yes", "meals": ["fish"], "guests": 2, "bus": True, "stop": "Mill"}
    assert owner.folder(form_id) == [sent | {"wishes": ""}]
    assert page.watched.complaints == []


def test_what_is_not_asked_is_passed_over_and_so_is_a_page_of_nothing_else(opened, owner, form_id):
    page = opened
    page.get_by_label("Your name").fill("Ada")
    button(page, "Next").click()
    page.get_by_label("Yes").check()
    page.get_by_label("Guests").fill("nine")
    page.get_by_label("No").check()
    expect(page.get_by_label("Guests")).to_be_hidden()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()

    button(page, "Next").click()
    expect(page.get_by_label("Wishes")).to_be_visible()
    button(page, "Send").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert owner.folder(form_id) == [{"name": "Ada", "email": "", "coming": "no", "wishes": ""}]


def test_a_page_is_left_only_when_it_fits(opened):
    page = opened
    button(page, "Next").click()
    assert focused(page) == "name"
    expect(page.get_by_text("Page 1 of 3")).to_be_visible()

    page.get_by_label("Your name").fill("Ada")
    button(page, "Next").click()
    page.get_by_label("Yes").check()
    button(page, "Next").click()

    assert focused(page) == "meals"
    assert page.get_by_label("Meat").evaluate("one => one.validationMessage") == "Please choose at least one."


def test_all_of_it_by_keyboard(opened, owner, form_id):
    page = opened
    page.keyboard.press("Tab")
    assert focused(page) == "name"
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")  # leads on, and sends nothing yet
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("No")).to_be_checked()
    for _ in range(2):  # past Back
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("None")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**/thanks")
    assert owner.folder(form_id) == [{"name": "Ada", "email": "", "coming": "no", "wishes": "None"}]


def test_what_the_server_finds_opens_its_page_with_the_focus_on_it(opened):
    page = opened
    page.get_by_label("Your name").fill("Ada")
    button(page, "Next").click()
    page.get_by_label("Yes").check()
    page.get_by_label("Meat").check()
    page.get_by_label("Guests").fill("many")  # of which a browser knows nothing
    button(page, "Next").click()
    button(page, "Next").click()
    button(page, "Send").click()

    expect(page.get_by_role("alert")).to_contain_text("Guests must be a whole number.")
    expect(page.get_by_label("Guests")).to_be_focused()
    expect(page.get_by_label("Guests")).to_have_value("many")
    expect(page.get_by_text("Page 2 of 4")).to_be_visible()
    assert page.title() == "Please mend: Summer evening"
    button(page, "Back").click()
    expect(page.get_by_label("Your name")).to_have_value("Ada")
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("Guests")).to_be_focused()


def test_without_a_script_all_pages_stand_there_and_an_error_has_the_focus(owner, site, form_id, open_context):
    page, _ = open_context(java_script_enabled=False)
    page.goto(f"{site}/f/{form_id}")
    expect(page.locator(".progress").first).to_be_hidden()
    expect(page.get_by_role("heading", name="The evening")).to_be_visible()
    expect(page.get_by_text("Only if “Are you coming?” is “Yes”.").first).to_be_visible()

    page.get_by_label("Your name").fill("Ada")
    page.get_by_label("Yes").check()
    page.get_by_label("Fish").check()
    page.get_by_label("Guests").fill("many")
    button(page, "Send").click()
    expect(page.locator("[aria-invalid=true]")).to_be_focused()
    page.get_by_label("Guests").fill("1")
    button(page, "Send").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert [one["guests"] for one in owner.folder(form_id)] == [1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_arabic_runs_from_right_to_left_and_fits_a_phone(site, form_id, open_context, scheme):
    page, watched = open_context(viewport={"width": 390, "height": 844}, locale="ar", color_scheme=scheme)
    page.goto(f"{site}/f/{form_id}?name={'x' * 300}")

    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    progress = page.locator(".progress:visible")
    expect(progress).to_have_text("الصفحة 1 من 3")
    box, words = progress.bounding_box(), page.locator("#page-1").bounding_box()
    assert words["x"] + words["width"] == pytest.approx(box["x"] + box["width"], abs=1)
    assert watched.complaints == []


def test_a_form_is_sent_once_says_so_and_can_be_sent_again_after_a_request_that_was_stopped(site, owner, open_context):
    form_id = owner.form(name="Slow", fields=[{"name": "name", "label": "Name", "type": "text"}])
    page, _ = open_context()
    page.clock.install()
    page.goto(f"{site}/f/{form_id}")
    stopped = []

    def stop(route):
        stopped.append(route.request.method)
        route.fulfill(status=204)  # which leaves the page as it is, as Escape does

    page.route(f"**/f/{form_id}", stop)
    page.get_by_label("Name").fill("Ada")
    with page.expect_request(f"**/f/{form_id}"):
        button(page, "Send").click(no_wait_after=True)
    page.clock.run_for(1_000)
    expect(page.get_by_role("status")).to_be_empty()

    button(page, "Send").click(no_wait_after=True)
    expect(page.get_by_role("status")).to_have_text("One moment, please")
    assert stopped == ["POST"]
    page.clock.run_for(10_000)
    expect(page.get_by_role("status")).to_be_empty()
    page.unroute(f"**/f/{form_id}")
    button(page, "Send").click()

    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert owner.folder(form_id) == [{"name": "Ada"}]


def test_long_words_and_hostile_ones_stay_on_the_page(owner, site, open_context):
    fields = [
        {"name": "a", "label": "W" * 200, "type": "text", "help": "w" * 1000},
        {"name": "b", "label": "<img src=x onerror=alert(1)>", "type": "choice"}
        | {"options": [{"value": "o", "label": "o" * 200}]},
    ]
    form_id = owner.form(name="N" * 100, fields=fields)
    page, watched = open_context(viewport={"width": 390, "height": 844})
    page.goto(f"{site}/f/{form_id}")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.locator("img").count() == 0
    assert watched.complaints == []


def test_a_first_visit_weighs_little_and_asks_nobody_else(site, form_id, open_context):
    page, watched = open_context()
    weights = {}
    page.on("requestfinished", lambda request: weights.update({request.url: request.sizes()["responseBodySize"]}))
    page.goto(f"{site}/f/{form_id}", wait_until="networkidle")

    assert sum(weights.values()) <= 60 * 1024
    assert watched.origins == {site}


def test_a_page_tells_that_it_was_seen_begun_and_where_it_came_to_but_not_of_whom(site, form_id, open_context):
    told = []
    page, _ = open_context()
    page.on("request", lambda request: told.append(request.post_data_json) if "/visit" in request.url else None)
    page.goto(f"{site}/f/{form_id}")
    page.get_by_label("Your name").fill("Ada")
    button(page, "Next").click()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()

    assert told == [
        {"what": "view", "page": 1, "from": ""},
        {"what": "start", "page": 1},
        {"what": "page", "page": 2},
    ]


def test_who_asks_not_to_be_watched_is_not_counted(site, form_id, open_context):
    told = []
    page, _ = open_context()
    page.add_init_script("Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })")
    page.on("request", lambda request: told.append(request.url) if "/visit" in request.url else None)
    page.goto(f"{site}/f/{form_id}")
    page.get_by_label("Your name").fill("Ada")

    assert told == []
