from datetime import UTC, datetime

import pytest

from pillarbox import deliveries, ids
from pillarbox.deliveries import Attempt, Wanted


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


@pytest.fixture
def at(form, hook):
    """The address in `/v1` of that webhook."""
    return f"/v1/forms/{form.id}/webhooks/{hook.id}"


@pytest.fixture
def told(form, hook):
    """Make deliveries to that webhook, one for each state, the submissions of which came a minute apart."""

    def make(*states, since=1_790_000_000):
        made = []
        for n, state in enumerate(states):
            wanted = Wanted(form.id, ids.ulid(now=since + 60 * n), "webhook", "created", hook.id, hook.url)
            delivery = deliveries.create(wanted)
            assert delivery
            tried = Attempt(at=datetime.now(UTC), ok=state == "done", status=200, request="POST …", answer="Thanks")
            if state in {"done", "failed"}:
                deliveries.settle(form.id, wanted.id, tried, lease=delivery.lease, final=True)
            elif state != "pending":
                deliveries.mark(delivery, state)
            made.append(wanted.id)
        return made

    return make
