"""Attempts: how often something may be tried, by a pause that grows. Nobody is locked out for good, or by others.

An attempt is taken before it is made, by a conditional write, so that a hundred at once are no hundred attempts. The
first few are free; after each of the next the pause doubles, up to its bound.
"""

import time
from contextlib import suppress
from typing import NamedTuple

from pillarbox import ids, table
from pillarbox.errors import TooOften

TRIES = 5  # of a write that met another one
FIRST_PAUSE = 1  # seconds
MOST_DOUBLED = 20  # times; every bound is reached before


class Limit(NamedTuple):
    free: int  # attempts without a pause
    longest: int  # seconds of the longest pause
    forgotten: int  # seconds after the last attempt


MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
LIMITS = {
    "sign-in": Limit(free=5, longest=15 * MINUTE, forgotten=DAY),  # with a name, from browsers that are new to it
    "sign-in-device": Limit(free=10, longest=5 * MINUTE, forgotten=HOUR),  # with a name, from a browser it knows
    "sign-in-address": Limit(free=50, longest=5 * MINUTE, forgotten=HOUR),  # from one address, whatever the name
    "confirm": Limit(free=5, longest=15 * MINUTE, forgotten=HOUR),  # by one account that is signed in
    "code": Limit(free=5, longest=15 * MINUTE, forgotten=HOUR),  # of a second factor, after the right password
    "code-device": Limit(free=10, longest=5 * MINUTE, forgotten=HOUR),  # the same, from a browser that it knows
    "sign-up-address": Limit(free=200, longest=MINUTE, forgotten=HOUR),  # a workshop behind one address is no attack
    "mail": Limit(free=10, longest=HOUR, forgotten=HOUR),  # to one address, of those that anybody may ask for
    "mail-by-account": Limit(free=30, longest=HOUR, forgotten=DAY),  # to addresses that an account names
    "reset-address": Limit(free=10, longest=10 * MINUTE, forgotten=HOUR),
    "webhook-test": Limit(free=30, longest=MINUTE, forgotten=HOUR),  # of one form: a receiver of others' is no target
    "export": Limit(free=5, longest=HOUR, forgotten=DAY),  # copies of everything, of one account
    "erasure": Limit(free=30, longest=10 * MINUTE, forgotten=DAY),  # each reads all that an account's forms hold
}


def take(kind: str, *who: str) -> None:
    """Count an attempt, or raise TooOften with the seconds to wait."""
    limit, key = LIMITS[kind], _key(kind, who)
    for _ in range(TRIES):
        item, now = table.get(key), int(time.time())
        try:
            if item is None or table.expired(item):
                first = {"count": 1, "until": 0, "expires_at": now + limit.forgotten}
                table.put(key | first, condition="attribute_not_exists(pk) OR expires_at <= :now", values={":now": now})
            elif item["count"] < limit.free:
                bound = {":free": limit.free, ":now": now}
                table.add(key, {"count": 1}, condition="#count < :free AND expires_at > :now", values=bound)
            elif item["until"] > now:
                raise TooOften(item["until"] - now)
            else:
                count = item["count"] + 1
                pause = min(FIRST_PAUSE << min(count - limit.free - 1, MOST_DOUBLED), limit.longest)
                next_ = {"count": count, "until": now + pause, "expires_at": now + limit.forgotten}
                table.update(key, next_, condition="#count = :seen", values={":seen": item["count"]})
        except table.Refused:  # somebody else tries at the same time
            continue
        return
    raise TooOften(FIRST_PAUSE)


def give_back(kind: str, *who: str) -> None:
    """Take an attempt back that turned out to be none, such as a sign-in that went well."""
    with suppress(table.Refused):  # forgotten meanwhile
        table.add(_key(kind, who), {"count": -1}, condition="#count > :none", values={":none": 0})


def forget(kind: str, *who: str) -> None:
    table.delete(_key(kind, who))


def _key(kind: str, who: tuple[str, ...]) -> table.Item:
    # Hashed: a name may be longer than a key, and a password typed in its place is not to be stored.
    return table.key(f"ATTEMPTS#{kind}#{ids.digest('\n'.join(who))}", "ATTEMPTS")
