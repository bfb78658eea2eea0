"""Filing: what moving, marking and remarking write of a submission, and what the stream's readers are told of it."""

import time

from pillarbox import ids, places, table


def filed(old: table.Item, folder: str) -> table.Item:
    """Return what a move to the folder teaches the form's spam filter, as attributes of the submission.

    Moving it across the line between spam and the rest, against where the filter had put it, is a lesson; moving it
    back takes that lesson back. Trash says nothing either way.
    """
    sorted_as = old.get("sorted_as") or ("spam" if old["folder"] == "spam" else "kept")
    taught = old.get("taught", False)
    teaches = taught if folder == "trash" else (folder == "spam") != (sorted_as == "spam")
    return {"sorted_as": sorted_as, "taught": teaches, "lesson": teaches - taught}


def announced(new: table.Item) -> table.Item:
    """Return what tells the stream's readers of a move: one that saves it from spam is as good as its coming.

    So is one back from where whoever sent it has confirmed their address (`answering.note`), which nobody was told of.
    """
    change, back = ids.ulid(), new["folder"] in {"inbox", "archive", places.PASSING}
    is_spam = new["sorted_as"] == "spam"
    saves = back and not new.get("saved", not is_spam)
    told = {"announce": "restored", "saved": True} if saves else {"announce": "updated"}
    rescue = {"rescued": change} if back and is_spam and "rescued" not in new else {}  # for good: it is counted once
    return told | rescue | {"change": change}


def rescues(moved: table.Item) -> bool:
    """Whether it came to lie here by the move that first saved it from where the spam filter had put it."""
    return "rescued" in moved and moved["rescued"] == moved["change"]


def remarked(old: table.Item, tags: list[str] | None, note: str | None) -> table.Item:
    """Return the attributes that tags and a note change; nothing when they are what they were."""
    before = {"tags": old.get("tags", []), "note": old.get("note", "")}
    after = before | {name: said for name, said in (("tags", tags), ("note", note)) if said is not None}
    return {} if after == before else after | {"edition": old.get("edition", 0) + 1}


def write(old: table.Item, new: table.Item, form_id: str, policy: table.Item) -> None:
    """Write the change of a submission; Refused when another one was made since it was read.

    A move is a transaction, so that it is never in two folders or none.
    """
    seen = {":change": old["change"]} if "change" in old else None  # each change has an id: two are never alike
    same = "attribute_exists(pk) AND " + ("#change = :change" if seen else "attribute_not_exists(#change)")
    if new["folder"] == old["folder"]:
        changes = {name: value for name, value in new.items() if value != old.get(name)}
        if not changes:
            return
        new |= (told := {"announce": "updated", "change": ids.ulid()})
        table.update(table.key_of(old), changes | told, condition=same, values=seen)
        return
    new |= table.key(places.partition(form_id, new["folder"], ids.shard_of(new["sk"])), new["sk"])
    new |= filed(old, new["folder"])
    new |= announced(new)
    for name in ("expires_at", "folder_ends"):
        new.pop(name, None)
    new |= places.lasting(policy, new["folder"], ids.time_of(new["sk"]), time.time())
    same += "" if "confirmed" in old else " AND attribute_not_exists(confirmed)"
    table.transact(
        table.Delete(table.key_of(old), condition=same, values=seen),  # else a change made in between would be lost
        table.Put(new, condition="attribute_not_exists(pk)"),
    )
