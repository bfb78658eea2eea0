"""Where things lie in the table, and until when. The submit path uses it too, so: stdlib only.

    what                pk                           sk
    account             ACCOUNT#<account>            ACCOUNT
    membership          ACCOUNT#<account>            FORM#<form>
    its row in the list ACCOUNTS                     <time made>#<account>
    username            USERNAME#<folded name>       USERNAME
    what it looks like  LOOKALIKE#<skeleton>         LOOKALIKE
    e-mail address      EMAIL#<folded address>       EMAIL
    session             SESSION#<sha256 of id>       SESSION
    its row             ACCOUNT#<account>            SESSION#<sha256 of id>
    attempts            ATTEMPTS#<kind>#<sha256>     ATTEMPTS
    second factor       ACCOUNT#<account>            FACTOR#<which>
    sign-in that waits  PENDING#<sha256>             PENDING
    app that waits      ACCOUNT#<account>            PENDINGTOTP
    used challenge      USED#<sha256>                USED
    token's row         ACCOUNT#<account>            TOKEN#<sha256 of token>
    link in a mail      LINK#<sha256 of secret>      LINK
    copy of all of it   EXPORT#<account>             EXPORT
    erasure's receipt   ACCOUNT#<account>            ERASURE#<ulid>
    invitation          INVITATIONS                  <folded address>
    security event      EVENTS#<account>             <ulid>
    the same            EVENTS#<year>-<month>        <ulid>
    token               TOKEN#<sha256 of token>      TOKEN
    form                FORM#<form>                  FORM
    member, invited     FORM#<form>                  MEMBER#<account>, INVITED#<hash of address>
    counters, lessons   FORM#<form>                  COUNTS, BAYES
    counts by the day   FORM#<form>                  DAYS#<year>-<month>
    what came on a day  FORM#<form>                  TALLY#<day>#<n>
    visit               VISITS#<form>#S<n>           <ulid>
    submission          FORM#<form>#<folder>#S<n>    <ulid>
    overflow marker     OVERFLOW#<ulid>              OVERFLOW
    stream's cursor     SHARD#<shard of the stream>  COUNT
    version, draft      FORM#<form>                  VERSION#<8 digits>, DRAFT
    logo                FORM#<form>                  LOGO
    delivery            DELIVERIES#<form>#<ulid>     <hash of what it is about>
    when it is due      DUE#<n>                      <time>#<delivery>
    webhook, its log    FORM#<form>, WEBHOOKLOG#<id> WEBHOOK#<id>, <delivery>
    recipient           RECIPIENTS#<account>         <hash of address>
    who wants no mail   SUPPRESSED#<hash of address> SUPPRESSED
    nor this form's     FORM#<form>                  UNSUBSCRIBED#<hash of address>
    answered today      ANSWERED#<form>#<same hash>  ANSWERED
    mails of a minute   PACE#<form>#<minute>         PACE
    digest              DIGEST#<form>#<hash>#<end>   CLOSED, <delivery>

`<ulid>` is the id of a submission, an event or an erasure.
"""

TYPE_CHECKING = False  # to mypy it is true; importing `typing` takes longer than this module
if TYPE_CHECKING:
    from typing import Any

    type Item = dict[str, Any]

DAY = 24 * 60 * 60  # seconds
FOLDERS = ("inbox", "spam", "archive", "trash")
PASSING = "passing"  # where lies what is only passed on until that is done; nobody looks into it
EVERYWHERE = (*FOLDERS, PASSING)
# Since it came there, then it is gone. A visitor may take seven days to confirm an address before anybody is told, and
# deliveries are tried for three days and some hours.
KEPT_SECONDS = {"spam": 30 * DAY, "trash": 30 * DAY, PASSING: 11 * DAY}


def form(form_id: str) -> dict[str, str]:
    """Return the key of the item that a submit reads."""
    return {"pk": f"FORM#{form_id}", "sk": "FORM"}


def counts(form_id: str) -> dict[str, str]:
    """Return the key of the item that says how many submissions lie in each folder."""
    return {"pk": f"FORM#{form_id}", "sk": "COUNTS"}


def lessons(form_id: str) -> dict[str, str]:
    """Return the key of the item of what the form's owner has taught by filing."""
    return {"pk": f"FORM#{form_id}", "sk": "BAYES"}


def days(form_id: str, month: str) -> dict[str, str]:
    """Return the key of the item of what came to the form on each day of a month (2026-11)."""
    return {"pk": f"FORM#{form_id}", "sk": f"DAYS#{month}"}


def tally(form_id: str, day: str, lane: int) -> dict[str, str]:
    """Return the key of one of the items of what was in what came on a day (2026-11-27)."""
    return {"pk": f"FORM#{form_id}", "sk": f"TALLY#{day}#{lane}"}


def visits(form_id: str, shard: int) -> str:
    """Return the partition key of a share of the form's visits, which lie there until they are counted."""
    return f"VISITS#{form_id}#S{shard}"


def arriving(policy: "Item", folder: str) -> "Item":
    """Return what a submission says of where it lies that the judge puts into the folder.

    A form that stores nothing passes it on; of spam that is put off until somebody says that it is none.
    """
    if policy.get("store", True):
        return {"folder": folder}
    return {"folder": PASSING if folder == "inbox" else folder, "passes": True}


def leading(item: "Item", folder: str) -> str:
    """Return where a move to the folder leads: what is only passed on is never stored, whatever its form says now."""
    return PASSING if item.get("passes") and folder in {"inbox", "archive"} else folder


def lasting(policy: "Item", folder: str, received: float, now: float) -> dict[str, int]:
    """Return what a submission that comes into the folder now says of its end, in seconds since 1970.

    `folder_ends` is when the folder lets it go, whatever the form's setting becomes; `expires_at` is the table's TTL.
    """
    said = {"folder_ends": int(now) + KEPT_SECONDS[folder]} if folder in KEPT_SECONDS else {}
    over = end(policy, folder, received, said.get("folder_ends"))
    return said if over is None else said | {"expires_at": over}


def end(policy: "Item", folder: str, received: float, folder_ends: int | None) -> int | None:
    """Return when a submission is over: its folder's end or that of the form's retention, whichever is first."""
    days = policy.get("retention_days") if folder != PASSING else None
    ends = [moment for moment in (folder_ends, days and int(received) + days * DAY) if moment]
    return min(ends, default=None)


def partition(form_id: str, folder: str, shard: int) -> str:
    """Return the partition key of a folder's nth share; its sort keys are ULIDs whose last character tells n."""
    return f"FORM#{form_id}#{folder}#S{shard}"


def idempotency(form_id: str, key_hash: str) -> dict[str, str]:
    """Return the key of the item that remembers an Idempotency-Key for a day."""
    return {"pk": f"IDEMPOTENCY#{form_id}#{key_hash}", "sk": "IDEMPOTENCY"}
