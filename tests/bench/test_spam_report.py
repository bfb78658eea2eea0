import subprocess
import sys

from infra.local.template import ROOT
from tests.bench import spam_report

SPAM, HAM = "[url=http://x{n}.top]free spins[/url], you have won", "See you at the station at {n}, love"


def folder(path):
    """A folder with two small sets, laid out as the public ones are."""
    rows = [(SPAM if n % 3 == 0 else HAM).format(n=n) for n in range(240)]
    labels = ["spam" if n % 3 == 0 else "ham" for n in range(240)]
    (path / "sms.tsv").write_text("Label\tSMS\n" + "".join(map("{}\t{}\n".format, labels, rows)))
    lines = [
        f'i{n},Ada,2015-05-29,"{text}",{int(label == "spam")}'
        for n, (text, label) in enumerate(zip(rows, labels, strict=True))
    ]
    (path / "youtube-01-x.csv").write_text("\n".join(["COMMENT_ID,AUTHOR,DATE,CONTENT,CLASS", *lines]))
    return path


def test_each_set_is_judged_by_the_signals_by_the_other_sets_and_by_its_own_beginning(tmp_path):
    header, _, *rows = spam_report.report(spam_report.read(folder(tmp_path)))
    assert header.count("|") == rows[0].count("|") == 7
    assert len(rows) == 2 * 7
    assert rows[0] == "| sms: 120, 33 % spam | signals | 1.00 | 1.00 | 0.0 % | 1.00 |"
    assert rows[7].startswith("| youtube-01-x: 120, 33 % spam | signals |")
    assert rows[1] == "| | table of the other sets | 1.00 | 1.00 | 0.0 % | 1.00 |"


def test_a_mark_that_nothing_reaches_finds_none_and_draws_count_half():
    messages = [({"message": "a"}, True), ({"message": "b"}, False)]
    assert spam_report.judged(lambda _: 1.0, 5.0, messages) == "none found | 0.00 | 0.0 % | 0.50"
    assert (
        spam_report.judged(lambda fields: 9.0 * (fields["message"] == "b"), 5.0, messages)
        == "0.00 | 0.00 | 100.0 % | 0.00"
    )


def test_without_the_folder_it_says_what_it_needs(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.spam_report", str(tmp_path)],
        cwd=ROOT, env={"PYTHONPATH": "layers/core"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "DATA=folder" in done.stderr
