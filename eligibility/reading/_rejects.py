"""The file beside the input that holds the rows set aside, so that they can be put right and run again."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from eligibility.errors import EdtravelError, UsageError
from eligibility.reading._records import Rejected

COLUMNS = ("row", "reason", "case")
WHOLE_FILE = "the whole file"  # stands in row 0 for a case: no part of the file could be used


def rejects_paths(sources: Sequence[str | Path]) -> dict[str, Path]:
    """Where the rejects of each source go: `cases.csv` to `cases.rejects.csv`, `-` to `stdin.rejects.csv`.

    Two sources that differ only in their extension keep it: `cases.csv.rejects.csv`.
    """
    names = dict.fromkeys(str(source) for source in sources)
    short = {name: _beside(name, "") if name == "-" else Path(name).with_suffix("") for name in names}
    shared = Counter(short.values())
    return {name: _beside(name, "" if shared[path] == 1 else Path(name).suffix) for name, path in short.items()}


def _beside(name: str, suffix: str) -> Path:
    if name == "-":
        return Path("stdin.rejects.csv")
    path = Path(name)
    return path.with_name(f"{path.stem}{suffix}.rejects.csv")


class RejectsWriter:
    """A CSV file with the columns row, reason and case, made when the first rejection is added.

    Raises EdtravelError where the file cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.replaces = False
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, rejected: Rejected, *, name_source: bool = False) -> None:
        """Write one rejection; with `name_source` the reason begins with the file it came from."""
        parts = (rejected.source if name_source else "", rejected.place, rejected.reason)
        reason = ": ".join(part for part in parts if part)
        try:
            if self._file is None:
                self.replaces = self.path.exists()
                self._file = self.path.open("w", encoding="utf-8", errors="backslashreplace", newline="")
                self._writer = csv.writer(self._file)
                self._writer.writerow(COLUMNS)
            self._writer.writerow((rejected.row, reason, rejected.raw or ("" if rejected.row else WHOLE_FILE)))
        except OSError as error:
            raise self._failure(error) from None
        self.count += 1

    def close(self) -> None:
        """Finish the file, if there is one."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError as error:
                raise self._failure(error) from None

    def _failure(self, error: OSError) -> EdtravelError:
        reason = (error.strerror or "the device failed").lower()
        return EdtravelError(f"{self.path}: the rejected rows cannot be written ({reason})")


class Rejects:
    """All rejections of a run: one file if `path` is given, otherwise one beside each source.

    Raises UsageError at once where a rejects file would overwrite one of the sources.
    """

    def __init__(self, sources: Sequence[str | Path], path: Path | None = None) -> None:
        paths = rejects_paths(sources)
        self._name_source = path is not None and len(paths) > 1
        if path is not None:
            paths = dict.fromkeys(paths, path)
        inputs = {Path(name).resolve() for name in paths if name != "-"}
        for target in paths.values():
            if target.resolve() in inputs:
                raise UsageError(f"{target}: the rejected rows would overwrite this input; name another file")
        writers = {target: RejectsWriter(target) for target in paths.values()}
        self._writers = {source: writers[target] for source, target in paths.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, rejected: Rejected) -> None:
        """Write one rejection to the file of its source."""
        self._writers[rejected.source].add(rejected, name_source=self._name_source)

    @property
    def count(self) -> int:
        """How many cases and files were set aside."""
        return sum(writer.count for writer in self._distinct())

    @property
    def counts(self) -> dict[Path, int]:
        """How many cases and files were set aside into each rejects file that was made."""
        return {writer.path: writer.count for writer in self._distinct() if writer.count}

    @property
    def written(self) -> list[Path]:
        """The rejects files that were made."""
        return [writer.path for writer in self._distinct() if writer.count]

    @property
    def replaced(self) -> list[Path]:
        """Those of the rejects files in whose place another stood, of an earlier run or another input."""
        return [writer.path for writer in self._distinct() if writer.replaces]

    def _distinct(self) -> list[RejectsWriter]:
        return list(dict.fromkeys(self._writers.values()))
