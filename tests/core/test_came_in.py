"""What came in, whatever somebody sends: fields that fit are read off it."""

from hypothesis import given
from hypothesis import strategies as st

from pillarbox import came_in, exact, sheets

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.decimals(allow_nan=False, allow_infinity=False), st.text()
)
VALUES = PLAIN | st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
NAMES = st.text(max_size=120) | st.sampled_from([" a", "a", "_next", " _next", "email"])


@given(st.dictionaries(NAMES, VALUES))
def test_whatever_was_sent_gives_fields_that_fit_together(sent):
    fields = came_in.read(sent)

    assert sheets.judged(sheets.of(fields)).fit
    assert len({field.name for field in fields}) == len(fields)
    assert {field.name for field in fields} <= {name.strip() for name in sent}


@given(st.from_regex(r"[a-z]{1,20}", fullmatch=True), PLAIN)
def test_a_plain_value_under_a_plain_name_gives_a_field(name, value):
    assert [field.name for field in came_in.read({f"x{name}": value})] == [f"x{name}"]


def test_options_are_as_many_as_a_field_takes_and_no_more():
    sent = exact.loads(exact.dumps({"few": [str(n) for n in range(500)], "many": [str(n) for n in range(501)]}))

    assert [(field.name, len(field.options or ())) for field in came_in.read(sent)] == [("few", 500)]
