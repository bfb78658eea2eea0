"""Origins, limits and spam settings of a form: POST /v1/forms, GET and PATCH /v1/forms/{form_id}."""

import json

import pytest

from pillarbox import places, table

SPAM = {
    "threshold": 5.0,
    "honeypot": "_gotcha",
    "captcha": None,
    "captcha_site_key": None,
    "captcha_secret": None,
    "blocked_words": [],
    "blocked_addresses": [],
    "blocked_domains": [],
}
TURNSTILE = {"captcha": "turnstile", "captcha_site_key": "1x0-site", "captcha_secret": "1x0-secret"}


@pytest.fixture
def url(form):
    return f"/v1/forms/{form.id}"


@pytest.fixture
def policy(form):
    """Read what the submit path reads of the form."""
    return lambda: json.loads(item(form.id)["policy"])


def item(form_id):
    found = table.get(places.form(form_id))
    assert found
    return found


def test_a_new_form_takes_what_comes_from_anywhere_up_to_sixty_a_minute_from_one_address(owner, url):
    form = owner.get(url).json()

    assert (form["error_url"], form["allowed_origins"], form["require_origin"]) == (None, [], False)
    assert form["limits"] == {"per_address_per_minute": 60, "per_form_per_minute": None}
    assert form["spam"] == SPAM


def test_all_of_it_may_be_set_when_a_form_is_made(owner):
    settings = {
        "error_url": "https://example.com/oops",
        "allowed_origins": ["https://example.com"],
        "require_origin": True,
        "limits": {"per_address_per_minute": None, "per_form_per_minute": 600},
        "spam": SPAM | {"threshold": 4.5, "honeypot": "nickname", "blocked_words": ["free money"]},
    }

    made = owner.post("/v1/forms", json={"name": "Contact"} | settings)

    assert made.status_code == 201
    assert settings.items() <= made.json().items()
    assert owner.get(f"/v1/forms/{made.json()['id']}").json() == made.json()


@pytest.mark.parametrize(
    ("typed", "shown", "host"),
    [
        ("example.com", "example.com", "example.com"),
        (" HTTPS://Example.COM/ ", "https://example.com", "example.com"),
        ("http://localhost:3000", "http://localhost:3000", "localhost"),
        ("*.example.com", "*.example.com", ".example.com"),
        ("www.bücher.example", "www.bücher.example", "www.xn--bcher-kva.example"),
        ("http://[::1]:8000", "http://[::1]:8000", "[::1]"),
    ],
)
def test_origins_are_kept_as_people_read_them_and_compiled_as_browsers_send_them(owner, form, typed, shown, host):
    changed = owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": [typed]})

    assert changed.json()["allowed_origins"] == [shown]
    assert json.loads(item(form.id)["policy"])["hosts"] == [host]


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"allowed_origins": ["https://example.com/path"]}, "allowed_origins.0", "*.example.com"),
        ({"allowed_origins": ["*"]}, "allowed_origins.0", "*.example.com"),
        ({"allowed_origins": ["*.*.example.com"]}, "allowed_origins.0", "*.example.com"),
        ({"allowed_origins": ["ftp://example.com"]}, "allowed_origins.0", "*.example.com"),
        ({"allowed_origins": ["https://ada@example.com"]}, "allowed_origins.0", "*.example.com"),
        ({"allowed_origins": [f"{n}.example.com" for n in range(51)]}, "allowed_origins", "50"),
        ({"error_url": "javascript:alert(1)"}, "error_url", "https://"),
        ({"require_origin": "perhaps"}, "require_origin", "true or false"),
        ({"limits": {"per_address_per_minute": 0}}, "limits.per_address_per_minute", "At least 1"),
        ({"limits": {"per_form_per_minute": 100_001}}, "limits.per_form_per_minute", "At most 100000"),
        ({"limits": {"per_form_per_minute": "many"}}, "limits.per_form_per_minute", "whole number"),
        ({"limits": {"per_day": 5}}, "limits.per_day", "no such property"),
        ({"spam": {"threshold": 0}}, "spam.threshold", "At least 1"),
        ({"spam": {"threshold": 101}}, "spam.threshold", "At most 100"),
        ({"spam": {"threshold": "high"}}, "spam.threshold", "number"),
        ({"spam": {"honeypot": ""}}, "spam.honeypot", "empty"),
        ({"spam": {"honeypot": "_next"}}, "spam.honeypot", "another name"),
        ({"spam": {"captcha": "magic"}}, "spam.captcha", "altcha"),
        ({"spam": {"captcha": "turnstile", "captcha_site_key": "k"}}, "spam.captcha_secret", "Turnstile"),
        ({"spam": {"captcha": "hcaptcha", "captcha_secret": "s"}}, "spam.captcha_site_key", "hCaptcha"),
        ({"spam": TURNSTILE | {"captcha_secret": "two words"}}, "spam.captcha_secret", "key"),
        ({"spam": TURNSTILE | {"captcha_secret": "set"}}, "spam.captcha_secret", "secret"),
        ({"spam": {"blocked_words": ["!!"]}}, "spam.blocked_words.0", "letter"),
        ({"spam": {"blocked_words": ["x" * 101]}}, "spam.blocked_words.0", "100"),
        ({"spam": {"blocked_words": [f"word {n}" for n in range(501)]}}, "spam.blocked_words", "500"),
        ({"spam": {"blocked_words": [f"{n:0100}" for n in range(201)]}}, "spam", "20,000"),
        ({"spam": {"blocked_addresses": ["example.com"]}}, "spam.blocked_addresses.0", "domains have a list"),
        ({"spam": {"blocked_domains": ["https://example.com"]}}, "spam.blocked_domains.0", "example.com"),
        ({"spam": {"blocked_domains": ["com"]}}, "spam.blocked_domains.0", "example.com"),
        ({"spam": {"colour": "red"}}, "spam.colour", "no such property"),
    ],
)
def test_says_beside_the_setting_what_does_not_fit_and_changes_nothing(owner, url, change, field, said):
    before = owner.get(url).json()

    response = owner.patch(url, json=change)

    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert said in response.json()["errors"][0]["message"]
    assert owner.get(url).json() == before


