"""Where a form and its submissions lie in the table. Both sides use it, so: stdlib only."""

FOLDERS = ("inbox", "spam", "archive", "trash")
KEPT_SECONDS = {"spam": 30 * 24 * 60 * 60, "trash": 30 * 24 * 60 * 60}  # 30 days, then it is gone


def form(form_id: str) -> dict[str, str]:
    """Return the key of the item that a submit reads."""
    return {"pk": f"FORM#{form_id}", "sk": "FORM"}


def counts(form_id: str) -> dict[str, str]:
    """Return the key of the item that says how many submissions lie in each folder."""
    return {"pk": f"FORM#{form_id}", "sk": "COUNTS"}


def lessons(form_id: str) -> dict[str, str]:
    """Return the key of the item of what the form's owner has taught by filing."""
    return {"pk": f"FORM#{form_id}", "sk": "BAYES"}


def partition(form_id: str, folder: str, shard: int) -> str:
    """Return the partition key of a folder's nth share; its sort keys are ULIDs whose last character tells n."""
    return f"FORM#{form_id}#{folder}#S{shard}"


def idempotency(form_id: str, key_hash: str) -> dict[str, str]:
    """Return the key of the item that remembers an Idempotency-Key for a day."""
    return {"pk": f"IDEMPOTENCY#{form_id}#{key_hash}", "sk": "IDEMPOTENCY"}
