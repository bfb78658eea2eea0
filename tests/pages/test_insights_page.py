"""The page of insights: what was counted, in words and charts; hostile words are only words."""

import html
import re

import pytest

from pillarbox import definitions, forms, insights, places, table, tallies

MAY = "viewer"

SIZES = [{"value": "s", "label": "Small"}, {"value": "l"}]
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture
def page(form):
    return f"/forms/{form.id}/insights"


def words(response):
    """Return the main part of a page as a person reads it."""
    main = response.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", main)).split())


def counted(form, **numbers):
    """Count something of today as the worker behind the stream does."""
    today = insights.last_days(1)[0]
    named = {f"{name}_{today:%d}": number for name, number in numbers.items()}
    table.transact(table.Add(places.days(form.id, f"{today:%Y-%m}"), named))


def tallied(form, groups, numbers=()):
    tally = tallies.Tally()
    tally.groups = groups
    for group, number in numbers:
        tally.add_number(group, number)
    table.put(places.tally(form.id, f"{insights.last_days(1)[0]}", 0) | {"tally": tally.packed(), "version": 1})


def made(owner, fields, name="Booking"):
    return forms.create(owner.account, definitions.Definition.model_validate({"name": name, "fields": fields}))


def test_before_anything_came_it_says_so_and_what_will_be_here(owner, page):
    shown = words(owner.get(page))

    assert "0 in the last 30 days Nothing came in the last 30 days." in shown
    assert "Nobody opened the hosted form in the last 30 days." in shown
    assert "This form has no choices, numbers or dates whose answers could be counted." in shown
    assert 'class="columns' not in owner.get(page).text


@pytest.mark.parametrize(
    ("by", "said", "rows"), [("day", "30 days", 30), ("week", "12 weeks", 12), ("month", "12 months", 12)]
)
def test_shows_each_period_as_a_chart_and_as_a_table(owner, form, page, by, said, rows):
    counted(form, accepted=1234, spam=20)

    answer = owner.get(page, params={"by": by})

    assert f"1,234 in the last {said}" in words(answer)
    assert "20 sorted out as spam 2% of all that came." in words(answer)
    assert len(re.findall(r'class="bar(?: open)?" x', answer.text)) == 2 * rows
    table_ = answer.text.partition('<details class="data">')[2].partition("</details>")[0]
    assert table_.count("<tr>") == rows + 1
    assert re.search(rf'<a href="\?by={by}" aria-current="true">{said}</a>', answer.text)


@pytest.mark.parametrize("by", ["year", "", "<script>alert(1)</script>"])
def test_an_unknown_period_is_the_last_thirty_days(owner, page, by):
    answer = owner.get(page, params={"by": by})

    assert "in the last 30 days" in words(answer)
    assert "<script>alert" not in answer.text


def test_each_chart_is_an_image_that_is_named_in_words(owner, form, page):
    counted(form, accepted=3, views=2)

    charts = re.findall(r'<svg class="columns[^"]*" role="img"[^>]*><title>([^<]*)</title>', owner.get(page).text)

    assert [one.partition(";")[0] for one in charts] == [
        "Submissions in the last 30 days: 3",
        "Times that the hosted form was opened in the last 30 days: 2",
    ]


def test_tells_on_which_page_most_people_stop(owner):
    names = [("name", None), ("mail", "About you"), ("why", "Your wishes")]
    fields = [{"name": name, "type": "text"} | ({"starts_page": title} if title else {}) for name, title in names]
    form = made(owner, fields)
    counted(form, accepted=4, views=20, starts=15, completed=4)
    tallied(form, {"reached": {"2": 12, "3": 5}})

    shown = words(owner.get(f"/forms/{form.id}/insights"))

    assert "Most people who stop do so at page 2, “About you”: 7 of 11." in shown
    assert "20 times opened Sent 4 times: 20% of those." in shown
    assert "Opened it 20 100% Began to fill it in 15 75% Came to page 2, “About you” 12 60%" in shown


def test_a_form_of_one_page_tells_how_many_of_those_who_began_didnt_send_it(owner, form, page):
    counted(form, views=20, starts=15, completed=4)
    assert "11 of 15 who began didn't send it." in words(owner.get(page))

    counted(form, completed=20)  # some of them without JavaScript, which nobody saw begin
    assert "Everybody who began sent it." in words(owner.get(page))


