# ruff: noqa: RUF001 - letters that look alike are the point
"""Where a visitor is led to: only to the form's own hosts, whatever the page or a stranger asks for."""

from urllib.parse import quote

import pytest

from tests.sent import BROWSER, JSON, inbox
from tests.site import URL

SENT = {"message": "Hello"}
HERE = "https://example.com/contact/us"
GOOD = {
    "an allowed host": "https://example.com/thanks",
    "http": "http://example.com/thanks",
    "capitals": "HTTPS://EXAMPLE.com/Thanks",
    "a port": "https://example.com:8443/thanks",
    "a query": "https://example.com/thanks?a=1&b=https://evil.example#top",
    "no path": "https://example.com",
    "a port that isn't told": "https://example.com:",
    "a true subdomain": "https://www.shop.example.org/thanks",
    "the site itself": f"{URL}/f/somewhere/thanks",
    "spaces around": "  https://example.com/thanks\r\n",
    "letters beyond ASCII": "https://example.com/danke/schön?a=ö",
    "a host beyond ASCII": "https://bücher.example/danke",
    "a host in Punycode": "https://xn--bcher-kva.example/danke",
}
LED_TO = {
    "a port that isn't told": "https://example.com",
    "capitals": "https://example.com/Thanks",
    "spaces around": "https://example.com/thanks",
    "letters beyond ASCII": "https://example.com/danke/sch%C3%B6n?a=%C3%B6",
    "a host beyond ASCII": "https://xn--bcher-kva.example/danke",
}
ORIGINS = ["https://example.com", "*.example.org", "bücher.example"]
# What tricks a browser, or a careless comparison, into another host: no scheme, too few or too many slashes,
# backslashes, user names, control characters, other schemes, hosts that only look or end like an own one.
BAD = [
    "http://evil.example", "https://evil.example/example.com", "https://evil.example/?example.com",
    "https://evil.example#example.com", "https://evil.example?https://example.com", "//evil.example",
    "///evil.example", "////evil.example", "http:///evil.example", "http:////evil.example", "https:evil.example",
    "https:/evil.example", "http:\\evil.example", "http:\\\\evil.example", "\\evil.example", "\\\\evil.example",
    "\\\\\\evil.example", "/\\evil.example", "/\\/evil.example", "//\\evil.example", "\\/evil.example",
    "/\\\\evil.example", "https:\\/evil.example", "https://\\evil.example",
    "https://example.com\\.evil.example", "https://example.com\\@evil.example", "https://evil.example\\@example.com",
    "https://evil.example\\example.com", "https://evil.example;example.com", "https://evil.example,example.com",
    "https://user@evil.example", "https://example.com@evil.example", "https://example.com:443@evil.example",
    "https://example.com:pass@evil.example/", "https://user:pass@example.com/", "https://user@example.com/",
    "https://example.com%40evil.example", "https://evil.example%2f@example.com", "https://example.com%2eevil.example",
    "https://evil.example%00.example.com", "https://evil.example%23.example.com",
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "java\tscript:alert(1)",
    "javascript://example.com/%0aalert(1)", "javascript://https://example.com", "\x01javascript:alert(1)",
    "javascript&colon;alert(1)", "vbscript:msgbox(1)", "data:text/html,<script>alert(1)</script>",
    "data://example.com/,x", "file:///etc/passwd", "file://example.com/etc/passwd", "ftp://example.com/",
    "mailto:a@example.com", "blob:https://example.com/x", "about:blank", "view-source:https://example.com",
    "ws://example.com", "filesystem:https://example.com/x", "tel:+49",
    "https", "https:", "https:/", "https://", "https:///",
    "http://", "://example.com", ":example.com", "?https://example.com", "#https://example.com", ";//example.com",
    "\x08//evil.example", "\x00https://example.com", "https://exa\tmple.com", "https://exa\nmple.com",
    "https://example.com\x00.evil.example", "https://example.com\r\nSet-Cookie:a=b", "https://example.com/\r\n\r\n<script>",
    "https://example.com/a b", "https://example.com/\u2028/", "https://example.com/<script>", 'https://example.com/"',
    "https://example.com/\u202e", "h\u0000ttps://example.com", "ht\ntps://example.com", "https\t://example.com",
    "/\tevil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example", "\n//evil.example",
    " //evil.example",
    "https://evilexample.com", "https://example.com.evil.example", "https://example.co", "https://example.comm",
    "https://xexample.com", "https://example.com.", "https://.example.com", "https://example..com", "https://www.example.com",
    "https://example.org", "https://evilexample.org", "https://.example.org", "https://x.example.org.evil.example",
    "https://-.example.org", "https://a b.example.org", "https://a_b%.example.org",
    "https://еxample.com", "https://ⓔxample.com", "https://ｅxample.com", "https://example。com", "https://example．com",
    "https://evil.example／.example.org", "https://evil。example.example.org", "https://evil.example℀.example.org",
    "https://example.com：443", "https://exa­mple.com", "https://example.com\u200b", "https://evil.example＠example.com",
    "https://buecher.example", "https://bucher.example", "https://xn--evil.example",
    "https://[::1]", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[example.com]", "https://[example.com",
    "https://example.com]", "https://[::1]@example.com", "https://2130706433", "https://0x7f000001", "https://127.1",
    "https://127.0.0.1", "https://169.254.169.254/latest/meta-data/", "https://localhost", "https://0",
    "https://example.com:x", "https://example.com:99999", "https://example.com:-1",
    "https://example.com:80:80", "https://:443", "https://evil.example:443", "https://example.com:443evil.example",
    "https://example.com/" + "a" * 3000, "https://" + "a" * 3000 + ".example.org",
    "https://" + "a." * 500 + "example.org",
    "thanks.html", "./thanks", "../thanks", "thanks", "yes", "", " ", "[]", "null", "https://[fe80::1%25en0]/",
]  # fmt: skip
NAMES = ["_next", "next", "redirect", "_redirect", "redirectTo"]


