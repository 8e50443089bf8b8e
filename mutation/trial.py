"""Trying mutants in copies of the checkout, so that the checkout itself is never wrong."""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import subprocess
import sys
import tarfile
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from mutation.mutants import Mutant
from mutation.results import Results
from mutation.subjects import tried_by

WORKER = Path(__file__).with_name("worker.py")
Trial = tuple[Mutant, str]


class Trials:
    """Copies of the commit checked out, each with a worker that tries one mutant after another."""

    def __init__(self, project: Path, results: Results, pupils: int, jobs: int, patience: float) -> None:
        self._results, self._pupils, self._patience = results, pupils, patience
        self.fails_anyway: list[str] = []
        # Its path to the top of the project and nothing else: what is not committed is not tried.
        head = ["git", "rev-parse", "HEAD"]
        self._commit = subprocess.run(head, cwd=project, capture_output=True, check=True, text=True).stdout.strip()
        packed = subprocess.run(["git", "archive", self._commit], cwd=project, capture_output=True, check=True).stdout  # noqa: S607
        self._folder = tempfile.TemporaryDirectory(prefix="mutation-")
        self._copies = [Path(self._folder.name, str(number)) for number in range(jobs)]
        for copy in self._copies:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(copy, filter="data")
            # By its hash and not by its day, so that a compiled file is never taken for that of a mutant.
            compiled = ["-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "eligibility", "tests"]
            subprocess.run([sys.executable, *compiled], cwd=copy, check=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def run(self, waiting: Sequence[Trial]) -> Iterator[Mutant]:
        """Try each, keep what became of it, and say which is done."""
        for tests in ("policy", "code", "both", "engines"):
            some = [one for one in waiting if tried_by(one[0]) == tests]
            if some:
                yield from self._run(some, tests)

    def _run(self, waiting: Sequence[Trial], tests: str) -> Iterator[Mutant]:
        left: queue.SimpleQueue[Trial] = queue.SimpleQueue()
        for one in waiting:
            left.put(one)
        done: queue.SimpleQueue[Mutant | BaseException] = queue.SimpleQueue()
        self.fails_anyway = self._failing(waiting[0][0].file, tests)
        for copy in self._copies:
            threading.Thread(target=self._work, args=(copy, tests, left, done), daemon=True).start()
        for _ in waiting:
            finished = done.get()
            if isinstance(finished, BaseException):
                raise finished
            yield finished

    def _failing(self, file: str, tests: str) -> list[str]:
        """The tests that fail with nothing changed, found once for each commit."""
        text = (self._copies[0] / file).read_text(encoding="utf-8")
        control = Mutant("nothing changed", f"commit {self._commit}", 0, tests, "", 0, 0)
        if (known := self._results.by(control, self._commit)) is None:
            with self._worker(self._copies[0], tests) as worker:
                said = self._ask(worker, {"file": file, "text": text, "changed": False})
            if said["by"] and not said["by"].startswith("tests/"):
                raise RuntimeError(f"with nothing changed, {said['by']}")
            self._results.add(control, self._commit, said)
            known = said["by"]
        return known.split()

    def _work(
        self,
        copy: Path,
        tests: str,
        left: queue.SimpleQueue[Trial],
        done: queue.SimpleQueue[Mutant | BaseException],
    ) -> None:
        try:
            with self._worker(copy, tests) as worker:
                while not left.empty():
                    mutant, text = left.get_nowait()
                    asked = {"file": mutant.file, "text": text, "first": self._results.first(mutant.file)}
                    self._results.add(mutant, text, self._ask(worker, asked))
                    done.put(mutant)
        except queue.Empty:
            return
        except BaseException as error:  # noqa: BLE001 - to be raised where the run is waited for
            done.put(error)

    @contextlib.contextmanager
    def _worker(self, copy: Path, tests: str) -> Iterator[subprocess.Popen[str]]:
        words = [sys.executable, "-P", str(WORKER), tests, str(self._pupils)]
        own = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        with subprocess.Popen(
            words, cwd=copy, env=os.environ | own, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as worker:
            yield worker

    def _ask(self, worker: subprocess.Popen[str], asked: Mapping[str, object]) -> dict[str, str]:
        if worker.stdin is None or worker.stdout is None:
            raise RuntimeError("the worker has no pipes")
        usual = {"first": [], "then": self._results.then(), "fails_anyway": self.fails_anyway, "changed": True}
        whole = {**usual, "patience": self._patience, **asked}
        worker.stdin.write(json.dumps(whole) + "\n")
        worker.stdin.flush()
        said = worker.stdout.readline()
        if not said:
            raise RuntimeError("the worker ended; what it said stands above")
        answer: dict[str, str] = json.loads(said)
        return answer
