"""Take a submission: one read of the form, at most, and one write. Stdlib only; a visitor waits for this to start cold.

When the table is too busy or out of reach, the same item goes to the overflow queue, and a worker stores it later.
"""

import os
import time

from pillarbox import (
    attributes,
    aws,
    bodies,
    controls,
    doors,
    exact,
    ids,
    judge,
    places,
    rates,
    refusals,
    rules,
    settings,
    sources,
    storing,
)
from pillarbox.errors import Unavailable

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Event = dict[str, Any]
    type Item = dict[str, Any]

MOST_KEPT = 1000  # forms

_forms: "dict[str, tuple[float, Item]]" = {}  # by id: until when it may be believed (of time.monotonic()), and its item


class Visit:
    """A request on its way in, and what is known of it so far."""

    form: "Item"
    policy: "Item"
    sent: "Item"  # all of it, controls too
    data: "Item"
    told: "Item"  # what the controls say: see controls.split
    fields: "Item"  # the data, typed by the form's rules
    source: "Item"  # where it came from

    def __init__(self, event: "Event") -> None:
        self.event = event
        self.came = time.monotonic()
        self.now = time.time()
        self.sent = {}
        self.told = {}


class Accepted:
    def __init__(self, visit: Visit, submission_id: str, *, overflowed: bool = False) -> None:
        self.form = visit.form
        self.fields = visit.fields
        self.submission_id = submission_id
        self.overflowed = overflowed
        asked = [*visit.told.get("next", ()), visit.event.get("queryStringParameters", {}).get("redirect")]
        self.leads_to = _leads_to(asked, visit)  # where the form itself asks to lead, if that is a host of its own


def take(event: "Event") -> Accepted:
    """Store what was sent, or raise the Refusal that the visitor is told: with the form, once that is known."""
    visit = Visit(event)
    _open(visit)
    try:
        visit.sent = visit.sent or bodies.read(event)
        _check(visit)
        return _store(visit)
    except refusals.Refusal as refusal:
        refusal.form = visit.form
        if refusal.keeps:
            refusal.typed = visit.sent
        refusal.error_url = _leads_to([visit.told.get("error"), visit.policy.get("error_url")], visit)
        raise
    except Exception as error:
        raise refusals.Broken(form=visit.form) from error


def _open(visit: Visit) -> None:
    """Find the form by the path, else by the body, which has to be read for that."""
    form_id = doors.form_id(visit.event)
    if visit.event["requestContext"]["http"]["method"] != "POST":
        raise _nothing_here()
    if form_id is None:
        visit.sent = _sent_elsewhere(visit.event)
        form_id = doors.key(visit.event, visit.sent)
        if not form_id:
            raise refusals.FormNotFound("Nothing says which form this is: it needs the form's id as access_key.")
    visit.form = open_form(form_id, visit.came)
    visit.policy = exact.parsed(visit.form.get("policy", "{}"))  # forms saved before there were policies have none


def _sent_elsewhere(event: "Event") -> "Item":
    """Return what came to /submit, or to any other path if it says which form it is, as Netlify's forms do."""
    if doors.takes_key(event):
        return bodies.read(event)
    try:
        sent = bodies.read(event) if doors.may_be_netlify(event) else {}
    except refusals.Refusal as refusal:
        sent = refusal.typed
    if not doors.key(event, sent):
        raise _nothing_here()
    return bodies.read(event)


def _check(visit: Visit) -> None:
    """Tell data from controls, and raise the Refusal of what isn't to be taken."""
    event, policy = visit.event, visit.policy
    checks = exact.parsed(visit.form["rules"])
    visit.data, visit.told = controls.split(visit.sent, [rule["name"] for rule in checks.get("fields", ())], policy)
    if policy.get("hosts") or policy.get("require_origin"):
        from pillarbox import origins  # noqa: PLC0415  most forms take what comes from anywhere

        origins.check(event, policy["hosts"], required=policy["require_origin"])
    visit.source = sources.of(event, visit.form["id"], visit.told)
    rates.check(visit.form, policy, str(visit.source["address_hash"]), visit.now)
    visit.fields, errors = rules.check(checks, visit.data)
    if errors := [*visit.told.get("wrong", ()), *errors]:
        raise refusals.Misfit(errors, typed=visit.sent)
    # Old forms of Formspree's call the visitor's own address `_replyto`; one that asks for nothing else says enough.
    if _blank(list(visit.data.values())) and "replyto" not in visit.told:
        raise refusals.Empty("Nothing was filled in.", typed=visit.sent)