@pytest.fixture
def form(owner, form):
    allowed = {"allowed_origins": ORIGINS, "limits": {"per_address_per_minute": None}}
    assert owner.patch(f"/v1/forms/{form.id}", json=allowed).status_code == 200
    return form


@pytest.mark.parametrize("name", NAMES)
def test_each_name_for_a_redirect_leads_to_the_form_s_own_host(visitor, form, name):
    sent = SENT | {name: GOOD["an allowed host"]}
    assert visitor.post(f"/f/{form.id}", data=sent).headers["location"] == GOOD["an allowed host"]
    assert visitor.post(f"/f/{form.id}", json=sent).json()["next"] == GOOD["an allowed host"]


@pytest.mark.parametrize("case", GOOD)
def test_what_leads_to_an_own_host_is_followed(visitor, form, case):
    to = LED_TO.get(case, GOOD[case])
    for sent in ({"data": SENT | {"_next": GOOD[case]}}, {"data": SENT, "params": {"redirect": GOOD[case]}}):
        assert visitor.post(f"/f/{form.id}", **sent).headers["location"] == to


@pytest.mark.parametrize("bad", BAD, ids=ascii)
def test_what_leads_elsewhere_leads_to_our_thanks(visitor, form, bad):
    thanks = f"{URL}/f/{form.id}/thanks"
    for request in (
        {"json": SENT | {"_next": bad}, "headers": BROWSER},
        {"json": SENT | {"redirect": [bad, bad]}, "headers": BROWSER | {"origin": "https://example.com"}},
        {"json": SENT, "params": {"redirect": bad}, "headers": BROWSER},
    ):
        answer = visitor.post(f"/f/{form.id}", **request)
        if answer.status_code != 400:  # NUL and the like are malformed, and so lead nowhere at all
            assert (answer.status_code, answer.headers["location"]) == (303, thanks)
    if "\0" not in bad:
        assert visitor.post(f"/f/{form.id}", json=SENT | {"_next": bad}).json()["next"] == thanks


@pytest.mark.parametrize("bad", [bad for bad in BAD if "\0" not in bad], ids=ascii)
def test_an_error_leads_nowhere_else_either(visitor, form, bad):
    answer = visitor.post(f"/f/{form.id}", json={"message": "", "_error": bad}, headers=BROWSER)
    assert (answer.status_code, "location" in answer.headers) == (422, False)
    assert "Nothing was filled in." in answer.text


def test_without_allowed_origins_only_our_own_pages_and_the_form_s_redirect_are_own(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": [], "redirect_url": "https://shop.example/thanks"})
    for wanted, to in {
        "https://shop.example/other": "https://shop.example/other",
        "https://example.com/thanks": "https://shop.example/thanks",
        f"{URL}/f/{form.id}/thanks": f"{URL}/f/{form.id}/thanks",
        "https://pillarbox.test.evil.example/": "https://shop.example/thanks",
    }.items():
        assert visitor.post(f"/f/{form.id}", data=SENT | {"_next": wanted}).headers["location"] == to


def test_a_path_is_one_of_the_page_that_the_form_stands_on(visitor, form):
    for sent, headers, to in (
        ({"_next": "/thanks?a=1"}, {"referer": HERE}, "https://example.com/thanks?a=1"),
        ({"_next": "/thanks", "_url": HERE}, {}, "https://example.com/thanks"),
        ({"_next": "/thanks"}, {"referer": "https://a.b.example.org:8000/x"}, "https://a.b.example.org:8000/thanks"),
        ({"_next": "/thanks"}, {}, f"{URL}/f/{form.id}/thanks"),
    ):
        assert visitor.post(f"/f/{form.id}", data=SENT | sent, headers=headers).headers["location"] == to


@pytest.mark.parametrize(
    "bad", ["//evil.example", "/\\evil.example", "/\t/evil.example", "/a b", "/\r\nA: b"], ids=ascii
)
def test_a_path_that_is_none_leads_to_our_thanks(visitor, form, bad):
    answer = visitor.post(f"/f/{form.id}", data=SENT | {"_next": bad}, headers={"referer": HERE})
    assert answer.headers["location"] == f"{URL}/f/{form.id}/thanks"


def test_a_path_of_a_page_elsewhere_is_one_of_the_form_s_redirect(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"allowed_origins": [], "redirect_url": "https://shop.example/thanks"})
    sent, headers = SENT | {"_next": "/danke"}, {"referer": "https://evil.example/page"}
    answer = visitor.post(f"/f/{form.id}", data=sent, headers=headers)
    assert answer.headers["location"] == "https://shop.example/danke"


