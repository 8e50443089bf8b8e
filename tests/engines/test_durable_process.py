"""The process of the second engine: killed, stopped, hung or forked beside, it loses no case and outlives nobody."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from eligibility.assess import Assessor
from eligibility.engines import durable, durable_process, reference
from eligibility.engines.durable import LOSSES_BEFORE_A_REST, DurableEngine
from eligibility.in_force import InForce
from eligibility.language.partial import Known
from tests.case_builder import FAITH, case
from tests.conftest import PROJECT
from tests.engines.random_rulebooks import Rulebooks
from tests.pupils import seeded

PATIENCE = 60  # seconds before a test gives up on what happens at once; nothing waits so long
DIES = [sys.executable, "-c", "pass"]
HANGS = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def engine() -> Iterator[DurableEngine]:
    with DurableEngine() as engine:
        yield engine


@pytest.fixture
def question() -> tuple[InForce, dict[str, Known]]:
    rulebooks = Rulebooks(7)
    return rulebooks.book(), rulebooks.facts()


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of one until its parent asks."""
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="ascii") as told:  # noqa: PTH123  # a path by number
            return told.read().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def wait_until_gone(pid: int) -> None:
    last = time.monotonic() + PATIENCE
    while is_running(pid):
        assert time.monotonic() < last, "the process is still there"
        time.sleep(0.02)


def test_killing_the_process_at_random_moments_loses_no_case() -> None:
    pupil, rng, over = seeded(11), random.Random(11), threading.Event()
    with Assessor() as assessor:

        def kill() -> None:
            while not over.wait(rng.choice([0.0, 0.01, 0.1, 0.3])):
                pid = assessor.second.process_id if assessor.second else None
                if pid is not None:
                    try:
                        os.kill(pid, signal.SIGKILL)
                    except ProcessLookupError:
                        continue

        killer = threading.Thread(target=kill)
        killer.start()
        alone = Assessor(second=None)
        try:
            for _ in range(60):
                asked = pupil()
                decision = assessor.assess(asked.case, on=asked.on, decided=asked.decided)
                expected = alone.assess(asked.case, on=asked.on, decided=asked.decided)
                assert decision.checked_by in (["reference"], ["reference", "durable"])
                assert decision.model_copy(update={"checked_by": ["reference"]}) == expected
        finally:
            over.set()
            killer.join()


def test_a_process_that_was_killed_is_started_again_and_asked_again(
    engine: DurableEngine, question: tuple[InForce, dict[str, Known]]
) -> None:
    said = engine.conclude(*question)
    before = engine.process_id
    assert said == reference.conclude(*question)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert engine.conclude(*question) == said
    assert engine.process_id not in {None, before}
    assert not is_running(before)


def test_a_process_that_hangs_is_ended_started_again_and_asked_again(
    question: tuple[InForce, dict[str, Known]],
) -> None:
    with DurableEngine(seconds=4) as engine:
        said = engine.conclude(*question)
        before = engine.process_id
        assert before is not None
        os.kill(before, signal.SIGSTOP)
        assert engine.conclude(*question) == said == reference.conclude(*question)
        assert engine.process_id not in {None, before}
        assert not is_running(before)


def test_a_process_stopped_before_it_has_learnt_the_rules_holds_nobody_up() -> None:
    with Assessor(second=DurableEngine(seconds=4)) as assessor:
        assert assessor.second is not None
        assessor.second.start()
        assert assessor.second.process_id is not None
        os.kill(assessor.second.process_id, signal.SIGSTOP)
        assert assessor.assess(case()).checked_by == ["reference", "durable"]


