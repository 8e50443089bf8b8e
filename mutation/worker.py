"""Tries mutants in a copy of the checkout, each in a process of its own; started by `mutation`, never by hand.

It is a pytest session that has collected every test and then, in place of running them, reads one mutant a line (JSON:
file, text, first, then, fails_anyway, changed, patience) and writes one verdict a line (JSON: verdict, by, seconds).
For each it forks: the child reads the mutant in, holds some pupils against the oracle, and runs the tests until one
fails. So a mutant costs what it takes to catch it, and no start of Python and no collecting of tests.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
put_in = importlib.import_module("put_in").put_in  # this file runs outside the package, against a copy of the code

OF_NO_POLICY = ["tests/geography", "tests/reading", "tests/mutation"]
PAGES = ["tests/test_docs.py", "tests/test_documents.py", "tests/test_packaging.py", "tests/test_text_page.py"]
"""Tests that hold a page to what it was; that one fails is no sign that a rule is watched."""
OF_CODE_ONLY = ["tests/language", "tests/test_case_mistakes.py"]
OF_ENGINES = ["tests/engines", "tests/proving"]
REFERENCE = ("tests/engines/test_figures.py", "tests/engines/test_reference.py")
DISAGREE = ("tests/engines/test_disagreement.py",)
ONE_ENGINE = ("policy", "code")
"""With these tests the reference engine decides alone."""
QUICK = ("tests/policy/test_every_combination", "tests/policy/test_rulebook", "tests/policy/test_figures")
"""Tests of the files by themselves, which cost next to nothing."""
NEAR: dict[str, tuple[str, ...]] = {
    "eligibility/language/": ("tests/language/test_three_values", "tests/engines/test_figures", *REFERENCE),
    "eligibility/engines/clauses": ("tests/engines/test_clauses", "tests/engines/test_agreement"),
    "eligibility/engines/durable_rules": ("tests/engines/test_clauses", "tests/engines/test_agreement"),
    "eligibility/engines/durable": ("tests/engines/test_durable_process", "tests/engines/test_disagreement"),
    "eligibility/engines/proof": ("tests/engines/test_agreement", "tests/proving/test_left_open"),
    "eligibility/engines/": (*REFERENCE, "tests/language/test_three_values"),
    "eligibility/calendar_files": ("tests/policy/test_calendars", "tests/policy/test_late", "tests/language"),
    "eligibility/policy_figures": ("tests/policy/test_figures", "tests/language/test_figures", "tests/language"),
    "eligibility/school_calendar": ("tests/policy/test_calendars", "tests/policy/test_late", "tests/policy/test_age"),
    "eligibility/assess": (
        "tests/engines/test_disagreement",
        "tests/policy/test_council",
        "tests/policy/test_readings",
    ),
    "eligibility/decide": ("tests/policy/test_legitimate", "tests/policy/test_dates", "tests/policy/test_advice"),
    "eligibility/derived": ("tests/policy/test_age", "tests/policy/test_course", "tests/policy/test_income"),
    "eligibility/establish": (
        "tests/policy/test_parents",
        "tests/policy/test_which_school",
        "tests/policy/test_income",
    ),
    "eligibility/grounds": ("tests/policy/test_every_ground", "tests/policy/test_protection", "tests/policy/test_low"),
    "eligibility/in_force": ("tests/policy/test_rulebook", "tests/policy/test_legitimate", "tests/language/test_mist"),
    "eligibility/notices": ("tests/policy/test_late", "tests/policy/test_statute"),
    "eligibility/outcome": ("tests/policy/test_legitimate", "tests/policy/test_parents", "tests/policy/test_readings"),
    "eligibility/timeline": ("tests/policy/test_course", "tests/policy/test_age", "tests/policy/test_protection"),
}
"""By the beginning of a file's path, the first that fits: the beginnings of the tests that know most of it."""
FIRST = ["tests/policy", "tests/test_oracle.py", "tests/test_sample_pupils.py", "tests/test_vocabulary.py"]
SECONDS = 900
LONGEST = 90.0
"""The seconds of the processor after which one test of a mutant is taken never to end."""
GIGABYTES = 4
WHOLE = 12
"""How many pupils have their whole decision held against the oracle before the tests begin."""
EDITED_BY_TEXT = "policy_folders.py"
"""A test that edits a copy of a file fails there where the mutant stands in the place it edits: that is no catch."""


