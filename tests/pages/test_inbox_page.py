import re

import pytest

from pillarbox import definitions, forms, inboxes, places, submissions, table
from tests.people import csrf_token
from tests.site import URL

MAY = "viewer; POST editor"


def picked(*pages):
    return {f"pick-{page.rpartition('/')[2]}": "on" for page in pages}


def test_an_empty_inbox_shows_the_html_to_paste(owner, inbox, form):
    response = owner.get(inbox)

    assert response.status_code == 200
    assert "Nothing has come in yet" in response.text
    assert f"&lt;form action=&#34;https://pillarbox.test/f/{form.id}&#34; method=&#34;post&#34;&gt;" in response.text
    assert f'href="/f/{form.id}"' in response.text


def test_lists_who_wrote_what_newest_first(owner, inbox, send):
    send(name="Grace", message="The first words")
    send(email="ada@example.com", message="The second words")

    page = owner.get(inbox).text

    assert page.index("ada@example.com") < page.index("Grace")
    assert page.count('class="row new"') == 2
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT[\d:]+\+00:00"', page)


@pytest.mark.parametrize("folder", ["archive", "spam", "trash"])
def test_moves_what_is_selected(owner, inbox, send, folder):
    chosen, _ = send(message="Moved"), send(message="Stays")

    response = owner.fill(inbox, {"do": folder} | picked(chosen))

    assert response.status_code == 303
    assert response.headers["location"].partition("?done=")[0] == inbox
    assert "Moved" not in owner.get(inbox).text
    assert "Stays" in owner.get(inbox).text
    there = owner.get(f"{inbox}?folder={folder}").text
    assert "Moved" in there
    assert "Stays" not in there


def unread(page):
    """Return what stands beside folders and forms, by the address that the link leads to."""
    beside = r'<a href="(/forms/[^"]+)"[^>]*>(?:(?!</a>).)*?<span class="unread">([\d+]+)<'
    return dict(re.findall(beside, page.text))


def test_tells_how_many_are_unread_in_each_folder_and_form(owner, inbox, form, send):
    other = forms.create(owner.account, definitions.Definition(name="Other"))
    for one, amounts in ((form, {"inbox_unread": 99, "spam_unread": 4}), (other, {"inbox_unread": 1234})):
        table.put(places.counts(one.id) | amounts)
    send(message="The only one")

    shown = unread(owner.get(inbox))

    # The counts come some seconds later; a folder that is shown as a whole is counted here.
    assert shown == {inbox: "1", f"{inbox}?folder=spam": "4", f"/forms/{other.id}": "999+"}


def test_believes_the_counts_of_a_folder_that_does_not_fit_on_the_page(owner, inbox, form, send):
    table.put(places.counts(form.id) | {"inbox_unread": 99})
    for n in range(inboxes.ROWS + 1):
        send(message=f"Number {n}")

    assert unread(owner.get(inbox)) == {inbox: "99"}


def test_marks_what_is_selected_read_and_unread(owner, inbox, send):
    pages = [send(message=f"Number {n}") for n in range(3)]

    owner.fill(inbox, {"do": "read"} | picked(*pages[:2]))
    assert owner.get(inbox).text.count('class="row new"') == 1

    owner.fill(inbox, {"do": "unread"} | picked(*pages))
    assert owner.get(inbox).text.count('class="row new"') == 3


def test_goes_back_to_the_folder_and_page_that_were_shown(owner, inbox, sent):
    owner.fill(inbox, {"do": "spam"} | picked(sent))

    response = owner.fill(f"{inbox}?folder=spam", {"do": "inbox"} | picked(sent))

    assert response.headers["location"].partition("&done=")[0] == f"{inbox}?folder=spam"
    assert "Hello from Ada" in owner.get(inbox).text


def test_what_was_deleted_in_another_window_is_passed_over(owner, inbox, form, send):
    gone, left = send(message="Gone"), send(message="Left")
    page = owner.get(inbox)
    submissions.delete(form.id, gone.rpartition("/")[2])

    fields = {"do": "archive", "csrf_token": csrf_token(page)} | picked(gone, left)
    assert owner.post(inbox, data=fields, headers={"origin": URL}).status_code == 303

    assert "Left" in owner.get(f"{inbox}?folder=archive").text


def test_reads_on_page_by_page_and_shows_each_once(owner, inbox, send, monkeypatch):
    monkeypatch.setattr(inboxes, "ROWS", 2)
    for n in range(5):
        send(message=f"Number {n}")

    seen, path = [], inbox
    while path:
        page = owner.get(path).text
        seen += re.findall(r"Number \d", page)
        older = re.search(r'href="([^"]+)"><span>Older', page)
        path = older[1].replace("&amp;", "&") if older else None

    assert seen == [f"Number {n}" for n in range(4, -1, -1)]


@pytest.mark.usefixtures("sent")
@pytest.mark.parametrize("query", ["cursor=made-up", "folder=inbox&cursor=AAAA", "cursor="])
def test_a_cursor_of_nowhere_starts_at_the_top(owner, inbox, query):
    response = owner.get(f"{inbox}?{query}")

    assert response.status_code == 200
    assert "Hello from Ada" in response.text


def test_there_is_no_other_folder(owner, inbox):
    assert owner.get(f"{inbox}?folder=drafts").status_code == 404


@pytest.mark.parametrize("do", [None, "", "explode"])
def test_an_unknown_button_is_refused_and_nothing_happens(owner, inbox, sent, do):
    response = owner.fill(inbox, picked(sent) | ({} if do is None else {"do": do}))

    assert response.status_code == 400
    assert "Hello from Ada" in owner.get(inbox).text


def test_more_than_a_page_at_once_is_refused(owner, inbox):
    response = owner.fill(inbox, {"do": "trash"} | picked(*(f"/{n}" for n in range(26))))

    assert response.status_code == 400


def test_hides_it_from_others(stranger, owner, inbox, form, sent):
    assert stranger.get(inbox).status_code == 404
    token = csrf_token(stranger.get("/dashboard"))
    for fields in (
        {"do": "trash"} | picked(sent),
        {"do": "delete", "sure": "yes"} | picked(sent),
        {"do": "undo", "done": "x"},
    ):
        response = stranger.post(inbox, data=fields | {"csrf_token": token}, headers={"origin": URL})
        assert response.status_code == 404
    assert "Hello from Ada" in owner.get(inbox).text
    assert forms.get(owner.account, form.id).name == "Contact"


@pytest.mark.parametrize("form_id", ["nothing", "%00", "x" * 3000, "zzzzzzzzzzzz"])
def test_a_form_that_is_not_there_is_404(owner, form_id):
    assert owner.get(f"/forms/{form_id}").status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, inbox):
    for response in (visitor.get(inbox), visitor.post(inbox, data={"do": "trash"})):
        assert response.status_code == 303
        assert response.headers["location"] == f"/sign-in?next={inbox}"


def test_hostile_text_stays_text(owner, inbox, send):
    send(name='"><script>alert(1)</script>', message="</li><b>bold</b> \u202eexe.gpj")

    page = owner.get(inbox).text

    assert "<script>alert" not in page
    assert "<b>bold" not in page
    assert "\u202e" not in page
