"""The mail of the people in the tests: what waits in the queue is written and sent by the worker, then read here."""

import json
import re

import boto3

from infra.local import lambdas
from infra.local.mailbox import Mailbox as Outbox
from pillarbox import settings

LINK = re.compile(r"https?://[^\s<>\"]+")


class Mailbox:
    def __init__(self, engine, template):
        self._outbox = Outbox(engine)
        (self._worker,) = [function for function in template.functions if function.name == "SendMail"]
        self._queue = boto3.client("sqs")

    def of(self, address):
        """Return the mails to an address, the newest first, once the worker has sent what waited."""
        self.send()
        return [mail for mail in self._outbox.mails() if mail["to"] == [address]]

    def link(self, address):
        """Return path and query of the first link in the newest mail to an address."""
        (newest, *_) = self.of(address)
        return "/" + LINK.findall(newest["text"])[0].split("/", 3)[3]

    def send(self):
        """Have the worker write and send what waits, and return what it answers for each batch."""
        answers = []
        while waiting := self._queue.receive_message(
            QueueUrl=settings.mails_queue_url(), MaxNumberOfMessages=10, WaitTimeSeconds=0
        ).get("Messages"):
            source = {"eventSource": "aws:sqs", "eventSourceARN": "Mails"}
            records = [{"messageId": one["MessageId"], "body": one["Body"], **source} for one in waiting]
            answers.append(lambdas.invoke(self._worker, {"Records": records}))
            for one in waiting:
                self._queue.delete_message(QueueUrl=settings.mails_queue_url(), ReceiptHandle=one["ReceiptHandle"])
        return answers

    def waiting(self):
        """Return what waits, and leave it there for nobody: the queue is empty after this."""
        found = []
        while some := self._queue.receive_message(
            QueueUrl=settings.mails_queue_url(), MaxNumberOfMessages=10, WaitTimeSeconds=0
        ).get("Messages"):
            for one in some:
                self._queue.delete_message(QueueUrl=settings.mails_queue_url(), ReceiptHandle=one["ReceiptHandle"])
            found += [json.loads(one["Body"]) for one in some]
        return found
