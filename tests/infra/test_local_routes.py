import pytest

from infra.local.routes import Routes
from tests.infra.small import Application

ROUTES = {
    "Form": "GET /forms/{form}",
    "New": "GET /forms/new",
    "AnyNew": "ANY /forms/new",
    "Field": "GET /forms/{form}/fields",
    "Static": "GET /static/{path+}",
    "Deep": "GET /static/deep/{path+}",
    "Rest": "ANY $default",
}


@pytest.fixture
def routes(tmp_path):
    application = Application(tmp_path)
    for name, route in ROUTES.items():
        application.route(name, route)
    return Routes(application.template().functions)


@pytest.mark.parametrize(
    ("method", "path", "function", "parameters"),
    [
        ("GET", "/forms/abc", "Form", {"form": "abc"}),
        ("GET", "/forms/new", "New", {}),
        ("POST", "/forms/new", "AnyNew", {}),
        ("POST", "/forms/abc", "Rest", {}),
        ("GET", "/forms/abc/fields", "Field", {"form": "abc"}),
        ("GET", "/forms/", "Rest", {}),
        ("GET", "/forms/abc/", "Rest", {}),
        ("GET", "//forms/abc", "Rest", {}),
        ("GET", "/", "Rest", {}),
        ("GET", "/static/a/b.css", "Static", {"path": "a/b.css"}),
        ("GET", "/static/deep/b.css", "Deep", {"path": "b.css"}),
        ("GET", "/static/", "Rest", {}),
        ("HEAD", "/forms/abc", "Rest", {}),
        ("GET", "/forms/a%2Fb%20c", "Form", {"form": "a/b c"}),
        ("GET", "/forms/a+b", "Form", {"form": "a+b"}),
    ],
)
def test_chooses_the_route_that_says_most_of_the_path(routes, method, path, function, parameters):
    match = routes.find(method, path)

    assert match.function.name == function
    assert match.path_parameters == parameters


def test_finds_nothing_where_there_is_no_default(tmp_path):
    application = Application(tmp_path)
    application.route("Only", "GET /only")

    assert Routes(application.template().functions).find("GET", "/other") is None