def test_a_field_of_the_form_cannot_be_its_honeypot(owner, url):
    owner.patch(url, json={"fields": [{"name": "company", "type": "text"}]})

    response = owner.patch(url, json={"spam": {"honeypot": "company"}})

    assert response.status_code == 422
    assert "company is a field of this form" in response.text


def test_null_switches_a_limit_off_and_a_patch_leaves_the_other_alone(owner, url):
    owner.patch(url, json={"limits": {"per_form_per_minute": 100}})

    limits = owner.patch(url, json={"limits": {"per_address_per_minute": None}}).json()["limits"]

    assert limits == {"per_address_per_minute": None, "per_form_per_minute": 100}


def test_null_takes_all_limits_and_a_threshold_back_to_what_they_were(owner, url):
    owner.patch(url, json={"limits": {"per_address_per_minute": 5}, "spam": {"threshold": 9, "honeypot": "nickname"}})

    form = owner.patch(url, json={"limits": None, "spam": {"threshold": None}}).json()

    assert form["limits"]["per_address_per_minute"] == 60
    assert (form["spam"]["threshold"], form["spam"]["honeypot"]) == (5.0, "nickname")


def test_what_is_blocked_is_kept_once_and_tidily(owner, url):
    spam = {
        "blocked_words": ["Free  money", "free money", "casino"],
        "blocked_addresses": [" Spam@Example.com", "2001:DB8:0::1", "192.0.2.7"],
        "blocked_domains": ["*.Spam.example", "@spam.example"],
    }

    shown = owner.patch(url, json={"spam": spam}).json()["spam"]

    assert shown["blocked_words"] == ["free money", "casino"]
    assert shown["blocked_addresses"] == ["spam@example.com", "2001:db8::1", "192.0.2.7"]
    assert shown["blocked_domains"] == ["spam.example"]


def test_a_captcha_s_secret_is_never_shown_again(owner, url, policy):
    response = owner.patch(url, json={"spam": TURNSTILE})

    assert response.status_code == 200
    assert response.json()["spam"]["captcha_secret"] == "set"
    assert response.json()["spam"]["captcha_site_key"] == "1x0-site"
    for text in (response.text, owner.get(url).text, owner.get("/v1/forms").text):
        assert "1x0-secret" not in text
    assert policy()["spam"]["captcha_secret"] == "1x0-secret"


def test_a_form_sent_back_as_it_was_shown_keeps_its_secret(owner, url, policy):
    shown = owner.patch(url, json={"spam": TURNSTILE}).json()

    assert owner.patch(url, json={"spam": shown["spam"] | {"threshold": 6}}).status_code == 200
    assert policy()["spam"]["captcha_secret"] == "1x0-secret"


def test_a_secret_goes_when_the_captcha_does(owner, url):
    owner.patch(url, json={"spam": TURNSTILE})

    assert owner.patch(url, json={"spam": {"captcha": None}}).json()["spam"] == SPAM
    assert "1x0-secret" not in json.dumps(item(url.rpartition("/")[2]))


def test_altcha_needs_no_keys(owner, url):
    assert owner.patch(url, json={"spam": {"captcha": "altcha"}}).json()["spam"]["captcha"] == "altcha"


def test_a_change_of_settings_does_not_touch_what_is_written_behind_the_stream(owner, url, form):
    table.update(places.form(form.id), {"bayes": "AQ==", "blocks": "{}"}, condition="attribute_exists(pk)")

    owner.patch(url, json={"spam": {"threshold": 6}})

    assert item(form.id).items() >= {"bayes": "AQ==", "blocks": "{}"}.items()
