"""Signing: webhooks carry signatures as Standard Webhooks has them (https://www.standardwebhooks.com, version 1).

A webhook's secret follows from one key and the webhook's id, so that whoever sends needs no table to know it.
"""

import base64
import hmac
import time

from pillarbox import settings

PREFIX = "whsec_"


def secret(webhook_id: str, version: int) -> str:
    """Return the secret as its owner is shown it once: `whsec_` and 256 bits in base64."""
    return PREFIX + base64.b64encode(_key(webhook_id, version)).decode()


def headers(webhook_id: str, versions: list[int], message_id: str, body: bytes) -> dict[str, str]:
    """Return the headers that say what a message is, when it was sent and that we did; a signature for each version."""
    moment = str(int(time.time()))
    signed = f"{message_id}.{moment}.".encode() + body
    signatures = [hmac.digest(_key(webhook_id, version), signed, "sha256") for version in versions]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }


def _key(webhook_id: str, version: int) -> bytes:
    return hmac.digest(settings.webhook_key(), f"{webhook_id}.{version}".encode(), "sha256")
