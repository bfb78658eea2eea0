import re
import time
from datetime import UTC, datetime, timedelta

import pytest

from pillarbox import (
    accounts,
    dashboards,
    definitions,
    forms,
    places,
    recipients,
    submissions,
    table,
    webhooks,
)
from tests.outgoing import webhook

MAY = "signed in"


def named(owner, *names):
    return [forms.create(owner.account, definitions.Definition(name=name)) for name in names]


def titles(page):
    return re.findall(r'<h2><a href="/forms/\w{12}" dir="auto">(.*?)</a>', page)


def came(form, days):
    """Let so many have come to the form, so many days ago."""
    for ago, number in days.items():
        day = datetime.fromtimestamp(time.time(), UTC) - timedelta(days=ago)
        key = places.days(form.id, f"{day:%Y-%m}")
        table.put((table.get(key) or key) | {f"accepted_{day:%d}": number})


def test_invites_a_new_owner_to_make_a_form(owner):
    response = owner.get("/dashboard")

    assert response.status_code == 200
    assert "Make your first form" in response.text


def test_shows_each_form_with_its_address_and_what_is_new(owner, form, send):
    send(name="Grace", message="First")
    send(name="Ada", message="Second")

    page = owner.get("/dashboard").text

    assert "2 new" in page
    assert "Last from</span> <bdi>Ada</bdi>" in page
    assert f"/f/{form.id}" in page
    assert page.index("Second") < page.index("First")


def test_tells_how_many_are_unread_of_more_than_it_reads(owner, form, send, monkeypatch):
    monkeypatch.setattr(dashboards, "NEWEST", 2)
    table.put(places.counts(form.id) | {"inbox_unread": 7})
    for n in range(2):
        send(message=f"Number {n}")

    assert "7 new" in owner.get("/dashboard").text


def test_shows_the_newest_of_all_forms_together(owner, visitor):
    made = named(owner, *(f"Form {n}" for n in range(3)))
    for n in range(9):
        assert visitor.post(f"/f/{made[n % 3].id}", json={"message": f"Message {n}"}).status_code == 200

    newest = owner.get("/dashboard").text.partition('class="card latest"')[2]

    found = [newest.find(f"Message {n}") for n in range(8, 0, -1)]
    assert -1 not in found
    assert found == sorted(found)
    assert "Message 0" not in newest


def test_of_many_forms_it_shows_and_reads_a_page(owner, visitor, monkeypatch):
    monkeypatch.setattr(dashboards, "CARDS", 2)
    made = named(owner, "First", "Second", "Third")
    for form in made:
        visitor.post(f"/f/{form.id}", json={"message": f"To {form.name}"})
    read = []
    newest = submissions.newest

    def noted(form_id, **how):
        read.append(form_id)
        return newest(form_id, **how)

    monkeypatch.setattr(submissions, "newest", noted)

    pages = [owner.get(f"/dashboard?page={n}").text for n in (1, 2)]

    assert titles(pages[0]) == ["Third", "Second"]
    assert titles(pages[1]) == ["First"]
    assert "Page 1 of 2" in pages[0]
    assert 'href="/dashboard?page=2"' in pages[0]
    assert 'href="/dashboard?page=1"' in pages[1]
    assert read == [form.id for form in reversed(made)]


@pytest.mark.parametrize("page", ["0", "-1", "9", "two", "\u0663", "9" * 400, "1" * 5000])
@pytest.mark.usefixtures("form")
def test_a_page_that_there_is_not_is_the_nearest(owner, page):
    response = owner.get("/dashboard", params={"page": page})

    assert response.status_code == 200
    assert titles(response.text) == ["Contact"]


def test_finds_forms_by_the_words_of_their_names_without_a_script(owner, monkeypatch):
    monkeypatch.setattr(dashboards, "CARDS", 1)
    named(owner, "Summer party", "Winter Party", "Newsletter")

    page = owner.get("/dashboard?q=PARTY+sum").text

    assert titles(page) == ["Summer party"]
    assert "1 form with “<bdi>PARTY sum</bdi>” in the name" in page
    assert titles(owner.get("/dashboard?q=party").text) == ["Winter Party"]
    assert 'href="/dashboard?page=2&amp;q=party"' in owner.get("/dashboard?q=party").text
    assert "No form with" in owner.get("/dashboard?q=spring").text
    assert titles(owner.get("/dashboard?q=%20").text) == ["Newsletter"]


def test_what_was_searched_for_stays_text(owner):
    named(owner, "One", "Two")

    page = owner.get("/dashboard", params={"q": '"><script>alert(1)</script>\u202e'}).text

    assert "<script>alert" not in page
    assert "\u202e" not in page.partition('class="found"')[2]


def test_draws_what_came_in_thirty_days(owner, form):
    came(form, {0: 2, 3: 5, 40: 90})

    page = owner.get("/dashboard").text

    assert "7 in the last 30 days, 5 at most on one day, 2 today." in page
    assert "7 in the last 30 days" in page


@pytest.mark.usefixtures("form")
def test_what_came_just_now_is_drawn_before_it_is_counted(owner, send):
    send(message="Hello")

    assert "1 in the last 30 days" in owner.get("/dashboard").text


@pytest.mark.parametrize(
    ("days", "quiet"),
    [
        ({31: 2, 80: 1}, True),
        ({31: 2}, False),  # a try or two is no use that could have ended
        ({29: 1, 50: 9}, False),
        ({91: 50}, False),  # whoever was told for two months knows
        ({}, False),
    ],
    ids=["ended", "only tried", "goes on", "long over", "never"],
)
def test_says_of_a_form_in_use_that_nothing_comes_any_more(owner, form, days, quiet):
    came(form, days)

    assert ("Nothing for 30 days" in owner.get("/dashboard").text) == quiet


