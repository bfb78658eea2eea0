import json
import threading
from collections import Counter

import pytest

from pillarbox import ids, places, rules, table
from tests.people import Person
from tests.proxy import BROKEN, LOST, REFUSED, THROTTLE
from tests.site import VISITOR_ADDRESS

JSON = {"accept": "application/json"}
BROWSER = {"accept": "text/html,*/*;q=0.8", "sec-fetch-mode": "navigate"}


def inbox(owner, form, **query):
    return owner.get(f"/v1/forms/{form.id}/submissions", params=query).json()["submissions"]


def only(owner, form):
    (submission,) = inbox(owner, form)
    return submission


def test_1000_submissions_by_8_clients_are_1000_in_the_inbox_and_one_write_each(
    owner, form, template, faults, monkeypatch
):
    monkeypatch.setenv("FORM_CACHE_SECONDS", "60")
    owner.patch(f"/v1/forms/{form.id}", json={"limits": {"per_address_per_minute": None}})

    def send(first):
        with Person(template) as visitor:
            answers.extend(visitor.post(f"/f/{form.id}", data={"n": n}).status_code for n in range(first, 1000, 8))

    answers: list[int] = []
    threads = [threading.Thread(target=send, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answers) == {303: 1000}
    assert faults.calls.pop("GetItem") <= 8
    assert faults.calls == {"PutItem": 1000}
    found, cursor = [], ""
    while cursor is not None:
        page = owner.get(
            f"/v1/forms/{form.id}/submissions", params={"limit": 100} | ({"cursor": cursor} if cursor else {})
        )
        found += [int(submission["fields"]["n"]) for submission in page.json()["submissions"]]
        cursor = page.json()["next_cursor"]
    assert sorted(found) == list(range(1000))


def test_a_form_is_read_once_while_it_may_be_kept(visitor, form, faults, monkeypatch):
    monkeypatch.setenv("FORM_CACHE_SECONDS", "60")
    for _ in range(3):
        visitor.post(f"/f/{form.id}", data={"name": "Ada"})
    assert faults.calls == {"GetItem": 1, "PutItem": 3}


def test_submissions_spread_over_the_forms_shards(owner, visitor, form):
    owner.patch(f"/v1/forms/{form.id}", json={"limits": {"per_address_per_minute": None}})
    table.update(places.form(form.id), {"shards": 16}, condition="attribute_exists(pk)")
    sent = [visitor.post(f"/f/{form.id}", json={"n": n}).json()["id"] for n in range(100)]
    assert len({ids.shard_of(submission_id) for submission_id in sent}) > 8
    assert {submission["id"] for submission in inbox(owner, form, limit=100)} == set(sent)


def test_a_table_that_is_busy_for_a_moment_costs_a_moment(owner, visitor, form, faults):
    faults.answer("PutItem", THROTTLE, times=2)
    assert visitor.post(f"/f/{form.id}", data={"name": "Ada"}).status_code == 303
    assert faults.calls == {"GetItem": 1, "PutItem": 3}
    assert only(owner, form)["fields"] == {"name": "Ada"}


def test_an_answer_that_was_lost_does_not_store_twice(owner, visitor, form, faults):
    faults.answer("PutItem", LOST, times=2)
    assert visitor.post(f"/f/{form.id}", data={"name": "Ada"}).status_code == 303
    assert faults.calls["PutItem"] == 3
    assert only(owner, form)["fields"] == {"name": "Ada"}


@pytest.mark.parametrize("fault", [THROTTLE, BROKEN, LOST], ids=str)
def test_a_table_that_stays_busy_or_broken_is_overflown_and_the_visitor_is_thanked(visitor, form, faults, fault):
    faults.answer("PutItem", fault)
    answer = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=JSON)
    assert (answer.status_code, answer.json()["ok"]) == (200, True)
    assert faults.calls["SendMessage"] == 1


def test_with_table_and_queue_out_of_reach_nothing_that_was_typed_is_lost(owner, visitor, form, faults):
    faults.answer("PutItem", THROTTLE)
    faults.answer("SendMessage", BROKEN)
    told = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=JSON)
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")
    assert told.json()["errors"][0]["code"] == "UNAVAILABLE"
    shown = visitor.post(f"/f/{form.id}", data={"message": "A long letter"}, headers=BROWSER)
    assert (shown.status_code, shown.headers["retry-after"]) == (503, "5")
    assert 'value="A long letter"' in shown.text
    assert inbox(owner, form) == []


def test_with_the_engine_down_nothing_that_was_typed_is_lost(visitor, form, faults):
    faults.stop()
    told = visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=JSON)
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")
    shown = visitor.post(f"/f/{form.id}", data={"message": "A long letter"}, headers=BROWSER)
    assert (shown.status_code, shown.headers["retry-after"]) == (503, "5")
    assert 'value="A long letter"' in shown.text
    assert f'action="/f/{form.id}"' in shown.text


def test_a_form_that_was_read_before_serves_while_the_table_cannot_be_read(owner, visitor, form, faults):
    visitor.post(f"/f/{form.id}", data={"name": "Ada"})
    faults.answer("GetItem", BROKEN, times=3)
    assert visitor.post(f"/f/{form.id}", data={"name": "Grace"}).status_code == 303
    assert len(inbox(owner, form)) == 2


@pytest.mark.parametrize("headers", [JSON, BROWSER], ids=["json", "page"])
def test_a_bug_of_ours_is_a_500_without_its_text_and_the_log_says_where(
    visitor, form, monkeypatch, capsys, headers
):  # fmt: skip
    def broken(*_):
        raise ValueError("the secret of Ada")

    monkeypatch.setattr(rules, "check", broken)
    answer = visitor.post(f"/f/{form.id}", data={"message": "A long letter"}, headers=headers)
    assert answer.status_code == 500
    assert "Something went wrong on our side." in answer.text
    assert "secret" not in answer.text
    assert ("A long letter" in answer.text) == (headers is BROWSER)
    log = capsys.readouterr().out
    told, cause = json.loads(log)["causes"]
    assert told["type"] == "Broken"
    assert cause["type"] == "ValueError"
    assert " broken" in cause["raised"][-1]
    assert "secret" not in log


def test_a_no_of_the_table_is_a_500_that_the_log_explains(visitor, form, faults, capsys):
    faults.answer("PutItem", REFUSED)
    assert visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers=JSON).status_code == 500
    assert faults.calls["PutItem"] == 1
    assert json.loads(capsys.readouterr().out)["causes"][1]["message"].startswith("dynamodb answered 400: AccessDenied")


def test_the_log_is_a_line_with_metrics_and_nothing_of_what_was_sent(visitor, form, capsys):
    visitor.post(f"/f/{form.id}", data={"name": "Ada"}, headers={"referer": "https://example.com/contact"})
    visitor.post(f"/f/{form.id}", data={"name": "Grace", "b": "%"}, headers={"content-type": "text/xml"})
    accepted, refused = capsys.readouterr().out.splitlines()
    for word in ("Ada", "Grace", VISITOR_ADDRESS, "example.com"):
        assert word not in accepted + refused
    line = json.loads(accepted)
    (metrics,) = line["_aws"]["CloudWatchMetrics"]
    names = [metric["Name"] for metric in metrics["Metrics"]]
    assert names == ["Accepted", "Overflowed", "Milliseconds"]
    assert [line[name] for name in names[:2]] == [1, 0]
    assert all(dimension in line for dimension in metrics["Dimensions"][0])
    assert json.loads(refused)["Refused"] == 1
    assert json.loads(refused)["code"] == "UNSUPPORTED_TYPE"
