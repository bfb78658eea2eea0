"""Mail to the form's people and to visitors, keeping and thanks; and who may see the settings at all."""

import pytest

from pillarbox import accounts, definitions, forms, ids, recipients, setting_parts
from tests.posting import agreed
from tests.setting import save_part

MAY = "manager"


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/settings"


@pytest.fixture
def address():
    return f"{ids.short()}@example.com"


@pytest.fixture
def now(owner, form):
    return lambda: forms.get(owner.account, form.id)


@pytest.fixture
def save(owner, path):
    """Open a part of the settings and send it, as its page holds what was seen."""
    return lambda part, sent: save_part(owner, path, part, sent)


MAIL = {"notify-every": "each", "notify-most_per_minute": "10"}


def test_shows_how_it_is_set_and_how_each_address_stands(owner, form, path, address, now):
    yes, away, bounced = (f"{ids.short()}@example.com" for _ in range(3))
    agreed(owner, yes, away, bounced)
    forms.update(owner.account, form.id, {"notify": {"to": [address, yes, away, bounced], "every": "30m"}})
    recipients.unsubscribe(form.id, away)
    recipients.refuse(bounced, "bounced")

    page = owner.get(f"{path}?part=notify").text

    for words in ("Waits for confirmation", "it gets mail", "Has unsubscribed", "bounced", "30m", *now().notify.to):
        assert words in page


def test_saves_who_is_mailed_and_asks_who_is_new(owner, path, save, now, address, mailbox):
    sent = MAIL | {
        "notify-to": f" {address} \r\nother-{address}",
        "notify-every": "daily",
        "notify-subject": "{topic}",
        "notify-most_per_minute": "5",
        "notify-routes-0-field": "topic",
        "notify-routes-0-equals": "Sales",
        "notify-routes-0-to": f"{address}, third-{address}",
        "notify-routes-1-field": " ",
    }

    answer = save("notify", sent)

    assert answer.headers["location"] == f"{path}?part=notify&done=notify"
    notify = now().notify
    assert (notify.to, notify.every, notify.subject) == ([address, f"other-{address}"], "daily", "{topic}")
    assert [(one.field, one.equals, one.to) for one in notify.routes] == [
        ("topic", "Sales", [address, f"third-{address}"])
    ]
    assert len(mailbox.of(f"third-{address}")) == 1
    assert "mailed a link" in owner.get(answer.headers["location"]).text


def test_nothing_typed_is_the_owner_at_once(owner, form, save, now, address):
    forms.update(owner.account, form.id, {"notify": {"to": [address], "subject": "x"}})

    save("notify", MAIL)

    assert now().notify == definitions.Definition(name="x").notify


@pytest.mark.parametrize(
    ("part", "sent", "input_", "said"),
    [
        ("notify", {"notify-to": "ada@example.com\nnobody"}, "notify-to", "Line 2, “nobody”: "),
        ("notify", {"notify-to": "\n".join(f"a{n}@example.com" for n in range(100))}, "notify-to", "At most 20"),
        ("notify", {"notify-every": "monthly"}, "notify-every", "daily"),
        ("notify", {"notify-subject": "a\x00b"}, "notify-subject", "one line"),
        ("notify", {"notify-most_per_minute": "many"}, "notify-most_per_minute", "whole number"),
        ("notify", {"notify-routes-3-field": "topic"}, "notify-routes-3-to", "At least 1"),
        ("notify", {"notify-routes-0-to": "x"}, "notify-routes-0-field", "empty"),
        (
            "notify",
            {"notify-routes-2-field": "a", "notify-routes-2-to": "a@b.example, x"},
            "notify-routes-2-to",
            "“x”: ",
        ),
        ("autoresponse", {"autoresponse-text": ""}, "autoresponse-text", "empty"),
        ("keeping", {"retention_days": "0"}, "retention_days", "at least 1"),
        ("keeping", {"retention_days": "ever"}, "retention_days", "whole number"),
        ("after", {"thanks-title": ""}, "thanks-title", "at least 1"),
    ],
)
def test_what_does_not_fit_is_told_beside_its_input_and_keeps_what_was_typed(save, now, part, sent, input_, said):
    before = now()

    answer = save(part, (MAIL if part == "notify" else {}) | sent)

    assert answer.status_code == 422
    assert f'id="{input_}-error"' in answer.text
    assert f'<a href="#{input_}">' in answer.text
    assert said.lower() in answer.text.lower() or "empty" in answer.text
    assert now() == before


