"""Tries mutants in a copy of the checkout, each in a process of its own; started by `mutation`, never by hand.

It is a pytest session that has collected every test and then, in place of running them, says which (JSON, one line),
reads one request a line and writes one answer a line. A mutant (JSON: file, text, order) is answered with
verdict, by and seconds. For each it forks: the child reads the mutant in and runs the tests in their order, the pupils
held against the oracle among them, until one fails. So a mutant costs what it takes to catch it, and no start of Python
and no collecting of tests. A request for notes (JSON: note, into) runs everything with nothing changed and writes down
of each test how long it takes, whether it fails, and which statements of the files it runs.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
# This file runs outside the package, against a copy of the code.
put_in = importlib.import_module("put_in").put_in
noting = importlib.import_module("noting")

POLICY = ("tests/policy", "tests/test_oracle.py", "tests/test_sample_pupils.py", "tests/test_vocabulary.py")
WHOLE_CASES = ("tests/test_by_files_alone.py", "tests/test_properties.py", "tests/test_replay.py", "tests/proving")
CODE = ("tests/language", "tests/test_case_mistakes.py", "tests/test_command_line.py", "tests/reading")
REFERENCE = ("tests/engines/test_figures.py", "tests/engines/test_reference.py")
TESTS = {
    "policy": (*POLICY, "tests/test_by_files_alone.py", "tests/test_properties.py"),
    "code": (*POLICY, *WHOLE_CASES, *CODE, *REFERENCE),
    "both": (*POLICY, *WHOLE_CASES, *CODE, *REFERENCE, "tests/engines/test_disagreement.py"),
    "engines": ("tests/engines", "tests/proving"),
}
"""The tests that try a mutant. Tests that hold a page to what it was are not among them: that one fails is no sign that
a rule is watched."""
ONE_ENGINE = ("policy", "code")
"""With these tests the reference engine decides alone."""
ORACLE = "the oracle"
"""What stands in the order of the tests for the pupils that are held against the oracle."""
LONGEST = 90.0
"""The seconds of the processor after which one test of a mutant is taken never to end."""
SILENT = 900.0
"""The seconds of the clock after which one is taken so too, that perhaps waits for another process."""
GIGABYTES = 4
WHOLE = 12
"""How many pupils have their whole decision held against the oracle before the tests begin."""
EDITED_BY_TEXT = "policy_folders.py"
"""A test that edits a copy of a file fails there where the mutant stands in the place it edits: that is no catch."""


class Session:
    """The plugin that takes the place of running the tests."""

    def __init__(self, answers: int, pupils: int, tests: str) -> None:
        self.answers, self.pupils, self.tests = answers, pupils, tests
        self.items: dict[str, pytest.Item] = {}
        self.failed: list[str] = []
        self.pupils_judged: list[tuple[Any, dict[str, Any]]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self) -> None:
        """Make the tests with drawn pupils the same every time, and quick to fail."""
        from hypothesis import Phase, settings

        phases = [Phase.explicit, Phase.generate]
        settings.register_profile("mutation", deadline=None, database=None, derandomize=True, phases=phases)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Nothing can be said if a test file cannot be read."""
        if report.failed:
            sys.stderr.write(f"{report.nodeid}: {report.longreprtext}\n")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Any:
        """Note a failure, unless the mutant only stood where the test edits."""
        report = yield
        crash = getattr(report.longrepr, "reprcrash", None)
        accident = crash and crash.path.endswith(EDITED_BY_TEXT)
        if report.failed and not accident:
            self.failed.append(item.nodeid)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try mutants as they come."""
        if self.tests in ONE_ENGINE:
            _by_one_engine()
        if self.tests != "engines":
            self._judge_pupils()
        self.items = {item.nodeid: item for item in session.items}
        self._say([*self.items, *([ORACLE] if self.pupils_judged else [])])
        for line in sys.stdin:
            asked = json.loads(line)
            self._say(self._in_a_child(self._note, asked) if "note" in asked else self._tried(asked))
        return True

    def _say(self, answer: object) -> None:
        os.write(self.answers, json.dumps(answer).encode() + b"\n")

    def _tried(self, asked: dict[str, Any]) -> dict[str, object]:
        path = Path(asked["file"])
        right = path.read_bytes()
        try:
            path.write_text(asked["text"], encoding="utf-8")
            return self._in_a_child(self._judged, asked | {"right": right.decode()})
        finally:
            path.write_bytes(right)

    def _in_a_child(
        self, work: Callable[[dict[str, Any]], tuple[str, str]], asked: dict[str, Any]
    ) -> dict[str, object]:
        began = _worked()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setsid()
                resource.setrlimit(resource.RLIMIT_AS, (GIGABYTES << 30, GIGABYTES << 30))
                os.dup2(os.open(os.devnull, os.O_RDWR), 2)
                try:
                    said = work(asked)
                except BaseException as error:  # noqa: BLE001 - the process ends here, and this is all it leaves
                    said = ("broken", f"{type(error).__name__}: {error}")
                with os.fdopen(writing, "w") as answer:
                    answer.write(json.dumps(said))
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as answer_of_child:
            told = answer_of_child.read()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        verdict, by = json.loads(told) if told else ("caught", "the process died")
        return {"verdict": verdict, "by": by, "seconds": round(_worked() - began, 2)}

    def _judged(self, asked: dict[str, Any]) -> tuple[str, str]:
        from eligibility.errors import PolicyError

        _begin()
        try:
            put_in(asked["file"], asked["text"], asked["right"])
        except PolicyError as error:
            return "refused", str(error)
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the mutant breaks, it is caught
            return "caught", f"{type(error).__name__} before the tests"
        for name, following in zip(asked["order"], [*asked["order"][1:], None], strict=True):
            _begin()
            self._run(name, following)
            if self.failed:
                return "caught", self.failed[0]
        return "survived", ""

    def _run(self, name: str, following: str | None) -> None:
        if name == ORACLE:
            try:
                self._meet_the_oracle()
            except (Exception, SystemExit):  # noqa: BLE001 - another answer, or none
                self.failed.append(ORACLE)
            return
        item = self.items[name]
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=self.items.get(following or ""))

    def _note(self, asked: dict[str, Any]) -> tuple[str, str]:
        """Run everything with nothing changed; the files note what of them is run."""
        seen = noting.begin()
        for file in asked["note"]:
            right = Path(file).read_text(encoding="utf-8")
            put_in(file, noting.noted(right), right)
        with Path(asked["into"]).open("w", encoding="utf-8") as notes:
            names = [*self.items, *([ORACLE] if self.pupils_judged else [])]
            for name, following in zip(names, [*names[1:], None], strict=True):
                seen.clear()
                began = sum(os.times()[:4])
                self._run(name, following)
                seconds = round(sum(os.times()[:4]) - began, 3)
                note = {"test": name, "seconds": seconds, "fails": name in self.failed, "runs": sorted(seen)}
                notes.write(json.dumps(note) + "\n")
        return "noted", ""

    def _meet_the_oracle(self) -> None:
        """What `tests/test_oracle.py` holds of every pupil: its outcome and grounds of many, all of a few."""
        oracle = importlib.import_module("tests.test_oracle")
        read_case = importlib.import_module("eligibility.case").read_case
        for question, right in self.pupils_judged:
            case = read_case(question.case, oracle.ASSESSOR.model)
            for version, answer in right.items():
                now = oracle.ASSESSOR._matter(case, version, question.on, question.decided, None).now
                if now.outcome != answer.outcome or now.met() != {name for name, met in answer.grounds.items() if met}:
                    raise AssertionError(question)
        for question, right in self.pupils_judged[:WHOLE]:
            for version in right:
                oracle.compare(question, version)

    def _judge_pupils(self) -> None:
        """The oracle's answers, which no mutant changes."""
        oracle = importlib.import_module("tests.test_oracle")
        pupil = oracle.seeded(7)
        for _ in range(self.pupils):
            one = pupil()
            right = {version: oracle.judge(one.case, version, one.on, one.decided) for version in oracle.VERSIONS}
            self.pupils_judged.append((one, right))
        self._decide_once(oracle)

    def _decide_once(self, oracle: Any) -> None:
        """Have the rules of each version written out before any fork, for the mutants that leave them as they are."""
        read_case = importlib.import_module("eligibility.case").read_case
        builder = sys.modules.get("tests.case_builder")
        for assessor in (oracle.ASSESSOR, *([builder.assessor()] if builder else [])):
            for question, right in self.pupils_judged[:1]:
                for version in right:
                    case = read_case(question.case, assessor.model)
                    assessor._decide(assessor._matter(case, version, question.on, question.decided, None))


