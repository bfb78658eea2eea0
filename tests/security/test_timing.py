"""Whether there is an account can't be told from how long a wrong password takes, nor from anything in the answer."""

import math
import random
import secrets
import statistics
import time

from pillarbox import ids
from tests.people import csrf_token, new_account
from tests.site import URL

TRIES = 400  # in turn with known and unknown names, in an order of chance
EACH = 5  # with one name: what is free of pauses
PLACES = 20  # tries from one address, of which fifty are free
ROUNDS = 3  # chance alone tells them apart once in twenty rounds, and three times running once in eight thousand
CLEAR = 0.05


def p_value(ones, others):
    """Return how likely a difference in ranks at least this large is by chance: Mann and Whitney's test, two-sided."""
    ranked = sorted([(value, True) for value in ones] + [(value, False) for value in others])
    ranks = sum(rank for rank, (_, one) in enumerate(ranked, start=1) if one)
    u = ranks - len(ones) * (len(ones) + 1) / 2
    mean = len(ones) * len(others) / 2
    deviation = math.sqrt(len(ones) * len(others) * (len(ones) + len(others) + 1) / 12)
    return math.erfc(abs(u - mean) / deviation / math.sqrt(2))


def attempt(visitor, token, name):
    sent = {"username": name, "password": "not the password", "csrf_token": token}
    began = time.perf_counter()
    answer = visitor.post("/sign-in", data=sent, headers={"origin": URL})
    return time.perf_counter() - began, answer


def round_of(visitor, token):
    """Return the seconds of tries with known names, and with unknown ones."""
    known = [new_account().username for _ in range(TRIES // 2 // EACH)]
    unknown = [f"somebody-{ids.short()}" for _ in known]
    tries = [(name, number) for number, names in enumerate((known, unknown)) for name in names for _ in range(EACH)]
    random.shuffle(tries)
    taken: tuple[list[float], list[float]] = ([], [])
    for n, (name, number) in enumerate(tries):
        if n % PLACES == 0:
            visitor.site.address = f"198.18.{secrets.randbelow(256)}.{secrets.randbelow(256)}"
        seconds, answer = attempt(visitor, token, name)
        assert answer.status_code == 401
        taken[number].append(seconds)
    return taken


def test_400_interleaved_tries_with_known_and_unknown_names_cannot_be_told_apart(visitor):
    token = csrf_token(visitor.get("/sign-in"))
    for _ in range(20):  # whatever is done once only is done
        attempt(visitor, token, f"somebody-{ids.short()}")

    chances = []
    for _ in range(ROUNDS):
        chances.append(p_value(*round_of(visitor, token)))
        if chances[-1] > CLEAR:
            break

    assert chances[-1] > CLEAR, f"known and unknown names take different times: p = {chances}"


def test_the_test_itself_tells_a_difference_of_a_tenth():
    times = [statistics.NormalDist(0.05, 0.01).inv_cdf((n + 0.5) / TRIES) for n in range(TRIES)]

    assert p_value(times[::2], times[1::2]) > CLEAR
    assert p_value(times[::2], [one + 0.005 for one in times[1::2]]) < CLEAR**ROUNDS
    assert p_value([1, 3, 5, 7], [2, 4, 6, 8]) > CLEAR


def test_the_answers_to_known_and_unknown_names_are_the_same(visitor, owner):
    token = csrf_token(visitor.get("/sign-in"))
    name = owner.account.username
    other = name[:-1] + ("x" if name[-1] != "x" else "y")

    (_, known), (_, unknown) = attempt(visitor, token, name), attempt(visitor, token, other)

    def told(answer):
        page = answer.text.replace(name, "NAME").replace(other, "NAME")
        return page.replace(csrf_token(answer), "TOKEN"), set(answer.headers), answer.status_code

    assert told(known) == told(unknown)
