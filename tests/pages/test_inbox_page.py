import re
from datetime import datetime

import pytest

from pillarbox import definitions, filing, forms, ids, inboxes, places, submissions, table
from pillarbox.errors import Changed, Unavailable
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


def test_more_than_a_page_ever_shows_is_refused(owner, inbox):
    response = owner.fill(inbox, {"do": "trash"} | picked(*(f"/{n}" for n in range(inboxes.MOST_ROWS + 1))))

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


def done(response):
    """Return the page that follows a click."""
    assert response.status_code == 303, response.text
    return response.headers["location"]


def undo(person, at):
    found = re.search(r'name="done" value="([^"]+)"', person.get(at).text)
    assert found, "There is nothing to undo."
    return person.fill(at, {"do": "undo", "done": found[1]}, to=at.partition("?")[0])


@pytest.mark.parametrize(("folder", "words"), [("spam", "2 moved to spam."), ("archive", "2 archived.")])
def test_tells_what_was_done_and_takes_it_back(owner, inbox, send, folder, words):
    pages = [send(message=f"Number {n}") for n in range(2)]

    told = done(owner.fill(inbox, {"do": folder} | picked(*pages)))

    assert words in owner.get(told).text
    assert "2 put back." in owner.get(done(undo(owner, told))).text
    assert owner.get(inbox).text.count('class="row new"') == 2


@pytest.mark.parametrize("error", [Unavailable, Changed])
def test_what_fails_half_way_says_what_was_done_and_can_be_undone(owner, inbox, send, monkeypatch, error):
    pages = [send(message=f"Number {n}") for n in range(4)]
    change, times = submissions.change, []

    def fails(*which, **what):
        times.append(which)
        if len(times) == 3:
            raise error("Please try again.")
        return change(*which, **what)

    monkeypatch.setattr(submissions, "change", fails)

    told = done(owner.fill(inbox, {"do": "archive"} | picked(*pages)))
    assert "2 archived, 2 not: please try again." in owner.get(told).text
    assert owner.get(inbox).text.count('class="row new"') == 2
    assert "2 put back." in owner.get(done(undo(owner, told))).text


def test_what_fails_at_once_is_told_as_what_it_is(owner, inbox, sent, monkeypatch):
    def fails(*_, **__):
        raise Unavailable("Please try again.")

    monkeypatch.setattr(submissions, "change", fails)

    assert owner.fill(inbox, {"do": "archive"} | picked(sent)).status_code == 503


def test_undoing_takes_back_what_a_move_taught(owner, inbox, form, sent):
    told = done(owner.fill(inbox, {"do": "spam"} | picked(sent)))
    undo(owner, told)

    key = table.key(places.partition(form.id, "inbox", 0), sent.rpartition("/")[2])
    assert [(table.get(key) or {})[name] for name in ("taught", "lesson")] == [False, -1]


def test_undoing_leaves_alone_what_somebody_changed_since(owner, editor, inbox, send):
    one, other = send(message="One"), send(message="Other")
    told = done(owner.fill(inbox, {"do": "archive"} | picked(one, other)))
    editor.fill(f"{inbox}?folder=archive", {"do": "trash"} | picked(one))

    assert "1 put back." in owner.get(done(undo(owner, told))).text
    assert "One" in owner.get(f"{inbox}?folder=trash").text


def test_undoing_twice_leaves_alone_what_a_colleague_did_in_between(owner, editor, inbox, sent):
    told = done(owner.fill(inbox, {"do": "archive"} | picked(sent)))
    undo(owner, told)
    editor.fill(inbox, {"do": "archive"} | picked(sent))

    assert "Nothing to put back: it was changed since." in owner.get(done(undo(owner, told))).text
    assert "Hello from Ada" in owner.get(f"{inbox}?folder=archive").text


def test_undoing_a_mark_twice_leaves_alone_what_a_colleague_did_in_between(owner, editor, inbox, sent):
    told = done(owner.fill(inbox, {"do": "read"} | picked(sent)))
    undo(owner, told)
    editor.fill(inbox, {"do": "read"} | picked(sent))
    undo(owner, told)

    assert 'class="row new"' not in owner.get(inbox).text


def test_undoing_leaves_alone_what_a_colleague_does_at_that_moment(owner, inbox, form, sent, monkeypatch):
    told = done(owner.fill(inbox, {"do": "read"} | picked(sent)))
    write = filing.write

    def late(*change):
        monkeypatch.setattr(filing, "write", write)
        for read in (False, True):
            submissions.update(form.id, sent.rpartition("/")[2], read=read)
        write(*change)

    monkeypatch.setattr(filing, "write", late)

    assert "Nothing to put back: it was changed since." in owner.get(done(undo(owner, told))).text
    assert 'class="row new"' not in owner.get(inbox).text


