import pytest

from pillarbox import ids, recipients, unsubscribing

MAY = "anybody"
EMAIL = "ada@example.com"


@pytest.fixture
def path(form):
    return f"/unsubscribe?token={unsubscribing.token(form.id, EMAIL)}"


def gone(form):
    return not recipients.may_be_answered(form.id, EMAIL)


def test_looking_ends_nothing_and_the_button_does(visitor, form, path):
    page = visitor.get(path)
    assert page.status_code == 200
    assert EMAIL in page.text
    assert form.name in page.text
    assert not gone(form)

    done = visitor.post(path, data={"List-Unsubscribe": "One-Click"})

    assert done.status_code == 200
    assert "No more mails" in done.text
    assert gone(form)


@pytest.mark.parametrize("body", [b"", b"List-Unsubscribe=One-Click", b"\xff" * 100])
def test_a_mail_programs_one_click_needs_no_cookie_and_no_certain_body(visitor, form, path, body):
    assert visitor.post(path, content=body, headers={"origin": "https://mail.example"}).status_code == 200
    assert gone(form)


def test_twice_is_as_once(visitor, form, path):
    for _ in range(2):
        assert visitor.post(path).status_code == 200
    assert gone(form)


@pytest.mark.parametrize("change", ["cut", "bent", "", "é", "x" * 5000])
def test_a_link_that_we_did_not_make_is_dead(visitor, form, change):
    good = unsubscribing.token(form.id, EMAIL)
    token = {"cut": good[:-2], "bent": f"{'A' if good[0] != 'A' else 'B'}{good[1:]}"}.get(change, change)

    for send in (visitor.get, visitor.post):
        assert send("/unsubscribe", params={"token": token}).status_code == 404
    assert not gone(form)


def test_a_link_is_for_one_address_and_one_form(visitor, form, path):
    visitor.post(path)

    assert recipients.may_be_answered(form.id, "grace@example.com")
    assert recipients.may_be_answered(ids.short(), EMAIL)


def test_a_link_of_a_form_that_is_gone_says_so_and_writes_nothing(visitor):
    form_id = ids.short()

    page = visitor.post(f"/unsubscribe?token={unsubscribing.token(form_id, EMAIL)}")

    assert page.status_code == 200
    assert "gone" in page.text
    assert recipients.may_be_answered(form_id, EMAIL)
