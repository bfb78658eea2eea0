import json
import re

import pytest

from pillarbox import deliveries, forms, ids, places, table
from tests.outgoing import queued, webhook
from tests.people import csrf_token
from tests.site import URL

MAY = "viewer; POST editor"


def test_shows_who_wrote_what_and_when(owner, sent):
    response = owner.get(sent)

    assert response.status_code == 200
    assert '<h1 dir="auto">Ada</h1>' in response.text
    assert "Hello from Ada" in response.text
    assert 'href="mailto:ada@example.com"' in response.text
    assert "Where it came from" in response.text


def test_opening_it_marks_it_read(owner, sent, inbox):
    assert 'class="row new"' in owner.get(inbox).text

    owner.get(sent)

    assert 'class="row new"' not in owner.get(inbox).text


def test_what_a_browser_fetches_ahead_of_a_click_stays_unread(owner, sent, inbox):
    owner.get(sent, headers={"sec-purpose": "prefetch"})

    assert 'class="row new"' in owner.get(inbox).text


@pytest.mark.parametrize("folder", ["archive", "spam", "trash"])
def test_moves_it_and_goes_back_to_the_list(owner, sent, inbox, folder):
    response = owner.fill(sent, {"do": folder})

    assert response.status_code == 303
    assert response.headers["location"].partition("?done=")[0] == inbox
    assert "Hello from Ada" in owner.get(f"{inbox}?folder={folder}").text
    location = owner.fill(sent, {"do": "inbox"}).headers["location"]
    assert location.partition("&done=")[0] == f"{inbox}?folder={folder}"
    assert "Hello from Ada" in owner.get(inbox).text


def test_marks_it_unread_again(owner, sent, inbox):
    owner.fill(sent, {"do": "unread"})

    assert 'class="row new"' in owner.get(inbox).text


def test_deletes_it_for_good(owner, sent, inbox):
    response = owner.fill(sent, {"do": "delete"})

    assert response.status_code == 303
    assert owner.get(sent).status_code == 404
    for folder in ("inbox", "archive", "spam", "trash"):
        assert "Hello from Ada" not in owner.get(f"{inbox}?folder={folder}").text


@pytest.mark.parametrize("do", [None, "", "explode"])
def test_an_unknown_button_is_refused(owner, sent, do):
    response = owner.fill(sent, {} if do is None else {"do": do})

    assert response.status_code == 400
    assert owner.get(sent).status_code == 200


def test_shows_nesting_lists_numbers_and_nothing_as_they_are(owner, visitor, form):
    body = (
        '{"price": 1499.90, "when": null, "topics": ["one", "two"], "address": {"city": "Cambridge"}, "express": true}'
    )
    answer = visitor.post(f"/f/{form.id}", content=body, headers={"content-type": "application/json"})

    page = owner.get(f"/forms/{form.id}/submissions/{answer.json()['id']}").text

    for shown in ("1499.90", "nothing", "one", "two", "city", "Cambridge", "Yes"):
        assert shown in page


def test_words_it_as_the_form_does(owner, form, send):
    options = [{"value": "s", "label": "Small"}, {"value": "l", "label": "Large"}]
    declared = [
        {"name": "size", "label": "Which size?", "type": "choice", "options": options},
        {"name": "sizes", "label": "And which others?", "type": "choices", "options": options},
    ]
    forms.update(owner.account, form.id, {"fields": declared})

    page = owner.get(send(size="l", sizes=["s"], colour="s")).text

    for shown in ("Which size?", "Large", "And which others?", "Small", "colour", '<span dir="auto">s</span>'):
        assert shown in page


def test_shows_the_deepest_nesting_that_is_taken(owner, visitor, form):
    deep = '{"a":' * 31 + '"found"' + "}" * 31
    answer = visitor.post(f"/f/{form.id}", content=deep, headers={"content-type": "application/json"})
    assert answer.status_code == 200

    assert "found" in owner.get(f"/forms/{form.id}/submissions/{answer.json()['id']}").text


def test_hostile_text_stays_text(owner, send):
    page = owner.get(
        send(
            **{
                "name": "<script>alert(1)</script>",
                "<b>name</b>": "value",
                "site": "javascript:alert(1)",
                "link": 'https://evil.test/"onclick="alert(1)',
                "mail": 'a"onclick="x@evil.test',
                "list": ["<i>one</i>", {"<u>k</u>": "</dd>"}],
                "file": "\u202egpj.exe",
            }
        )
    ).text

    for hostile in ("<script>alert", "<b>name", 'href="javascript', "<i>one", "<u>k", '"onclick', "\u202e"):
        assert hostile not in page