def test_says_how_long_it_takes_to_fill_in(owner, form, page):
    counted(form, views=3, starts=3, completed=3)
    tallied(form, {"seconds": {"25": 1, "150": 1, "4000": 1}})

    shown = words(owner.get(page))

    assert "Time to fill it in 2 minutes half of 3 took no longer" in shown
    assert "10 to 30 seconds 1 33%" in shown


def test_of_two_times_to_fill_in_the_one_between_is_told(owner, form, page):
    counted(form, views=2, starts=2, completed=2)
    tallied(form, {"seconds": {"60": 1, "240": 1}})

    assert "Time to fill it in 2 minutes half of 2 took no longer" in words(owner.get(page))


def test_names_pages_and_hosts_the_most_frequent_first(owner, form, page):
    counted(form, views=3)
    tallied(form, {"pages": {"example.com/a": 1, "*": 3, "": 1}, "hosts": {"-": 1, "news.example": 2}})

    shown = words(owner.get(page))

    assert "The hosted form 3 60% example.com/a 1 20% Others 1 20%" in shown
    assert "news.example 2 67% Direct, or not told 1 33%" in shown


def test_shows_what_each_field_said(owner):
    fields = [
        {
            "name": "size",
            "label": "Size",
            "type": "choice",
            "options": [{"value": "s", "label": "Small"}, {"value": "l"}],
        },
        {"name": "news", "label": "News", "type": "checkbox"},
        {"name": "seats", "label": "Seats", "type": "integer"},
        {"name": "day", "label": "Day", "type": "date"},
        {"name": "email", "label": "Mail", "type": "email"},
        {"name": "never", "label": "Never", "type": "checkbox"},
    ]
    form = made(owner, fields)
    tallied(
        form,
        {
            ":size": {"s": 3, "l": 1},
            ":news": {"true": 1, "false": 3},
            ":day": {"2026-12": 4},
        },
        numbers=[(":seats", number) for number in (1, 1, 4, 4)],
    )

    shown = words(owner.get(f"/forms/{form.id}/insights"))

    assert "Size 75% chose Small" in shown
    assert "News 25% ticked it" in shown
    assert "Seats 2.5 on average, between 1 and 4" in shown
    assert "Day Dec 2026 most often" in shown
    assert "1 more field has no answers in the last 30 days." in shown
    assert "Mail" not in shown


def test_hostile_words_are_only_words(owner):
    options = [{"value": HOSTILE, "label": HOSTILE}, {"value": "x"}]
    fields = [
        {"name": HOSTILE[:90], "label": HOSTILE, "type": "choice", "options": options},
        {"name": "n", "label": HOSTILE, "type": "number", "starts_page": HOSTILE},
    ]
    form = made(owner, fields, name=HOSTILE)
    counted(form, accepted=2, views=3, starts=2, completed=1)
    tallied(
        form,
        {
            f":{tallies.short(HOSTILE[:90])}": {HOSTILE: 1, f"former {HOSTILE}": 1},
            ":n": {"1": 2, "2": 1},
            "pages": {f"example.com/{HOSTILE}\u202e": 1},
            "hosts": {HOSTILE: 2},
            "reached": {"2": 1},
        },
    )

    answer = owner.get(f"/forms/{form.id}/insights")

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert "\u202e" not in answer.text
    assert " style=" not in html.unescape(re.sub(r">[^<]*<", "><", answer.text))


def test_a_form_of_two_hundred_fields_shows_twelve_and_folds_the_rest(owner):
    fields = [{"name": f"field {n}", "type": "integer"} for n in range(200)]
    form = made(owner, fields)
    tallied(form, {f":field {n}": {str(m): m + 1 for m in range(12)} for n in range(200)})

    answer = owner.get(f"/forms/{form.id}/insights")

    first, _, rest = answer.text.partition('<details class="more-answers">')
    assert first.count('<section class="answer"') == 12
    assert rest.count('<section class="answer"') == 188
    assert len(answer.content) < 1_500_000


def test_keeps_somebody_elses_form_to_its_owner(stranger, visitor, viewer, page):
    assert stranger.get(page).status_code == 404
    assert viewer.get(page).status_code == 200
    assert visitor.get(page).headers["location"] == f"/sign-in?next={page}"


def test_is_for_reading_only(owner, page):
    assert owner.post(page, data={"by": "day"}).status_code == 404