class Session:
    """The plugin that takes the place of running the tests."""

    def __init__(self, answers: int, pupils: int, tests: str) -> None:
        self.answers, self.pupils, self.tests = answers, pupils, tests
        self.asked: dict[str, Any] = {}
        self.right = ""
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
        if report.failed and not accident and item.nodeid not in self.asked["fails_anyway"]:
            self.failed.append(item.nodeid)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try mutants as they come."""
        if self.tests in ONE_ENGINE:
            _by_one_engine()
        if self.tests != "engines":
            self._judge_pupils()
        for line in sys.stdin:
            self.asked = json.loads(line)
            path = Path(self.asked["file"])
            right = path.read_bytes()
            self.right = right.decode()
            try:
                path.write_text(self.asked["text"], encoding="utf-8")
                verdict = self._in_a_child(session)
            finally:
                path.write_bytes(right)
            os.write(self.answers, json.dumps(verdict).encode() + b"\n")
        return True

    def _in_a_child(self, session: pytest.Session) -> dict[str, object]:
        began = _worked()
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.setsid()
                resource.setrlimit(resource.RLIMIT_AS, (GIGABYTES << 30, GIGABYTES << 30))
                os.dup2(os.open(os.devnull, os.O_RDWR), 2)
                try:
                    said = self._judged(session)
                except BaseException as error:  # noqa: BLE001 - the process ends here, and this is all it leaves
                    said = ("broken", f"{type(error).__name__}: {error}")
                with os.fdopen(writing, "w") as answer:
                    answer.write(json.dumps(said))
            finally:
                os._exit(0)
        os.close(writing)
        ready, _, _ = select.select([reading], [], [], SECONDS)
        told = b""
        while ready and (more := os.read(reading, 1 << 16)):
            told += more
        os.close(reading)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        os.waitpid(child, 0)
        died = ("caught", "the process died" if ready else f"no end within {SECONDS} seconds")
        verdict, by = json.loads(told) if told else died
        return {"verdict": verdict, "by": by, "seconds": round(_worked() - began, 2)}

    def _judged(self, session: pytest.Session) -> tuple[str, str]:
        from eligibility.errors import PolicyError

        first = self.asked["first"]
        self._begin()
        try:
            put_in(self.asked["file"], self.asked["text"], self.right)
            if first and self._fails([item for item in session.items if item.nodeid in first]):
                return "caught", self.failed[0]
            self._meet_the_oracle()
        except PolicyError as error:
            return "refused", str(error)
        except AssertionError:
            return "caught", "the oracle"
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the mutant breaks, it is caught
            return "caught", f"{type(error).__name__} before the tests"
        then = {name: place for place, name in enumerate(self.asked["then"])}
        left = [item for item in session.items if item.nodeid not in first]
        left.sort(key=lambda item: then.get(item.nodeid.partition("[")[0], len(then)))
        near = next((tests for path, tests in NEAR.items() if self.asked["file"].startswith(path)), QUICK)
        left.sort(key=lambda item: _rank(item, near))
        self._fails(left)
        return ("caught", " ".join(self.failed)) if self.failed else ("survived", "")

    def _fails(self, items: list[pytest.Item]) -> bool:
        for item, following in zip(items, [*items[1:], None], strict=True):
            if self.asked["changed"] and (self.failed or time.process_time() > self.asked["patience"]):
                break
            self._begin()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        return bool(self.failed)

    def _begin(self) -> None:
        """Let the process die of what comes next if that never ends: a loop that a mutant keeps going is one caught."""
        if self.asked["changed"]:
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST)

    def _meet_the_oracle(self) -> None:
        """What `tests/test_oracle.py` holds of every pupil: its outcome and grounds of many, all of a few."""
        if not self.pupils_judged:
            return
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


def _rank(item: Any, near: tuple[str, ...]) -> tuple[int, bool]:
    """The tests that are near come first, and of those of one kind the ones that try one pupil before many."""
    place = next((place for place, name in enumerate(near) if item.nodeid.startswith(name)), len(near))
    return place, getattr(item.obj, "is_hypothesis_test", False)


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


def tests_in_order(tests: str) -> list[str]:
    """The files and folders of tests, the quick ones that know most of policy first."""
    folder = Path("tests")
    every = [path.as_posix() for path in sorted(folder.iterdir()) if path.name.startswith("test_")]
    every += [path.as_posix() for path in sorted(folder.iterdir()) if (path / "__init__.py").is_file()]
    if tests == "engines":
        return [path for path in OF_ENGINES if path in every]
    out = {*OF_NO_POLICY, *PAGES, *OF_ENGINES, *(OF_CODE_ONLY if tests == "policy" else ())}
    own = [path for path in every if path not in out]
    own += REFERENCE if tests in ("code", "both") else ()
    own += DISAGREE if tests == "both" else ()
    return [*(path for path in FIRST if path in own), *(path for path in own if path not in FIRST)]


def main(tests: str, pupils: str) -> None:
    """Try mutants as they come; `tests` is policy, code, both or engines."""
    sys.path.insert(0, str(Path.cwd()))
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    answers = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDWR), 1)
    options = ["-q", "-s", "-p", "no:randomly", "-p", "no:xdist", "--tb=native", "--basetemp", "scratch"]
    pytest.main([*options, *tests_in_order(tests)], plugins=[Session(answers, int(pupils), tests)])


if __name__ == "__main__":
    main(*sys.argv[1:])
