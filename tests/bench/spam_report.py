"""Report how the spam signals and the Bayes table do on public labelled text: `make spam-report DATA=folder`.

The folder holds `sms.tsv` (a header line; label, tab, text) and `youtube-*.csv` (AUTHOR, CONTENT, CLASS). They are no
part of the project, and nothing is tuned on them: the weights stood before the first run. None is contact-form text.
"""

import csv
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from pillarbox import bayes, signals

type Message = tuple[dict[str, Any], bool]  # fields, whether it is labelled spam
type Judge = Callable[[dict[str, Any]], float]

SURE = (
    signals.THRESHOLD / 2
)  # the table alone never reaches the threshold, by design: so it is asked whether it is sure
FIRST = 50  # messages: what an owner may file in the first weeks


def read(folder: Path) -> dict[str, list[Message]]:
    """Return the sets by name, each in its file's order."""
    sets: dict[str, list[Message]] = {}
    lines = (folder / "sms.tsv").read_text(encoding="utf-8").splitlines()[1:]
    sets["sms"] = [({"message": text}, label == "spam") for label, _, text in (line.partition("\t") for line in lines)]
    for path in sorted(folder.glob("youtube-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            sets[path.stem] = [
                ({"name": row["AUTHOR"], "message": row["CONTENT"].removesuffix("\ufeff")}, row["CLASS"] == "1")
                for row in csv.DictReader(file)
            ]
    return sets


def table(filed: Iterable[Message]) -> str:
    """Return the table of a form whose owner filed these messages."""
    counts: dict[int, tuple[int, int]] = {}
    totals = {True: 0, False: 0}
    for fields, spam in filed:
        totals[spam] += 1
        bayes.learn(counts, bayes.tokens(fields), spam=spam)
    return bayes.pack(counts, totals[False], totals[True])


def by_signals(packed: str | None) -> Judge:
    return lambda fields: signals.score(fields, settings={}, context={}, bayes=packed)[0]


def by_table(packed: str) -> Judge:
    return lambda fields: bayes.weigh(packed, fields)


def judged(judge: Judge, mark: float, messages: list[Message]) -> str:
    """Return the cells precision and recall at the mark, false alarms among the honest, and AUC."""
    scores = [(judge(fields), spam) for fields, spam in messages]
    bad = [score for score, spam in scores if spam]
    good = [score for score, spam in scores if not spam]
    hits, alarms = (sum(score >= mark for score in some) for some in (bad, good))
    precision = f"{hits / (hits + alarms):.2f}" if hits + alarms else "none found"
    return f"{precision} | {hits / len(bad):.2f} | {100 * alarms / len(good):.1f} % | {auc(bad, good):.2f}"


def auc(bad: list[float], good: list[float]) -> float:
    """Return how often a spam message scores above an honest one, draws counting half: 0.5 is chance."""
    good = sorted(good)
    below = sum(bisect_left(good, score) + bisect_right(good, score) for score in bad)
    return below / (2 * len(bad) * len(good))


def report(sets: dict[str, list[Message]]) -> list[str]:
    """Return the lines of a Markdown table. All judges of a set are held to its second half, so that they compare."""
    lines = [
        "| set, its second half | judged by | precision | recall | false alarms | AUC |",
        "|---|---|---|---|---|---|",
    ]
    for name, messages in sets.items():
        middle = len(messages) // 2
        held_out = messages[middle:]
        share = sum(spam for _, spam in held_out) / len(held_out)
        title = f"{name}: {len(held_out):,}, {100 * share:.0f} % spam"
        lines.append(f"| {title} | signals | {judged(by_signals(None), signals.THRESHOLD, held_out)} |")
        for taught, filed in {
            "the other sets": [message for other, theirs in sets.items() if other != name for message in theirs],
            f"its first {FIRST}": messages[:FIRST],
            f"its first {middle:,}": messages[:middle],
        }.items():
            packed = table(filed)
            lines.append(f"| | table of {taught} | {judged(by_table(packed), SURE, held_out)} |")
            lines.append(f"| | signals and that table | {judged(by_signals(packed), signals.THRESHOLD, held_out)} |")
    return lines


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else None
    if folder is None or not (folder / "sms.tsv").is_file():
        sys.exit("Say where the labelled sets are: make spam-report DATA=folder, with sms.tsv and youtube-*.csv in it.")
    sys.stdout.write("\n".join(report(read(folder))) + "\n")


if __name__ == "__main__":
    main()
