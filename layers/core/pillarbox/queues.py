"""SQS, for what is done after the answer."""

import json
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from pillarbox.errors import Unavailable
from pillarbox.table import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

client: "SQSClient" = boto3.client("sqs", config=CONFIG)


def send(queue_url: str, message: dict[str, Any], *, delay_seconds: int = 0, group: str | None = None) -> None:
    """Queue a message. Those of one group come after others' when the group is slow or has many: a fair queue."""
    fair: Any = {"MessageGroupId": group} if group else {}
    try:
        client.send_message(QueueUrl=queue_url, MessageBody=json.dumps(message), DelaySeconds=delay_seconds, **fair)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable("The queue is out of reach. Please try again.") from error
