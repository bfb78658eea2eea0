"""Tell when a file changes that what runs is made of."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import watchfiles

FOLDERS = ("functions", "layers", "infra")


@contextmanager
def watching(root: Path, changed: Callable[[list[str]], None]) -> Iterator[None]:
    """Call `changed` with the paths, relative to root, whenever some of them changed: never twice at once."""
    stop, one_at_a_time = threading.Event(), threading.Lock()

    def follow(paths: list[Path], *, recursive: bool) -> None:
        for changes in watchfiles.watch(*paths, recursive=recursive, stop_event=stop, debounce=400, step=50):
            names = sorted({str(Path(path).relative_to(root)) for _, path in changes})
            if not recursive:
                names = [name for name in names if name == "template.yaml"]
            if names:
                with one_at_a_time:
                    changed(names)

    # Editors replace a file rather than write to it, so the folder of template.yaml is watched, not the file.
    threads = [
        threading.Thread(target=follow, args=([root],), kwargs={"recursive": False}),
        threading.Thread(
            target=follow,
            args=([root / name for name in FOLDERS if (root / name).exists()],),
            kwargs={"recursive": True},
        ),
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
