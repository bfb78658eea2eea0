"""POST /f/{form_id}/visit: a hosted form tells that it was opened, begun, or which of its pages was reached."""

from pillarbox import aws, beacons, headers, journal

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this handler
if TYPE_CHECKING:
    from typing import Any

aws.prepare("dynamodb")


def handler(event: "dict[str, Any]", context: "Any") -> "dict[str, Any]":
    try:
        beacons.note(event)
    except Exception as error:  # noqa: BLE001  whatever it is, it is nothing to a visitor
        journal.write("visit", {"Failed": 1}, request_id=context.aws_request_id, causes=journal.causes(error))
    return {"statusCode": 204, "headers": {"cache-control": "no-store", **headers.GUARDS}}