def test_saves_what_visitors_are_mailed_and_the_page_of_thanks(owner, path, save, now):
    answer = {"autoresponse-enabled": "on", "autoresponse-subject": "Hi", "autoresponse-text": "A\r\n\r\nB"}
    save("autoresponse", answer)
    save("after", {"thanks-title": "Danke", "thanks-text": ""})

    form = now()
    assert (form.autoresponse.enabled, form.autoresponse.double_opt_in) == (True, False)
    assert form.autoresponse.text == "A\n\nB"
    assert (form.thanks.title, form.thanks.text) == ("Danke", "")
    assert 'name="autoresponse-enabled" checked' in owner.get(f"{path}?part=autoresponse").text


def test_saves_how_long_what_comes_is_kept(owner, path, save, now):
    save("keeping", {"store": "on", "retention_days": "90"})
    assert (now().store, now().retention_days) == (True, 90)
    assert 'value="90"' in owner.get(f"{path}?part=keeping").text

    save("keeping", {"retention_days": " "})
    assert (now().store, now().retention_days) == (False, None)


def test_asks_again_and_mails_again_what_had_bounced(owner, form, path, address, mailbox):
    forms.update(owner.account, form.id, {"notify": {"to": [address]}})
    owner.fill(path, {"do": "ask", "email": address})
    owner.fill(path, {"do": "ask", "email": address})
    assert len(mailbox.of(address)) == 2

    recipients.refuse(address, "bounced")
    assert "Mail it again" in owner.get(f"{path}?part=notify").text
    owner.fill(path, {"do": "lift", "email": address})
    assert not recipients.is_refused(address)


def test_the_owners_own_address_gets_the_link_that_verifies_it(owner, path, mailbox):
    owner.fill(path, {"do": "ask", "email": owner.account.email})

    assert "/verify-email" in mailbox.link(owner.account.email)


@pytest.mark.parametrize("do", ["ask", "lift"])
def test_an_address_that_is_not_the_forms_is_not_found(owner, path, do):
    assert owner.fill(path, {"do": do, "email": "stranger@example.com"}).status_code == 404


def test_a_button_that_is_unknown_does_nothing(owner, path):
    assert owner.fill(path, {"do": "everything"}).status_code == 400


def test_where_no_mail_is_sent_the_page_says_so(owner, path, monkeypatch):
    monkeypatch.setenv("MAIL_FROM", "")

    assert "sends no mail" in owner.get(f"{path}?part=notify").text


def test_hostile_settings_stay_text(owner, form, path):
    bad = "</textarea><script>alert(1)</script>\u202e"
    change = {"autoresponse": {"text": "</textarea><script>"}, "notify": {"subject": '"><script>'}}
    thanks = {"thanks": {"title": bad, "text": bad}, "name": bad, "spam": {"blocked_words": [bad]}}
    forms.update(owner.account, form.id, change | thanks)

    for part in setting_parts.PARTS:
        page = owner.get(f"{path}?part={part}")
        assert page.status_code == 200
        assert "<script>" not in page.text
        assert "\u202e</" not in page.text.replace("\u202e</textarea>", "")


def test_an_editor_may_neither_see_nor_change_it(editor, path):
    assert editor.get(path).status_code == 403
    assert editor.fill("/dashboard", {"do": "general", "name": "Mine"}, to=path).status_code == 403


def test_a_manager_sees_how_the_owners_address_stands(manager, owner, path):
    accounts.change(owner.account, email_verified=True)

    assert owner.account.email in manager.get(f"{path}?part=notify").text


def test_somebody_elses_form_is_not_found(stranger, path):
    assert stranger.get(path).status_code == 404
    assert stranger.fill("/dashboard", {"do": "general", "name": "Mine"}, to=path).status_code == 404


def test_a_part_that_is_none_is_not_found(owner, path):
    assert owner.get(f"{path}?part=everything").status_code == 404


def test_a_form_that_is_not_there_is_not_found(owner):
    assert owner.get(f"/forms/{ids.short()}/settings").status_code == 404


def test_asks_somebody_who_is_not_signed_in_to_sign_in(visitor, path):
    assert visitor.get(path).headers["location"] == f"/sign-in?next={path}"
