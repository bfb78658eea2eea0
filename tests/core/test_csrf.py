import pytest
from hypothesis import given
from hypothesis import strategies as st

from pillarbox import csrf
from pillarbox.errors import NotAllowed

OURS = {"host": "pillarbox.test", "origin": "https://pillarbox.test", "sec-fetch-site": "same-origin"}


@given(secret=st.text(min_size=1))
def test_a_token_opens_for_its_own_secret_only(secret):
    csrf.check(OURS, secret, csrf.token(secret))

    with pytest.raises(NotAllowed):
        csrf.check(OURS, secret + "x", csrf.token(secret))


def test_a_token_is_masked_anew_each_time_so_that_pages_do_not_give_it_away():
    tokens = {csrf.token("secret") for _ in range(100)}

    assert len(tokens) == 100
    for token in tokens:
        csrf.check(OURS, "secret", token)


@given(st.one_of(st.none(), st.text(), st.binary(max_size=200).map(lambda raw: raw.decode("latin-1"))))
def test_anything_else_is_refused(sent):
    with pytest.raises(NotAllowed):
        csrf.check(OURS, "secret", sent)


def test_no_cookie_no_entry():
    with pytest.raises(NotAllowed):
        csrf.check(OURS, None, csrf.token("secret"))


@pytest.mark.parametrize(
    "said",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"origin": "https://pillarbox.test.evil.test"},
        {"origin": "https://pillarbox.test:8443"},
        {"origin": "http://pillarbox.test"},
        {"origin": "https://evil.test/https://pillarbox.test"},
        {"origin": "https://pillarbox.test@evil.test"},
        {"origin": "https://PILLARBOX.test.evil.test"},
        {"origin": " "},
        {"origin": "http://["},
        {"origin": "pillarbox.test"},
    ],
)
def test_a_right_token_from_another_site_is_refused(said):
    with pytest.raises(NotAllowed, match="another site"):
        csrf.check(OURS | said, "secret", csrf.token("secret"))


def test_on_a_laptop_pages_may_come_without_tls(monkeypatch):
    monkeypatch.setenv("PLAIN_HTTP", "yes")

    csrf.check({"host": "localhost:8000", "origin": "http://localhost:8000"}, "secret", csrf.token("secret"))
    with pytest.raises(NotAllowed, match="another site"):
        csrf.check({"host": "localhost:8000", "origin": "http://localhost:8001"}, "secret", csrf.token("secret"))


def test_a_browser_that_says_nothing_of_where_it_comes_from_needs_the_token_only():
    silent = {"host": "pillarbox.test"}

    csrf.check(silent, "secret", csrf.token("secret"))  # returns, and so lets it in
    with pytest.raises(NotAllowed):
        csrf.check(silent, "secret", csrf.token("another"))
