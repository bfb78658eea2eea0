"""Second factors: what an account asks for beside its password. Each is a row `FACTOR#…` of the account's partition."""

from pillarbox import table
from pillarbox.accounts import Account

PREFIX = "FACTOR#"


def of(account: Account) -> list[table.Item]:
    """Return the items of all of the account's factors, its recovery codes among them."""
    return list(table.query_all(f"ACCOUNT#{account.id}", prefix=PREFIX))


def removed(account: Account) -> list[table.Write]:
    """Return the writes that take all factors away."""
    return [table.Delete(table.key(item["pk"], item["sk"])) for item in of(account)]


def key(account_id: str, name: str) -> table.Item:
    return table.key(f"ACCOUNT#{account_id}", f"{PREFIX}{name}")
