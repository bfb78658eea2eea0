"""One queue, handed to one function as Lambda's event source mapping does.

Visibility, receive counts and redrive are the engine's: a message that failed is left alone and comes back.
"""

import base64
import logging
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import REGION
from infra.local.lambdas import FunctionFailed, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MOST_A_RECEIVE = 10  # messages
WAIT = 1  # second of long polling

logger = logging.getLogger("pillarbox.local")


class Queue:
    def __init__(self, properties: dict[str, Any], sqs: "SQSClient", invoke: "Callable[[dict[str, Any]], Any]") -> None:
        self._properties = properties
        self._arn: str = properties["Queue"]
        self._sqs = sqs
        self._url = sqs.get_queue_url(QueueName=self._arn.rpartition(":")[2])["QueueUrl"]
        self._invoke = invoke

    def turn(self) -> bool:
        """Wait a second at most for messages, have them worked on, delete what was; return whether there were any."""
        messages = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=min(MOST_A_RECEIVE, int(self._properties.get("BatchSize", 10))),
            WaitTimeSeconds=WAIT,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if not messages:
            return False
        failed = self._failed(messages)
        for message in messages:
            if message["MessageId"] not in failed:
                self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
        return True

    def _failed(self, messages: "list[MessageTypeDef]") -> set[str]:
        """Return the ids of the messages that are to come again."""
        everything = {message["MessageId"] for message in messages}
        try:
            answer = self._invoke({"Records": [self._record(message) for message in messages]})
        except TooLarge:  # ten messages of a megabyte
            middle = len(messages) // 2
            return self._failed(messages[:middle]) | self._failed(messages[middle:])
        except FunctionFailed as failure:
            logger.error("%s", failure)  # noqa: TRY400 - the handler's traceback is in the message
            return everything
        if "ReportBatchItemFailures" not in self._properties.get("FunctionResponseTypes", []):
            return set()
        try:
            named = {failure["itemIdentifier"] for failure in (answer or {}).get("batchItemFailures") or []}
        except (KeyError, TypeError):
            return everything
        return everything if named - everything else named  # Lambda takes an unknown name as all of them

    def _record(self, message: "MessageTypeDef") -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message.get("Attributes", {}),
            "messageAttributes": {
                name: _attribute(dict(attribute)) for name, attribute in message.get("MessageAttributes", {}).items()
            },
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self._arn,
            "awsRegion": REGION,
        }


def _attribute(attribute: dict[str, Any]) -> dict[str, Any]:
    value = {"stringListValues": [], "binaryListValues": [], "dataType": attribute["DataType"]}
    if "StringValue" in attribute:
        value["stringValue"] = attribute["StringValue"]
    if "BinaryValue" in attribute:
        value["binaryValue"] = base64.b64encode(attribute["BinaryValue"]).decode()
    return value
