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
from typing import Any, Self

from mutation.mutants import Mutant
from mutation.order import NEW, Note, changed_by, in_order, read_notes
from mutation.results import Results
from mutation.subjects import code_files, tried_by

WORKER = Path(__file__).with_name("worker.py")
Trial = tuple[Mutant, str]


class Trials:
    """Copies of the commit checked out, each with a worker that tries one mutant after another."""

    def __init__(self, project: Path, results: Results, pupils: int, jobs: int, effort: float) -> None:
        self._results, self._pupils, self._effort = results, pupils, effort
        self.fails_anyway: list[str] = []
        self._notes: dict[str, Note] = {}
        # Its path to the top of the project and nothing else: what is not committed is not tried.
        head = ["git", "rev-parse", "HEAD"]
        self._commit = subprocess.run(head, cwd=project, capture_output=True, check=True, text=True).stdout.strip()
        packed = subprocess.run(["git", "archive", self._commit], cwd=project, capture_output=True, check=True).stdout  # noqa: S607 - as it is found
        self._folder = tempfile.TemporaryDirectory(prefix="mutation-")
        self._copies = [Path(self._folder.name, str(number)) for number in range(jobs)]
        for copy in self._copies:
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                archive.extractall(copy, filter="data")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._folder.cleanup()

    def run(self, waiting: Sequence[Trial]) -> Iterator[Mutant]:
        """Try each, keep what became of it, and say which is done."""
        for tests in ("policy", "code", "both", "engines"):
            some = [one for one in waiting if tried_by(one[0].file) == tests]
            if some:
                yield from self._run(some, tests)

    def _run(self, waiting: Sequence[Trial], tests: str) -> Iterator[Mutant]:
        left: queue.SimpleQueue[Trial] = queue.SimpleQueue()
        for one in waiting:
            left.put(one)
        done: queue.SimpleQueue[Mutant | BaseException] = queue.SimpleQueue()
        self._notes = self._noted(tests)
        self.fails_anyway = [test for test, note in self._notes.items() if note.fails]
        for copy in self._copies:
            threading.Thread(target=self._work, args=(copy, tests, left, done), daemon=True).start()
        for _ in waiting:
            finished = done.get()
            if isinstance(finished, BaseException):
                raise finished
            yield finished

    def _noted(self, tests: str) -> dict[str, Note]:
        """What is known of the tests. They are run with nothing changed the first time they are asked for."""
        if not (known := self._results.notes(tests)).exists():
            known.parent.mkdir(parents=True, exist_ok=True)
            half = known.with_suffix(".part")
            of_code = [file for file in code_files(self._copies[0]) if tried_by(file) == tests]
            with self._worker(self._copies[0], tests) as worker:
                worker.ask({"note": of_code, "into": str(half.absolute())})
            half.rename(known)
        return read_notes(known)

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
                    self._results.add(mutant, text, self._tried(worker, copy, mutant, text))
                    done.put(mutant)
        except queue.Empty:
            return
        except BaseException as error:  # noqa: BLE001 - to be raised where the run is waited for
            done.put(error)

    def _tried(self, worker: _Worker, copy: Path, mutant: Mutant, text: str) -> dict[str, str]:
        """What becomes of a mutant. A test that fails with nothing changed catches nothing."""
        right = (copy / mutant.file).read_text(encoding="utf-8")
        changed = changed_by(mutant, right)
        while True:
            tests = [test for test in worker.tests if test not in self.fails_anyway]
            order = in_order(tests, self._notes, changed, self._results.catches(mutant.file), self._effort)
            said = worker.ask({"file": mutant.file, "text": text, "order": order})
            by = said["by"]
            if said["verdict"] != "caught" or by in self._notes or by not in worker.tests:
                return said
            held = worker.ask({"file": mutant.file, "text": right, "order": [by]})
            if held["verdict"] == "survived":
                self._notes[by] = NEW
                return said
            self.fails_anyway.append(by)

    @contextlib.contextmanager
    def _worker(self, copy: Path, tests: str) -> Iterator[_Worker]:
        words = [sys.executable, "-P", str(WORKER), tests, str(self._pupils)]
        # Nothing compiled is kept, so that it is never taken for that of a mutant.
        own = {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
        with subprocess.Popen(
            words, cwd=copy, env=os.environ | own, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            yield _Worker(process)


class _Worker:
    """A worker at work: the tests it has collected, and what it answers."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the worker has no pipes")
        self._asked, self._said = process.stdin, process.stdout
        self.tests: list[str] = self._heard()

    def ask(self, request: Mapping[str, object]) -> dict[str, str]:
        self._asked.write(json.dumps(request) + "\n")
        self._asked.flush()
        answer: dict[str, str] = self._heard()
        if answer["verdict"] == "broken":
            raise RuntimeError(answer["by"])
        return answer

    def _heard(self) -> Any:
        said = self._said.readline()
        if not said:
            raise RuntimeError("the worker ended; what it said stands above")
        return json.loads(said)
