import pytest


@pytest.fixture
def sent(visitor, form):
    """The address in `/v1` of one submission to the owner's form."""
    submission_id = visitor.post(f"/f/{form.id}", json={"name": "Ada", "message": "Hi"}).json()["id"]
    return f"/v1/forms/{form.id}/submissions/{submission_id}"


@pytest.fixture
def of_another_form(owner, sent):
    """The same submission under another form of the same owner, where it never was."""
    other = owner.post("/v1/forms", json={"name": "Other"}).json()["id"]
    return f"/v1/forms/{other}/submissions/{sent.rsplit('/', 1)[1]}"
