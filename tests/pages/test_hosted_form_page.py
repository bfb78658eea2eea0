import re

import pytest

from pillarbox import definitions, forms

MAY = "anybody"


@pytest.fixture
def page(form):
    return f"/f/{form.id}"


def test_shows_a_visitor_the_form(visitor, page):
    response = visitor.get(page)

    assert response.status_code == 200
    assert '<h1 dir="auto">Contact</h1>' in response.text
    assert f'<form method="post" action="{page}"' in response.text


def test_what_is_sent_from_it_stands_in_the_inbox(visitor, owner, page, inbox):
    response = visitor.post(
        page, data={"name": "Ada", "email": "", "message": "Hello"}, headers={"accept": "text/html"}
    )

    assert response.status_code == 303
    assert response.headers["location"] == f"https://pillarbox.test{page}/thanks"
    assert "Hello" in owner.get(inbox).text


def test_shows_the_declared_fields(visitor, owner, form, page):
    field = {"name": "seats", "label": "How many seats?", "type": "integer", "required": True, "help": "At most ten."}
    forms.update(owner.account, form.id, {"fields": [field]})

    shown = visitor.get(page).text

    assert "How many seats?" in shown
    assert "At most ten." in shown
    assert re.findall(r'<(?:input|textarea)[^>]* name="([^"]+)"', shown) == ["seats", "_loaded", "_gotcha"]


def test_a_mistake_shows_the_form_again_with_what_was_typed(visitor, owner, form, page):
    fields = [{"name": "seats", "label": "Seats", "type": "integer"}, {"name": "who", "label": "Who", "type": "text"}]
    forms.update(owner.account, form.id, {"fields": fields})

    response = visitor.post(page, data={"seats": "many", "who": "Ada"}, headers={"accept": "text/html"})

    assert response.status_code == 422
    assert "Seats must be a whole number." in response.text
    assert 'value="many"' in response.text
    assert 'value="Ada"' in response.text


@pytest.mark.parametrize("form_id", ["zzzzzzzzzzzz", "nothing", "%00", "x" * 3000, "..%2f"])
def test_a_form_that_is_not_there_is_404(visitor, form_id):
    response = visitor.get(f"/f/{form_id}")

    assert response.status_code == 404
    assert "There is no such form" in response.text


def test_a_form_that_is_switched_off_says_so(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"active": False})

    response = visitor.get(page)

    assert response.status_code == 403
    assert "This form is closed" in response.text
    assert "<form" not in response.text


def test_the_case_of_the_address_does_not_matter(visitor, page):
    assert visitor.get(f"/f/{page[3:].upper()}").status_code == 200


def test_browsers_may_follow_the_redirect_of_this_form_and_no_other(visitor, owner, form, page):
    assert "form-action 'self';" in visitor.get(page).headers["content-security-policy"]

    forms.update(owner.account, form.id, {"redirect_url": "https://ada.example.com:8443/thanks?from=form"})

    policy = visitor.get(page).headers["content-security-policy"]
    assert "form-action 'self' https://ada.example.com:8443;" in policy


def test_browsers_may_follow_a_redirect_that_was_sent_to_the_hosts_of_this_form(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"allowed_origins": ["https://example.org", "*.example.com"]})

    policy = visitor.get(page).headers["content-security-policy"]
    assert "form-action 'self' example.org:* *.example.com:*;" in policy

    many = [f"{n}.{'long' * 15}.{'name' * 15}.example" for n in range(50)]
    forms.update(owner.account, form.id, {"allowed_origins": many})

    answer = visitor.get(page)
    assert answer.status_code == 200
    assert "form-action 'self' https: http:;" in answer.headers["content-security-policy"]


def test_a_redirect_to_a_host_of_any_script_fits_into_headers(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"redirect_url": "https://bücher.example:8443/grüße?an=%C3%A4"})

    assert "https://xn--bcher-kva.example:8443;" in visitor.get(page).headers["content-security-policy"]
    sent = visitor.post(page, data={"message": "Hello"}, headers={"accept": "text/html"})
    assert sent.headers["location"] == "https://xn--bcher-kva.example:8443/gr%C3%BC%C3%9Fe?an=%C3%A4"


def test_goes_compressed_to_who_takes_it_so(visitor, page):
    plain = visitor.get(page, headers={"accept-encoding": "identity"})
    packed = visitor.get(page, headers={"accept-encoding": "gzip"})

    assert packed.headers["content-encoding"] == "gzip"
    assert [shown.text.partition("_loaded")[0] for shown in (packed, plain)] == [plain.text.partition("_loaded")[0]] * 2
    assert int(packed.headers["content-length"]) < len(plain.content)


def test_somebody_else_s_form_is_there_for_everybody(stranger, page):
    assert stranger.get(page).status_code == 200


def test_hostile_names_stay_text(visitor, owner):
    form = forms.create(owner.account, definitions.Definition(name="</title><script>alert(1)</script>"))

    assert "<script>" not in visitor.get(f"/f/{form.id}").text
