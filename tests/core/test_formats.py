"""What a webhook is sent: all of it in JSON, and in a chat text that formats nothing, calls nobody and fits."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pillarbox import exact, forms, ids, submissions, webhooks
from pillarbox.webhooks import Webhook

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
CHATS = ["slack", "discord", "teams"]
HOSTILE = [
    "@everyone <!channel> <@U024BE7LH> <at>Ada</at> <#C024BE7LR|general>",
    "**bold** _it_ ~~x~~ `code` ```block``` ||spoiler|| # head\n> quote\n- list\n1. one",
    "[click](https://evil.example) <https://evil.example|your bank> https://evil.example",
    "{{DATE(2017-02-14T06:00:00Z, SHORT)}} ${body} @{triggerBody()}",
    "a\0b\x1b[31m\u202egpj.exe",
    "\\" * 5000,
    "&" * 5000,
    "😀" * 5000,
    "{" * 5000,
    "\n" * 70_000,
    " ",
    "",
]


@pytest.fixture
def form():
    return forms.Form(name="Contact", id="0123456789ab", created_at=AT, updated_at=AT, version=1)


def sent(form, data, *, event="created", origin="https://pillarbox.test", passes=False, **about):
    hook = Webhook(
        id="1", form_id=form.id, url="https://example.com", events=["submission.created"], created_at=AT, **about
    )
    one = submissions.Submission(
        id=ids.ulid(),
        form_id=form.id,
        received_at=AT,
        folder="inbox",
        read=False,
        fields=data,
        source=submissions.Source(),
        form_version=1,
        passes=passes,
    )
    content_type, body = webhooks.body(hook, form, one, event, at=AT, origin=origin)
    assert content_type == "application/json"
    return json.loads(body, parse_float=Decimal)


def texts(value):
    """Return every text that a chat shows."""
    if isinstance(value, dict):
        return [text for name in value if name not in {"type", "$schema", "url"} for text in texts(value[name])]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def units(text):
    return len(text.encode("utf-16-le")) // 2


def test_json_is_the_submission_as_the_api_shows_it_with_a_link(form):
    body = sent(form, {"b": Decimal("1.10"), "a": ["x", {"y": None}]})

    assert body["type"] == "submission.created"
    assert body["timestamp"] == "2026-11-27T12:00:00.000Z"
    assert list(body["data"]["fields"].items()) == [("b", Decimal("1.10")), ("a", ["x", {"y": None}])]
    assert body["data"]["form_name"] == "Contact"
    assert body["data"]["url"] == f"https://pillarbox.test/forms/{form.id}/submissions/{body['data']['id']}"
    shown = {name for name, field in submissions.Submission.model_fields.items() if not field.exclude}
    assert set(body["data"]) == shown | {"form_name", "url"}


@pytest.mark.parametrize("written", ["json", *CHATS])
def test_what_is_nested_as_deep_as_is_taken_goes_out(form, written):
    value: object = 1
    for _ in range(exact.DEEPEST - 1):
        value = {"a": value}

    body = sent(form, {"a": value}, format=written)

    if written == "json":
        assert body["data"]["fields"] == {"a": value}
    else:
        assert '"a":1}}}' in "".join(texts(body)).replace("\\", "")


def test_where_our_own_address_is_unknown_there_is_no_link(form):
    assert sent(form, {}, origin=None)["data"]["url"] is None
    for chat in CHATS:
        assert "Open in Pillarbox" not in json.dumps(sent(form, {"a": "b"}, origin=None, format=chat))


def test_what_is_only_passed_on_has_no_page_to_link_to(form):
    assert sent(form, {}, passes=True)["data"]["url"] is None


def test_only_the_chosen_fields_go_out_under_their_new_names(form):
    fields = {"email": "ada@example.com", "secret": "x", "name": "Ada"}

    body = sent(form, fields, fields=["name", "email", "missing"], rename={"email": "mail"})

    assert list(body["data"]["fields"].items()) == [("mail", "ada@example.com"), ("name", "Ada")]
    assert sent(form, fields, fields=[])["data"]["fields"] == {}


@pytest.mark.parametrize(
    ("rename", "names"),
    [
        ({"a": "b", "b": "a"}, ["b", "a", "c"]),
        ({"a": "b"}, ["a", "b", "c"]),
        ({"a": "b", "c": "a"}, ["a", "b", "c"]),
        ({"a": "x", "b": "x"}, ["a", "b", "c"]),
    ],
)
def test_no_new_name_hides_another_field(form, rename, names):
    fields = sent(form, {"a": 1, "b": 2, "c": 3}, rename=rename)["data"]["fields"]

    assert list(fields) == names
    assert list(fields.values()) == [1, 2, 3]


@pytest.mark.parametrize("event", ["created", "spam", "updated", "test"])
@pytest.mark.parametrize("chat", CHATS)
def test_a_chat_is_told_what_happened_and_where(form, chat, event):
    body = sent(form, {"name": "Ada", "n": Decimal("1.10"), "both": ["a", "b"], "yes": True}, format=chat, event=event)

    assert any("Contact" in text for text in texts(body))
    shown = "\n".join(texts(body)).replace("\\", "")
    for text in ("Ada", "1.10", "a, b", "Yes"):
        assert text in shown
    assert f"https://pillarbox.test/forms/{form.id}/submissions/" in json.dumps(body)


@pytest.mark.parametrize("value", HOSTILE)
def test_slack_reads_no_markup_and_gets_no_more_than_it_takes(form, value):
    hostile = form.model_copy(update={"name": value[:100]})
    body = sent(hostile, {"a": value, value[:100]: "b"} | {f"f{n}": value for n in range(200)}, format="slack")

    assert body["mrkdwn"] is False
    assert len(body["blocks"]) <= 50
    assert units(body["blocks"][0]["text"]["text"]) <= 150
    for block in body["blocks"]:
        assert len(block.get("fields", [])) <= 10
        for text in block.get("fields", []):
            assert (text["type"], text["emoji"]) == ("plain_text", False)
            assert 1 <= units(text["text"]) <= 2000
    for text in texts(body):
        assert "<" not in text
        assert ">" not in text
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    assert units("".join(texts(body))) < 13_000


@pytest.mark.parametrize("value", HOSTILE)
def test_discord_mentions_nobody_reads_no_markdown_and_gets_no_more_than_it_takes(form, value):
    hostile = form.model_copy(update={"name": value[:100]})
    body = sent(hostile, {"a": value, value[:100]: "b"} | {f"f{n}": value for n in range(200)}, format="discord")

    assert body["allowed_mentions"] == {"parse": []}
    assert "content" not in body
    (embed,) = body["embeds"]
    assert len(embed["fields"]) <= 25
    for field in embed["fields"]:
        assert 1 <= units(field["name"]) <= 256
        assert 1 <= units(field["value"]) <= 1024
    assert units(embed["title"]) <= 256
    all_of_it = embed["title"] + embed["footer"]["text"] + "".join(f["name"] + f["value"] for f in embed["fields"])
    assert units(all_of_it) <= 6000
    for field in embed["fields"]:
        for text in (field["name"], field["value"]):
            assert not re.search(r"[\\*_~`|>#\[\]()<@:+-]", re.sub(r"\\[!-/:-@\[-`{-~]", "", text)), text


@pytest.mark.parametrize("value", HOSTILE)
def test_teams_gets_runs_without_markdown_and_no_more_than_28_kb(form, value):
    hostile = form.model_copy(update={"name": value[:100]})
    body = sent(hostile, {"a": value, value[:100]: "b"} | {f"f{n}": value for n in range(200)}, format="teams")

    assert len(json.dumps(body, ensure_ascii=False).encode()) < 28 * 1024
    (attached,) = body["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    for block in attached["content"]["body"]:
        assert block["type"] == "RichTextBlock"
        assert all(run["text"] and "{{" not in run["text"] for run in block["inlines"])
    assert "msteams" not in attached["content"]


@pytest.mark.parametrize("chat", CHATS)
def test_what_is_cut_is_said_to_be(form, chat):
    body = sent(form, {f"f{n}": "x" * 5000 for n in range(200)}, format=chat)

    assert any(text.endswith("…") for text in texts(body))
    assert any(re.fullmatch(r"\d+ more in Pillarbox", text) for text in texts(body))


@pytest.mark.parametrize("chat", CHATS)
def test_what_would_hide_or_turn_text_is_seen(form, chat):
    shown = "\n".join(texts(sent(form, {"file": "a\0b\u202egpj.exe", "n\0ame": "x"}, format=chat)))

    assert "\0" not in shown
    assert "\u202e" not in shown
    assert "\ufffd" in shown