@pytest.mark.parametrize("program", [DIES, HANGS])
def test_a_process_lost_twice_leaves_the_decision_to_one_engine_and_is_tried_again_for_the_next(
    program: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Assessor(second=DurableEngine(seconds=4)) as assessor:
        with monkeypatch.context() as patch:
            patch.setattr(durable_process, "_PROGRAM", program)
            alone = assessor.assess(case(**FAITH))
        both = assessor.assess(case(**FAITH))
    assert alone.checked_by == ["reference"]
    assert both.checked_by == ["reference", "durable"]
    assert both.model_copy(update={"checked_by": ["reference"]}) == alone


def test_after_three_cases_lost_in_a_row_no_more_wait_until_it_has_rested(
    monkeypatch: pytest.MonkeyPatch, question: tuple[InForce, dict[str, Known]]
) -> None:
    with DurableEngine() as engine:
        with monkeypatch.context() as patch:
            patch.setattr(durable_process, "_PROGRAM", DIES)
            for _ in range(LOSSES_BEFORE_A_REST):
                assert engine.conclude(*question) is None
        engine.start()
        assert engine.conclude(*question) is None
        assert engine.process_id is None
        monkeypatch.setattr(durable, "REST_SECONDS", 0.0)
        engine._rests_until = 0.0
        assert engine.conclude(*question) == reference.conclude(*question)


def test_nothing_of_a_case_is_written_when_the_process_is_lost(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(durable_process, "_PROGRAM", DIES)
    with Assessor() as assessor:
        assessor.assess(case())
    assert capfd.readouterr() == ("", "")
    assert [record.getMessage() for record in caplog.records] == [
        "the process of the second engine was lost and is started again",
        "the process of the second engine was lost twice for one case, which it does not check",
    ]


def test_another_process_takes_over_from_one_that_has_answered_much(
    monkeypatch: pytest.MonkeyPatch, engine: DurableEngine, question: tuple[InForce, dict[str, Known]]
) -> None:
    monkeypatch.setattr(durable, "REQUESTS_A_PROCESS", 5)
    asked = []
    ids = set()
    for _ in range(12):
        asked.append(engine.ask(*question))  # the answers are taken when another process has taken over
        ids.add(engine.process_id)
    assert [engine.answer(one) for one in asked] == [reference.conclude(*question)] * 12
    assert len(ids) == 3
    for pid in ids - {engine.process_id}:
        assert pid is not None
        wait_until_gone(pid)


def test_a_version_that_is_retired_is_forgotten_and_learnt_again_when_it_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, engine: DurableEngine, question: tuple[InForce, dict[str, Known]]
) -> None:
    told, ask = [], durable_process.Process.ask

    def noted(process: durable_process.Process, what: str, *having: Any) -> Any:
        told.append(what)
        return ask(process, what, *having)

    monkeypatch.setattr(durable_process.Process, "ask", noted)
    first = engine.conclude(*question)
    engine.retire(question[0])
    engine.retire(Rulebooks(9).book())  # never asked for, so nothing to forget
    assert engine.conclude(*question) == first == reference.conclude(*question)
    assert told == ["learn", "conclude", "forget", "learn", "conclude"]


def test_several_threads_may_ask_at_once(engine: DurableEngine) -> None:
    rulebooks = Rulebooks(8)
    asked = [(book, dict(facts)) for book, facts in rulebooks.cases(6, 10)]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda one: engine.conclude(*one), asked))
    assert answers == [reference.conclude(book, facts) for book, facts in asked]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # from Python 3.12 on
def test_a_forked_process_has_a_process_of_its_own_and_leaves_the_other_alone(
    engine: DurableEngine, question: tuple[InForce, dict[str, Known]]
) -> None:
    said = engine.conclude(*question)
    here = engine.process_id
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe()

    def ask_again() -> None:
        theirs.send((engine.conclude(*question), engine.process_id))
        engine.close()

    forked = fork.Process(target=ask_again)
    forked.start()
    assert mine.poll(PATIENCE)
    again, there = mine.recv()
    forked.join()
    assert (again, forked.exitcode) == (said, 0)
    assert there not in {None, here}
    assert engine.conclude(*question) == said
    assert engine.process_id == here


def test_the_process_ends_when_its_engine_is_closed_or_dropped(question: tuple[InForce, dict[str, Known]]) -> None:
    engine = DurableEngine()
    assert engine.conclude(*question) is not None
    pid = engine.process_id
    assert pid is not None
    engine.close()
    assert not is_running(pid)
    assert engine.conclude(*question) is not None
    pid = engine.process_id
    assert pid is not None
    del engine
    wait_until_gone(pid)


SCRIPT = """
import os, signal, sys
from eligibility.assess import Assessor
from tests.case_builder import case
assessor = Assessor()
print(assessor.assess(case()).checked_by == ["reference", "durable"], assessor.second.process_id, flush=True)
"""


@pytest.mark.parametrize(
    "end", ["sys.exit(3)", "os.kill(os.getpid(), signal.SIGKILL)", "os.kill(os.getpid(), signal.SIGTERM)", "1 / 0"]
)
def test_the_process_ends_with_whoever_started_it_however_that_ends(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT + end], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    both, pid = done.stdout.split()
    assert both == "True"
    wait_until_gone(int(pid))