def test_links_tell_the_other_site_nothing(owner, send):
    page = owner.get(send(name="Ada", site="https://example.com/")).text

    assert 'href="https://example.com/" rel="noopener noreferrer nofollow ugc"' in page


def test_hides_it_from_others(stranger, owner, sent):
    assert stranger.get(sent).status_code == 404
    token = csrf_token(stranger.get("/dashboard"))

    response = stranger.post(sent, data={"do": "delete", "csrf_token": token}, headers={"origin": URL})

    assert response.status_code == 404
    assert owner.get(sent).status_code == 200


@pytest.mark.parametrize("submission_id", ["nothing", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "%00"])
def test_a_submission_that_is_not_there_is_404(owner, inbox, submission_id):
    page = f"{inbox}/submissions/{submission_id}"

    assert owner.get(page).status_code == 404
    token = csrf_token(owner.get(inbox))
    assert owner.post(page, data={"do": "trash", "csrf_token": token}, headers={"origin": URL}).status_code == 404


def test_one_that_has_expired_is_not_shown(owner, sent, monkeypatch):
    monkeypatch.setitem(places.KEPT_SECONDS, "trash", -1)

    owner.fill(sent, {"do": "trash"})

    assert owner.get(sent).status_code == 404


def test_asks_a_visitor_to_sign_in(visitor, sent):
    for response in (visitor.get(sent), visitor.post(sent, data={"do": "delete"})):
        assert response.status_code == 303
        assert response.headers["location"] == f"/sign-in?next={sent}"


def test_says_why_something_was_sorted_out_as_spam(owner, visitor, form):
    spam = {"name": "Bob", "message": "Best casino, see http://spam.example", "_gotcha": "x<b>"}
    sent = visitor.post(f"/f/{form.id}", json=spam).json()["id"]

    page = owner.get(f"/forms/{form.id}/submissions/{sent}").text

    assert "Why this is here" in page
    assert "A field that people can&#39;t see was filled in: _gotcha." in page
    assert '<span class="weight">+20.0</span>' in page
    assert "From 5.0 on" in page
    assert page.index("_gotcha") < page.index("Links in it: 1."), "the weightiest comes first"


def test_the_spam_folder_shows_scores_and_the_others_do_not(owner, visitor, form, inbox):
    visitor.post(f"/f/{form.id}", json={"name": "Bob", "_gotcha": "x"})
    visitor.post(f"/f/{form.id}", json={"name": "Ada", "message": "See http://example.com"})

    assert "Spam score" in owner.get(f"{inbox}?folder=spam").text
    assert "Spam score" not in owner.get(inbox).text


def test_what_has_no_signals_says_so_and_in_spam_that_somebody_moved_it_there(owner, sent):
    assert "Why it isn" in owner.get(sent).text
    assert "Nothing about it looked like spam" in owner.get(sent).text

    owner.fill(sent, {"do": "spam"})

    assert "somebody moved it here" in owner.get(sent).text


def test_what_speaks_for_a_message_is_told_too(owner, form):
    stored = [
        {"name": "captcha_passed", "weight": -2.0},
        {"name": "captcha_unchecked", "weight": 0.0, "data": "it can't be reached"},
    ]
    submission_id = ids.ulid()
    table.put(
        table.key(places.partition(form.id, "inbox", 0), submission_id)
        | {"folder": "inbox", "read": True, "fields": '{"name": "Ada"}', "source": "{}", "form_version": 1}
        | {"spam": json.dumps({"score": -2.0, "signals": stored})}
    )

    page = owner.get(f"/forms/{form.id}/submissions/{submission_id}").text

    assert '<li class="against"><span class="weight">\N{MINUS SIGN}2.0</span>' in page
    assert "The visitor passed the captcha." in page
    assert "couldn&#39;t be checked" in page


def test_the_address_of_an_old_form_s_replyto_is_shown_though_it_is_no_data(owner, visitor, form):
    sent = {"_replyto": "ada@example.com", "message": "Hi"}
    submission_id = visitor.post(f"/f/{form.id}", data=sent, headers={"accept": "application/json"}).json()["id"]

    shown = owner.get(f"/forms/{form.id}/submissions/{submission_id}").text

    assert "Reply to" in shown
    assert shown.count('href="mailto:ada@example.com"') == 1
    assert 'href="mailto:ada@example.com?subject=Re%3A%20Contact"' in shown
    assert owner.get(f"/v1/forms/{form.id}/submissions/{submission_id}").json()["fields"] == {"message": "Hi"}


