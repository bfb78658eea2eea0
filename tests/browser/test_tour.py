"""The tour has every page of template.yaml, and says what it lacks of a new one."""

import shutil

import pytest
from PIL import Image

from infra.local.template import ROOT, Template
from tests.browser import screenshots, tour
from tests.browser.tour import Stop, World

STOPS = list(tour.stops())
BLOCK = """
  HomePage:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: functions/pages/home_page/
      Events:
        Show: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/forms/{form_id}/new-page/{thing_id}"}}
        More: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: GET, Path: "/forms/{form_id}/new-page"}}
        Send: {Type: HttpApi, Properties: {ApiId: !Ref Api, Method: POST, Path: "/forms/{form_id}/sent"}}
"""


@pytest.fixture
def with_a_new_page(tmp_path):
    """The template with one page, which isn't what it was."""
    shutil.copytree(ROOT / "infra", tmp_path / "infra", ignore=shutil.ignore_patterns("__pycache__"))
    before, banner, _ = (ROOT / "template.yaml").read_text().partition("\nResources:")
    (tmp_path / "template.yaml").write_text(f"{before}{banner}{BLOCK}")
    return Template(tmp_path / "template.yaml")


def test_every_get_of_a_page_is_on_it():
    shown = {
        route.path
        for function in Template().functions
        if function.kind == "pages"
        for route in function.routes
        if route.method == "GET"
    }
    visited = {stop.path.partition("?")[0].replace("opt_in_form_id", "form_id") for stop in STOPS if stop.main}

    assert visited == shown


def test_a_new_page_comes_by_its_block_in_the_template(with_a_new_page):
    paths = [stop.path for stop in tour.stops(with_a_new_page) if stop.main]

    assert paths == ["/forms/{form_id}/new-page/{thing_id}", "/forms/{form_id}/new-page"]


def test_names_are_those_of_files_and_each_stands_once():
    names = [stop.name for stop in STOPS]

    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalnum() for name in names)


def test_a_parameter_that_nobody_fills_in_says_where_it_is_put():
    world = World("http://pillarbox.test", {"form_id": "abc"})

    assert world.url(Stop("page", "/forms/{form_id}", "owner")) == "http://pillarbox.test/forms/abc"
    with pytest.raises(LookupError, match=r"\{thing_id\}.*tests/browser/world.py"):
        world.url(Stop("page", "/forms/{form_id}/new-page/{thing_id}", "owner"))


def test_states_are_of_pages_that_there_are():
    folders = {function.folder.name for function in Template().functions}

    assert set(tour.STATES) | set(tour.NEEDS) <= folders


def test_every_page_has_its_pictures_and_there_are_no_others():
    wanted = {
        screenshots.file(stop, width, scheme): width
        for stop in screenshots.stops()
        for width in screenshots.SIZES
        for scheme in screenshots.SCHEMES
    }

    assert {file.name for file in wanted} ^ {file.name for file in screenshots.FOLDER.iterdir()} == set(), (
        "`make screenshots` makes those of a new page"
    )
    for file, width in wanted.items():
        with Image.open(file) as picture:
            assert picture.size == (width, screenshots.SIZES[width]), file.name
            assert len(picture.getcolors() or ()) > 2, f"{file.name} shows nothing."
