"""Write an event for every function of template.yaml into tests/events/, as `sam local invoke` takes it.

The same each time: fixed ids, a fixed clock. Whoever invokes one puts in an id or a token that exists in the table.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from infra.local import events
from infra.local.cloudformation import ACCOUNT, REGION
from infra.local.events import Request
from infra.local.routes import Match
from infra.local.template import ROOT, Function, Template

FOLDER = ROOT / "tests" / "events"

HOST = "pillarbox.example"
MOMENT = 1_800_000_000  # seconds since 1970: 15 January 2027
ID = "00000000-0000-4000-8000-000000000000"  # of the request or the message
FORM_ID, GONE_FORM_ID = "samp1ef0rm00", "samp1eg0ne00"
SUBMISSION_ID, OVERFLOWED_ID = "01MCC5RM000000000000000000", "01MCC5RM000000000000000100"
DELIVERY_ID = f"{SUBMISSION_ID}-0123456789abcdef"
MEMBER_ID, INVITATION_ID = "samp1emember", "a379a6f6eeafb9a55e37"
TOKEN_ID = WEBHOOK_ID = FORM_ID  # the samples are made with one short id
SESSION = "sample-session"
TOKEN = "pbx_samplesamplesamplesamplesample23UlIj"  # noqa: S105 - it opens nothing
BROWSER = [("accept", "text/html"), ("user-agent", "Mozilla/5.0"), ("cookie", f"__Host-pillarbox={SESSION}")]
PROGRAM = [("accept", "application/json"), ("user-agent", "curl/8"), ("authorization", f"Bearer {TOKEN}")]
PARAMETERS = {
    "{form_id}": FORM_ID,
    "{submission_id}": SUBMISSION_ID,
    "{token_id}": TOKEN_ID,
    "{account_id}": MEMBER_ID,
    "{invitation_id}": INVITATION_ID,
    "{erasure_id}": SUBMISSION_ID,  # one ULID serves all samples
    "{webhook_id}": WEBHOOK_ID,
    "{delivery_id}": DELIVERY_ID,
    "{path+}": "site.css",
    "{file}": "accent.css",
}

# What is sent, where something has to be: a JSON body, or a message of a queue.
SENT: dict[str, dict[str, Any]] = {
    "CreateAccount": {"username": "sample", "email": "sample@example.com", "password": "correct horse battery"},
    "CreateToken": {"username": "sample-owner", "password": "correct horse battery", "name": "laptop"},
    "CreateForm": {"name": "Contact"},
    "UpdateForm": {"name": "Contact us"},
    "UpdateMember": {"role": "editor"},
    "CreateInvitation": {"email": "ada@example.com", "role": "viewer"},
    "CreateWebhook": {"url": "https://93.184.215.14/hook"},
    "UpdateWebhook": {"format": "slack"},
    "ReplayDeliveries": {"state": "failed"},
    "SubmitForm": {"name": "Ada", "message": "Hello"},
    "NoteVisit": {"what": "view", "from": "example.com"},
    "UpdateSubmission": {"read": True},
    "CreateErasure": {"email": "ada@example.com"},
    "StoreOverflow": {
        "busy": False,
        "shards": 1,
        "item": {
            "pk": f"FORM#{FORM_ID}#inbox#S0",
            "sk": OVERFLOWED_ID,
            "folder": "inbox",
            "read": False,
            "fields": json.dumps({"name": "Ada", "message": "Hello"}),
            "source": json.dumps({"page": None, "address_hash": None}),
            "form_version": 1,
        },
    },
    "PurgeDeleted": {"form_id": GONE_FORM_ID},
    "MakeExport": {"account_id": GONE_FORM_ID},
    "SendWebhook": {
        "delivery_id": f"{SUBMISSION_ID}-0123456789abcdef",
        "form_id": FORM_ID,
        "submission_id": SUBMISSION_ID,
        "webhook_id": GONE_FORM_ID,
        "lease": 1,
        "until": 4_000_000_000,
        "url": "https://receiver.invalid/",
        "versions": [1],
        "content_type": "application/json",
        "body": json.dumps({"type": "submission.created", "data": {"fields": {"name": "Ada"}}}),
    },
    "RecordOutcome": {
        "delivery_id": DELIVERY_ID,
        "form_id": FORM_ID,
        "submission_id": SUBMISSION_ID,
        "webhook_id": GONE_FORM_ID,
        "lease": 1,
        "attempt": {"at": "2027-01-15T08:00:00Z", "ok": True, "status": 200, "milliseconds": 120},
        "gone": False,
    },
    "SendNotification": {
        "delivery_id": f"{SUBMISSION_ID}-{'0' * 16}",
        "form_id": FORM_ID,
        "submission_id": SUBMISSION_ID,
        "lease": 1,
    },
    "RecordBounce": {
        "eventType": "Bounce",
        "mail": {"tags": {"form": [FORM_ID], "delivery": [f"{SUBMISSION_ID}-{'0' * 16}"]}},
        "bounce": {
            "bounceType": "Permanent",
            "bouncedRecipients": [
                {"emailAddress": "nobody@pillarbox.example", "diagnosticCode": "smtp; 550 5.1.1 user unknown"}
            ],
        },
    },
    "SendMail": {"kind": "reset-password", "origin": f"https://{HOST}", "name": "sample-owner"},
}


def sample(function: Function) -> dict[str, Any]:
    """Return an event from what feeds the function, or from the first of its routes."""
    if not function.sources:
        return _request(function)
    makers = {"DynamoDB": _change, "SQS": _message, "ScheduleV2": _tick, "SNS": _notice}
    return makers[function.sources[0].kind](function)


def text(function: Function) -> str:
    return json.dumps(sample(function), indent=2, ensure_ascii=False) + "\n"


def file(function: Function) -> Path:
    return FOLDER / f"{function.folder.name}.json"


def _request(function: Function) -> dict[str, Any]:
    route = function.routes[0]
    parts = [PARAMETERS.get(part, part) for part in route.path.split("/")]
    parameters = {part.strip("{+}"): PARAMETERS[part] for part in route.path.split("/") if part in PARAMETERS}
    headers = [("host", HOST), ("x-forwarded-proto", "https"), *(BROWSER if function.kind == "pages" else PROGRAM)]
    body = b""
    if function.name in SENT:
        headers.append(("content-type", "application/json"))
        body = json.dumps(SENT[function.name]).encode()
    request = Request(route.method, "/".join(parts), headers, body, source_ip="192.0.2.1")
    event = events.event(request, Match(function, route, parameters), now=MOMENT)
    event["requestContext"]["requestId"] = ID
    return event


def _message(function: Function) -> dict[str, Any]:
    body = json.dumps(SENT[function.name])
    record = {
        "messageId": ID,
        "receiptHandle": "sample",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(MOMENT * 1000)},
        "messageAttributes": {},
        "md5OfBody": hashlib.md5(body.encode(), usedforsecurity=False).hexdigest(),
        "eventSource": "aws:sqs",
        "eventSourceARN": function.sources[0].properties["Queue"],
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def _notice(function: Function) -> dict[str, Any]:
    """Return what SNS hands over of an event of SES's."""
    topic: str = function.sources[0].properties["Topic"]
    message = {
        "Type": "Notification",
        "MessageId": ID,
        "TopicArn": topic,
        "Subject": "Amazon SES Email Event Notification",
    }
    message |= {"Message": json.dumps(SENT[function.name]), "Timestamp": "2027-01-15T08:00:00.000Z"}
    return {
        "Records": [{"EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": topic, "Sns": message}]
    }


