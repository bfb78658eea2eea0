import binascii
import random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from pillarbox import bayes, signals

OFFER = {"name": "Max", "email": "max@links.example", "message": "We sell backlinks for your shop, cheap and quick"}
ASKED = {"name": "Ada", "email": "ada@example.com", "message": "Is the barn free in June? We are sixty people"}
MESSAGES = st.dictionaries(st.sampled_from(["name", "email", "message"]), st.text(max_size=80), max_size=3)
FILED = st.lists(st.tuples(MESSAGES, st.booleans()), max_size=25)


def learnt(filed):
    counts: dict[int, tuple[int, int]] = {}
    for fields, spam in filed:
        bayes.learn(counts, bayes.tokens(fields), spam=spam)
    return counts


def table(filed):
    spam = sum(bad for _, bad in filed)
    return bayes.pack(learnt(filed), len(filed) - spam, spam)


def variants(fields, number):
    return [fields | {"message": f"{fields['message']} {n}th"} for n in range(number)]


def test_what_was_filed_decides_on_what_is_like_it():
    packed = table([(one, True) for one in variants(OFFER, 6)] + [(one, False) for one in variants(ASKED, 6)])
    assert bayes.weigh(packed, OFFER) == bayes.BOUND
    assert bayes.weigh(packed, ASKED) == -bayes.BOUND
    assert abs(bayes.weigh(packed, {"message": "Grüße aus Köln"})) < 1


def test_the_table_says_nothing_until_a_few_of_both_kinds_were_filed():
    offers, asked = [(one, True) for one in variants(OFFER, 9)], [(one, False) for one in variants(ASKED, 9)]
    for filed in (offers, asked, offers + asked[:2], offers[:2] + asked):
        assert table(filed) == ""
        assert bayes.weigh(table(filed), OFFER) == 0
    assert bayes.weigh(table(offers[:3] + asked[:3]), OFFER) > 0


def test_the_more_was_filed_the_surer_it_gets():
    heard = {"message": "quick shop"}
    few, more = (
        bayes.weigh(
            table([(one, True) for one in variants(OFFER, n)] + [(one, False) for one in variants(ASKED, n)]), heard
        )
        for n in (3, 30)
    )
    assert 0 < few < more


def test_filing_reaches_the_score_and_alone_never_the_threshold():
    packed = table([(one, True) for one in variants(OFFER, 9)] + [(one, False) for one in variants(ASKED, 9)])
    unsigned = {"name": "Max", "message": "We sell, cheap and quick"}
    total, found = signals.score(unsigned, settings={}, context={}, bayes=packed)
    assert found == [{"name": "filing", "weight": 4.5}]
    assert total < signals.THRESHOLD


def test_messages_in_scripts_without_spaces_are_learnt_by_their_characters():
    spam, ham = {"message": "当店の格安サービスをご利用ください"}, {"message": "見学の予約をお願いします"}
    packed = table([(spam, True)] * 5 + [(ham, False)] * 5)
    assert bayes.weigh(packed, {"message": "格安サービスです"}) > 1
    assert bayes.weigh(packed, {"message": "予約をお願いしたい"}) < -1


def test_a_number_is_learnt_by_its_length_so_that_another_like_it_is_known():
    assert bayes.tokens({"a": "call 08452810075"}) == bayes.tokens({"a": "call 09061701461"})
    assert bayes.tokens({"a": "room 12"}) != bayes.tokens({"a": "room 13"})


@given(filed=FILED, seed=st.integers(0, 99))
def test_the_order_of_filing_makes_no_difference(filed, seed):
    shuffled = random.Random(seed).sample(filed, len(filed))  # noqa: S311  no secret
    assert learnt(shuffled) == learnt(filed)
    assert table(shuffled) == table(filed)


@given(filed=FILED, moved=st.tuples(MESSAGES, st.booleans()))
def test_learning_and_unlearning_gives_the_same_counts(filed, moved):
    counts = learnt(filed)
    before = dict(counts)
    bayes.learn(counts, bayes.tokens(moved[0]), spam=moved[1])
    assert counts != before  # even an empty message has its size
    bayes.learn(counts, bayes.tokens(moved[0]), spam=moved[1], times=-1)
    assert counts == before


NUMBERS = st.integers(-5, 50) | st.integers(-(10**38), 10**38)  # DynamoDB's numbers have 38 digits
COUNTS = st.dictionaries(st.integers(-9, bayes.BUCKETS + 9), st.tuples(NUMBERS, NUMBERS), max_size=60)


@given(counts=COUNTS, more=st.integers(0, bayes.BUCKETS), ham=NUMBERS, spam=NUMBERS, fields=MESSAGES)
@example(counts={}, more=bayes.BUCKETS, ham=3, spam=3, fields={})
@settings(deadline=None, max_examples=60)
def test_the_table_stays_within_its_bytes_and_its_weight_within_its_bounds(counts, more, ham, spam, fields):
    counts = {bucket: (bucket % 7, bucket % 11) for bucket in range(more)} | counts
    packed = bayes.pack(counts, ham, spam)
    assert len(packed.encode()) <= 2048
    assert packed.isascii()
    assert -bayes.BOUND <= bayes.weigh(packed, fields) <= bayes.BOUND


def test_a_full_table_uses_its_bytes():
    counts = dict.fromkeys(range(5000), (0, 9))
    assert 2040 < len(bayes.pack(counts, 9, 9)) <= 2048


def test_a_full_table_keeps_the_most_telling_buckets():
    telling = min(bayes.tokens({"message": "telling"}) - bayes.tokens({"message": ""}))
    faint = dict.fromkeys(range(20_000, 25_000), (4, 5))
    packed = bayes.pack(faint | {telling: (0, 90)}, 90, 90)
    assert bayes.weigh(packed, {"message": "telling"}) > 1


@given(packed=st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: binascii.b2a_base64(b"\1" + raw).decode()))
def test_a_table_that_is_none_says_nothing_and_breaks_nothing(packed):
    assert -bayes.BOUND <= bayes.weigh(packed, ASKED) <= bayes.BOUND


def test_no_table_or_a_broken_one_weighs_nothing():
    whole = table([(one, True) for one in variants(OFFER, 6)] + [(one, False) for one in variants(ASKED, 6)])
    for packed in (None, "", "é", "!", "AQ==", whole[:-4] + "====", "Z" + whole[1:]):
        assert bayes.weigh(packed, OFFER) == 0


@given(text=st.text(st.characters(exclude_categories=()), max_size=200), times=st.integers(1, 2000))
@settings(deadline=None)
def test_any_text_has_a_bounded_number_of_buckets(text, times):
    found = bayes.tokens({"message": text * times, "name": text})
    assert len(found) <= bayes.MAX_TOKENS + 150
    assert all(0 <= bucket < bayes.BUCKETS for bucket in found)
