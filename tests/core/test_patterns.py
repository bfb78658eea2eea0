"""Patterns mean here what they mean in a browser, and none of them runs long."""

import json
import subprocess
import sys
from typing import IO, cast

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from playwright._impl._driver import compute_driver_executable

from pillarbox import automata, patterns
from pillarbox.patterns import BadPattern, automaton

# What a browser does with the pattern attribute (HTML, 4.10.5.3.6), in the Node that comes with playwright.
BROWSER = """
require("readline").createInterface({input: process.stdin}).on("line", (line) => {
  const [pattern, texts] = JSON.parse(line);
  let found = null;
  try {
    new RegExp(pattern, "v");
    const whole = new RegExp(`^(?:${pattern})$`, "v");
    found = texts.map((text) => whole.test(text));
  } catch (error) {}
  console.log(JSON.stringify(found));
});
"""


@pytest.fixture(scope="module")
def browser():
    """Return what tells whether each text fits a pattern, or None when a browser can't compile it."""
    node, _ = compute_driver_executable()
    with subprocess.Popen([node, "-e", BROWSER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        ask, answer = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

        def verdicts(pattern, texts):
            ask.write(json.dumps([pattern, texts]) + "\n")
            ask.flush()
            return json.loads(answer.readline())

        yield verdicts
        ask.close()


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("[0-9]{5}", ["12345"], ["", "1234", "123456", "1234a", "١٢٣٤٥"]),
        (r"[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}", ["SW1A 1AA", "M11AE"], ["SW1A  1AA", "sw1a 1aa"]),
        (r"^\+?\d+$", ["+44", "44"], ["+", "++4"]),
        (
            r".+@example\.com",
            ["ada@example.com", "a@b@example.com"],
            ["ada@example-com", "@example.com", "a\n@example.com"],
        ),
        (r"(\w+\s?)*", ["", "a b c"], ["a  b", " a"]),
        (r"(?:red|green|)", ["red", "green", ""], ["r", "redgreen"]),
        (r"[^\d\s]+?", ["abc"], ["a1", "a b", ""]),
        (r"[\w.%+\-]+", ["a.b-c+d"], ["a@b"]),
        (r"\[\]\{\}\(\)\^\$\.\*\+\?\|\\\/", ["[]{}()^$.*+?|\\/"], ["[]"]),
        (r"(ab){2,}", ["abab", "ababab"], ["ab", "aba"]),
        (r"(a?){3}b{0}", ["", "aaa"], ["aaaa", "b"]),
        (r"\W\D\S", ["-a-", "é-é"], ["a--", "-1-", "-- "]),
        ("é|🎉+", ["é", "🎉🎉"], ["e\u0301", "é🎉"]),
    ],
)
def test_a_pattern_is_about_the_whole_text(browser, pattern, fits, fails):
    assert [text for text in fits + fails if automaton(pattern).matches(text)] == fits
    assert browser(pattern, fits + fails) == [True] * len(fits) + [False] * len(fails)


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        (r"(a)\1", "not taken"),
        (r"\bword\b", "not taken"),
        (r"\p{L}+", "not taken"),
        ("a\\", "not taken"),
        (r"a\-b", "not taken"),
        (r"(?=a)a", "looking ahead"),
        (r"(?<name>a)", "names"),
        (r"(?i:a)", "A group is"),
        ("a**", "follows another one"),
        ("a{2}{3}", "follows another one"),
        ("+a", "Nothing stands before +"),
        ("a|*", "Nothing stands before *"),
        ("(a", "never closed"),
        ("a)", "no ( before"),
        ("[a", "never closed"),
        ("[]", "at least one"),
        ("[^]", "at least one"),
        ("[z-a]", "backwards"),
        (r"[\w-]", r"write \-"),
        (r"[a-\d]", "between two characters"),
        ("[a-]", r"write \-"),
        ("[(]", r"write \("),
        ("[a&&b]", "write & once"),
        ("[--]", r"write \-"),
        ("a{", "holds one number"),
        ("a{,3}", "holds one number"),
        ("a{3,2}", "larger"),
        ("a{²}", "holds one number"),
        ("a}", r"Write \}"),
        ("a]", r"Write \]"),
        ("a^b", "only at the beginning"),
        ("a$b", "only at the beginning"),
        ("(a$)", "only at the beginning"),
        ("a\nb", "line breaks"),
        ("a" * 501, "at most 500"),
        ("(" * 21 + ")" * 21, "20 deep"),
        ("(a{100}){100}", "too large"),
        ("a{301}", "too large"),
        ("a{200}b{200}", "too large"),
        ("a{999999999}", "holds one number"),
        ("[" + "acegikmoqsuwy" * 12 + "]{200}", "too large"),
    ],
)  # fmt: skip
def test_a_pattern_that_browsers_refuse_or_read_otherwise_is_refused_in_words(pattern, sentence):
    with pytest.raises(BadPattern) as refusal:
        automaton(pattern)

    assert sentence in str(refusal.value)