def _begin() -> None:
    """Let the process die of what comes next if that never ends: a loop that a mutant keeps going is one caught."""
    signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)
    signal.setitimer(signal.ITIMER_REAL, SILENT)


def _by_one_engine() -> None:
    """Decide by the reference engine alone.

    A wrong rule is as wrong in the second engine, which takes a second to start; that it sees a wrong first engine is
    more than is asked of the tests here.
    """
    assessor = importlib.import_module("eligibility.assess").Assessor
    made = assessor.__post_init__

    def alone(self: Any) -> None:
        made(self)
        self.second = None

    assessor.__post_init__ = alone
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()) if module.__name__.startswith("tests.") else ():
            if isinstance(value, assessor):
                value.second = None


def _worked() -> float:
    """The seconds of the processor that ended children have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(tests: str, pupils: str) -> None:
    """Try mutants as they come; `tests` is policy, code, both or engines."""
    sys.path.insert(0, str(Path.cwd()))
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    options = ["-q", "-s", "-p", "no:randomly", "-p", "no:xdist", "--tb=native", "--basetemp", "scratch"]
    pytest.main([*options, *filter(os.path.exists, TESTS[tests])], plugins=[Session(answers, int(pupils), tests)])


if __name__ == "__main__":
    main(*sys.argv[1:])
