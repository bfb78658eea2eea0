"""Name, senders, spam, the page's look and logo, deleting: what is saved, and what is said of what doesn't fit."""

import re
from html.parser import HTMLParser

import pytest

from pillarbox import forms, ids, logos, setting_parts
from tests import drawings
from tests.people import csrf_token
from tests.setting import save_part, seen
from tests.site import URL


@pytest.fixture
def path(form):
    return f"/forms/{form.id}/settings"


@pytest.fixture
def now(owner, form):
    return lambda: forms.get(owner.account, form.id)


@pytest.fixture
def save(owner, path):
    return lambda part, sent: save_part(owner, path, part, sent)


@pytest.fixture
def upload(owner, path):
    """Send a file as the logo, over the one that the page shows."""

    def upload(content, name="logo.png", over=None):
        page = owner.get(f"{path}?part=look")
        shown = re.findall(r'name="seen" value="([^"]*)"', page.text)[-1]
        data = {"do": "logo", "csrf_token": csrf_token(page), "seen": shown if over is None else over}
        return owner.post(path, data=data, files={"logo": (name, content)}, headers={"origin": URL})

    return upload


SPAM = {"spam-threshold": "5.0", "spam-honeypot": "_gotcha", "spam-captcha": ""}
LOOK = {
    "appearance-accent": "",
    "appearance-accent-picked": "#b8142b",
    "appearance-layout": "plain",
    "frames": "senders",
}


class Inputs(HTMLParser):
    """What a browser would send of the part's form: its inputs as the page fills them in."""

    def __init__(self, page):
        super().__init__()
        self.held, self._area = {}, ""
        self.feed(next(form for form in page.text.split("<form")[1:] if 'name="seen"' in form).partition("</form>")[0])

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        ticked = said.get("type") not in {"checkbox", "radio"} or "checked" in said
        if tag == "input" and ticked and said["name"] != "csrf_token":
            self.held[said["name"]] = said.get("value", "on")
        self._area = said["name"] if tag == "textarea" else ""

    def handle_data(self, data):
        if self._area:
            self.held[self._area] = data.removeprefix("\n")

    def handle_endtag(self, _):
        self._area = ""


@pytest.mark.parametrize("part", [part for part in setting_parts.PARTS if part != "notify"])
def test_a_part_that_is_sent_as_it_was_shown_changes_nothing(owner, form, path, now, part):
    blocked = {"blocked_words": ["casino, online", "pills"], "blocked_domains": ["spam.example"]}
    captcha = {"captcha": "turnstile", "captcha_site_key": "k1", "captcha_secret": "s1"}
    everything = {
        "active": False,
        "allowed_origins": ["https://example.com", "*.example.org"],
        "require_origin": True,
        "limits": {"per_address_per_minute": 7, "per_form_per_minute": None},
        "spam": {"threshold": 6.5} | captcha | blocked,
        "redirect_url": "https://example.com/thanks",
        "error_url": "https://example.com/sorry",
        "thanks": {"title": "Danke", "text": "Bis bald"},
        "appearance": {"accent": "#0055aa", "layout": "card", "mark": False},
        "languages": ["de", "ar"],
        "allowed_frames": ["example.net"],
        "autoresponse": {"enabled": True, "subject": "Hi", "text": "Soon", "double_opt_in": True},
        "store": False,
        "retention_days": 9,
    }
    before = forms.update(owner.account, form.id, everything)

    answer = owner.fill(f"{path}?part={part}", {"do": part} | Inputs(owner.get(f"{path}?part={part}")).held)

    assert answer.headers["location"] == f"{path}?part={part}&done={part}", answer.text
    ours = {"version", "updated_at"}
    assert now().model_dump(exclude=ours) == before.model_dump(exclude=ours)