def test_undoing_marks_only_changes_what_was_changed(owner, inbox, send):
    old, new = send(message="Old"), send(message="New")
    owner.fill(inbox, {"do": "read"} | picked(old))

    told = done(owner.fill(inbox, {"do": "read"} | picked(old, new)))
    assert "1 marked as read." in owner.get(told).text
    undo(owner, told)

    assert owner.get(inbox).text.count('class="row new"') == 1


def test_what_was_done_cannot_be_made_up(owner, editor, inbox, sent):
    told = done(owner.fill(inbox, {"do": "trash"} | picked(sent)))
    token = told.partition("done=")[2]

    for forged in ("", "x", "A" * 2000, token[:-2] + "AA", "\u202e"):
        response = owner.fill(inbox, {"do": "undo", "done": forged})
        assert response.status_code == 400
        assert "data-undo" not in owner.get(inbox, params={"done": forged}).text
    assert editor.fill(inbox, {"do": "undo", "done": token}).status_code == 400, "it was somebody else's click"
    assert len(told) < 200


def test_all_that_a_page_ever_shows_is_moved_at_once_and_fits_into_an_address(owner, inbox, send):
    pages = [send(n=n) for n in range(inboxes.MOST_ROWS)]

    told = done(owner.fill(inbox, {"do": "archive"} | picked(*pages)))

    assert len(told) < 2400, "API Gateway takes 10 KB with all headers, and the next request has it as its Referer"
    assert "50 put back." in owner.get(done(undo(owner, told))).text


def test_asks_before_it_deletes_for_good(owner, inbox, sent):
    spam = f"{inbox}?folder=spam"
    owner.fill(inbox, {"do": "spam"} | picked(sent))

    asked = owner.fill(spam, {"do": "delete"} | picked(sent))
    assert asked.status_code == 200
    assert "be undone" in asked.text
    assert owner.get(sent).status_code == 200

    told = done(owner.fill(spam, {"do": "delete", "sure": "yes"} | picked(sent)))
    assert "1 deleted for good." in owner.get(told).text
    assert "data-undo" not in owner.get(told).text
    assert owner.get(sent).status_code == 404


def test_a_viewer_sees_no_button_and_has_no_way_around_it(viewer, inbox, sent):
    page = viewer.get(inbox).text
    for button in ('value="archive"', 'value="trash"', 'value="undo"', 'name="pick-'):
        assert button not in page
    token = csrf_token(viewer.get("/dashboard"))

    response = viewer.post(inbox, data={"do": "trash", "csrf_token": token} | picked(sent), headers={"origin": URL})

    assert response.status_code == 403


def test_filters_and_shows_each_as_a_chip_that_can_be_taken_off(owner, inbox, send):
    send(name="Zoë", topic="Glaze")
    send(name="Grace", topic="Raku")

    page = owner.get(f"{inbox}?q=zoe&read=unread&field=topic&value=gla&from=2026-01-01").text

    assert "Zoë" in page
    assert "Grace" not in page
    for words in ("“zoe”", "Unread", "topic: gla", "From 1 January 2026"):
        assert words in page
    assert f'href="{inbox}?q=zoe&amp;read=unread&amp;from=2026-01-01"' in page, "without the field"
    assert "/submissions/" in page
    assert "?q=zoe&amp;read=unread" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=tomorrow", "A date is written like"),
        ("value=x", "Say in which field."),
        ("read=perhaps", "either read or unread"),
        ("q=" + "x+" * 20, "At most 10 words"),
    ],
)
def test_says_what_cannot_be_searched_for(owner, inbox, sent, query, words):
    page = owner.get(f"{inbox}?{query}").text

    assert words in page
    assert sent in page, "all is shown"


def test_says_how_far_it_looked_and_how_to_go_on(owner, inbox, send, monkeypatch):
    monkeypatch.setattr("pillarbox.searching.MOST_ITEMS", 4)
    send(name="Needle")
    for n in range(6):
        send(n=n)

    page = owner.get(f"{inbox}?q=needle").text
    assert "Looked back to" in page
    further = re.search(r'href="([^"]+)"><span>Look further', page)
    assert further
    page = owner.get(further[1].replace("&amp;", "&")).text
    assert "Needle" in page
    assert "Nothing older fits" not in page


def test_says_when_nothing_fits(owner, inbox, sent):
    page = owner.get(f"{inbox}?q=nowhere").text

    assert "Nothing in the inbox fits." in page
    assert sent not in page


