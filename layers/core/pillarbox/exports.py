"""Exports: a ZIP of everything that an account owns, written by a worker and fetched from S3 for a week.

Constant in memory however much there is: submissions go from the table, page by page, into a file on the function's
disk.
"""

import gzip
import json
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.config import Config

from pillarbox import (
    accounts,
    attempts,
    audit,
    csv_rows,
    exact,
    forms,
    ids,
    logos,
    places,
    queues,
    sessions,
    settings,
    submissions,
    table,
    tokens,
    versions,
    webhooks,
)
from pillarbox.accounts import Account
from pillarbox.clients import Client
from pillarbox.errors import NotFound
from pillarbox.submissions import Folder

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEPT_SECONDS = 7 * 24 * 60 * 60  # as the bucket's own rule says
LINK_SECONDS = 5 * 60
PAGE = 100  # submissions read at a time

s3: "S3Client" = boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))


def ask(account: Account, client: Client) -> None:
    """Have a new copy made, or raise TooOften: each is a worker's quarter of an hour and a file for a week."""
    attempts.take("export", account.id)
    audit.note("data-asked", account.id, client)
    table.put(_key(account.id) | {"asked_at": int(time.time()), "expires_at": int(time.time()) + KEPT_SECONDS})
    queues.send(settings.exports_queue_url(), {"account_id": account.id})


def state(account: Account) -> table.Item | None:
    """Return what is known of the last copy: `asked_at`, and once it is there `made_at` and `size` in bytes."""
    item = table.get(_key(account.id))
    return None if item is None or table.expired(item) else item


def address(account: Account) -> str:
    """Return where a browser can fetch the copy for some minutes, or raise NotFound."""
    item = state(account)
    if item is None or "object" not in item:
        raise NotFound("The copy isn't there yet, or is over a week old. Ask for a new one.")
    asked = {"Bucket": settings.exports_bucket(), "Key": item["object"]}
    return s3.generate_presigned_url("get_object", Params=asked, ExpiresIn=LINK_SECONDS)


def make(message: dict[str, Any]) -> None:
    """Write the copy that a message asks for."""
    account = accounts.of(message["account_id"])
    if account is None:
        return  # deleted meanwhile
    name = f"{account.id}/{ids.secret()}.zip"
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            _fill(archive, account)
        size = file.tell()
        file.seek(0)
        s3.put_object(
            Bucket=settings.exports_bucket(),
            Key=name,
            Body=file,
            ContentType="application/zip",
            ContentDisposition='attachment; filename="pillarbox.zip"',
        )
    now = int(time.time())
    told = {"object": name, "size": size, "made_at": now, "asked_at": now, "expires_at": now + KEPT_SECONDS}
    try:
        table.update(_key(account.id), told, condition="attribute_exists(pk)")
    except table.Refused:  # the account was deleted meanwhile, and so is what it asked for
        s3.delete_object(Bucket=settings.exports_bucket(), Key=name)


def forget(account_id: str) -> None:
    """Delete the last copy of an account that is gone; earlier ones go by the bucket's rule."""
    item = table.get(_key(account_id))
    if item and "object" in item:
        s3.delete_object(Bucket=settings.exports_bucket(), Key=item["object"])
    table.delete(_key(account_id))


def _fill(archive: zipfile.ZipFile, account: Account) -> None:
    known = {
        "account": account.model_dump(mode="json"),
        "tokens": [token.model_dump(mode="json") for token in tokens.of(account)],
        "sessions": [
            {
                "started_at": session.started_at.isoformat(),
                "used_at": session.used_at.isoformat(),
                "address": session.client.address,
                "agent": session.client.agent,
            }
            for session in sessions.of(account)
        ],
    }
    archive.writestr("account.json", json.dumps(known, ensure_ascii=False, indent=1))
    _lines(archive, "activity.jsonl", (event.model_dump(mode="json") for event in _events(account)))
    for form in forms.every(account):
        if form.role != "owner":
            continue
        shown = form.model_copy(update={"spam": form.spam.shown()}).model_dump(mode="json")
        archive.writestr(f"forms/{form.id}/form.json", json.dumps(shown, ensure_ascii=False, indent=1))
        _sent(archive, form)
        _lines(archive, f"forms/{form.id}/versions.jsonl", (one.model_dump(mode="json") for one in _versions(form)))
        hooks = (hook.model_dump(mode="json") for hook in webhooks.of_form(form.id))
        _lines(archive, f"forms/{form.id}/webhooks.jsonl", hooks)
        if logo := logos.get(form.id):
            archive.writestr(f"forms/{form.id}/logo.{logo.type.partition('/')[2]}", logo.content)


def _sent(archive: zipfile.ZipFile, form: forms.Form) -> None:
    """Write what came in as JSON, and then as CSV, whose columns are known only by then."""
    columns = csv_rows.Columns(field.name for field in form.fields)
    with tempfile.TemporaryFile() as kept:
        with gzip.GzipFile(fileobj=kept, mode="wb", compresslevel=1) as again:

            def noted() -> Iterator[dict[str, Any]]:
                for one in _submissions(form):
                    columns.note(one.fields)
                    again.write(exact.dumps(record := one.model_dump()).encode() + b"\n")
                    yield record

            _lines(archive, f"forms/{form.id}/submissions.jsonl", noted())
        kept.seek(0)
        with (
            gzip.GzipFile(fileobj=kept) as again,
            archive.open(f"forms/{form.id}/submissions.csv", "w", force_zip64=True) as out,
        ):
            for row in columns.rows(exact.loads(line.decode(), deepest=exact.WRITTEN) for line in again):
                out.write(row.encode())


def _lines(archive: zipfile.ZipFile, name: str, records: Iterable[Any]) -> None:
    """Write a line of JSON for each, one at a time."""
    with archive.open(name, "w", force_zip64=True) as out:
        for record in records:
            out.write(exact.dumps(record).encode() + b"\n")


def _pages[Page: (audit.Page, submissions.Page, versions.Page)](read: Callable[[str | None], Page]) -> Iterator[Page]:
    """Yield what is read from each cursor, from none on."""
    cursor = None
    while True:
        page = read(cursor)
        yield page
        if (cursor := page.next_cursor) is None:
            return


def _events(account: Account) -> Iterator[audit.Event]:
    for page in _pages(lambda cursor: audit.page(account.id, limit=PAGE, cursor=cursor)):
        yield from page.events


def _submissions(form: forms.Form) -> Iterator[submissions.Submission]:
    for folder in places.FOLDERS:
        for page in _pages(partial(_page, form, cast("Folder", folder))):
            yield from page.submissions


def _page(form: forms.Form, folder: Folder, cursor: str | None) -> submissions.Page:
    kept = form.retention_days
    return submissions.page(form.id, folder, shards=form.shards, retention_days=kept, limit=PAGE, cursor=cursor)


def _versions(form: forms.Form) -> Iterator[versions.Version]:
    for page in _pages(lambda cursor: versions.listed(form.id, limit=PAGE, cursor=cursor)):
        yield from page.versions


def _key(account_id: str) -> table.Item:
    return table.key(f"EXPORT#{account_id}", "EXPORT")
