"""What an owner's filing teaches, and what it costs to keep."""

import pytest

from pillarbox import bayes, exact, filing, lessons
from pillarbox.lessons import Lesson


def accepted(folder, text="Hello"):
    return {"folder": folder, "fields": exact.dumps({"message": text})}


def moved(item, *folders):
    """Move it through folders, and return what each move taught: +spam, -kept, or nothing."""
    taught = []
    for folder in folders:
        item = item | filing.filed(item, folder) | {"folder": folder}
        lesson = lessons.of(item)
        taught.append(f"{lesson.times:+}"[0] + ("spam" if lesson.spam else "kept") if lesson else "")
    return taught


@pytest.mark.parametrize(
    ("first", "moves", "taught"),
    [
        ("inbox", ["archive", "inbox", "trash", "archive"], ["", "", "", ""]),
        ("spam", ["trash", "spam", "trash"], ["", "", ""]),
        ("inbox", ["spam"], ["+spam"]),
        ("spam", ["inbox"], ["+kept"]),
        ("spam", ["archive", "inbox"], ["+kept", ""]),
        ("inbox", ["spam", "inbox"], ["+spam", "-spam"]),
        ("spam", ["inbox", "spam"], ["+kept", "-kept"]),
        ("inbox", ["spam", "inbox", "spam"], ["+spam", "-spam", "+spam"]),
        ("inbox", ["spam", "trash", "spam"], ["+spam", "", ""]),
        ("inbox", ["spam", "trash", "inbox"], ["+spam", "", "-spam"]),
        ("inbox", ["trash", "spam"], ["", "+spam"]),
        ("spam", ["trash", "inbox"], ["", "+kept"]),
    ],
)
def test_only_a_move_across_the_line_teaches_and_the_way_back_takes_it_back(first, moves, taught):
    assert moved(accepted(first), *moves) == taught


def test_what_nobody_moved_teaches_nothing():
    assert lessons.of(accepted("spam")) is None


def test_a_table_learnt_step_by_step_is_one_learnt_at_once():
    texts = ["cheap loans for you", "win a casino prize", "loans and prizes", "my vase cracked", "a kiln", "the glaze"]
    filings = [Lesson(bayes.tokens({"text": text}), spam=n < 3, times=1) for n, text in enumerate(texts)]
    mistake = Lesson(bayes.tokens({"text": "a mistake"}), spam=True, times=1)

    known = None
    for lesson in [*filings, mistake, mistake._replace(times=-1)]:
        known = lessons.learnt(known, [lesson])

    once = lessons.learnt(None, filings)
    assert known == once | {"version": 8}
    assert (once["kept"], once["spam"]) == (3, 3)
    assert bayes.weigh(lessons.packed(once), {"text": "loans from a casino"}) > 1
    assert bayes.weigh(lessons.packed(once), {"text": "my kiln"}) < -0.5


def test_the_table_stays_small_and_forgets_first_what_it_saw_least():
    known = lessons.learnt(None, [Lesson({1, 2, 3}, spam=True, times=5)])
    for n in range(40):
        known = lessons.learnt(known, [Lesson(set(range(1000 + n * 300, 1300 + n * 300)), spam=False, times=1)])

    kept = lessons._unpacked(known["buckets"])  # noqa: SLF001 - what is stored
    assert len(known["buckets"]) == 6 * lessons.MOST_BUCKETS == 49_152
    assert kept.keys() >= {1, 2, 3} | set(range(12_700, 13_000))
    assert len(lessons.packed(known)) <= bayes.MAX_PACKED


def test_a_bucket_that_is_in_every_message_stops_at_what_two_bytes_hold():
    known = lessons.learnt(None, [Lesson({7}, spam=True, times=40_000), Lesson({7}, spam=False, times=-40_000)])

    assert lessons._unpacked(known["buckets"]) == {7: (-32_767, 32_767)}  # noqa: SLF001
    assert lessons.packed(known) == ""
