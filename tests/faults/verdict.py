"""What has to be true after a run of faults, whatever went wrong."""

import json
from collections import Counter
from typing import Any

from pillarbox import counts, deliveries, ids, places, table
from pillarbox.deliveries import Delivery
from tests.faults.world import EVENTS, EVERY, World

type Found = dict[str, dict[str, list[table.Item]]]  # by form and id: as often as it is stored

ENDS = {"done", "failed", "dropped", "bounced", "complained"}


class Verdict:
    def __init__(self, world: World) -> None:
        """Look at everything; `wrong` has a sentence for each thing that isn't as promised."""
        self.world = world
        self.wrong: list[str] = []
        self.states: Counter[str] = Counter()
        self.found = stored(world.forms)
        self.wrong += not_once(world.visitors.accepted, self.found)
        self._each_told()
        self._no_call_after_success()
        self.wrong += miscounted(self.found)
        self._poison_put_aside()

    def counts(self) -> dict[str, Any]:
        calls = self.world.calls
        return {
            "accepted": len(self.world.visitors.accepted),
            "stored": sum(map(len, self.found.values())),
            "deliveries": dict(sorted(self.states.items())),
            "calls of receivers": sum(calls.values()),
            "repeated under the same webhook-id": sum(times - 1 for times in calls.values()),
            "calls after a recorded success": len(self.world.late),
            "faults": dict(sorted(self.world.counts.items())),
        }

    def _each_told(self) -> None:
        visitors = self.world.visitors
        for form_id, stored in self.found.items():
            for submission_id in stored:
                made = {(one.target, one.event): one for one in deliveries.of_submission(form_id, submission_id)}
                self.states.update(one.state for one in made.values())
                self._ended(list(made.values()))
                if submission_id not in visitors.accepted or submission_id in visitors.unsure:
                    continue
                spam = submission_id in visitors.spam
                events = {"spam"} if spam else {"created"}
                if submission_id in visitors.saved:
                    events.add("created")
                wanted = {
                    (hook, event)
                    for hook, temper in self.world.hooks[form_id].items()
                    for event in events & set(EVENTS[temper])
                }
                if "created" in events and form_id != self.world.forms[EVERY.index("never")]:
                    wanted.add((self.world.owner.account.email, "created"))
                told = {(target, event) for target, event in made if event in {"created", "spam"}}
                if told != wanted:
                    self.wrong.append(f"{submission_id}: told {sorted(told)}, and not {sorted(wanted)}.")

    def _ended(self, made: list[Delivery]) -> None:
        for one in made:
            if one.state not in ENDS:
                self.wrong.append(f"{one.id} is still {one.state}.")
            if one.kind != "webhook":
                continue  # SES may refuse for good, and a digest is done for all that it holds
            if one.state == "done" and not self.world.taken[one.id]:
                self.wrong.append(f"{one.id} is done, and no receiver took it.")
            if one.state == "failed" and (len(one.log) < deliveries.MOST_LOGGED or any(try_.ok for try_ in one.log)):
                self.wrong.append(f"{one.id} failed after {len(one.log)} tries.")

    def _no_call_after_success(self) -> None:
        self.wrong += [f"{message_id} was not signed as it should." for message_id in self.world.forged]
        self.wrong += [f"{message_id} was called after its success was recorded." for message_id in self.world.late]

    def _poison_put_aside(self) -> None:
        for stream in self.world.streams:
            poison = sum(map(_poison, stream.aside.values()))
            if poison < self.world.counts["poison"]:
                self.wrong.append(f"Of {self.world.counts['poison']} poison records {poison} were put aside.")
            again = sum(not _poison(record) for record in stream.aside.values())
            self.world.counts["put aside, and handed over again"] += again


def _poison(record: dict[str, Any]) -> int:
    return sum("poison" in one["dynamodb"].get("NewImage", {}) for one in json.loads(record["payload"])["Records"])


def stored(form_ids: list[str]) -> Found:
    """Return what lies in all folders of some forms, but for poison."""
    found: Found = {form_id: {} for form_id in form_ids}
    for form_id, some in found.items():
        for folder in places.FOLDERS:
            for shard in range(ids.MAX_SHARDS):
                for item in table.query_all(places.partition(form_id, folder, shard)):
                    if "poison" not in item:
                        some.setdefault(item["sk"], []).append(item)
    return found


def not_once(accepted: dict[str, str], found: Found) -> list[str]:
    """Return a sentence for each accepted submission, of the forms by id, that isn't stored once."""
    times = {submission_id: len(found[form_id].get(submission_id, ())) for submission_id, form_id in accepted.items()}
    return [f"{one} was accepted and is stored {number} times." for one, number in times.items() if number != 1]


def miscounted(found: Found) -> list[str]:
    """Return a sentence for each counter that isn't what a recount gives."""
    wrong = []
    for form_id, told in counts.of(list(found)).items():
        for folder in places.FOLDERS:
            items = [item for some in found[form_id].values() for item in some if item["folder"] == folder]
            recount = {"total": len(items), "unread": sum(not item["read"] for item in items)}
            if told[folder] != recount:
                wrong.append(f"{form_id}, {folder}: counted {told[folder]}, and there are {recount}.")
    return wrong