def test_a_form_that_is_switched_off_may_be_quiet(owner, form):
    came(form, {40: 9})
    forms.update(owner.account, form.id, {"active": False})

    page = owner.get("/dashboard").text

    assert "Switched off" in page
    assert "Nothing for 30 days" not in page


@pytest.mark.usefixtures("sent")
def test_shows_nothing_of_others(stranger, form):
    page = stranger.get("/dashboard").text

    assert form.id not in page
    assert "Hello from Ada" not in page


def test_asks_a_visitor_to_sign_in(visitor):
    response = visitor.get("/dashboard")

    assert response.status_code == 303
    assert response.headers["location"] == "/sign-in?next=/dashboard"


def test_hostile_names_stay_text(owner, send):
    forms.create(owner.account, definitions.Definition(name='"><script>alert(1)</script>'))
    send(name="<img src=x onerror=alert(1)>", message="\u202eexe.gpj")

    page = owner.get("/dashboard").text

    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "\u202e" not in page


def test_says_in_words_which_mail_does_not_arrive(owner, form):
    assert f"{owner.account.email} waits for confirmation" in owner.get("/dashboard").text
    accounts.change(owner.account, email_verified=True)
    assert "waits for" not in owner.get("/dashboard").text

    recipients.refuse(owner.account.email, "bounced")

    page = owner.get("/dashboard").text
    assert f"Mail to {owner.account.email} bounced." in page
    assert f"/forms/{form.id}/settings" in page


def test_says_nothing_of_it_where_no_mail_is_wanted_or_sent(owner, form, monkeypatch):
    forms.update(owner.account, form.id, {"notify": {"every": "never"}})
    assert "waits for" not in owner.get("/dashboard").text
    forms.update(owner.account, form.id, {"notify": {"every": "each"}})
    monkeypatch.setenv("MAIL_FROM", "")

    assert "waits for" not in owner.get("/dashboard").text


def test_says_in_words_which_webhook_fails(owner, form):
    accounts.change(owner.account, email_verified=True)
    hook = webhook(form.id)
    assert "receiver.example.com" not in owner.get("/dashboard").text

    webhooks.outcome(form.id, hook.id, ok=False)

    page = owner.get("/dashboard").text
    assert "The webhook to receiver.example.com is failing." in page
    assert f'href="/forms/{form.id}/webhooks"' in page
    assert f"/forms/{form.id}/settings" not in page

    webhooks.switch_off(form.id, hook.id, "It answered 410.")
    assert "The webhook to receiver.example.com was switched off. It answered 410." in owner.get("/dashboard").text


def test_a_webhook_switched_off_by_hand_is_no_trouble(owner, form):
    hook = webhook(form.id)
    owner.fill(f"/forms/{form.id}/webhooks", {"webhook": hook.id, "do": "off"})

    assert "receiver.example.com" not in owner.get("/dashboard").text


def test_the_webhooks_of_a_form_are_its_owners_business(viewer, form):
    webhooks.outcome(form.id, webhook(form.id).id, ok=False)

    assert "receiver.example.com" not in viewer.get("/dashboard").text


def test_the_addresses_of_a_form_are_its_owners_business(viewer, owner):
    assert owner.account.email not in viewer.get("/dashboard").text


GUIDE = "Two steps to your first submission"


def test_leads_the_owner_of_one_new_form_to_its_first_submission(owner, form):
    page = owner.get("/dashboard").text

    assert GUIDE in page
    assert "“<bdi>Contact</bdi>” is made" in page
    assert f"action=&#34;https://pillarbox.test/f/{form.id}&#34;" in page
    assert f'<a class="button main" href="/f/{form.id}" target="_blank">' in page
    assert re.search(r'href="/dashboard" data-guide-again=""', page)


def test_the_guide_tells_that_the_first_has_come_until_it_is_read(owner, send):
    path = send(name="Ada", message="A test")

    page = owner.get("/dashboard").text
    assert GUIDE not in page
    assert "Your first submission is here" in page
    assert "It is from <bdi>Ada</bdi>" in page
    assert f'class="button main" href="{path}"' in page

    assert owner.get(path).status_code == 200
    assert "Your first submission is here" not in owner.get("/dashboard").text
    assert GUIDE not in owner.get("/dashboard").text


def test_the_guide_says_where_a_test_is_that_looked_like_spam(owner, form, send):
    submission_id = send(message="A test").rsplit("/", 1)[1]
    submissions.update(form.id, submission_id, folder="spam")

    page = owner.get("/dashboard").text

    assert GUIDE in page
    assert f'href="/forms/{form.id}?folder=spam"' in page


def test_there_is_no_guide_for_whoever_knows_the_way(owner, form):
    table.put(places.counts(form.id) | {"archive_total": 1})
    assert GUIDE not in owner.get("/dashboard").text

    named(owner, "Another")
    assert GUIDE not in owner.get("/dashboard").text


def test_the_guide_is_the_owners_alone(viewer):
    page = viewer.get("/dashboard").text

    assert titles(page) == ["Contact"]
    assert GUIDE not in page


def test_a_form_that_keeps_nothing_has_no_guide_that_would_never_end(owner, form):
    forms.update(owner.account, form.id, {"store": False})

    assert GUIDE not in owner.get("/dashboard").text
