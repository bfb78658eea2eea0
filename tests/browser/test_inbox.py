"""The inbox in a real browser: by keyboard, with undo, while something comes in, without JavaScript, on a phone."""

import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from playwright.sync_api import expect

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def form_id(owner):
    """A form with three messages, the newest from Cleo."""
    form_id = owner.form(name="Guest book")
    for name in ("Ada", "Bea", "Cleo"):
        send(owner, form_id, name=name, email=f"{name.lower()}@example.com", message=f"Hello from {name}")
    return form_id


def send(owner, form_id, **fields):
    answer = httpx.post(f"{owner.site}/f/{form_id}", json=fields, timeout=60)
    assert answer.status_code == 200, answer.text


def told(page, words):
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=30_000)
    page.wait_for_load_state()


def titled(page, name):
    expect(page.get_by_role("heading", level=1)).to_have_text(name, timeout=30_000)
    page.wait_for_load_state()


def test_all_is_done_by_keyboard(opened, form_id):
    page, behind = opened(f"/forms/{form_id}", **WIDE)
    rows = page.locator(".rows .row")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    page.keyboard.press("k")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    page.keyboard.press("e")
    told(page, "1 archived.")
    expect(rows).to_have_count(2)
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    assert "done=" not in page.url

    page.keyboard.press("z")
    told(page, "1 put back.")
    expect(rows).to_have_count(3)

    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("s")
    told(page, "2 moved to spam.")
    expect(rows).to_have_count(1)

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    titled(page, "Ada")
    page.keyboard.press("u")
    titled(page, "Guest book: Inbox")
    expect(page.locator(".rows .row.new")).to_have_count(1)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("jjseed")
    expect(page.get_by_role("searchbox")).to_have_value("jjseed")
    assert behind.complaints == []


