import pytest

from pillarbox import definitions, forms, ids, links

MAY = "anybody"
PATH = "/recipients"


@pytest.fixture
def secret(owner, form):
    about = {"account": owner.account.id, "email": "ada@example.com", "form": form.id, "asker": owner.account.username}
    return links.create("recipient", seconds=60, **about)


def test_shows_who_asks_and_does_nothing_until_the_button_is_pressed(visitor, owner, form, secret):
    for _ in range(2):
        page = visitor.get(f"{PATH}?token={secret}")
        assert page.status_code == 200
        assert owner.account.username in page.text
        assert form.name in page.text

    done = visitor.fill(f"{PATH}?token={secret}", {"token": secret}, to=PATH)

    assert done.status_code == 200
    assert "from now on" in done.text


def test_a_link_works_once(visitor, secret):
    page = f"{PATH}?token={secret}"
    visitor.fill(page, {"token": secret}, to=PATH)

    assert visitor.get(page).status_code == 404


@pytest.mark.parametrize("token", ["", "nothing", "x" * 5000, "\x00"])
def test_a_link_that_never_was_is_dead(visitor, token):
    assert visitor.get(PATH, params={"token": token}).status_code == 404


def test_a_link_for_something_else_is_dead_here(visitor):
    assert visitor.get(f"{PATH}?token={links.create('share', seconds=60)}").status_code == 404


def test_a_link_of_a_form_that_has_another_owner_is_dead(visitor, stranger, secret, form):
    other = forms.create(stranger.account, definitions.Definition(name="Other"))
    about = {"account": ids.short(), "email": "ada@example.com", "form": other.id, "asker": "x"}

    assert visitor.get(f"{PATH}?token={links.create('recipient', seconds=60, **about)}").status_code == 404
    assert secret
    assert form


def test_hostile_names_stay_text(visitor, owner):
    form = forms.create(owner.account, definitions.Definition(name="<b>\u202e"))
    about = {"account": owner.account.id, "email": "ada@example.com", "form": form.id, "asker": "<script>"}

    page = visitor.get(f"{PATH}?token={links.create('recipient', seconds=60, **about)}").text

    assert "<script>" not in page
    assert "<b>" not in page
    assert "\u202e" not in page


def test_a_form_sent_from_elsewhere_is_refused(visitor, secret):
    assert visitor.post(PATH, data={"token": secret}).status_code == 403
