"""GET /f/{form_id}/challenge: an ALTCHA challenge for a form, which a visitor's browser solves and sends with it."""

import json
import time

from pillarbox import altcha, headers

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this handler
if TYPE_CHECKING:
    from typing import Any


def handler(event: "dict[str, Any]", _context: object) -> "dict[str, Any]":
    # The table isn't asked whether there is such a form: a challenge for none is worth nothing, and tells nothing.
    challenge = altcha.challenge(event["pathParameters"]["form_id"].lower(), time.time())
    said = {"content-type": "application/json", "cache-control": "no-store", **headers.GUARDS}
    return {"statusCode": 200, "headers": said, "body": json.dumps(challenge)}
