"""POST /f/{form_id}, /p/{project}/f/{form_id}, /s/{form_id}, /submit: take what a visitor sends; $default: the rest."""

import time

from pillarbox import accept, answers, aws, journal, refusals

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this handler
if TYPE_CHECKING:
    from typing import Any

aws.prepare("dynamodb")


def handler(event: "dict[str, Any]", context: "Any") -> "dict[str, Any]":
    began = time.perf_counter()
    try:
        done = accept.take(event)
        answer = answers.accepted(event, done)
        counted = {"Accepted": 1, "Overflowed": int(done.overflowed)}
        said: dict[str, Any] = {"form_id": done.form["id"], "submission_id": done.submission_id}
    except Exception as error:  # noqa: BLE001  whatever it is, the visitor is answered, and keeps what was typed
        refusal = error if isinstance(error, refusals.Refusal) else refusals.Broken()
        answer = answers.refused(event, refusal)
        failed = answer["statusCode"] >= 500  # noqa: PLR2004
        counted = {"Failed" if failed else "Refused": 1}
        said = {"code": refusal.code} | ({"causes": journal.causes(error)} if failed else {})
    counted["Milliseconds"] = round((time.perf_counter() - began) * 1000)
    journal.write("submit", counted, status=answer["statusCode"], request_id=context.aws_request_id, **said)
    return answer
