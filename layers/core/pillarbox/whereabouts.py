"""Where it went: the deliveries of a submission as whoever asks may see them, and how one is sent again."""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from pillarbox import deliveries, retries, senders
from pillarbox.deliveries import Delivery
from pillarbox.errors import NotFound, NotNow
from pillarbox.forms import Form
from pillarbox.roles import Role, reaches

MOST = 50  # shown of one submission, the newest
LOG_BYTES = 1_000_000  # of requests and answers in one list; older tries go without
SLACK_SECONDS = deliveries.LEASE_SECONDS / 3  # that an outcome may lie in its queue
NO_MORE = "Whoever got it marked it as spam, so it isn't sent there again."
IN_DIGEST = "It goes out with the digest, so it can't be sent by itself."
UNDER_WAY = "It is on its way right now. Please wait for what comes of it."
END = 12  # characters of an address that tell it from others on its host
HAS_IT = "The visitor has this answer already."


def of(form: Form, submission_id: str) -> list[Delivery]:
    """Return the newest deliveries of a submission in the order they were made."""
    newest = deliveries.of_submission(form.id, submission_id)[: -MOST - 1 : -1]
    return shown(form.role, newest)[::-1]


def shown(role: Role, newest: Iterable[Delivery]) -> list[Delivery]:
    """Return what a member may see of deliveries, the newest first; of very long logs older tries are left without."""
    left, shown = LOG_BYTES, list[Delivery]()
    for delivery in newest:
        log = []
        for attempt in reversed(delivery.log):
            left -= len((attempt.request or "").encode()) + len((attempt.answer or "").encode())
            log.append(attempt if left > 0 else attempt.model_copy(update={"request": None, "answer": None}))
        shown.append(seen_by(role, delivery.model_copy(update={"log": log[::-1]})))
    return shown


def seen_by(role: Role, delivery: Delivery) -> Delivery:
    """Return what a member may see of it.

    A webhook's whole address is often all that one needs to write there, and its answers may say anything: they are for
    those who may change the form.
    """
    if delivery.kind != "webhook" or reaches(role, "manager"):
        return delivery
    log = [attempt.model_copy(update={"request": None, "answer": None}) for attempt in delivery.log]
    return delivery.model_copy(update={"to": hidden(delivery.to), "log": log})


def hidden(url: str) -> str:
    return f"{url.partition(':')[0]}://{host(url)}/…"


def host(url: str) -> str:
    """Return the host and port of an address, all of it where it has none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2] or url
    except ValueError:  # a bracket that never closes
        return url


def names(urls: Iterable[str]) -> dict[str, str]:
    """Return what people know each address by: its host, and its end where several are on that host."""
    known = set(urls)
    there = Counter(map(host, known))
    return {url: host(url) if there[host(url)] == 1 else _with_end(url) for url in known}


def _with_end(url: str) -> str:
    place = host(url)
    rest = url.partition(place)[2]
    return place + (rest if len(rest) <= END else f"/…{rest[-END:]}")


def send_again(form: Form, delivery_id: str, *, of: str | None = None, origin: str) -> Delivery:
    """Queue a delivery (`of` that submission) once more, and return what is known of it then.

    `origin` is scheme and host of the request, for links.
    """
    delivery = deliveries.get(form.id, delivery_id)
    if of not in {None, delivery.submission_id}:
        raise NotFound("There is no such delivery.")
    if refusal := why_not(delivery):
        raise NotNow(refusal)
    senders.hand_over(deliveries.replay(delivery), origin=origin)
    return seen_by(form.role, deliveries.get(form.id, delivery_id))


def why_not(delivery: Delivery) -> str | None:
    """Return why it can't be sent again just now; None when it can."""
    reasons: dict[Any, str] = {"digest": IN_DIGEST, "complained": NO_MORE}
    if delivery.kind == "autoresponse":  # else anybody's address could be flooded by hand
        reasons["done"] = HAS_IT
    if delivery.state == "pending" and (under_way(delivery) or delivery.attempts == 0):
        return UNDER_WAY
    return reasons.get(delivery.state)


def under_way(delivery: Delivery) -> bool:
    """Whether somebody has it to send. The pauses are known, and a lease ends later than any of them would.

    Where a pause varies by more than a lease lasts this can't be told for sure, and it counts as waiting.
    """
    if delivery.state != "pending" or delivery.due is None:
        return False
    if delivery.due - time.time() > deliveries.LEASE_SECONDS + SLACK_SECONDS:
        return False
    if not delivery.attempts or not delivery.log:
        return True
    pause = retries.PAUSES[min(delivery.attempts, len(retries.PAUSES)) - 1] * (1 + retries.JITTER)
    return delivery.due > delivery.log[-1].at.timestamp() + pause + SLACK_SECONDS
