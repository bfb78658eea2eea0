"""The least that boto3 needs to store a form: no validation, no routes, no errors."""

# mypy: ignore-errors
# As people write it, and with packages that only the bench has.

import base64
import os
import uuid
from urllib.parse import parse_qs

import boto3

client = boto3.client("dynamodb")


def handler(event, _context):
    body = base64.b64decode(event["body"]).decode() if event["isBase64Encoded"] else event["body"]
    fields = {name: {"S": values[0]} for name, values in parse_qs(body).items()}
    item = {"pk": {"S": "BENCH#bare"}, "sk": {"S": str(uuid.uuid4())}, "fields": {"M": fields}}
    client.put_item(TableName=os.environ["TABLE_NAME"], Item=item)
    return {"statusCode": 303, "headers": {"location": "/thanks"}}
