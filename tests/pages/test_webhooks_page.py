import html
import re

import pytest

from pillarbox import deliveries, signing, webhook_changes, webhooks
from tests.outgoing import PLACE, outcome, queued, webhook, worked_on
from tests.people import csrf_token

MAY = "manager"
NEW = {"do": "add", "url": f"{PLACE}/hook", "format": "json", "event-submission.created": "on"}


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/webhooks"


@pytest.fixture
def press(owner, path):
    """Press a button of the page of one webhook."""

    def press(what, hook, **more):
        return owner.fill(f"{path}?webhook={hook.id}", {"do": what, "webhook": hook.id} | more, to=path)

    return press


def now(form, hook):
    return webhooks.find(form.id, hook.id)


def words(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", answer.text)))


def test_the_form_leads_there(owner, form, path):
    assert f'href="{path}"' in owner.get(f"/forms/{form.id}").text


def test_one_is_added_and_its_secret_shown_this_once(owner, form, path):
    answer = owner.fill(path, NEW | {"fields": "name\n\n email ", "rename": "name = Who\nemail=E-mail = address"})

    assert answer.status_code == 200
    (made,) = webhooks.of_form(form.id)
    assert made.fields == ["name", "email"]
    assert made.rename == {"name": "Who", "email": "E-mail = address"}
    assert signing.secret(made.id, 1) in answer.text
    assert "whsec_" not in owner.get(path).text
    assert "whsec_" not in owner.get(f"{path}?webhook={made.id}").text
    assert "93.184.215.14" in owner.get(path).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"url": "http://93.184.215.14/"}, "Only addresses that begin with https:// are called."),
        ({"url": ""}, "This can't be empty."),
        ({"event-submission.created": None}, "At least 1, please."),
        ({"format": "xml"}, "This must be"),
        ({"fields": "x" * 101}, "At most 100 characters, please."),
        ({"rename": "a = x\nb = x"}, "Two fields can't have the same new name."),
        ({"rename": "nothing"}, "Write it so: nothing = its new name"),
    ],
)
def test_what_does_not_fit_is_told_beside_what_was_typed(owner, form, path, typed, sentence):
    sent = {name: value for name, value in (NEW | typed).items() if value is not None}

    answer = owner.fill(path, sent)

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'class="error"' in answer.text
    assert html.escape(sent.get("rename", "")) in answer.text
    assert webhooks.of_form(form.id) == []


def test_settings_are_shown_and_saved(owner, form, path, hook, press):
    press("save", hook, url=f"{PLACE}/x", format="slack", rename="a = b\nc = d", **{"event-submission.spam": "on"})
    assert "a = b\nc = d" in owner.get(f"{path}?webhook={hook.id}").text

    answer = press("save", hook, url=f"{PLACE}/x", format="teams", rename="c = e", **{"event-submission.spam": "on"})

    assert answer.headers["location"].endswith("done=save")
    saved = now(form, hook)
    assert (saved.url, saved.format, saved.rename) == (f"{PLACE}/x", "teams", {"c": "e"})
    assert saved.events == ["submission.spam"]


def test_what_does_not_fit_in_settings_changes_nothing(form, hook, press):
    answer = press("save", hook, url="https://10.0.0.1/", format="slack", rename="", **{"event-submission.spam": "on"})

    assert answer.status_code == 422
    assert now(form, hook) == hook


def test_switched_off_it_says_why_and_on_again_forgets_it(owner, form, path, hook, press):
    webhooks.switch_off(form.id, hook.id, "Nothing but failures for five days.")
    assert "Nothing but failures for five days." in owner.get(path).text
    assert "Nothing but failures for five days." in owner.get(f"{path}?webhook={hook.id}").text

    press("on", hook)
    assert (now(form, hook).active, now(form, hook).off_reason) == (True, None)

    press("off", hook)
    assert now(form, hook).off_reason == webhook_changes.BY_HAND


def test_a_new_secret_is_shown_this_once(owner, path, hook, press):
    answer = press("rotate", hook)

    assert signing.secret(hook.id, 2) in answer.text
    assert signing.secret(hook.id, 2) not in owner.get(f"{path}?webhook={hook.id}").text


def test_deleted_it_is_gone(owner, form, path, hook, press):
    assert press("delete", hook).headers["location"] == f"{path}?done=delete"

    assert webhooks.of_form(form.id) == []
    assert owner.get(f"{path}?webhook={hook.id}").status_code == 404