# 28 March 2026 has 24 hours in Berlin, the next day 23, and 25 October 25.
@pytest.mark.parametrize(
    ("moment", "day", "clocks", "is_in"),
    [
        ("2026-03-27T23:30", "2026-03-28", (0, 0), False),
        ("2026-03-27T23:30", "2026-03-28", (60, 60), True),
        ("2026-03-28T22:59", "2026-03-28", (60, 60), True),
        ("2026-03-28T23:30", "2026-03-28", (60, 60), False),
        ("2026-03-28T23:30", "2026-03-29", (60, 120), True),
        ("2026-03-29T21:59", "2026-03-29", (60, 120), True),
        ("2026-03-29T22:30", "2026-03-29", (60, 120), False),
        ("2026-10-24T22:30", "2026-10-25", (120, 60), True),
        ("2026-10-25T22:59", "2026-10-25", (120, 60), True),
        ("2026-10-25T23:30", "2026-10-25", (120, 60), False),
        ("2026-10-26T03:30", "2026-10-25", (-240, -240), True),
    ],
)
def test_days_are_days_by_the_reader_s_clock(owner, inbox, form, moment, day, clocks, is_in):
    made = ids.ulid(now=datetime.fromisoformat(f"{moment}Z").timestamp())
    said = {"folder": "inbox", "read": True, "fields": '{"name": "Ada"}', "source": "{}", "form_version": 1}
    table.put(table.key(places.partition(form.id, "inbox", 0), made) | said)

    query = f"from={day}&to={day}&from_zone={clocks[0]}&to_zone={clocks[1]}"

    assert (made in owner.get(f"{inbox}?{query}").text) == is_in


@pytest.mark.parametrize("zone", ["9999999", "x", "", "1" * 5000])
def test_a_clock_that_is_none_is_utc(owner, inbox, sent, zone):
    response = owner.get(f"{inbox}?from=2020-01-01&to=9999-12-31&from_zone={zone}&to_zone={zone[:9]}")

    assert response.status_code == 200
    assert sent in response.text


def test_a_script_is_told_what_is_new(owner, viewer, inbox, send):
    old = send(message="Old")
    new = send(message="New")
    since = old.rpartition("/")[2]

    for person, boxes in ((owner, 2), (viewer, 0)):
        answer = person.get(inbox, params={"since": since})
        assert answer.status_code == 200
        assert answer.text.index(new) < answer.text.index(old), "a little further back too: clocks differ"
        assert answer.text.count('name="pick-') == boxes
        assert "<html" not in answer.text


def test_a_script_is_told_when_more_is_new_than_one_answer_holds(owner, inbox, send, monkeypatch):
    monkeypatch.setattr(inboxes, "ROWS", 3)
    pages = [send(message="One"), send(message="Other")]
    assert "data-more" not in owner.get(inbox, params={"since": pages[0].rpartition("/")[2]}).text

    for n in range(2):
        send(message=f"Later {n}")

    answer = owner.get(inbox, params={"since": pages[0].rpartition("/")[2]}).text
    assert "data-more" in answer
    assert answer.count('class="row new"') == 3


@pytest.mark.parametrize("since", ["", "x", "0" * 26, "Z" * 26, "7" + "Z" * 25])
def test_since_when_is_a_submission(owner, inbox, sent, since):
    response = owner.get(inbox, params={"since": since})

    assert response.status_code == (200 if since[:1] in {"0", "7"} else 400)
    assert (sent in response.text) == (since[:1] in {"0", "7"}), "a time to come is now"


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; alert(1); '",
    "</textarea></title><svg onload=alert(1)>",
    "\u202egpj.exe",
    "zero\u200bwidth",
    "👩‍🚀🏳️‍🌈",
    "x" * 10_000,
    "one\r\ntwo\r\nSet-Cookie: a=b",
    "{{ 7 * 7 }}{% raw %}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_inert_wherever_it_stands(owner, visitor, form, inbox, text):
    label = "".join(character for character in text if character.isprintable())[:100]
    options = [{"value": "o", "label": label}]
    fields = [{"name": "pick", "label": label, "type": "choice", "options": options}]
    forms.update(owner.account, form.id, {"name": label, "fields": fields})
    sent = {"name": text, "message": text, text[:99]: text, "list": [text, {text[:99]: text}], "pick": "o"}
    headers = {"user-agent": label.encode(), "referer": f"https://example.com/{label.encode()[:90].hex()}"}
    answer = visitor.post(f"/f/{form.id}", json=sent, headers=headers)
    assert answer.status_code == 200, answer.text
    submission = f"{inbox}/submissions/{answer.json()['id']}"
    owner.patch(f"/v1{submission}", json={"tags": [label.replace(",", " ")[:40]], "note": text[:5000]})

    for path in (submission, inbox, f"{inbox}?folder=spam", f"{inbox}?field=x&value={label[:50]}"):
        response = owner.get(path)
        assert response.status_code == 200
        shown = re.sub(r'(<textarea id="note"[^>]*>)[^<]*', r"\1", response.text)  # it is edited as it was written
        for found in ("<script>alert", "<img src", "<svg onload", "\u202e", "49{%"):
            assert found not in shown
