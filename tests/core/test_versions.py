"""Every version of a form is kept: by the API, the table, and whoever changes it at the same time."""

import pytest

from pillarbox import forms, table, versions
from pillarbox.errors import Changed, NotFound

SECRET = {"captcha": "turnstile", "captcha_site_key": "1x0-site", "captcha_secret": "1x0-very-secret"}


def test_each_change_keeps_the_version_that_it_makes(owner, form):
    owner.patch(f"/v1/forms/{form.id}", json={"fields": [{"name": "age", "type": "integer"}]})
    owner.patch(f"/v1/forms/{form.id}", json={"name": "Survey"})

    kept = versions.listed(form.id, limit=10).versions

    assert [(one.version, one.definition.name, len(one.definition.fields)) for one in kept] == [
        (3, "Survey", 1),
        (2, form.name, 1),
        (1, form.name, 0),
    ]
    assert {one.by for one in kept} == {owner.account.id}
    assert kept[0].at == forms.get(owner.account, form.id).updated_at


def test_a_refused_change_keeps_nothing(owner, form):
    assert owner.patch(f"/v1/forms/{form.id}", json={"fields": [{"name": "age", "type": "years"}]}).status_code == 422

    assert [one.version for one in versions.listed(form.id, limit=10).versions] == [1]


def test_versions_come_page_by_page(owner, form):
    for n in range(4):
        owner.patch(f"/v1/forms/{form.id}", json={"name": f"Name {n}"})

    first = versions.listed(form.id, limit=3)
    rest = versions.listed(form.id, limit=3, cursor=first.next_cursor)

    assert [one.version for one in first.versions + rest.versions] == [5, 4, 3, 2, 1]
    assert rest.next_cursor is None


@pytest.mark.parametrize("number", [0, -1, 2, 10**9])
def test_a_version_that_never_was_is_not_found(form, number):
    with pytest.raises(NotFound):
        versions.get(form.id, number)


def test_a_captchas_secret_is_kept_at_the_form_alone(owner, form):
    assert owner.patch(f"/v1/forms/{form.id}", json={"spam": SECRET}).status_code == 200

    rows = table.query_all(f"FORM#{form.id}", prefix=versions.PREFIX)

    assert SECRET["captcha_secret"] not in "".join(row["definition"] for row in rows)


def test_who_changes_what_somebody_else_has_changed_is_told(owner, form):
    forms.update(owner.account, form.id, {"name": "Theirs"}, seen=1)

    with pytest.raises(Changed):
        forms.update(owner.account, form.id, {"name": "Mine"}, seen=1)

    assert forms.get(owner.account, form.id).name == "Theirs"


def test_versions_go_with_the_form(form):
    forms.delete_owned(form.id)
    table.delete_many(forms.keys_of(form.id))

    assert list(table.query_all(f"FORM#{form.id}")) == []
