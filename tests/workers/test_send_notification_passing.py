"""Of what a form only passes on the mail is all there will be: it goes by itself, whole, and leads nowhere."""

import pytest

from tests.posting import html, log, text


@pytest.fixture
def send(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"store": False})
    return lambda **fields: visitor.post(f"/f/{form.id}", json={"name": "Ada"} | fields).json()["id"]


@pytest.mark.parametrize("notify", [{"every": "daily"}, {"every": "weekly"}, {"most_per_minute": 1}])
def test_no_digest_holds_it_which_would_show_its_first_words_alone(owner, form, send, post, address, notify):
    owner.patch(f"/v1/forms/{form.id}", json={"notify": notify})

    found = [send(message=f"Number {n}") for n in range(3)]
    for submission_id in found:
        post.tell(form.id, submission_id)

    assert [f"Number {n}" in text(mail) for n, mail in enumerate(post.to(address)[::-1])] == [True] * 3
    assert [log(form, one) for one in found] == [{("mail", address, "done")}] * 3


def test_nothing_of_it_is_cut(form, send, post, address):
    post.tell(form.id, send(long="x" * 60_000 + "end", other="y" * 60_000, last="last"))

    (mail,) = post.to(address)
    for body in (text(mail), html(mail)):
        assert "x" * 60_000 + "end" in body
        assert "y" * 60_000 in body
        assert "There is more than a mail shows" not in body


def test_it_leads_to_no_page(form, send, post, address):
    post.tell(form.id, submission_id := send())

    (mail,) = post.to(address)
    assert submission_id not in text(mail) + html(mail)
    assert "Open it in Pillarbox" not in text(mail) + html(mail)