def panel(person, page):
    shown = person.get(page).text
    return shown[shown.index("Where it went") : shown.index("Where it came from")]


def test_says_where_it_went_and_what_became_of_it(owner, sent, make):
    make(status=200)
    make("ada@example.com", kind="mail", state="bounced", note="There is no such mailbox.")

    shown = panel(owner, sent)

    assert "receiver.example.com" in shown
    assert "Sent <time" in shown
    assert "120 ms" in shown
    assert "ada@example.com" in shown
    assert "Bounced" in shown
    assert "There is no such mailbox." in shown
    assert shown.count("<details") == 1


def test_every_state_has_an_icon_beside_its_words(owner, sent, make):
    for state, icon in (("failed", "error"), ("complained", "error"), ("dropped", "off"), ("digest", "clock")):
        make(f"{state}@example.com", kind="mail", state=state)
        shown = panel(owner, sent).partition(f"{state}@example.com")[2]
        assert f"#{icon}" in shown


def test_what_failed_is_sent_again_by_a_button(owner, form, sent, failed):
    assert "Failed after 1 try: answered 500" in panel(owner, sent)

    response = owner.fill(sent, {"again": failed.id})

    assert (response.status_code, response.headers["location"]) == (303, f"{sent}#went")
    assert [one["delivery_id"] for one in queued("webhooks") if one["form_id"] == form.id] == [failed.id]
    shown = panel(owner, sent)
    assert "Being sent again now" in shown
    assert "Send again" not in shown


def test_a_second_click_sends_nothing(owner, form, sent, failed):
    owner.fill(sent, {"again": failed.id})

    assert owner.fill(sent, {"again": failed.id}).status_code == 409
    assert len([one for one in queued("webhooks") if one["form_id"] == form.id]) == 1


def test_a_viewer_has_no_button_and_no_way_around_it(viewer, form, sent, failed):
    assert "Send again" not in panel(viewer, sent)
    token = csrf_token(viewer.get("/dashboard"))

    response = viewer.post(sent, data={"again": failed.id, "csrf_token": token}, headers={"origin": URL})

    assert response.status_code == 403
    assert deliveries.get(form.id, failed.id).state == "failed"


def test_without_our_token_nothing_is_sent_again(owner, form, sent, failed):
    assert owner.post(sent, data={"again": failed.id}, headers={"origin": URL}).status_code == 403
    assert deliveries.get(form.id, failed.id).state == "failed"


@pytest.mark.parametrize("delivery_id", ["x", "-", "01ARZ3NDEKTSV4RRFFQ69G5FAV-0123456789abcdef", "\0", "a" * 3000])
def test_a_delivery_that_is_not_there_is_404(owner, sent, delivery_id):
    assert owner.fill(sent, {"again": delivery_id}).status_code == 404


def test_a_delivery_of_another_submission_is_not_sent_from_here(owner, form, send, failed):
    assert owner.fill(send(name="Bob"), {"again": failed.id}).status_code == 404
    assert deliveries.get(form.id, failed.id).state == "failed"


def test_hostile_requests_and_answers_are_shown_as_text(owner, sent, form, make):
    hostile = "</pre><script>alert(1)</script>\x00\u202e<img src=x onerror=alert(1)>"
    make(webhook(form.id, url="https://evil.test/<b>\"'"), status=500, request=hostile, answer=hostile, error=hostile)
    make("<i>@evil.test", kind="mail", state="dropped", note=hostile)

    shown = panel(owner, sent)

    for found in ("<script", "<img", "<i>@", "<b>", "\x00", "\u202e"):
        assert found not in shown
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)" in shown


def test_a_webhook_s_answers_are_for_those_who_may_change_the_form(viewer, owner, sent, form, make):
    make(webhook(form.id, url="https://hooks.example.com/secret"), status=500, request="a secret", answer="a secret")

    assert "secret" not in panel(viewer, sent)
    assert "hooks.example.com" in panel(viewer, sent)
    assert "a secret" in panel(owner, sent)


