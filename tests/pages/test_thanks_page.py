import pytest

from pillarbox import forms

MAY = "anybody"


def test_thanks_the_visitor(visitor, form):
    response = visitor.get(f"/f/{form.id}/thanks")

    assert response.status_code == 200
    assert "Thank you" in response.text
    assert "Your message has arrived." in response.text


def test_in_the_owner_s_own_words_which_stay_text(visitor, owner, form):
    forms.update(owner.account, form.id, {"thanks": {"title": "Merci", "text": "À bientôt <b>!</b>"}})

    page = visitor.get(f"/f/{form.id}/thanks").text

    assert "Merci" in page
    assert "À bientôt &lt;b&gt;" in page


def test_thanks_even_when_the_form_was_switched_off_since(visitor, owner, form):
    forms.update(owner.account, form.id, {"active": False})

    assert visitor.get(f"/f/{form.id}/thanks").status_code == 200


@pytest.mark.parametrize("form_id", ["zzzzzzzzzzzz", "nothing", "%00"])
def test_a_form_that_is_not_there_is_404(visitor, form_id):
    assert visitor.get(f"/f/{form_id}/thanks").status_code == 404


def test_somebody_else_s_thanks_are_there_for_everybody(stranger, form):
    assert stranger.get(f"/f/{form.id}/thanks").status_code == 200
