"""The events in tests/events/ are those of the template, and each works where its ids exist."""

import json

import pytest

from infra.local import lambdas, sample_events
from infra.local.sample_events import SESSION
from infra.local.template import Template
from pillarbox import settings
from tests import samples

FUNCTIONS = Template().functions

each_function = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)


def test_make_events_would_change_nothing():
    assert {file.name for file in sample_events.FOLDER.iterdir()} == {
        sample_events.file(function).name for function in FUNCTIONS
    }
    for function in FUNCTIONS:
        assert sample_events.file(function).read_text() == sample_events.text(function)


@each_function
def test_an_event_works(function, template):
    samples.make(template)
    event = json.loads(sample_events.file(function).read_text())
    (deployed,) = [one for one in template.functions if one.name == function.name]

    answer = lambdas.invoke(deployed, event)

    if function.sources:
        assert answer.get("batchItemFailures", []) == []
    else:
        assert answer["statusCode"] == samples.STATUS.get(function.name, 200)


def test_the_events_carry_the_session_cookie_of_aws():
    page = next(function for function in FUNCTIONS if function.name == "DashboardPage")

    assert sample_events.sample(page)["cookies"] == [f"{settings.session_cookie()}={SESSION}"]