def _leads_to(asked: "list[Any]", visit: Visit) -> str | None:
    """Return the first of the addresses that leads to one of the form's own hosts."""
    wanted = [text for text in asked if text]
    if not wanted:
        return None
    from pillarbox import origins  # noqa: PLC0415  most forms leave it to us

    own = [url for url in (exact.parsed(visit.form["document"])["redirect_url"], visit.policy.get("error_url")) if url]
    hosts = [*visit.policy.get("hosts", ()), *map(origins.host_of, own)]
    page = visit.told.get("page") or visit.event["headers"].get("referer", "")
    return origins.leads_to(wanted, hosts, visit.event, base=[page, *own])


def open_form(form_id: str, came: float) -> "Item":
    """Return the form as it lies in the table, or raise the Refusal of one that is unknown or switched off."""
    form = any_form(form_id, came)
    if not form["active"]:
        raise refusals.Inactive("This form doesn't take submissions at the moment.", form=form)
    return form


def any_form(form_id: str, came: float) -> "Item":
    """Return the form, switched off or not; an instance may keep it for some seconds. `came` is of time.monotonic()."""
    form_id = form_id.lower()
    believed_until, form = _forms.get(form_id, (0.0, None))
    if form and came < believed_until:
        return form
    if not doors.FORM_ID.fullmatch(form_id):
        raise _no_form()
    asked = {"TableName": settings.table_name(), "Key": attributes.spelt(places.form(form_id)), "ConsistentRead": True}
    try:
        found = aws.call("dynamodb", "GetItem", asked, until=came + storing.READ_BY)
    except Unavailable as error:
        if form:
            return form  # as it was: better than to lose what was typed
        raise refusals.Unavailable("This form can't be reached right now. Please send it again.") from error
    if "Item" not in found:
        _forms.pop(form_id, None)
        raise _no_form()
    if len(_forms) >= MOST_KEPT:
        _forms.clear()
    form = attributes.plain(found["Item"])
    _forms[form_id] = (came + settings.form_cache_seconds(), form)
    return form


def _blank(value: "Any") -> bool:
    if isinstance(value, list):
        return all(map(_blank, value))
    return value is None or value == {} or (isinstance(value, str) and not value.strip())


def _no_form() -> refusals.FormNotFound:
    return refusals.FormNotFound("There is no form at this address: it may have been deleted.")


def _nothing_here() -> refusals.NothingHere:
    return refusals.NothingHere("There is nothing at this address.")


def _store(visit: Visit) -> Accepted:
    """Write the submission once, in the folder where it belongs."""
    form, policy, event = visit.form, visit.policy, visit.event
    marker = None
    if key := event["headers"].get("idempotency-key"):
        from pillarbox import once  # noqa: PLC0415  few clients send one

        marker = once.marker(key, form["id"], visit.sent)
        if first := once.earlier(marker, until=visit.came + storing.READ_BY):
            return Accepted(visit, first)
    verdict = judge.judge(form, policy, visit.fields, visit.told, event, visit.now)
    if marker or "once" in verdict:
        return _store_once(visit, verdict, marker)
    item = _item(visit, verdict)
    return Accepted(visit, item["sk"], overflowed=storing.put(item, form["shards"], visit.came))


def _store_once(visit: Visit, verdict: "Item", marker: "Item | None") -> Accepted:
    from pillarbox import once  # noqa: PLC0415  as above

    solution, until = verdict.get("once"), visit.came + storing.WRITE_BY
    item = _item(visit, verdict)
    try:
        return Accepted(visit, once.store(item, marker, solution, until=until))
    except once.Used:
        item = _item(visit, verdict | judge.replayed(visit.policy, verdict))
        return Accepted(visit, once.store(item, marker, None, until=until))
    except Unavailable as error:
        if not marker:  # the visitor solved a captcha: better to believe it twice than to lose what was typed
            overflowed = storing.overflow(item, visit.form["shards"], visit.came, error)
            return Accepted(visit, item["sk"], overflowed=overflowed)
        # Whoever sends a key will try again. A queue could store it twice.
        raise storing.not_now() from error


def _item(visit: Visit, verdict: "Item") -> "Item":
    form = visit.form
    shard = os.urandom(1)[0] % form["shards"]  # of 1, 2, 4, 8 or 16: each as likely
    submission_id = ids.ulid(shard=shard)
    lies = places.arriving(visit.policy, verdict["folder"])
    item = {
        "pk": places.partition(form["id"], lies["folder"], shard),
        "sk": submission_id,
        **lies,
        "announce": "spam" if lies["folder"] == "spam" else "created",
        "read": False,
        "fields": exact.dumps(visit.fields),
        "source": exact.dumps(visit.source),
        "form_version": form["version"],
        **places.lasting(visit.policy, lies["folder"], visit.now, visit.now),
    }
    if verdict["signals"]:
        item["spam"] = exact.plain({"score": verdict["score"], "signals": verdict["signals"]})
    if "took" in verdict:
        item["took"] = verdict["took"]  # for insights; nobody is shown it
    if mail := controls.for_mail(visit.told):
        item["controls"] = exact.dumps(mail)
    return item
