"""Remembers which area files were found unchanged, so that opening one again need not read all of it.

A file is known by its path, size and times of last change. What is remembered is one small file in the user's cache
folder; where none can be written or read, an area is verified each time it is opened.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

_KEPT = 64  # areas; the oldest is forgotten first


def fingerprint(path: Path) -> list[int]:
    """What changes when the file at `path` is written to: its size and its times of change, in nanoseconds."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def is_remembered(path: Path, seen: list[int], content_hash: str) -> bool:
    """Whether this very file was verified before, and gave this hash."""
    return _read().get(str(path.resolve())) == [*seen, content_hash]


def remember(path: Path, seen: list[int], content_hash: str) -> None:
    """Keep that the file was verified; where that cannot be kept, nothing happens."""
    known = _read()
    known.pop(str(path.resolve()), None)
    known[str(path.resolve())] = [*seen, content_hash]
    kept = dict(list(known.items())[-_KEPT:])
    target = _file()
    draft = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_text(json.dumps(kept), encoding="utf-8")
        draft.replace(target)
    except OSError:
        return


def _file() -> Path:
    given = os.environ.get("XDG_CACHE_HOME", "")
    # The rule for this variable: a path that is not absolute counts as not given.
    folder = Path(given) if Path(given).is_absolute() else Path("~/.cache").expanduser()
    return folder / "edtravel" / "areas_verified.json"


def _read() -> dict[str, list[int | str]]:
    try:
        found = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RuntimeError):  # the last where nobody's home folder can be told
        return {}
    return found if isinstance(found, dict) else {}