def test_the_first_of_several_that_leads_to_an_own_host_counts(visitor, form):
    sent = SENT | {"_next": "https://evil.example", "redirect": "https://example.com/second", "next": "step 2"}
    answer = visitor.post(f"/f/{form.id}", data=sent, params={"redirect": "https://example.com/third"})
    assert answer.headers["location"] == "https://example.com/second"


def test_spam_is_led_on_as_if_it_were_honest(visitor, form):
    sent = SENT | {"_next": "https://example.com/thanks", "_gotcha": "x"}
    assert visitor.post(f"/f/{form.id}", data=sent).headers["location"] == "https://example.com/thanks"


def test_the_owner_s_own_page_may_have_letters_beyond_ascii(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"redirect_url": "https://bücher.example:8443/schön?ö#ü"})
    to = "https://xn--bcher-kva.example:8443/sch%C3%B6n?%C3%B6#%C3%BC"
    assert visitor.post(f"/f/{form.id}", data=SENT).headers["location"] == to
    assert visitor.post(f"/f/{form.id}", json=SENT).json()["next"] == to


# What goes wrong.


def test_a_browser_is_led_to_the_page_for_errors_with_the_codes_and_nothing_that_was_typed(owner, visitor, form):
    fields = [
        {"name": "age", "label": "Age", "type": "integer"},
        {"name": "year", "label": "Year", "type": "integer"},
        {"name": "mail", "label": "E-mail", "type": "email", "required": True},
    ]
    owner.patch(f"/v1/forms/{form.id}", json={"fields": fields})
    sent = {"age": "secret", "year": "secret", "mail": "", "_error": "https://example.com/oops?a=1#form"}
    answer = visitor.post(f"/f/{form.id}", data=sent, headers=BROWSER)
    codes = "TYPE_NUMERIC,REQUIRED_FIELD_EMPTY"
    assert answer.status_code == 303
    assert answer.headers["location"] == f"https://example.com/oops?a=1&error={codes}#form"
    assert inbox(owner, form) == []


def test_a_script_is_told_what_is_wrong_and_led_nowhere(visitor, form):
    sent = {"message": "", "_error": "https://example.com/oops"}
    for headers in (JSON, {"hx-request": "true"}):
        answer = visitor.post(f"/f/{form.id}", data=sent, headers=headers)
        assert (answer.status_code, "location" in answer.headers) == (422, False)


def test_the_form_s_own_page_for_errors_is_used_where_none_is_asked_for(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"error_url": "https://oops.example/page"})
    for request, code in (
        ({"data": {"message": ""}}, "EMPTY"),
        ({"data": {"message": "", "_error": "https://evil.example"}}, "EMPTY"),
        ({"content": b"a=%", "headers": {"content-type": "application/x-www-form-urlencoded"}}, "MALFORMED"),
        ({"files": {"cv": ("cv.pdf", b"%PDF")}}, "NO_FILE_UPLOADS"),
    ):
        answer = visitor.post(f"/f/{form.id}", **request)
        assert answer.headers["location"] == f"https://oops.example/page?error={code}"


def test_a_form_that_is_switched_off_or_unknown_says_so_itself(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"error_url": "https://oops.example/page", "active": False})
    assert visitor.post(f"/f/{form.id}", data=SENT).status_code == 403
    sent = SENT | {"_error": "https://example.com/oops"}
    assert visitor.post("/f/n0such0f0rm0", data=sent).status_code == 404


def test_what_was_typed_is_kept_on_our_page_when_we_are_at_fault(owner, visitor, form, faults):
    owner.patch(f"/v1/forms/{form.id}", json={"error_url": "https://oops.example/page"})
    faults.answer("PutItem", (500, "InternalServerError"))
    faults.answer("SendMessage", (500, "InternalServerError"))
    answer = visitor.post(f"/f/{form.id}", data={"message": "A long letter"}, headers=BROWSER)
    assert (answer.status_code, "A long letter" in answer.text) == (503, True)


def test_a_page_to_send_again_from_a_doubled_slash_stays_with_us(visitor, faults):
    faults.stop()
    page = visitor.post(f"{URL}//f/{quote('evil.example')}", data=SENT, headers=BROWSER).text
    assert 'action="//' not in page
