"""Two people at the settings of one form: nobody's change is overwritten by somebody who didn't see it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from pillarbox import form_settings, forms, table, versions
from tests.setting import save_part, seen


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/settings"


@pytest.fixture
def now(owner, form):
    return lambda: forms.get(owner.account, form.id)


SPAM = {"spam-threshold": "5.0", "spam-honeypot": "_gotcha", "spam-captcha": ""}


def opened(person, path, part):
    return seen(person.get(f"{path}?part={part}"))


def test_who_changed_the_same_part_is_told_of_with_what_it_is_now_and_what_was_typed_stays(owner, manager, path, now):
    mine, theirs = opened(owner, path, "after"), opened(manager, path, "after")
    save_part(manager, path, "after", {"thanks-title": "Danke", "thanks-text": "<b>Bald</b>"}, over=theirs)

    answer = save_part(owner, path, "after", {"thanks-title": "Merci", "thanks-text": "Soon"}, over=mine)

    assert answer.status_code == 409
    assert f"{manager.account.username}</span> changed this" in answer.text
    assert "<time datetime=" in answer.text
    assert 'value="Merci"' in answer.text
    assert 'Saved now: <q dir="auto">Danke</q>' in answer.text
    assert "&lt;b&gt;Bald" in answer.text
    assert now().thanks.title == "Danke"

    again = save_part(owner, path, "after", {"thanks-title": "Merci", "thanks-text": "Soon"}, over=seen(answer))
    assert again.status_code == 303
    assert now().thanks.title == "Merci"


def test_who_mends_a_mistake_does_not_overwrite_what_was_saved_while_it_was_told(
    owner, manager, path, now, monkeypatch
):
    act, mine = form_settings.act, opened(owner, path, "after")

    def overtaken(asked):
        try:
            return act(asked)
        finally:
            forms.update(manager.account, asked.form.id, {"thanks": {"title": "Danke", "text": ""}})

    monkeypatch.setattr(form_settings, "act", overtaken)
    wrong = save_part(owner, path, "after", {"thanks-title": "M" * 10_000, "thanks-text": ""}, over=mine)
    monkeypatch.undo()
    assert wrong.status_code == 422

    answer = save_part(owner, path, "after", {"thanks-title": "Merci", "thanks-text": ""}, over=seen(wrong))
    assert answer.status_code == 409
    assert now().thanks.title == "Danke"


def test_what_one_left_alone_is_shown_as_it_is_saved_now(owner, manager, path, now):
    mine = opened(owner, path, "spam")
    save_part(manager, path, "spam", SPAM | {"spam-threshold": "3.0", "spam-blocked_words": "casino\r\npills"})

    answer = save_part(owner, path, "spam", SPAM | {"spam-honeypot": "website"}, over=mine)

    assert answer.status_code == 409
    assert "casino\npills</textarea>" in answer.text
    assert 'value="3.0" checked' in answer.text
    assert 'value="website"' in answer.text
    assert 'Saved now: <q dir="auto">_gotcha' in answer.text
    assert now().spam.honeypot == "_gotcha"


def test_who_changed_another_part_is_in_nobodys_way(owner, manager, path, now):
    mine = opened(owner, path, "spam")
    save_part(manager, path, "general", {"name": "Theirs", "active": "on"})
    save_part(manager, path, "keeping", {"store": "on", "retention_days": "9"})

    assert save_part(owner, path, "spam", SPAM | {"spam-threshold": "8.0"}, over=mine).status_code == 303
    form = now()
    assert (form.name, form.retention_days, form.spam.threshold) == ("Theirs", 9, 8)


def test_a_change_that_was_taken_back_is_in_nobodys_way(owner, manager, path, now):
    mine = opened(owner, path, "keeping")
    for days in ("9", ""):
        save_part(manager, path, "keeping", {"store": "on", "retention_days": days})

    assert save_part(owner, path, "keeping", {"store": "on", "retention_days": "30"}, over=mine).status_code == 303
    assert now().retention_days == 30


def test_it_is_told_who_changed_this_part_and_not_who_came_after(owner, manager, form, path):
    mine = opened(owner, path, "general")
    save_part(manager, path, "general", {"name": "Theirs", "active": "on"})
    forms.update(owner.account, form.id, {"strict": True})

    answer = save_part(owner, path, "general", {"name": "Mine"}, over=mine)

    assert f"{manager.account.username}</span> changed this" in answer.text
    assert "Saved now: on" in answer.text


def test_a_captcha_that_somebody_else_set_is_not_taken_away(owner, manager, path, now):
    mine = opened(owner, path, "spam")
    keys = {"spam-captcha": "turnstile", "spam-captcha_site_key": "site", "spam-captcha_secret": "old-secret"}
    save_part(manager, path, "spam", SPAM | keys)

    answer = save_part(owner, path, "spam", SPAM, over=mine)
    assert answer.status_code == 409
    assert f"{manager.account.username}</span> changed this" in answer.text
    assert "<q>Turnstile</q>" in answer.text
    assert "old-secret" not in answer.text

    mine = opened(owner, path, "spam")
    save_part(manager, path, "spam", SPAM | keys | {"spam-captcha_secret": "new-secret"})
    answer = save_part(owner, path, "spam", SPAM | keys | {"spam-captcha_secret": "mine-secret"}, over=mine)
    assert answer.status_code == 409
    assert "mine-secret" not in answer.text
    assert "paste the secret once more" in answer.text
    assert now().spam.captcha_secret == "new-secret"


def test_ones_own_other_window_is_called_that(owner, path):
    mine = opened(owner, path, "general")
    save_part(owner, path, "general", {"name": "One", "active": "on"})

    answer = save_part(owner, path, "general", {"name": "Two", "active": "on"}, over=mine)

    assert answer.status_code == 409
    assert "You</span> changed this" in answer.text


def test_a_form_from_before_versions_were_kept_is_guarded_as_well(owner, form, path, now):
    mine = opened(owner, path, "general")
    forms.update(owner.account, form.id, {"name": "Theirs"})
    for version in versions.listed(form.id, limit=10).versions:
        table.delete(table.key(f"FORM#{form.id}", f"VERSION#{version.version:08}"))

    answer = save_part(owner, path, "general", {"name": "Mine", "active": "on"}, over=mine)

    assert (answer.status_code, "Somebody else</span> changed this" in answer.text) == (409, True)
    assert now().name == "Theirs"


def test_of_two_who_save_the_same_part_in_one_moment_one_is_told(owner, manager, path, now, racing_browser):
    people = [racing_browser(person.account) for person in (owner, manager)]
    shown = [opened(person, path, "after") for person in people]

    def save(n):
        sent = {"thanks-title": f"Thanks {n}", "thanks-text": ""}
        return save_part(people[n], path, "after", sent, over=shown[n]).status_code

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(save, range(2)))
    assert sorted(codes) == [303, 409]
    assert now().thanks.title == f"Thanks {codes.index(303)}"


def test_two_who_save_different_parts_in_one_moment_both_get_their_way(owner, manager, path, now, racing_browser):
    people = [racing_browser(person.account) for person in (owner, manager)]
    sent = [("general", {"name": "New", "active": "on"}), ("keeping", {"store": "on", "retention_days": "9"})]
    shown = [opened(person, path, part) for person, (part, _) in zip(people, sent, strict=True)]

    with ThreadPoolExecutor(2) as pool:
        saved = [pool.submit(save_part, people[n], path, *sent[n], over=shown[n]) for n in range(2)]
    assert [one.result().status_code for one in saved] == [303, 303]
    assert (now().name, now().retention_days) == ("New", 9)
