"""The process of the second engine as whoever started it sees it: what it is told, and who ends it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from eligibility.engines import durable_process
from eligibility.engines.durable import DurableEngine
from eligibility.engines.durable_process import LostError, Process
from tests.engines.random_rulebooks import Rulebooks

DIES = [sys.executable, "-c", "pass"]
AT_ONCE = 60
"""Seconds that nothing which happens at once can take."""


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    """A process that is gone before it has answered anything."""
    monkeypatch.setattr(durable_process, "_PROGRAM", DIES)
    process = Process(10 * AT_ONCE)
    yield process
    process.end()


def test_what_was_asked_of_a_process_that_is_gone_is_given_up_at_once(dead: Process) -> None:
    asked = [dead.ask("conclude", "v1", {}) for _ in range(3)]
    asked.append(dead.ask("conclude", "v1", {}))
    for one in asked:
        assert isinstance(one.exception(AT_ONCE), OSError | ValueError)
        with pytest.raises(LostError):
            dead.answer(one)
    dead._carrier.join(AT_ONCE)
    assert isinstance(dead.ask("conclude", "v1", {}).exception(AT_ONCE), OSError)


def test_a_process_that_cannot_be_started_answers_nothing_and_has_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_process, "_PROGRAM", ["/nowhere/at-all"])
    process = Process(AT_ONCE)
    assert process.id is None
    assert isinstance(process.ask("conclude", "v1", {}).exception(AT_ONCE), OSError)
    process.end()


def test_an_answer_that_tells_of_an_error_is_none(dead: Process) -> None:
    asked = dead.ask("conclude", "v1", {})
    asked.exception(AT_ONCE)
    failed: Any = type(asked)()
    failed.set_result({"error": "KeyError"})
    with pytest.raises(LostError, match="KeyError"):
        dead.answer(failed)


def test_the_process_does_not_hear_the_terminals_interrupt() -> None:
    with DurableEngine() as engine:
        engine.start()
        assert engine.process_id is not None
        assert os.getsid(engine.process_id) == engine.process_id


class _NeverEnds:
    """Stands for a process that goes on after its standard input has ended."""

    def __init__(self) -> None:
        self.killed = False

    def wait(self, seconds: float) -> None:
        raise subprocess.TimeoutExpired("it", seconds)

    def kill(self) -> None:
        self.killed = True


def test_a_process_that_does_not_end_by_itself_is_ended() -> None:
    process: Any = _NeverEnds()
    durable_process._wait_or_kill(process)
    assert process.killed


def test_a_process_lost_after_another_took_over_is_ended_and_the_other_goes_on() -> None:
    with DurableEngine() as engine:
        engine.start()
        now, lost = engine._process, Process(AT_ONCE)
        engine._lost(lost, twice=False)
        assert lost._process is not None
        assert lost._process.returncode is not None
        assert engine._process is now
        assert now is not None
        assert now._process is not None
        assert now._process.poll() is None


def test_a_version_is_retired_without_a_word_to_a_process_that_has_not_learnt_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = Rulebooks(9).book()
    told: list[str] = []
    monkeypatch.setattr(durable_process, "_PROGRAM", DIES)
    monkeypatch.setattr(Process, "ask", lambda _, what, *__: told.append(what))
    with DurableEngine() as engine:
        engine.prepare(book)
        engine.close()
        engine.start()
        engine.retire(book)
    assert told == ["learn"]


def test_after_a_fork_the_process_of_the_parent_is_let_go_and_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go: list[Process] = []

    def noted(process: Process) -> None:
        let_go.append(process)

    monkeypatch.setattr(durable_process, "_PROGRAM", DIES)
    monkeypatch.setattr(Process, "let_go", noted)
    with DurableEngine() as engine:
        engine.start()
        parents, ends = engine._process, engine._ends
        assert parents is not None
        assert ends is not None
        engine._forked()
        assert let_go == [parents]
        assert not ends.alive
        assert engine.process_id is None
        parents.end()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # from Python 3.12 on
def test_a_forked_process_knows_of_no_process_of_its_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(durable_process, "_PROGRAM", DIES)
    with DurableEngine() as engine:
        engine.start()
        assert engine.process_id is not None
        forked = os.fork()
        if forked == 0:
            os._exit(0 if engine.process_id is None else 1)
        assert os.waitpid(forked, 0) == (forked, 0)