def test_without_a_part_the_list_of_parts_says_how_each_is_set(owner, form, path):
    change = {"allowed_origins": ["a.example", "b.example"], "spam": {"captcha": "altcha"}, "retention_days": 30}
    forms.update(owner.account, form.id, change)

    page = owner.get(path).text

    for words in ("Takes submissions", "Pages of 2 sites", "ALTCHA", "Kept for 30 days", "All languages"):
        assert words in page
    for part in setting_parts.PARTS:
        assert f'href="{path}?part={part}"' in page


def test_saves_its_name_and_whether_it_takes_submissions(owner, visitor, form, save, now):
    answer = save("general", {"name": " Guest book "})

    assert (now().name, now().active) == ("Guest book", False)
    assert visitor.post(f"/f/{form.id}", json={"a": "b"}).status_code == 403
    page = owner.get(answer.headers["location"]).text
    assert 'role="status"' in page
    assert "Closed" in page


def test_saves_who_may_send_and_how_often(save, now):
    sent = {"allowed_origins": "Example.com\r\n\r\nhttps://b.example", "require_origin": "on"}
    save("senders", sent | {"limits-per_address_per_minute": "", "limits-per_form_per_minute": "500"})

    form = now()
    assert (form.allowed_origins, form.require_origin) == (["example.com", "https://b.example"], True)
    assert form.limits.model_dump() == {"per_address_per_minute": None, "per_form_per_minute": 500}


def test_saves_what_is_spam(save, now):
    sent = {"spam-threshold": "other", "spam-threshold-other": "7,5", "spam-honeypot": "website2"}
    save(
        "spam",
        sent | {"spam-blocked_words": "casino\r\nbuy now, cheap", "spam-blocked_domains": "a.example, b.example"},
    )

    spam = now().spam
    assert (spam.threshold, spam.honeypot) == (7.5, "website2")
    assert (spam.blocked_words, spam.blocked_domains) == (["casino", "buy now, cheap"], ["a.example", "b.example"])

    save("spam", SPAM | {"spam-threshold": "3.0"})
    assert (now().spam.threshold, now().spam.blocked_words) == (3, [])


def test_a_score_of_many_digits_is_saved_again_as_it_was(owner, path, form, now):
    forms.update(owner.account, form.id, {"spam": {"threshold": 5.1234567}})
    page = owner.get(f"{path}?part=spam")
    (shown,) = re.findall(r'name="spam-threshold-other"[^>]* value="([^"]*)"', page.text)

    save_part(owner, path, "spam", SPAM | {"spam-threshold": "other", "spam-threshold-other": shown})

    assert now().spam.threshold == 5.1234567


def test_a_secret_is_shown_as_set_stays_when_it_is_left_empty_and_goes_with_its_vendor(owner, path, save, now):
    keys = {"spam-captcha": "turnstile", "spam-captcha_site_key": "site", "spam-captcha_secret": "very-secret"}
    save("spam", SPAM | keys)
    page = owner.get(f"{path}?part=spam").text
    assert "very-secret" not in page
    assert "One is set." in page

    save("spam", SPAM | keys | {"spam-captcha_secret": "", "spam-threshold": "8.0"})
    assert (now().spam.captcha_secret, now().spam.threshold) == ("very-secret", 8)

    other = save("spam", SPAM | keys | {"spam-captcha": "hcaptcha", "spam-captcha_secret": ""})
    assert other.status_code == 422
    assert "hCaptcha needs a secret." in other.text

    wrong = save("spam", SPAM | keys | {"spam-captcha_secret": "another-one", "spam-honeypot": ""})
    assert wrong.status_code == 422
    assert "another-one" not in wrong.text
    assert "paste the secret once more" in wrong.text

    save("spam", SPAM | keys | {"spam-captcha": "altcha", "spam-captcha_secret": ""})
    assert (now().spam.captcha, now().spam.captcha_secret) == ("altcha", None)