def test_j_and_k_turn_from_one_submission_to_the_next(opened, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    page.locator(".rows .row a").first.click()
    titled(page, "Cleo")

    page.keyboard.press("j")
    titled(page, "Bea")
    page.keyboard.press("k")
    titled(page, "Cleo")


def test_keys_are_for_what_is_selected_then_for_the_row_then_for_the_open_one(opened, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    rows = page.locator(".rows .row")
    rows.first.get_by_role("link").click()
    titled(page, "Cleo")
    page.get_by_label("Select Ada").check()
    rows.nth(1).get_by_role("link").focus()

    page.keyboard.press("e")
    told(page, "1 archived.")
    expect(rows).to_contain_text(["Cleo", "Bea"])

    rows.first.get_by_role("link").click()
    titled(page, "Cleo")
    rows.nth(1).get_by_role("link").focus()
    page.keyboard.press("e")
    told(page, "1 archived.")
    expect(rows).to_contain_text(["Cleo"])

    rows.first.get_by_role("link").click()
    titled(page, "Cleo")
    page.keyboard.press("e")
    told(page, "1 archived.")
    expect(rows).to_have_count(0)


def test_the_keys_can_be_switched_off(opened, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    page.reload()

    page.keyboard.press("j")
    page.keyboard.press("e")

    expect(page.locator(".rows .row")).to_have_count(3)
    expect(page.locator(".rows a:focus")).to_have_count(0)


def quick(page):
    """Have the page look every 200 ms for what is new."""
    page.add_init_script(
        "addEventListener('readystatechange', () => {"
        "  const live = document.querySelector('[data-live]'); if (live) live.dataset.pause = 200; }, true)"
    )
    page.reload()


def test_what_comes_in_appears_without_reloading(opened, owner, form_id):
    page, behind = opened(f"/forms/{form_id}", **WIDE)
    quick(page)
    expect(page).to_have_title("(3) Guest book · Pillarbox")

    send(owner, form_id, name="Dora", message="Only just sent")

    rows = page.locator(".rows .row")
    expect(rows).to_have_count(4, timeout=30_000)
    expect(rows.first).to_contain_text("Dora")
    expect(page).to_have_title("(4) Guest book · Pillarbox")
    expect(page.locator("[data-said]")).to_have_text("1 new")
    expect(page.locator("[data-unread-of=inbox]")).to_contain_text("4")
    assert behind.complaints == []


def test_nothing_moves_under_the_hand(opened, owner, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    quick(page)
    page.keyboard.press("j")

    send(owner, form_id, name="Dora", message="Only just sent")

    button = page.get_by_role("button", name="Show 1 new")
    expect(button).to_be_visible(timeout=30_000)
    expect(page.locator(".rows .row")).to_have_count(3)
    expect(page.locator(".rows .row a").first).to_be_focused()
    button.click()
    expect(page.locator(".rows .row").first).to_contain_text("Dora")
    expect(page.locator(".rows .row a").first).to_be_focused()


def test_when_more_came_than_one_answer_holds_a_fresh_page_shows_all(opened, owner, form_id):
    page, behind = opened(f"/forms/{form_id}", **WIDE)
    for n in range(30):
        send(owner, form_id, name=f"Visitor {n}")
    page.get_by_role("searchbox").fill("half a wor")

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    button = page.get_by_role("button", name="Show 25+ new")
    expect(button).to_be_visible(timeout=30_000)
    expect(page).to_have_title("(28+) Guest book · Pillarbox")
    expect(page.locator(".rows .row")).to_have_count(3)
    button.click()
    expect(page.locator(".rows .row")).to_have_count(25)
    page.get_by_role("link", name="Older").click()
    expect(page.locator(".rows .row")).to_have_count(8)
    assert behind.complaints == []


def test_no_more_stands_on_the_page_than_can_be_selected_at_once(opened, owner, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    page.evaluate("document.querySelector('[data-live]').dataset.most = 3")
    send(owner, form_id, name="Dora")

    with page.expect_navigation():
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.locator(".rows .row")).to_have_count(4)
    expect(page.locator("[data-live]")).to_have_attribute("data-most", "50")


def test_ticking_a_box_moves_no_row(opened, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    row = page.locator(".rows .row").nth(2)
    before = row.bounding_box()

    page.get_by_label("Select Cleo").check()

    expect(page.get_by_role("button", name="Archive")).to_be_visible()
    assert row.bounding_box() == before


def test_without_scripts_it_is_searched_moved_undone_and_deleted(opened, form_id):
    page, behind = opened(f"/forms/{form_id}", java_script_enabled=False, **WIDE)
    inbox = page.url

    page.get_by_role("searchbox").fill("hello bea")
    page.get_by_role("button", name="Search").click()
    expect(page.locator(".rows .row")).to_have_count(1)
    page.get_by_role("link", name="leave this out").click()
    expect(page).to_have_url(inbox)

    page.get_by_label("Select Bea").check()
    page.get_by_role("button", name="Trash").click()
    expect(page.get_by_text("1 moved to trash.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 put back.")).to_be_visible()
    expect(page.locator(".rows .row")).to_have_count(3)

    page.get_by_label("Select Bea").check()
    page.get_by_role("button", name="Trash").click()
    page.get_by_role("link", name="Trash").click()
    page.get_by_label("Select Bea").check()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete it for good?")
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text("The trash is empty")).to_be_visible()
    assert behind.complaints == []


@pytest.mark.parametrize(
    ("zone", "day", "clocks"),
    [
        ("Europe/Berlin", "2026-03-29", {"from_zone": ["60"], "to_zone": ["120"]}),
        ("Europe/London", "2026-10-25", {"from_zone": ["60"]}),
        ("Asia/Beirut", "2026-03-29", {"from_zone": ["120"], "to_zone": ["180"]}),
    ],
)
def test_days_are_days_by_the_clock_of_that_day(opened, form_id, zone, day, clocks):
    page, _ = opened(f"/forms/{form_id}", timezone_id=zone, **WIDE)
    page.get_by_text("Filters").click()
    page.get_by_label("From").fill(day)
    page.get_by_label("To", exact=True).fill(day)
    page.get_by_role("button", name="Show these").click()
    page.wait_for_url("**/*from=*")

    assert parse_qs(urlsplit(page.url).query) == {"from": [day], "to": [day]} | clocks


def test_tags_and_a_note_without_scripts(opened, form_id):
    page, _ = opened(f"/forms/{form_id}", java_script_enabled=False)
    page.locator(".rows .row a").first.click()
    page.get_by_text("Add some").click()
    page.get_by_role("textbox", name="Tags").fill("VIP, Order")
    page.get_by_role("textbox", name="Note").fill("Ring her back")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("link", name="VIP", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name="Note")).to_have_value("Ring her back")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it_and_nothing_is_wider(opened, owner, form_id, scheme):
    long: dict[str, object] = {"name": "x" * 300, "email": f"{'y' * 60}@example.com", "message": "z" * 10_000}
    long["w" * 90] = {"v" * 90: ["u" * 900]}
    send(owner, form_id, **long)
    submissions = f"/v1/forms/{form_id}/submissions"
    newest = owner.get(submissions).json()["submissions"][0]["id"]
    owner.patch(f"{submissions}/{newest}", json={"tags": ["t" * 40] * 3, "note": "n" * 5000})
    page, behind = opened(f"/forms/{form_id}", color_scheme=scheme, **PHONE)

    for path in ("", f"?q={'q' * 200}&tag={'t' * 40}", f"/submissions/{newest}"):
        page.goto(f"{owner.site}/forms/{form_id}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
    page.get_by_role("link", name=re.compile("Older")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Cleo")
    page.get_by_role("link", name="Inbox", exact=True).last.click()
    expect(page.locator(".rows .row")).to_have_count(4)
    assert behind.complaints == []


def test_what_is_printed_is_who_when_and_what(opened, form_id):
    page, _ = opened(f"/forms/{form_id}", **WIDE)
    page.locator(".rows .row a").first.click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("Hello from Cleo").last).to_be_visible()
    for hidden in (".letter-actions", ".list-pane", ".side-pane", ".top", ".letter-ways"):
        expect(page.locator(hidden)).to_be_hidden()
