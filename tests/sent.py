"""What tests send as a browser or as a script would, and what then lies with the owner."""

import json

from pillarbox import ids, places, table

JSON = {"accept": "application/json"}
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "sec-fetch-mode": "navigate"}


def inbox(owner, form, **query):
    """Return what lies in a folder of the form's, the inbox unless `folder` says otherwise."""
    return owner.get(f"/v1/forms/{form.id}/submissions", params=query).json()["submissions"]


def only(owner, form, **query):
    (submission,) = inbox(owner, form, **query)
    return submission


def controls_of(owner, form, **query):
    """Return what was stored for the mail about the only submission; no answer tells that."""
    submission = only(owner, form, **query)
    shard = ids.shard_of(submission["id"])
    item = table.get(table.key(places.partition(form.id, submission["folder"], shard), submission["id"]))
    return json.loads(item.get("controls", "{}")) if item else None