@pytest.mark.parametrize(
    ("part", "sent", "input_", "said"),
    [
        ("general", {"name": ""}, "name", "empty"),
        ("senders", {"allowed_origins": "a.example\n\nb/c\nd.example"}, "allowed_origins", "Line 3, “b/c”: "),
        ("senders", {"limits-per_form_per_minute": "0"}, "limits-per_form_per_minute", "At least 1"),
        ("spam", {"spam-threshold": "other", "spam-threshold-other": "0.5"}, "spam-threshold-other", "At least 1"),
        ("spam", {"spam-threshold": "much"}, "spam-threshold", ""),
        ("spam", {"spam-captcha": "turnstile"}, "spam-captcha_site_key", "Turnstile needs a site key."),
        ("spam", {"spam-honeypot": "_next"}, "spam-honeypot", "another name"),
        ("spam", {"spam-honeypot": "email"}, "spam-honeypot", "is a field of this form"),
        ("spam", {"spam-blocked_addresses": "1.2.3.4\nx\ny\nz\nw\nv"}, "spam-blocked_addresses", "And 2 more."),
        ("spam", {"spam-blocked_words": "\n".join(f"w{n}" for n in range(501))}, "spam-blocked_words", "At most 500"),
        ("spam", {"spam-blocked_words": "\n".join(f"{n:099}" for n in range(300))}, "spam-blocked_words", "20,000"),
        ("spam", {"spam-blocked_domains": "a.example\n" + "x" * 900}, "spam-blocked_domains", "Line 2, “xxx"),
        ("after", {"redirect_url": "javascript:alert(1)"}, "redirect_url", "web address"),
        ("after", {"error_url": "there"}, "error_url", "web address"),
        ("look", {"appearance-accent": "reddish"}, "appearance-accent", "#b8142b"),
        ("look", {"appearance-layout": "wild"}, "appearance-layout", "&#39;plain&#39;"),
        ("look", {"frames": "these"}, "allowed_frames", "Name at least one"),
        ("look", {"frames": "these", "allowed_frames": "a.example; b c"}, "allowed_frames", "“b c”: "),
    ],
)
def test_what_does_not_fit_is_told_beside_its_input(owner, form, save, now, part, sent, input_, said):
    forms.update(owner.account, form.id, {"fields": [{"name": "email", "label": "E-mail", "type": "email"}]})
    before = now()
    whole = {"general": {}, "spam": SPAM, "look": LOOK, "after": {"thanks-title": "x"}}.get(part, {})

    answer = save(part, whole | sent)

    assert answer.status_code == 422
    assert f'id="{input_}-error"' in answer.text
    assert f'id="{input_}"' in answer.text
    assert f'<a href="#{input_}">' in answer.text
    assert said in answer.text
    for typed in [typed for name, typed in sent.items() if name not in {"spam-threshold", "appearance-layout"}]:
        assert typed.split("\n")[-1] in answer.text
    assert now() == before


def test_a_list_of_500_is_kept_whole_and_counted(owner, path, save, now):
    words = [f"word {n}" for n in range(500)]
    save("spam", SPAM | {"spam-blocked_words": "\r\n".join(words)})

    assert now().spam.blocked_words == words
    assert "500 of at most 500" in owner.get(f"{path}?part=spam").text
    assert "500 blocked" in owner.get(path).text


def test_saves_how_the_forms_own_page_looks(save, now):
    save(
        "look",
        LOOK | {"appearance-accent": "#0A5", "appearance-layout": "card", "languages-de": "on", "languages-ja": "on"},
    )

    form = now()
    assert form.appearance.model_dump() == {"accent": "#00aa55", "layout": "card", "mark": False}
    assert (form.languages, form.allowed_frames) == (["de", "ja"], None)

    save("look", LOOK | {"frames": "nobody", "appearance-mark": "on"})
    assert (now().allowed_frames, now().appearance.mark, now().appearance.accent) == ([], True, None)

    save("look", LOOK | {"frames": "these", "allowed_frames": "https://a.example\r\n*.b.example"})
    assert now().allowed_frames == ["https://a.example", "*.b.example"]