def test_what_nobody_was_told_of_says_so(owner, visitor, form, sent, monkeypatch):
    assert "just come" in panel(owner, sent)

    monkeypatch.setattr("pillarbox.delivery_words.JUST_NOW", -1)
    assert "this form has no webhooks and sends no mail" in panel(owner, sent)
    webhook(form.id, "spam")
    assert "no webhook of this form asked for it" in panel(owner, sent)

    spam = visitor.post(f"/f/{form.id}", json={"name": "Bob", "_gotcha": "x"}).json()["id"]
    assert "Spam is told to nobody." in panel(owner, f"/forms/{form.id}/submissions/{spam}")


DECLARED = [
    {"name": "site", "label": "Website", "type": "url"},
    {"name": "call", "label": "Call me at", "type": "phone"},
    {"name": "day", "label": "Day", "type": "date"},
    {"name": "at", "label": "At", "type": "time"},
    {"name": "seats", "label": "Seats", "type": "integer"},
    {"name": "news", "label": "News", "type": "checkbox"},
]


def test_shows_each_type_in_its_way(owner, form, send):
    forms.update(owner.account, form.id, {"fields": DECLARED})
    sent = send(
        site="http://example.com/",
        call="+49 30 123456",
        day="2026-12-24",
        at="18:30",
        seats="12",
        news="on",
        when="2026-12-24T18:30",
        never="2026-02-31",
        phone="030 / 123",
        story="one\n\ntwo",
    )

    page = owner.get(sent).text

    for shown in (
        'href="http://example.com/" rel="noopener noreferrer nofollow ugc"',
        'href="tel:+4930123456"',
        'title="2026-12-24">24 December 2026</time>',
        '<time datetime="18:30" title="18:30">18:30</time>',
        '<span class="number">12</span>',
        '<span aria-hidden="true">✓</span> Yes',
        'title="2026-12-24T18:30">24 December 2026, 18:30</time>',
        "2026-02-31",
        'href="tel:030123"',
        '<p class="prose" dir="auto">one\n\ntwo</p>',
    ):
        assert shown in page


def test_words_it_as_the_form_did_when_it_was_sent(owner, manager, viewer, form, send):
    forms.update(owner.account, form.id, {"fields": [{"name": "size", "label": "Old label", "type": "text"}]})
    sent = send(size="L")
    forms.update(owner.account, form.id, {"fields": [{"name": "size", "label": "New label", "type": "text"}]})

    page = owner.get(sent).text

    assert '<dt dir="auto">Old label</dt>' in page
    assert '<dt dir="auto">New label</dt>' not in page
    address = f'href="/forms/{form.id}/fields?version=2"'
    assert address in manager.get(sent).text
    assert address not in viewer.get(sent).text


def test_one_from_before_versions_were_kept_is_worded_as_the_form_is(owner, form):
    submission_id = ids.ulid()
    table.put(
        table.key(places.partition(form.id, "inbox", 0), submission_id)
        | {"folder": "inbox", "read": True, "fields": '{"name": "Ada"}', "source": "{}", "form_version": 99}
    )

    assert "Ada" in owner.get(f"/forms/{form.id}/submissions/{submission_id}").text


def test_two_hundred_values_fold(owner, send):
    page = owner.get(send(**{f"field-{n}": n for n in range(200)})).text

    assert "160 more fields" in page
    assert page.index("field-39") < page.index("160 more fields") < page.index("field-40")


def test_leads_to_the_next_and_the_one_before_in_the_same_list(owner, send):
    pages = [send(n=n, word="needle" if n % 2 else "hay") for n in range(5)]

    def ways(path):
        page = owner.get(path).text
        return [re.search(rf'href="([^"?]+)[^"]*" rel="{rel}"', page) for rel in ("prev", "next")]

    newer, older = ways(pages[2])
    assert (newer and newer[1], older and older[1]) == (pages[3], pages[1])
    assert [found and found[1] for found in ways(pages[4])] == [None, pages[3]]
    assert [found and found[1] for found in ways(pages[0])] == [pages[1], None]
    assert [found and found[1] for found in ways(f"{pages[1]}?q=needle")] == [pages[3], None]
    owner.patch(f"/v1{pages[1]}", json={"read": False})
    assert [found and found[1] for found in ways(f"{pages[3]}?read=unread")] == [None, pages[1]], "others were opened"


def test_the_next_one_past_the_end_of_a_page_is_found(owner, send, monkeypatch):
    monkeypatch.setattr("pillarbox.inboxes.ROWS", 2)
    pages = [send(n=n) for n in range(5)]

    page = owner.get(pages[0]).text
    assert f'href="{pages[1]}" rel="prev"' in page
    assert 'rel="next"' not in page
    page = owner.get(pages[3]).text
    assert re.search(rf'href="{pages[2]}\?cursor=[^"]+" rel="next"', page)


