import pytest

from pillarbox import forms, ids, members

MAY = "viewer; POST manager"


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/sharing"


def test_the_owner_invites_and_withdraws(owner, form, path, mailbox):
    email = f"{ids.short()}@example.com"

    assert owner.fill(path, {"do": "invite", "email": email, "role": "editor"}).headers["location"].endswith("=invited")
    assert email in owner.get(path).text
    assert len(mailbox.of(email)) == 1

    (waiting,) = members.of(forms.get(owner.account, form.id)).invitations
    owner.fill(path, {"do": "withdraw", "who": waiting.id})
    assert email not in owner.get(path).text


def test_changes_and_removes(owner, viewer, form, path):
    owner.fill(path, {"do": "change", "who": viewer.account.id, "role": "manager"})
    assert forms.role_of(viewer.account, form.id) == "manager"

    owner.fill(path, {"do": "remove", "who": viewer.account.id})
    assert forms.role_of(viewer.account, form.id) is None


def test_a_viewer_sees_who_shares_it_and_may_only_leave(viewer, owner, form, path):
    page = viewer.get(path).text
    assert owner.account.username in page
    assert "Mail the invitation" not in page
    assert "Leave" in page

    assert viewer.fill(path, {"do": "invite", "email": "x@example.com", "role": "viewer"}).status_code == 403
    answer = viewer.fill(path, {"do": "remove", "who": viewer.account.id})
    assert answer.headers["location"] == "/dashboard"
    assert forms.role_of(viewer.account, form.id) is None


@pytest.mark.parametrize(
    ("sent", "field"),
    [({"email": "nobody", "role": "viewer"}, "email"), ({"email": "a@example.com", "role": "owner"}, "role")],
)
def test_what_does_not_fit_is_told_beside_its_field(owner, path, sent, field):
    answer = owner.fill(path, {"do": "invite"} | sent)

    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert field


def test_a_button_that_is_unknown_does_nothing(owner, path):
    assert owner.fill(path, {"do": "everything"}).status_code == 400


def test_where_no_mail_is_sent_the_page_says_so(owner, path, monkeypatch):
    monkeypatch.setenv("MAIL_FROM", "")

    assert "sends none" in owner.get(path).text


def test_somebody_elses_form_is_not_found(stranger, path):
    assert stranger.get(path).status_code == 404


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor, path):
    assert visitor.get(path).headers["location"] == f"/sign-in?next={path}"
