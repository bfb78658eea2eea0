import pytest


@pytest.fixture
def inbox(form):
    return f"/forms/{form.id}"


@pytest.fixture
def send(visitor, form):
    """Send something to the owner's form as a visitor; returns the submission's page."""

    def send(**fields):
        answer = visitor.post(f"/f/{form.id}", json=fields)
        assert answer.status_code == 200, answer.text
        return f"/forms/{form.id}/submissions/{answer.json()['id']}"

    return send


@pytest.fixture
def sent(send):
    """The page of one submission to the owner's form."""
    return send(name="Ada", email="ada@example.com", message="Hello from Ada")
