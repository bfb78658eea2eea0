"""GET /static/{path+}: our stylesheet, script and drawings."""

from typing import Any

from pillarbox import assets


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    version = event.get("queryStringParameters", {}).get("v")
    accepted = event["headers"].get("accept-encoding", "")
    return assets.answer(event["pathParameters"]["path"], version=version, accept_encoding=accepted)
