"""A bug of ours is told in the words of the edge that met it, and never in its own."""

import pytest

SECRET = "what the exception said"


@pytest.fixture
def bug(owner, form, monkeypatch):  # noqa: ARG001 - they are there before it
    def broken(*_args, **_options):
        raise ZeroDivisionError(SECRET)

    for place in ("forms.get", "forms.every", "accounts.credentials", "table.query"):
        monkeypatch.setattr(f"pillarbox.{place}", broken)


@pytest.mark.usefixtures("bug")
def test_the_api_answers_a_problem(owner, form, caplog):
    response = owner.get(f"/v1/forms/{form.id}")

    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/docs/problems#internal"
    assert SECRET not in response.text
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.usefixtures("bug")
@pytest.mark.parametrize("path", ["/dashboard", "/forms/000000000000"])
def test_a_page_stays_a_page(owner, path, caplog):
    response = owner.get(path)

    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert SECRET not in response.text
    assert "ZeroDivisionError" in caplog.text


WITH_BODY = [("POST", "/v1/accounts"), ("POST", "/v1/tokens"), ("POST", "/v1/forms"), ("PATCH", "/v1/forms/{form_id}")]
NO_JSON = {
    "bytes that are no text": b"\xff\xfe",
    "too deep": b"[" * 100_000,
    "a number of 5,000 digits": b'{"name": ' + b"7" * 5_000 + b"}",
    "a name given twice": b'{"name": "a", "name": "b"}',
    "cut off": b'{"name": "a',
    "half a character": b'{"name": "\\ud800"}',
    "not a number": b'{"name": NaN}',
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_a_body_that_is_no_json_is_told_so(owner, form, method, path, body):
    headers = {"content-type": "application/json"}

    response = owner.request(method, path.format(form_id=form.id), content=body, headers=headers)

    assert response.status_code == 400
    assert response.json()["type"] == "/docs/problems#malformed"
    assert response.json()["detail"].startswith("The body isn't JSON")


def test_no_answer_of_the_api_is_kept_or_guessed_at(owner, visitor):
    for response in (owner.get("/v1/forms"), visitor.get("/v1/forms"), visitor.get("/health")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "max-age" in response.headers["strict-transport-security"]


def test_a_slash_too_many_leads_nowhere_else(owner, form):
    assert owner.get(f"/forms/{form.id}%2f").status_code == 404


@pytest.mark.parametrize("path", ["/f/{form_id}", "/f/{form_id}/thanks"])
def test_a_visitor_s_page_stays_a_page_too(visitor, form, path, monkeypatch):
    def broken(*_args, **_options):
        raise ZeroDivisionError(SECRET)

    monkeypatch.setattr("pillarbox.aws.call", broken)

    response = visitor.get(path.format(form_id=form.id))

    assert response.status_code == 500
    assert "That was our fault" in response.text
    assert SECRET not in response.text
