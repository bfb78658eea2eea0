"""Dashboards: an owner's forms at a glance: what came lately, what is unread, and what keeps a form from its work.

A page of cards costs a bounded number of reads, however many forms there are and whatever lies in them.
"""

import heapq
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pillarbox import (
    counts,
    display,
    forms,
    insights,
    recipients,
    settings,
    submissions,
    webhook_changes,
    webhooks,
    whereabouts,
)
from pillarbox.accounts import Account
from pillarbox.forms import Form
from pillarbox.submissions import Submission

MOST = 1000  # forms of one account that are listed and looked through
CARDS = 12  # on a page; each costs a query for its newest, and one for its webhooks
NEWEST = 10  # read of each
LATEST = 8  # shown of all together
# Quiet is a form that got nothing for 30 days, and in the 60 days before them more than a try or two.
QUIET_DAYS, BEFORE_DAYS, USED = 30, 60, 3


class Health(NamedTuple):
    """What keeps a form from its work, in sentences."""

    mail: list[str]
    webhooks: list[str]
    quiet: bool


class Card(NamedTuple):
    form: Form
    newest: list[Submission]
    unread: int  # in its inbox
    days: Sequence[int]  # how many came on each of the last 30 days, today last
    health: Health


class Overview(NamedTuple):
    cards: list[Card]
    latest: list[tuple[Form, Submission]]
    forms: int  # that there are
    found: int  # that were asked for
    q: str
    page: int
    pages: int


def of(account: Account, *, q: str = "", page: int = 1) -> Overview:
    """Return a page of the account's forms, the newest made first; with `q`, those with its words in their names."""
    every = forms.every(account, most=MOST)
    words = q.casefold().split()
    found = [form for form in every if all(word in form.name.casefold() for word in words)]
    pages = max(1, -(-len(found) // CARDS))
    page = min(max(page, 1), pages)
    cards = _cards(account, found[(page - 1) * CARDS : page * CARDS])
    return Overview(cards, [] if words else _latest(cards), len(every), len(found), q, page, pages)


def is_quiet(days: Sequence[int]) -> bool:
    """Whether nothing came lately to a form that was in use before, by how many came on each day."""
    before, lately = days[:-QUIET_DAYS], days[-QUIET_DAYS:]
    return sum(before) >= USED and not any(lately)


def _cards(account: Account, shown: Sequence[Form]) -> list[Card]:
    counted = counts.of(form.id for form in shown)
    days = insights.sparklines((form.id for form in shown), QUIET_DAYS + BEFORE_DAYS)
    own = [form for form in shown if form.role == "owner"]  # whom a form tells is its owner's business
    mail = recipients.troubles(account, own) if settings.sends_mail() else {}
    cards = []
    for form in shown:
        newest = submissions.newest(form.id, shards=form.shards, retention_days=form.retention_days, limit=NEWEST)
        # Counts and days are some seconds behind what was read just now, and the former needed only for what wasn't.
        unread = counted[form.id]["inbox"]["unread"] if len(newest) == NEWEST else sum(not one.read for one in newest)
        failing = _failing(form) if form.role == "owner" else []
        quiet = form.active and is_quiet(days[form.id]) and not _today(newest)
        health = Health(mail.get(form.id, []), failing, quiet)
        *before, today = days[form.id][-QUIET_DAYS:]
        cards.append(Card(form, newest, unread, [*before, max(today, _today(newest))], health))
    return cards


def _today(newest: Iterable[Submission]) -> int:
    today = insights.last_days(1)[0]
    return sum(one.received_at.date() == today for one in newest)


def _latest(shown: Iterable[Card]) -> list[tuple[Form, Submission]]:
    """Return the newest submissions of all cards together."""
    pairs = ((card.form, one) for card in shown for one in card.newest)
    return heapq.nlargest(LATEST, pairs, key=lambda pair: pair[1].id)


def _failing(form: Form) -> list[str]:
    """Return a sentence for each webhook that fails, or was switched off for that; one switched off by hand is fine."""
    told = []
    for webhook in webhooks.of_form(form.id):
        host = display.plain(whereabouts.host(webhook.url))
        if webhook.active and webhook.failing_since:
            told.append(f"The webhook to {host} is failing.")
        elif webhook.off_reason not in {None, webhook_changes.BY_HAND}:
            told.append(f"The webhook to {host} was switched off. {webhook.off_reason}")
    return told
