import pytest

from pillarbox import accounts, definitions, forms, inboxes, places, recipients, table, webhooks
from tests.outgoing import webhook

MAY = "signed in"


def test_invites_a_new_owner_to_make_a_form(owner):
    response = owner.get("/dashboard")

    assert response.status_code == 200
    assert "Make your first form" in response.text


def test_makes_a_form_and_shows_its_inbox(owner):
    response = owner.fill("/dashboard", {"name": "Say hello"})

    assert response.status_code == 303
    (form,) = forms.every(owner.account)
    assert form.name == "Say hello"
    assert response.headers["location"] == f"/forms/{form.id}"


@pytest.mark.parametrize(
    ("name", "sentence"), [("", "This can&#39;t be empty."), ("x" * 101, "At most 100 characters")]
)
def test_says_beside_the_name_what_does_not_fit(owner, name, sentence):
    response = owner.fill("/dashboard", {"name": name})

    assert response.status_code == 422
    assert sentence in response.text.partition('id="name-error"')[2].partition("</p>")[0]
    assert f'value="{name}"' in response.text
    assert forms.every(owner.account) == []


def test_shows_each_form_with_its_address_and_what_is_new(owner, form, send):
    send(name="Grace", message="First")
    send(name="Ada", message="Second")

    page = owner.get("/dashboard").text

    assert "2 new" in page
    assert "Last from Ada" in page
    assert f"/f/{form.id}" in page
    assert page.index("Second") < page.index("First")


def test_tells_how_many_are_unread_of_more_than_it_reads(owner, form, send, monkeypatch):
    monkeypatch.setattr(inboxes, "NEWEST", 2)
    table.put(places.counts(form.id) | {"inbox_unread": 7})
    for n in range(2):
        send(message=f"Number {n}")

    assert "7 new" in owner.get("/dashboard").text


def test_shows_the_newest_of_all_forms_together(owner, visitor):
    made = [forms.create(owner.account, definitions.Definition(name=f"Form {n}")) for n in range(3)]
    for n in range(9):
        assert visitor.post(f"/f/{made[n % 3].id}", json={"message": f"Message {n}"}).status_code == 200

    newest = owner.get("/dashboard").text.partition('class="card latest"')[2]

    found = [newest.find(f"Message {n}") for n in range(8, 0, -1)]
    assert -1 not in found
    assert found == sorted(found)
    assert "Message 0" not in newest


def test_looks_into_a_bounded_number_of_forms(owner, visitor, monkeypatch):
    monkeypatch.setattr(inboxes, "LOOKED_INTO", 1)
    old, new = (forms.create(owner.account, definitions.Definition(name=name)) for name in ("Old", "New"))
    visitor.post(f"/f/{old.id}", json={"message": "Unseen"})
    visitor.post(f"/f/{new.id}", json={"message": "Seen"})

    page = owner.get("/dashboard").text

    assert "Seen" in page
    assert "Unseen" not in page
    assert "Old" in page


@pytest.mark.usefixtures("sent")
def test_shows_nothing_of_others(stranger, form):
    page = stranger.get("/dashboard").text

    assert form.id not in page
    assert "Hello from Ada" not in page


def test_asks_a_visitor_to_sign_in(visitor):
    for response in (visitor.get("/dashboard"), visitor.post("/dashboard", data={"name": "Mine"})):
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
    assert f'href="/forms/{form.id}/settings"' not in page

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
