"""What docs/privacy.md promises in figures is what the code does."""

import re

from infra.local.cloudformation import load
from infra.local.template import ROOT
from infra.redrive import OLDEST_DELIVERY
from pillarbox import attempts, audit, deliveries, erasures, exports, places, retention

DOCUMENT = (ROOT / "docs" / "privacy.md").read_text()
DEPLOYING = (ROOT / "docs" / "deploy.md").read_text()


def told(words):
    return " ".join(words.split()) in " ".join(DOCUMENT.split())


def test_how_long_things_are_kept():
    days = places.KEPT_SECONDS["spam"] // places.DAY
    assert places.KEPT_SECONDS["trash"] == places.KEPT_SECONDS["spam"]
    assert told(f"1 to {retention.MOST_DAYS:,} days")
    assert told(f"Spam and trash keep theirs {days} days")
    assert told(f"Spam waits {days} days in its folder")
    assert places.KEPT_SECONDS[places.PASSING] == 11 * places.DAY
    assert told("Eleven days after it came it is gone in any case")
    assert told(f"as long as the submission, {deliveries.KEPT_SECONDS // places.DAY} days at most")
    assert told(f"itself deleted after {erasures.KEPT_SECONDS // places.DAY} days")
    assert told(f"activity for {audit.KEPT_SECONDS // places.DAY} days")
    assert told(f"a copy of everything that you asked for | in a bucket, {exports.KEPT_SECONDS // places.DAY} days")
    assert told(f"more than {attempts.LIMITS['erasure'].free} in a day")


def test_how_long_what_failed_is_kept():
    (bucket,) = load(ROOT / "infra" / "failures.yaml")["Resources"].values()
    days = bucket["Properties"]["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"]
    assert told(f"in a bucket, {days} days, or until it is")
    assert f"older than {OLDEST_DELIVERY // places.DAY} days" in DEPLOYING


def test_a_receipt_has_the_properties_that_are_shown():
    (shown,) = re.findall(r"```\n(\{.*?\})\n```", DOCUMENT, re.DOTALL)

    names = set(re.findall(r'"(\w+)"', shown)) - {"running", "done"}
    assert names == {*erasures.Erasure.model_fields, *erasures.ErasedForm.model_fields}
