"""A file that is written anew is there whole, whenever the writer dies."""

from pathlib import Path

import pytest

from infra.local import files


@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_a_writer_that_dies_leaves_what_was_there(tmp_path, monkeypatch, step):
    file = tmp_path / "kept.json"
    files.write(file, "before")

    with monkeypatch.context() as dying:
        dying.setattr(Path, step, _die)
        with pytest.raises(KeyboardInterrupt):
            files.write(file, "after")

    assert file.read_text() == "before"
    files.write(file, "again")
    assert file.read_text() == "again"


def test_nobody_else_reads_what_is_a_secret(tmp_path):
    file = tmp_path / "secret"
    files.write(file, "secret", mode=0o600)

    assert file.stat().st_mode & 0o077 == 0


def _die(*_):
    raise KeyboardInterrupt
