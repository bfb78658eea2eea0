import pytest

from pillarbox import ids

BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "sec-fetch-mode": "navigate"}


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({}, "html"),
        ({"accept": "*/*"}, "html"),
        (BROWSER, "html"),
        ({"accept": "application/json"}, "json"),
        ({"accept": "application/json, text/plain, */*"}, "json"),
        ({"accept": "application/problem+json"}, "json"),
        ({"accept": "text/html;q=0.5, application/json"}, "json"),
        ({"accept": "application/json;q=0.5, text/html"}, "html"),
        ({"accept": "application/json, text/html"}, "json"),
        ({"accept": "text/html, application/json"}, "html"),
        ({"accept": "*/*, application/json;q=0", "sec-fetch-mode": "cors"}, "html"),
        ({"accept": "text/*, application/json;q=0.9"}, "html"),
        ({"accept": "*/*", "sec-fetch-mode": "cors"}, "json"),
        ({"accept": "text/html", "sec-fetch-mode": "cors"}, "html"),
        ({"x-requested-with": "XMLHttpRequest"}, "json"),
        ({"accept": "text/html, */*; q=0.01", "x-requested-with": "XMLHttpRequest"}, "json"),
        ({"content-type": "application/json"}, "json"),
        ({"content-type": "application/json", "accept": "*/*"}, "json"),
        ({"content-type": "application/json", "accept": "text/html"}, "html"),
        ({"content-type": "application/json", "accept": "text/html", "x-requested-with": "XMLHttpRequest"}, "json"),
    ],
    ids=str,
)
def test_the_answer_comes_in_the_format_asked_for(visitor, headers, kind):
    answer = visitor.post(f"/f/{ids.short()}", content=b"{}", headers=headers | {"accept": headers.get("accept", "")})
    assert answer.status_code == 404
    assert f"/{kind}" in answer.headers["content-type"]