CHARACTERS = st.sampled_from("ab1_ -é🎉\u2028\n")
ATOMS = st.sampled_from(
    [
        "a", "b", "1", " ", "é", "🎉", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S", r"\.", r"\/", "-", "/", ",",
        "[ab]", "[^a]", "[a-z1]", r"[\w\-]", r"[^\W_]", r"[\D]", "[&!]", "[a^]", "[^🎉é]", r"[\&\-\~]",
    ]
)  # fmt: skip
REPETITIONS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "{0}", "*?", "+?", "??"])
VALID = st.recursive(
    st.builds(str.__add__, ATOMS, REPETITIONS),
    lambda inner: (
        st.lists(inner, max_size=4).map("".join)
        | st.builds("({}){}".format, inner, REPETITIONS)
        | st.builds("(?:{}|{}){}".format, inner, inner, REPETITIONS)
    ),
    max_leaves=6,
)
TEXTS = st.lists(st.text(CHARACTERS, max_size=6), min_size=5, max_size=20)  # short: browsers do backtrack


@settings(max_examples=1000)
@given(VALID, TEXTS)
def test_every_pattern_of_the_grammar_fits_the_same_texts_as_in_a_browser(browser, pattern, texts):
    assume(len(pattern) <= patterns.MAX_PATTERN)

    assert [automaton(pattern).matches(text) for text in texts] == browser(pattern, texts)


@settings(max_examples=1000)
@given(st.text(r"ab1-\dwsDWSpb^$.*+?()[]{}|/,&!:=<~ é", max_size=12), TEXTS)
def test_what_is_taken_of_any_text_at_all_a_browser_takes_and_reads_the_same(browser, pattern, texts):
    try:
        ours = automaton(pattern)
    except BadPattern:
        return
    assert [ours.matches(text) for text in texts] == browser(pattern, texts)


def _steps(pattern, text):
    """Count the lines of automata.py that matching runs."""
    ours, count = automaton(pattern), 0

    def line(_frame, event, _argument):
        nonlocal count
        count += event == "line"
        return line

    def call(frame, _event, _argument):
        return line if frame.f_code.co_filename == automata.__file__ else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        ours.matches(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b", "(a|a)*b", "(a|aa)+b", "(a*)*b", "(.*)*b", r"(\w+\s?)*b", "a*a*a*a*a*a*a*a*b", "(a?){20}a{20}",
        "((a{0,9})*)*b", r"([a\-z]+[a\-z]+)+b", "(.+.+)+b", "(a|b|ab)*c", r"^(([a-z])+.)+[A-Z]([a-z])+$", "a{0,290}b",
    ],
)  # fmt: skip
def test_no_pattern_can_be_made_to_run_long(pattern):
    once, twice = _steps(pattern, "a" * 200), _steps(pattern, "a" * 400)

    assert twice <= 2.1 * once
    assert once <= 200 * 10 * automaton(pattern).size


def test_the_largest_pattern_is_taken_and_one_character_more_is_not():
    assert automaton("a{299}").size == patterns.MAX_SIZE
    with pytest.raises(BadPattern):
        automaton("a{300}")
