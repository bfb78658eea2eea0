"""Every page of template.yaml, as the tour finds them: what is wrong with it for anybody is a sentence here."""

import re
from collections import defaultdict

import httpx
import pytest

from tests.browser import checks, tour
from tests.browser.visits import PHONE, WIDE

STOPS = list(tour.stops())
TITLE = re.compile("<title>(.*?)</title>", re.DOTALL)
NARROWEST = {"width": 320, "height": 640}


def right(stop, wrong):
    __tracebackhide__ = True
    if wrong:
        pytest.fail(f"{stop.name}, {stop.path}:\n- " + "\n- ".join(wrong), pytrace=False)


def under(words, sentences):
    return [f"{words}: {sentence}" for sentence in sentences]


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_is_right_on_a_wide_screen(world, visit, valid, stop):
    visited = visit(stop, **WIDE)
    page, traffic = visited.page, visited.traffic

    wrong = checks.guarded(traffic.responses, world.site) + traffic.complained(stop.status)
    if visited.answer.status != stop.status:
        wrong.append(f"it is answered {visited.answer.status}, and not {stop.status}: {tour.TOUR} says what pages need")
    if visited.is_page:
        wrong += valid(visited.answer.text())
        wrong += checks.look(page, "ran") + traffic.weight() + checks.structure(page) + checks.layout(page)
        wrong += under("light", checks.axe(page)) + checks.scheme(page, "dark")
        wrong += under("dark", checks.axe(page, *checks.COLOURS))
        wrong += checks.look(page, "motion", checks.STILL_MS)
        page.emulate_media(reduced_motion="no-preference", color_scheme="light")
        wrong += checks.look(page, "motion", checks.MOTION_MS) + checks.scheme(page, "light")
        page.emulate_media(reduced_motion="reduce")
        wrong += checks.keyboard(page)
        page.emulate_media(forced_colors="active")
        wrong += under("forced colours", checks.look(page, "rings"))
        page.emulate_media(forced_colors="none")
        wrong += checks.skip_link(page)
    right(stop, wrong)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_is_right_on_a_phone(visit, stop):
    visited = visit(stop, **PHONE)
    page = visited.page

    if visited.is_page:
        wrong = checks.layout(page) + checks.look(page, "thumbs")
        wrong += under("light", checks.axe(page))
        page.emulate_media(color_scheme="dark")
        wrong += under("dark", checks.axe(page, *checks.COLOURS))
        page.evaluate("document.documentElement.dir = 'rtl'")
        wrong += under("right to left", checks.layout(page))
        page.evaluate("document.documentElement.dir = 'ltr'")
        page.set_viewport_size(NARROWEST)
        wrong += checks.layout(page)
        right(stop, wrong)


@pytest.mark.parametrize("stop", STOPS, ids=lambda stop: stop.name)
def test_does_its_work_without_scripts(visit, stop):
    plain = visit(stop, java_script_enabled=False, **WIDE)

    if plain.is_page:
        wrong = checks.look(plain.page, "idle") + plain.traffic.complained(stop.status)
        if checks.look(plain.page, "words") < 20:
            wrong.append("there is nothing to read in it")
        right(stop, wrong)


def test_no_two_pages_have_the_same_title(world):
    titles = defaultdict(list)
    for stop in (stop for stop in STOPS if stop.main):
        answer = httpx.get(world.url(stop), cookies=dict(world.cookies[stop.who]), timeout=60)
        if answer.headers["content-type"].startswith("text/html"):
            titles[TITLE.findall(answer.text)[0]].append(stop.name)

    assert titles
    assert {title: names for title, names in titles.items() if len(names) > 1} == {}
