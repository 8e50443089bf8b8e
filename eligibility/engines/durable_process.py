"""The supervised process of the second engine: started, asked, waited for so long and no longer, and ended."""

from __future__ import annotations

import io
import json
import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

_PROGRAM = [sys.executable, "-P", "-W", "ignore", str(Path(__file__).with_name("durable_child.py"))]
"""-P: the folder of the program must not come before the packages, since it holds a `durable` of its own."""
_SECONDS_TO_DIE = 5
_let_go: list[object] = []
"""What belongs to the parent of a fork and must never be closed or collected here."""


class LostError(Exception):
    """The process died, hangs, or could not answer."""


class Process:
    """The process, and a thread that hands it one request after the other and takes its answers.

    `seconds` is how long one answer is waited for. Raises LostError, only when answers are waited for.
    """

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self.requests = 0
        """How many were handed over."""
        self._requests: queue.SimpleQueue[tuple[bytes, Future[dict[str, Any]]] | None] = queue.SimpleQueue()
        self._over = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        # A session of its own: Ctrl-C at the terminal is for whoever asks, who then ends it.
        with suppress(OSError):
            self._process = subprocess.Popen(
                _PROGRAM,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,
            )
        self._carrier = threading.Thread(target=self._carry, name="durable-rules", daemon=True)
        self._carrier.start()

    @property
    def id(self) -> int | None:
        """The number of the process; None where it could not be started."""
        return self._process.pid if self._process else None

    def ask(self, what: str, *having: Any) -> Future[dict[str, Any]]:
        """Hand over a request and go on."""
        asked: Future[dict[str, Any]] = Future()
        request = {"do": what, "with": having, "seconds": 2 * self._seconds}
        self._requests.put((json.dumps(request).encode() + b"\n", asked))
        self.requests += 1
        if self._over.is_set():
            self._give_up()
        return asked

    def answer(self, asked: Future[dict[str, Any]]) -> dict[str, Any]:
        """Wait for the answer to a request. Raises LostError where none comes in time, or only that it failed."""
        try:
            answer = asked.result(timeout=self._seconds)
        except (TimeoutError, OSError, ValueError) as error:
            raise LostError from error
        if "error" in answer:
            raise LostError(answer["error"])
        return answer

    def end(self) -> None:
        """Kill the process and wait until it is gone; what was asked and not answered is lost."""
        self._requests.put(None)
        if self._process is not None:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_SECONDS_TO_DIE)
        self._carrier.join(_SECONDS_TO_DIE)

    def finish(self) -> None:
        """Let the process answer what it was asked and then end, without waiting for it."""
        self._requests.put(None)

    def let_go(self) -> None:
        """In a forked process: close its copies of the pipes alone, so that the end of the parent is still seen."""
        _let_go.append(self)
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError, ValueError):
                        os.close(pipe.fileno())
            self._process.returncode = 0

    def _carry(self) -> None:
        """Write each request and read its answer, until told to stop or the process is gone."""
        process = self._process
        try:
            if process is None or process.stdin is None or process.stdout is None:
                return
            with process.stdin as into, io.BufferedReader(process.stdout) as out:  # type: ignore[type-var]  # unbuffered, so raw
                while (request := self._requests.get()) is not None:
                    _carry_one(into, out, *request)
            _wait_or_kill(process)  # its standard input has ended
        except (OSError, ValueError):
            pass  # the process is gone
        finally:
            self._over.set()
            self._give_up()

    def _give_up(self) -> None:
        """Tell everyone who still waits that no answer will come."""
        with suppress(queue.Empty):
            while True:
                request = self._requests.get_nowait()
                if request is not None:
                    request[1].set_exception(OSError("the process is gone"))


def _wait_or_kill(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_SECONDS_TO_DIE)
    except subprocess.TimeoutExpired:
        process.kill()


def _carry_one(into: Any, out: Any, line: bytes, asked: Future[dict[str, Any]]) -> None:
    """One request and its answer. Raises OSError where the process is gone, ValueError where it answers nonsense."""
    try:
        left = memoryview(line)
        while left:
            left = left[into.write(left) :]
        asked.set_result(json.loads(out.readline()))
    except (OSError, ValueError) as error:
        asked.set_exception(error)
        raise