def _tick(function: Function) -> dict[str, Any]:
    """Return what EventBridge Scheduler sends where a schedule names no input."""
    schedule = function.sources[0].name
    return {
        "version": "0",
        "id": ID,
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": ACCOUNT,
        "time": "2027-01-15T08:00:00Z",
        "region": REGION,
        "resources": [f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/default/{schedule}"],
        "detail": "{}",
    }


def _change(function: Function) -> dict[str, Any]:
    """Return what the stream tells of a submission that was accepted."""
    key = {"pk": {"S": f"FORM#{FORM_ID}#inbox#S0"}, "sk": {"S": SUBMISSION_ID}}
    item = key | {
        "folder": {"S": "inbox"},
        "announce": {"S": "created"},
        "read": {"BOOL": False},
        "fields": {"S": json.dumps(SENT["SubmitForm"])},
        "source": {"S": json.dumps({"page": None, "address_hash": None})},
        "form_version": {"N": "1"},
    }
    stream = function.sources[0].properties["Stream"]
    change = {
        "ApproximateCreationDateTime": MOMENT,
        "Keys": key,
        "NewImage": item,
        "SequenceNumber": "100000000000000000001",
        "SizeBytes": 300,
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }
    record = {
        "eventID": ID,
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
        "dynamodb": change,
        "eventSourceARN": stream,
    }
    if "TumblingWindowInSeconds" not in function.sources[0].properties:
        return {"Records": [record]}
    return {
        "Records": [record],
        "window": {"start": "2027-01-15T08:00:00Z", "end": "2027-01-15T08:01:00Z"},
        "state": {},
        "shardId": "shardId-00000000000000000000-00000000",
        "eventSourceARN": stream,
        "isFinalInvokeForWindow": False,
        "isWindowTerminatedEarly": False,
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    functions = Template().functions
    for left in set(FOLDER.glob("*.json")) - {file(function) for function in functions}:
        left.unlink()
    for function in functions:
        file(function).write_text(text(function))
