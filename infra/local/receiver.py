"""Receivers for the demo's webhooks: `/_local/receiver` takes whatever comes, `/_local/receiver/full` never does."""

from infra.local.events import Request, Response

ANSWERS = {
    "/_local/receiver": (200, "Noted. The places are taken off the calendar.\n"),
    "/_local/receiver/full": (507, "The board is full.\n"),
}


def answer(request: Request) -> Response | None:
    """Return what a receiver answers; None where there is none."""
    if request.method != "POST" or request.raw_path not in ANSWERS:
        return None
    status, words = ANSWERS[request.raw_path]
    return Response(status, [("content-type", "text/plain; charset=utf-8")], words.encode(), "receiver")