def test_without_a_script_the_colour_that_was_changed_counts(save, now):
    save("look", LOOK | {"appearance-accent-picked": "#123456"})
    assert now().appearance.accent == "#123456"

    save("look", LOOK | {"appearance-accent": "#123456", "appearance-accent-picked": "#654321"})
    assert now().appearance.accent == "#654321"

    save("look", LOOK | {"appearance-accent": "#111111", "appearance-accent-picked": "#654321"})
    assert now().appearance.accent == "#111111"

    save("look", LOOK | {"appearance-accent": "", "appearance-accent-picked": "#111111"})
    assert now().appearance.accent is None


def test_a_logo_is_put_up_shown_and_taken_away(owner, form, path, upload):
    picture = drawings.png(30, 20)

    answer = upload(picture)

    assert answer.headers["location"] == f"{path}?part=look&done=logo"
    logo = logos.get(form.id)
    assert logo
    assert (logo.content, logo.type) == (picture, "image/png")
    page = owner.get(f"{path}?part=look").text
    assert f'src="/f/{form.id}/look/logo?v={logo.sha}"' in page

    owner.fill(f"{path}?part=look", {"do": "unlogo", "seen": logo.sha})
    assert logos.get(form.id) is None
    assert "Remove the logo" not in owner.get(f"{path}?part=look").text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a picture"),
        (b"<svg onload='alert(1)'/>", "An SVG can hold code"),
        (b"MZ\x90", "picture that we can show"),
        (drawings.png(9, 9) + bytes(70_000), "more than 64 KB"),
        (bytes(3_000_000), "more than 64 KB"),
        (drawings.png(3000, 1), "2,000 a side"),
    ],
)
def test_a_file_that_is_no_logo_is_refused_with_the_reason(form, upload, content, said):
    answer = upload(content, name='"><script>.png')

    assert answer.status_code == 422
    assert 'id="logo-error"' in answer.text
    assert said in answer.text
    assert "<script>." not in answer.text
    assert logos.get(form.id) is None


def test_a_logo_that_somebody_changed_meanwhile_is_not_replaced_unseen(form, upload):
    first = drawings.png(3, 3)
    upload(first)

    assert upload(drawings.png(4, 4), over="").status_code == 409
    logo = logos.get(form.id)
    assert logo
    assert logo.content == first


def test_two_files_at_once_are_no_500(owner, path):
    page = owner.get(f"{path}?part=look")
    files = [("logo", ("a.png", b"a")), ("logo", ("b.png", b"b"))]
    data = {"do": "logo", "csrf_token": csrf_token(page)}

    answer = owner.post(path, data=data, files=files, headers={"origin": URL})

    assert answer.status_code == 400


def test_the_owner_deletes_it_by_typing_its_name(owner, form, path):
    wrong = owner.fill(path, {"do": "delete", "confirm": "Contactt"})
    assert wrong.status_code == 422
    assert 'id="confirm-error"' in wrong.text
    assert 'value="Contactt"' in wrong.text

    answer = owner.fill(path, {"do": "delete", "confirm": " Contact "})

    assert answer.headers["location"] == "/dashboard"
    assert owner.get(f"/forms/{form.id}").status_code == 404


def test_a_name_that_hides_letters_is_typed_as_it_is_shown(owner, form, path):
    forms.update(owner.account, form.id, {"name": "a\u202eb  c"})

    assert owner.fill(path, {"do": "delete", "confirm": "a\ufffdb c"}).headers["location"] == "/dashboard"


def test_a_manager_saves_but_does_not_delete(owner, manager, form, path):
    assert save_part(manager, path, "general", {"name": "Ours", "active": "on"}).status_code == 303
    assert forms.get(owner.account, form.id).name == "Ours"

    assert "Delete this form" not in manager.get(path).text
    assert manager.fill(path, {"do": "delete", "confirm": "Ours"}).status_code == 403
    assert forms.exists(form.id)


def test_a_page_that_does_not_say_what_it_showed_saves_nothing(owner, path, now):
    for bad in ("", "1", "1.zz", f"{ids.short()}.0123456789abcdef"):
        assert owner.fill(path, {"do": "general", "name": "New", "seen": bad}).status_code == 400
    assert now().name == "Contact"
    assert seen(owner.get(path))
