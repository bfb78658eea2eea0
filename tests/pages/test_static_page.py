import re

import pytest

from pillarbox import assets

MAY = "anybody"


@pytest.fixture
def stylesheet(visitor):
    (found,) = re.findall(r'href="(/static/site\.css\?v=\w+)"', visitor.get("/").text)
    return found


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("site.css", "text/css"),
        ("site.js", "text/javascript"),
        ("icons.svg", "image/svg+xml"),
        ("favicon.svg", "image/svg+xml"),
    ],
)
def test_serves_a_file_with_its_type(visitor, name, kind):
    response = visitor.get(f"/static/{name}")

    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == kind
    assert response.headers["x-content-type-options"] == "nosniff"
    assert len(response.text) > 300


def test_a_file_under_the_address_of_its_content_is_kept_for_good(visitor, stylesheet):
    assert visitor.get(stylesheet).headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("query", ["", "?v=older", "?v=", "?other=1"])
def test_under_any_other_address_it_is_kept_for_minutes(visitor, query):
    assert visitor.get(f"/static/site.css{query}").headers["cache-control"] == "public, max-age=300"


def test_every_sheet_of_the_folder_is_in_the_stylesheet(visitor, stylesheet):
    sheets = sorted((assets.FOLDER / "site").iterdir())

    assert [sheet.stem for sheet in sheets] == sorted(assets.SHEETS)
    assert all(sheet.read_text() in visitor.get(stylesheet).text for sheet in sheets)


def test_goes_compressed_to_who_takes_it_so(visitor, stylesheet):
    plain = visitor.get(stylesheet, headers={"accept-encoding": "identity"})
    packed = visitor.get(stylesheet, headers={"accept-encoding": "gzip, br"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.text == plain.text
    assert int(packed.headers["content-length"]) < len(plain.content) / 2


@pytest.mark.parametrize(
    "path",
    [
        "nothing.css",
        "../pages.py",
        "..%2fpages.py",
        "%2e%2e/settings.py",
        "/etc/passwd",
        "site.css/",
        "%00",
        "sub/site.css",
        "site/tokens.css",
    ],
)
def test_nothing_else_is_served(visitor, path):
    response = visitor.get(f"/static/{path}")

    assert response.status_code == 404
    assert "import" not in response.text