def test_what_came_of_a_test_stands_in_the_log(owner, path, hook, press, template):
    press("test", hook)
    (message,) = queued("webhooks")
    told = outcome(message, status=200)
    told["attempt"] |= {"request": "POST https://receiver.example.com/", "answer": "<script>alert(1)</script>"}
    worked_on(template, "RecordOutcome", told)

    page = owner.get(f"{path}?webhook={hook.id}")

    assert "Test" in words(page)
    assert "Sent" in words(page)
    assert "POST https://receiver.example.com/" in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text


def test_one_that_failed_is_sent_again(owner, form, path, hook, press, failed):
    page = owner.get(f"{path}?webhook={hook.id}")
    assert "Failed after 1 try: answered 500" in words(page)

    press("again", hook, delivery=failed.id)

    (message,) = queued("webhooks")
    assert message["delivery_id"] == failed.id
    assert deliveries.get(form.id, failed.id).state == "pending"


def test_all_that_failed_are_sent_again_and_counted(owner, hook, press, make):
    for n in range(3):
        make(status=500, change=str(n))

    answer = press("failed", hook)

    assert len(queued("webhooks")) == 3
    assert "3 are on their way once more." in words(owner.get(answer.headers["location"]))


def test_where_there_are_more_the_button_goes_on(owner, hook, press, make, monkeypatch):
    monkeypatch.setattr("pillarbox.resending.MOST", 2)
    for n in range(3):
        make(status=500, change=str(n))

    page = owner.get(press("failed", hook).headers["location"])
    more = re.search(r'name="more" value="([^"]+)"', page.text)
    assert more
    press("failed", hook, more=more[1])

    assert len(queued("webhooks")) == 3


def test_those_that_failed_are_shown_alone(owner, path, hook, make):
    make(status=200)
    make(status=500, change="x")

    page = words(owner.get(f"{path}?webhook={hook.id}&state=failed"))

    assert "answered 500" in page
    assert page.count("1 try") == 1 + page.count("after 1 try")


def test_a_long_log_has_pages(owner, path, hook, make, monkeypatch):
    monkeypatch.setattr("pillarbox.webhook_pages.ROWS", 2)
    for n in range(3):
        make(status=500, change=str(n))

    first = owner.get(f"{path}?webhook={hook.id}")
    older = re.search(r'href="([^"]+cursor=[^"]+)"', first.text)
    assert older

    assert owner.get(html.unescape(older[1])).text.count('class="whom"') == 1
    assert owner.get(f"{path}?webhook={hook.id}&cursor=nonsense").status_code == 200


def test_hostile_values_are_text(owner, form, path):
    hook = webhook(form.id, url=f'{PLACE}/"><script>', fields=["<b>"], rename={"<i>": '"><img>'})
    webhooks.switch_off(form.id, hook.id, "<script>x</script>")

    for page in (owner.get(path).text, owner.get(f"{path}?webhook={hook.id}&done=<b>&count=<b>&more=<b>").text):
        assert not re.search(r"<b>(?!All|Failed)|<i>|<img>|<script>", page)


def test_at_most_twenty_are_offered(owner, form, path):
    for _ in range(webhook_changes.MOST):
        webhook(form.id)

    assert "at most 20 webhooks" in owner.get(path).text
    assert owner.get("/forms").status_code == 404


def test_a_button_that_is_unknown_does_nothing(form, hook, press):
    assert press("everything", hook).status_code == 400
    assert now(form, hook) == hook


def test_without_its_token_nothing_happens(owner, form, path, hook):
    answer = owner.post(path, data={"do": "delete", "webhook": hook.id}, headers={"origin": str(owner.base_url)})

    assert answer.status_code == 403
    assert now(form, hook)


def test_another_forms_webhook_is_not_found(owner, hook):
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]
    token = csrf_token(owner.get(f"/forms/{other}/webhooks"))

    for what in ("save", "on", "off", "rotate", "delete", "test", "again", "failed"):
        sent = NEW | {"do": what, "webhook": hook.id, "csrf_token": token}
        answer = owner.post(f"/forms/{other}/webhooks", data=sent, headers={"origin": "https://pillarbox.test"})
        assert answer.status_code == 404, what
    assert owner.get(f"/forms/{other}/webhooks?webhook={hook.id}").status_code == 404


def test_only_who_manages_the_form_sees_it(viewer, editor, manager, stranger, visitor, path):
    statuses = [person.get(path).status_code for person in (viewer, editor, manager, stranger)]

    assert statuses == [403, 403, 200, 404]
    assert visitor.get(path).headers["location"].startswith("/sign-in")
    assert path not in viewer.get(path.removesuffix("/webhooks")).text
