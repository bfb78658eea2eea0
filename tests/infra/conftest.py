"""The application as `sam build` leaves it, for this machine's processor."""

import subprocess
from pathlib import Path

import pytest

from infra.local import build


@pytest.fixture(scope="session")
def built() -> Path:
    return build.build(build.HOST, build.HOST_FOLDER, log=subprocess.DEVNULL)
