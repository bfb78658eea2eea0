"""Answering: what a visitor is mailed who left an address. Anybody can leave anybody's, so it is little and seldom.

One answer a day for each form and address, never to spam. With double opt-in a link comes first, and until somebody
has followed it nobody else is told.
"""

import re
import time
from contextlib import suppress
from typing import NamedTuple

from pillarbox import display, forms, ids, links, places, recipients, table, values
from pillarbox.errors import LinkDead
from pillarbox.forms import Form
from pillarbox.submissions import Submission

DAY = 24 * 60 * 60
TRIES = 3  # of a look for what a move is carrying elsewhere
WORD_CHARACTERS = 100  # of a visitor's own words in what a visitor is mailed
# What mail programs make a link of. Else a stranger could have us mail theirs to anybody, as a name.
LINKISH = re.compile(r"://|www\.|[\w-]\.[a-z]{2,}", re.IGNORECASE)


class Asked(NamedTuple):
    """What a mailed link asks: whether a submission with this address came from whoever reads its mail."""

    secret: str
    form: Form
    submission_id: str
    email: str


def address(form: Form, submission: Submission) -> str | None:
    """Return where whoever sent it can be answered: what a control field says, else a field for it."""
    declared = [field.name for field in form.fields if field.type == "email"]
    sent = submission.fields
    offered = [submission.reply_to, *(sent.get(name) for name in declared), display.email(sent)]
    return next((found for text in offered if isinstance(text, str) and (found := values.email(text))), None)


def waits(form: Form, submission: Submission) -> bool:
    """Whether nobody is to be told yet, because whoever sent it has to confirm their address first."""
    asks = form.autoresponse.double_opt_in and not submission.confirmed
    return asks and address(form, submission) is not None


def may_go(form: Form, submission: Submission, to: str) -> bool:
    """Take today's answer of this form to this address, once; a repeat about the same submission has it again."""
    if not recipients.may_be_answered(form.id, to):
        return False
    now = int(time.time())
    item = table.key(f"ANSWERED#{form.id}#{recipients.hashed(to)}", "ANSWERED") | {"submission": submission.id}
    seen = {":now": now, ":same": submission.id}
    condition = "attribute_not_exists(pk) OR expires_at <= :now OR #submission = :same"
    try:
        table.put(item | {"expires_at": now + DAY}, condition=condition, values=seen)
    except table.Refused:
        return False
    return True


def asked(secret: str, form_id: str) -> Asked:
    """Return what a mailed link asks, or raise LinkDead: also when it is about another form, or one that is gone."""
    _, told = links.read(secret, "opt-in")
    form = forms.found(told["form"])
    if form is None or form.id != form_id:
        raise LinkDead
    return Asked(secret, form, told["submission"], told["email"])


def confirm(question: Asked) -> None:
    """Note the yes. The link is used up last: twice is as once, and what failed half-way can be done again."""
    note(question.form.id, question.submission_id)
    with suppress(table.Refused):
        table.transact(links.used(question.secret))


def note(form_id: str, submission_id: str) -> None:
    """Note that whoever sent it confirmed that; who waited is told behind the stream, of spam when it is saved."""
    shard = ids.shard_of(submission_id)
    keys = [table.key(places.partition(form_id, folder, shard), submission_id) for folder in places.EVERYWHERE]
    for _ in range(TRIES):
        for item in table.get_many(keys):
            if item.get("confirmed"):
                return
            out = item["folder"] in {"spam", "trash"}
            told = {"saved": False} if out else {"announce": "confirmed", "change": ids.ulid()}
            with suppress(table.Refused):  # moved in between: it is elsewhere in a moment
                table.update(table.key_of(item), {"confirmed": True} | told, condition="attribute_exists(pk)")
                return


def word(value: object) -> str:
    """Return a visitor's word as it may stand in a mail to a visitor: short, one line, no link."""
    text = display.scalar(value)
    is_address = values.email(text) is not None
    return "" if LINKISH.search(text) and not is_address else text[:WORD_CHARACTERS]
