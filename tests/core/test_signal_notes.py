import re

import pytest

from infra.local.template import ROOT
from pillarbox import signal_notes, signals


@pytest.mark.parametrize("name", signals.WEIGHTS)
def test_each_signal_has_a_sentence_for_the_owner(name):
    sentence = signal_notes.note({"name": name, "weight": 1.0, "data": "spam & eggs"})
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "{" not in sentence
    assert ("{data}" in signal_notes.NOTES[name]) == ("spam & eggs" in sentence)


def test_no_sentence_is_left_over():
    assert set(signal_notes.NOTES) == set(signals.WEIGHTS)


def test_a_datum_is_shown_as_it_is_even_when_it_looks_like_a_place_for_one():
    assert "“{data} {0} %s”" in signal_notes.note({"name": "blocked_word", "weight": 20.0, "data": "{data} {0} %s"})


def test_filing_says_which_way_it_went():
    assert signal_notes.note({"name": "filing", "weight": -2.0}) == "You kept messages like it."
    assert signal_notes.note({"name": "filing", "weight": 2.0}) == "You filed messages like it as spam."


@pytest.mark.parametrize("signal", [{}, {"name": "tea_leaves", "weight": 1.0}, {"name": "links"}])
def test_a_signal_of_another_version_is_still_told(signal):
    assert signal_notes.note(signal).endswith(".")


def test_the_sentences_carry_the_data_that_the_signals_give():
    fields = {"name": "Zxqkjvwpt", "email": "x@yopmail.com", "message": "casino zxqkjvwpt best саsino http://t.co/x"}  # noqa: RUF001  Cyrillic on purpose
    context = {"seconds": 1.2, "honeypot": "bot-field", "same_text": 3}
    for signal in signals.score(fields, settings={"blocked_words": ["best"]}, context=context, bayes=None)[1]:
        assert ("data" in signal) == ("{data}" in signal_notes.NOTES[signal["name"]]), signal


def test_the_documentation_lists_every_signal_with_its_weight():
    rows = re.findall(r"^\| `(\w+)` \| (-?)±?(\d+\.\d) \|", (ROOT / "docs" / "spam.md").read_text(), re.MULTILINE)
    weights = {name: float(number) * (-1 if sign else 1) for name, sign, number in rows}
    assert weights == signals.WEIGHTS
