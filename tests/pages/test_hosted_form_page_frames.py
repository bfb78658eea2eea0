"""A hosted form in a frame of another page: who may, and what the frame shows and leads to."""

import re

import pytest

from pillarbox import forms, places, rules, table

HTML = {"accept": "text/html"}


@pytest.fixture
def page(form):
    return f"/f/{form.id}"


def frames(response):
    (found,) = re.findall(r"frame-ancestors ([^;]+)", response.headers["content-security-policy"])
    return found


def test_anybody_may_frame_it_until_it_is_said_who(visitor, page):
    assert frames(visitor.get(page)) == "*"


@pytest.mark.parametrize(
    ("said", "ancestors"),
    [
        ({"allowed_origins": ["https://example.com"]}, "https://example.com:*"),
        ({"allowed_frames": ["*.example.org"]}, "*.example.org:*"),
        ({"allowed_frames": []}, "'none'"),
    ],
)
def test_all_of_its_pages_say_the_same(visitor, owner, form, page, said, ancestors):
    forms.update(owner.account, form.id, said)
    sent = {"accept": "text/html", "origin": "https://pillarbox.test"}

    answers = [visitor.get(page), visitor.get(f"{page}/thanks"), visitor.post(page, data={"a": " "}, headers=sent)]
    forms.update(owner.account, form.id, {"active": False})
    answers.append(visitor.get(page))

    assert [answer.status_code for answer in answers] == [200, 200, 422, 403]
    assert [frames(answer) for answer in answers] == [ancestors] * 4


def test_no_page_of_an_unknown_form_is_framed(visitor):
    assert frames(visitor.get("/f/zzzzzzzzzzzz")) == "'none'"


def test_a_frame_stays_one_from_the_form_to_the_thanks(visitor, page):
    shown = visitor.get(f"{page}?embed=light&lang=fr")
    assert '<html lang="fr" dir="ltr" class="framed"' in shown.text
    (action,) = re.findall(r'<form method="post" action="([^"]+)"', shown.text)
    assert action == f"{page}?lang=fr&amp;embed=light"

    done = visitor.post(action.replace("&amp;", "&"), data={"message": "Bonjour"})
    assert done.headers["location"] == f"https://pillarbox.test{page}/thanks?lang=fr&embed=light"

    thanks = visitor.get(done.headers["location"]).text
    assert 'class="framed"' in thanks
    assert " data-sent" in thanks


def test_a_form_that_leads_elsewhere_leads_the_page_around_there(visitor, owner, form, page):
    forms.update(owner.account, form.id, {"redirect_url": "https://ada.example.com/thanks?a=1&b=2"})

    done = visitor.post(f"{page}?embed=1", data={"message": "Hello"})
    thanks = visitor.get(done.headers["location"]).text

    assert 'data-leads-to="https://ada.example.com/thanks?a=1&amp;b=2"' in thanks
    assert 'href="https://ada.example.com/thanks?a=1&amp;b=2" target="_top">Go on</a>' in thanks
    unframed = visitor.get(f"{page}/thanks").text
    assert "data-leads-to" not in unframed
    assert "Go on" not in unframed


def is_shown_in_its_frame(response, form):
    """Whether a page of a form is framed, tells the page around it so, and would be sent from there again."""
    assert f'class="framed" data-form="{form.id}"' in response.text
    assert "/static/framed.js" in response.text
    assert f'action="/f/{form.id}?lang=fr&amp;embed=dark"' in response.text
    return "Une longue lettre" in response.text


def test_with_the_table_out_of_reach_what_was_typed_in_a_frame_is_still_shown_there(visitor, form, page, faults):
    faults.stop()

    response = visitor.post(f"{page}?embed=dark&lang=fr", data={"message": "Une longue lettre"}, headers=HTML)

    assert (response.status_code, frames(response)) == (503, "*")
    assert is_shown_in_its_frame(response, form)


def test_a_bug_of_ours_shows_it_there_too_to_those_who_may_frame_the_form(visitor, owner, form, page, monkeypatch):
    forms.update(owner.account, form.id, {"allowed_frames": ["https://example.com"]})
    monkeypatch.setattr(rules, "check", lambda *_: 1 / 0)

    response = visitor.post(f"{page}?embed=dark&lang=fr", data={"message": "Une longue lettre"}, headers=HTML)

    assert (response.status_code, frames(response)) == (500, "https://example.com:*")
    assert is_shown_in_its_frame(response, form)


def test_and_so_does_a_form_that_is_broken_itself(visitor, form, page):
    table.update(places.form(form.id), {"rules": "{", "document": "{}"}, condition="attribute_exists(pk)")

    response = visitor.post(f"{page}?embed=dark&lang=fr", data={"message": "Une longue lettre"}, headers=HTML)

    assert (response.status_code, frames(response)) == (500, "*")
    assert is_shown_in_its_frame(response, form)


def test_a_failure_is_framed_by_nobody_where_nothing_was_sent_or_no_frame_is_asked_for(visitor, page, faults):
    faults.stop()

    answers = [visitor.get(f"{page}?embed=1", headers=HTML), visitor.post(page, data={"a": "b"}, headers=HTML)]

    assert [(answer.status_code, frames(answer)) for answer in answers] == [(503, "'none'")] * 2


@pytest.mark.parametrize("query", ["embed=2", "embed=", "embed=%22%3E", "lang=%22%3E&embed=javascript:", "lang=deu"])
def test_what_a_query_may_not_say_is_not_handed_on(visitor, page, query):
    assert "framed" not in visitor.get(f"{page}?{query}").text
    assert visitor.post(f"{page}?{query}", data={"message": "Hello"}).headers["location"].endswith("/thanks")
