from pillarbox import audit
from pillarbox.clients import Client

MAY = "operator"

PATH = "/admin/activity"


def test_tells_what_happened_to_whom(operator, owner):
    audit.note("password-changed", owner.account.id, Client("203.0.113.77", "curl/8"))

    page = operator.get(PATH).text

    assert "The password was changed." in page
    assert f'href="/admin/users/{owner.account.id}"' in page
    assert "203.0.113.77" in page


def test_goes_on_page_by_page(operator, owner):
    for _ in range(55):
        audit.note("sign-in", owner.account.id, Client("203.0.113.77", ""))

    first = operator.get(PATH)
    older = first.text.partition(f'href="{PATH}?cursor=')[2].partition('"')[0]

    assert first.text.count("<li") > 50
    assert operator.get(f"{PATH}?cursor={older}").status_code == 200


def test_a_cursor_that_we_never_made_is_refused(operator):
    assert operator.get(f"{PATH}?cursor=x").status_code == 422


def test_everybody_else_is_told_that_it_is_not_for_them(owner, visitor):
    assert owner.get(PATH).status_code == 403
    assert visitor.get(PATH).headers["location"] == f"/sign-in?next={PATH}"