def test_where_the_search_stopped_looking_it_leads_on(owner, inbox, send, monkeypatch):
    monkeypatch.setattr("pillarbox.searching.MOST_ITEMS", 4)
    needles = [send(word="needle")]
    for n in range(6):
        send(n=n)
    needles.append(send(word="needle"))

    page = owner.get(f"{needles[1]}?q=needle").text
    further = re.search(r'href="([^"]+)" rel="next" title="Look further back"', page)
    assert further
    assert needles[0] in owner.get(further[1].replace("&amp;", "&")).text

    assert (
        f'href="{inbox}?q=needle" rel="prev" title="Back to the newest"'
        in owner.get(f"{needles[0]}?q=needle&cursor={further[1].partition('cursor=')[2]}").text
    )


def test_tags_and_a_note_are_written_beside_it(owner, viewer, inbox, sent):
    response = owner.fill(sent, {"do": "remark", "edition": "0", "tags": "VIP, Order ,,vip", "note": "Ring\r\nher"})

    assert (response.status_code, response.headers["location"]) == (303, f"{sent}#remarks")
    for page in (owner.get(sent).text, viewer.get(sent).text):
        assert "VIP" in page
        assert "Order" in page
        assert "Ring\nher" in page
    assert '<span class="badge" dir="auto">VIP</span>' in owner.get(inbox).text
    assert 'name="note"' not in viewer.get(sent).text
    assert sent in owner.get(f"{inbox}?tag=vip").text
    assert sent not in owner.get(f"{inbox}?tag=other").text


def test_who_was_slower_is_told_and_loses_nothing(owner, editor, sent):
    editor.fill(sent, {"do": "remark", "edition": "0", "tags": "theirs", "note": "Theirs"})

    response = owner.fill(sent, {"do": "remark", "edition": "0", "tags": "mine", "note": "My words"})

    assert response.status_code == 409
    for shown in ("yours were not saved", "Theirs", "theirs", 'value="mine"', "My words", 'name="edition" value="1"'):
        assert shown in response.text
    assert "My words" not in owner.get(sent).text
    owner.fill(sent, {"do": "remark", "edition": "1", "tags": "mine", "note": "My words"})
    assert "My words" in owner.get(sent).text


def test_says_beside_tags_and_note_what_does_not_fit(owner, sent):
    response = owner.fill(sent, {"do": "remark", "edition": "0", "tags": "x" * 41, "note": "y" * 5001})

    assert response.status_code == 422
    assert 'id="tags-error"' in response.text
    assert 'id="note-error"' in response.text
    assert "x" * 41 in response.text


def test_correcting_what_did_not_fit_overwrites_nobody_s_note(owner, editor, sent):
    editor.fill(sent, {"do": "remark", "edition": "0", "note": "Theirs"})

    refused = owner.fill(sent, {"do": "remark", "edition": "0", "tags": "x" * 41, "note": "Mine"})
    assert refused.status_code == 422
    edition = re.search(r'name="edition" value="(\d+)"', refused.text)
    assert edition
    answer = owner.fill(sent, {"do": "remark", "edition": edition[1], "tags": "x", "note": "Mine"})

    assert answer.status_code == 409
    assert "Theirs" in owner.get(sent).text


def test_a_note_comes_back_as_it_was_written_when_only_tags_change(owner, sent):
    owner.patch(f"/v1{sent}", json={"note": "left \u202e right"})

    assert "left \u202e right</textarea>" in owner.get(sent).text


@pytest.mark.parametrize("edition", [None, "", "x", "-1", "9" * 5000])
def test_tags_of_no_edition_are_refused(owner, sent, edition):
    fields = {"do": "remark", "tags": "a"} | ({} if edition is None else {"edition": edition})

    assert owner.fill(sent, fields).status_code == 400


def test_a_viewer_sees_no_buttons(viewer, sent):
    page = viewer.get(sent).text

    assert 'name="do"' not in page
    assert "Tags and note" in page


def test_says_why_it_looked_like_spam_once_it_was_moved_out(owner, visitor, form):
    spam = visitor.post(f"/f/{form.id}", json={"name": "Bob", "_gotcha": "x"}).json()["id"]
    page = f"/forms/{form.id}/submissions/{spam}"

    owner.fill(page, {"do": "inbox"})

    assert "Why it looked like spam" in owner.get(page).text
    assert "Somebody moved it out of there." in owner.get(page).text
