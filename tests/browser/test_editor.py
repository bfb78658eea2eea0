"""The field editor in a real browser: by mouse, by keyboard alone, without scripts, on a phone, and by two people."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_main_journey import fits

FIELDS = [
    {"name": "name", "type": "text", "label": "Name"},
    {"name": "email", "type": "email", "label": "E-mail"},
    {"name": "message", "type": "long_text", "label": "Message"},
]


@pytest.fixture
def editor(opened):
    """Open the editor of a form in a browser of its own, signed in as the owner."""

    def editor(form_id, **settings):
        page, behind = opened(f"/forms/{form_id}/fields", **settings)
        if settings.get("java_script_enabled", True):
            expect(page.locator("#editor.scripted")).to_be_visible()
        return page, behind

    return editor


def labels(page):
    return page.locator(".field-rows .row-label")


def preview(page):
    return page.frame_locator("#preview")


def declared(owner, form_id):
    return [(one["label"], one["type"]) for one in owner.get(f"/v1/forms/{form_id}").json()["fields"]]


def test_a_form_is_built_by_mouse_and_the_preview_follows(owner, editor):
    form_id = owner.form(name="Booking")
    page, behind = editor(form_id)

    page.get_by_role("button", name="Short text").click()
    expect(page.locator("#f-label")).to_be_focused()
    page.locator("#f-label").fill("Your name")
    expect(preview(page).get_by_label("Your name")).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Draft saved")
    expect(page.locator("#f-name")).to_have_value("your_name")
    page.locator("#add summary").click()
    page.get_by_role("button", name="Choose one").click()
    expect(page.locator("#f-options")).to_be_visible()
    page.locator("#f-options").fill("yes | Yes, gladly\nno | Sadly, no")
    expect(preview(page).get_by_label("Sadly, no")).to_be_visible()
    page.get_by_role("button", name="Up", exact=True).click()
    expect(labels(page)).to_have_text(["Choose one", "Your name"])
    page.locator("#f-type").select_option("long_text")
    expect(page.locator("#told")).to_contain_text("dropped: the options")
    assert declared(owner, form_id) == []
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#told")).to_contain_text("Published")

    assert declared(owner, form_id) == [("Choose one", "long_text"), ("Your name", "text")]
    assert behind.complaints == []
    assert behind.origins == {owner.site}


def test_rows_are_dragged_and_what_was_removed_comes_back(owner, editor):
    page, behind = editor(owner.form(fields=FIELDS))

    grip = page.locator(".grip").nth(2).bounding_box()
    first = page.locator(".field-row").nth(0).bounding_box()
    page.mouse.move(grip["x"] + 8, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(grip["x"] + 8, first["y"] + 40, steps=8)
    page.mouse.move(grip["x"] + 8, first["y"] + 4, steps=4)
    page.mouse.up()
    expect(page.locator("#told")).to_contain_text("number 1 of 3")
    expect(labels(page)).to_have_text(["Message", "Name", "E-mail"])
    page.reload()
    expect(labels(page)).to_have_text(["Message", "Name", "E-mail"])

    page.locator(".row-open").nth(1).click()
    expect(page.locator("#f-label")).to_have_value("Name")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(labels(page)).to_have_text(["Message", "E-mail"])
    page.get_by_role("button", name="Bring back Name").click()
    expect(labels(page)).to_have_text(["Message", "Name", "E-mail"])
    assert behind.complaints == []


def test_a_form_is_built_by_keyboard_alone(owner, editor):
    form_id = owner.form(fields=FIELDS)
    page, behind = editor(form_id)
    keys = page.keyboard

    page.locator(".row-open").nth(0).focus()
    keys.press("ArrowDown")
    expect(page.locator(".row-open").nth(1)).to_be_focused()
    keys.press("Alt+ArrowDown")
    expect(labels(page)).to_have_text(["Name", "Message", "E-mail"])
    expect(page.locator(".row-open").nth(2)).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#f-label")).to_be_focused()
    keys.press("Control+a")
    keys.type("Where we can answer you")
    expect(labels(page).nth(2)).to_have_text("Where we can answer you")
    page.locator("#add summary").focus()
    keys.press("Enter")
    page.get_by_role("button", name="Date").focus()
    keys.press("Enter")
    expect(page.locator("#f-label")).to_be_focused()
    keys.type("Which day?")  # a new field's label is selected
    expect(labels(page).last).to_have_text("Which day?")
    page.get_by_role("button", name="Publish").focus()
    keys.press("Enter")
    expect(page.locator("#told")).to_contain_text("Published")

    assert [label for label, _ in declared(owner, form_id)] == [
        "Name",
        "Message",
        "Where we can answer you",
        "Which day?",
    ]
    assert behind.complaints == []


def test_a_form_is_built_without_scripts(owner, editor):
    form_id = owner.form()
    page, behind = editor(form_id, java_script_enabled=False)

    page.get_by_role("button", name="E-mail address").click()
    page.locator("#f-label").fill("Your address")
    page.locator("#add summary").click()
    page.get_by_role("button", name="Long text").click()
    expect(labels(page)).to_have_text(["Your address", "Message"])
    page.locator("#f-label").fill("Your words")
    page.locator("#f-label").press("Enter")
    page.get_by_role("button", name="Up", exact=True).click()
    expect(labels(page)).to_have_text(["Your words", "Your address"])
    page.locator("#f-max_length").fill("many")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("alert").get_by_role("link").click()
    page.locator("#f-max_length").fill("500")
    expect(preview(page).get_by_label("Your words")).to_be_visible()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Published. The hosted form has these fields now")).to_be_visible()

    assert declared(owner, form_id) == [("Your words", "long_text"), ("Your address", "email")]
    assert [said for said in behind.complaints if "422" not in said] == []  # which Chromium notes of the refusal


def test_whoever_is_overtaken_is_told_and_applies_what_they_typed_on_top(owner, editor):
    form_id = owner.form(fields=FIELDS)
    mine, _ = editor(form_id)
    theirs, _ = editor(form_id)
    for page in (mine, theirs):
        page.locator(".row-open").nth(0).click()
        expect(page.locator("#f-label")).to_be_focused()

    theirs.locator("#f-label").fill("Theirs")
    expect(theirs.locator("#state")).to_contain_text("Draft saved")
    mine.locator("#f-label").fill("Mine")
    expect(mine.locator("#state")).to_contain_text("Not saved")
    expect(mine.locator("#told")).to_contain_text("Label there: Theirs")
    expect(mine.locator("#f-label")).to_have_value("Mine")
    mine.get_by_role("button", name="Apply mine on top").click()
    expect(mine.locator("#state")).to_contain_text("Draft saved")
    expect(labels(mine).first).to_have_text("Mine")


def test_what_is_typed_without_a_connection_is_saved_when_there_is_one_again(owner, editor):
    page, _ = editor(owner.form(fields=FIELDS))
    page.locator(".row-open").nth(0).click()
    expect(page.locator("#f-label")).to_be_focused()

    page.context.set_offline(True)
    page.locator("#f-label").fill("Typed in a tunnel")
    expect(page.locator("#state")).to_have_text("Not saved: there is no connection. It is tried again.")
    page.context.set_offline(False)
    expect(page.locator("#state")).to_contain_text("Draft saved", timeout=15_000)
    page.reload()
    expect(labels(page).first).to_have_text("Typed in a tunnel")


def test_a_preview_that_does_not_load_keeps_nothing_from_being_saved(owner, editor):
    page, _ = editor(owner.form(fields=FIELDS))
    page.locator(".row-open").nth(0).click()
    expect(page.locator("#f-label")).to_be_focused()

    with page.expect_event("requestfailed", lambda request: request.url.endswith("/preview")):
        page.route("**/preview", lambda route: route.abort(), times=1)
        page.locator("#f-label").fill("The preview is gone")
    page.locator("#f-label").fill("And it is saved")
    expect(preview(page).get_by_label("And it is saved")).to_be_visible()
    expect(page.locator("#state")).to_contain_text("Draft saved")
    page.reload()
    expect(labels(page).first).to_have_text("And it is saved")


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again(owner, editor):
    page, _ = editor(owner.form())
    page.get_by_role("button", name="Short text").click()
    expect(page.locator("#f-label")).to_be_focused()

    page.route("**/fields", lose, times=1)
    page.locator("#f-label").fill("Stored, and nobody said so")
    expect(page.locator("#state")).to_have_text("Not saved: there is no connection. It is tried again.")
    expect(page.locator("#state")).to_contain_text("Draft saved", timeout=15_000)
    expect(page.locator("#f-name")).to_have_value("stored_and_nobody_said_so")
    page.locator("#f-label").fill("And on it goes")
    expect(labels(page).last).to_have_text("And on it goes")
    expect(page.locator("#f-name")).to_have_value("and_on_it_goes")


def lose(route):
    """Let a request arrive, and its answer not."""
    route.fetch(max_redirects=0)
    route.abort()


def test_a_button_that_is_pressed_without_a_connection_is_said_to_have_no_answer(owner, editor):
    page, _ = editor(owner.form(fields=FIELDS))
    page.locator(".row-open").nth(0).click()
    expect(page.locator("#f-label")).to_be_focused()
    page.locator("#add summary").click()

    page.context.set_offline(True)
    page.locator("#f-label").fill("Typed in a tunnel")
    page.get_by_role("button", name="Date").click()
    expect(page.locator("#state")).to_contain_text("Your last button got no answer")
    expect(page.get_by_role("button", name="Date")).to_be_focused()
    page.context.set_offline(False)
    expect(page.locator("#state")).to_contain_text("Draft saved", timeout=15_000)
    expect(page.locator("#state")).to_contain_text("Your last button got no answer")
    expect(labels(page)).to_have_text(["Typed in a tunnel", "E-mail", "Message"])
    page.get_by_role("button", name="Date").click()
    expect(labels(page)).to_have_text(["Typed in a tunnel", "Date", "E-mail", "Message"])
    expect(page.locator("#state")).not_to_contain_text("no answer")


def test_what_is_typed_while_an_answer_is_on_its_way_stays(owner, editor):
    page, behind = editor(owner.form(fields=FIELDS))
    page.locator(".row-open").nth(1).click()
    expect(page.locator("#f-label")).to_have_value("E-mail")

    held = hold(page)
    page.get_by_role("button", name="Up", exact=True).click()
    page.locator("#f-label").fill("Typed meanwhile")
    page.locator("[name=strict]").check()
    release(page, held)
    expect(page.locator("#told")).to_contain_text("number 1 of 3")
    expect(page.locator("#f-label")).to_have_value("Typed meanwhile")
    expect(page.locator("[name=strict]")).to_be_checked()
    expect(labels(page)).to_have_text(["Typed meanwhile", "Name", "Message"])

    held = hold(page)
    page.locator("#f-type").select_option("long_text")
    page.wait_for_function("document.getElementById('state').textContent === 'Saving…'")
    page.locator("#f-label").fill("Typed while it became another type")
    release(page, held)
    expect(page.locator("#f-type")).to_have_value("long_text")
    expect(page.locator("#f-label")).to_have_value("Typed while it became another type")
    expect(labels(page).first).to_have_text("Typed while it became another type")
    assert behind.complaints == []


def test_nobody_types_into_inputs_that_publishing_takes_away(owner, editor):
    form_id = owner.form(fields=FIELDS)
    page, _ = editor(form_id)
    page.locator(".row-open").nth(0).click()
    page.locator("#f-label").fill("Before")
    expect(labels(page).first).to_have_text("Before")

    held = hold(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.locator("#editor[inert]")).to_be_attached()
    release(page, held)
    expect(page.locator("#told")).to_contain_text("Published")
    expect(page.locator("#editor[inert]")).not_to_be_attached()
    assert declared(owner, form_id)[0] == ("Before", "text")


def test_a_form_without_a_chosen_field_saves_that_it_refuses_what_is_no_field(owner, editor):
    page, behind = editor(owner.form(fields=FIELDS))

    page.locator("[name=strict]").check()
    expect(page.locator("#state")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator("[name=strict]")).to_be_checked()
    assert behind.complaints == []


def hold(page):
    """Keep the next request of the editor from arriving; returns where it will be."""
    held = []
    page.route("**/fields", lambda route: held.append(route), times=1)  # noqa: PLW0108  playwright marks what it calls
    return held


def release(page, held):
    while not held:
        page.wait_for_timeout(50)
    held.pop().continue_()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone_with_the_longest_names(owner, editor, scheme):
    long = [{"name": "n" * 100, "type": "text", "label": "W" * 200, "starts_page": "P" * 200}, *FIELDS]
    form_id = owner.form(name="N" * 100, fields=long)
    phone, behind = editor(
        form_id, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )

    for query in ("", "?field=1", "?field=3", "?versions=", "?version=1", "?starters="):
        fits(phone, f"{owner.site}/forms/{form_id}/fields{query}")
    phone.goto(f"{owner.site}/forms/{form_id}/fields?field=1")
    expect(phone.locator("#list")).to_be_hidden()
    phone.get_by_role("button", name="All fields").click()
    expect(phone.locator("#list")).to_be_visible()
    assert behind.complaints == []


def test_a_field_that_is_opened_on_a_phone_is_what_one_sees(owner, editor):
    fields = [{"name": f"n{n}", "type": "long_text", "label": f"Question {n}"} for n in range(6)]
    page, behind = editor(owner.form(fields=fields), viewport={"width": 390, "height": 844}, has_touch=True)

    page.locator("button.row-open").nth(4).click()

    expect(page.get_by_label("Label", exact=True)).to_have_value("Question 4")
    page.wait_for_function("document.getElementById('preview').contentWindow.scrollY > 0")
    expect(page.get_by_label("Label", exact=True)).to_be_in_viewport()
    assert behind.complaints == []
