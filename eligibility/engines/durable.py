"""The second engine: the same rulebook as a durable-rules ruleset, forward-chained in phases, in a process of its own.

It is built from a version's conclusions by another way than the reference engine (flat clauses that prove a conclusion
certainly true or certainly false), so that a mistake in either of them shows. A crash in its process, which is
supervised and does one assessment at a time, costs a retry and a line in the log, never a decision.
"""

from __future__ import annotations

import functools
import importlib.util
import logging
import os
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Self

from eligibility.engines.durable_process import LostError, Process
from eligibility.engines.durable_rules_form import FALSE, TRUE, Ruleset, compile_ruleset, fields_of
from eligibility.errors import Disagreement
from eligibility.in_force import InForce
from eligibility.language.partial import Facts

SECONDS = 5
"""After so long without an answer the process is taken to hang; an assessment takes some milliseconds."""
LOSSES_BEFORE_A_REST = 3
"""After so many cases in a row for which the process was lost twice, no further case waits for it for a while."""
REST_SECONDS = 60.0
REQUESTS_A_PROCESS = 50_000
"""Then another takes over: durable-rules keeps some hundred bytes of every assessment."""
BOTH = "both"
Said = bool | str | None
"""True, False, None (not known), or BOTH where the rules prove a conclusion and its opposite."""

_SAID: dict[str, Said] = {TRUE: True, FALSE: False, TRUE + FALSE: BOTH, "": None}
_WORDS: dict[Said, str] = {True: "met", False: "not met", None: "not known", BOTH: "both met and not met"}
_Sent = tuple[Process, Future[dict[str, Any]]]

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())
_engines: weakref.WeakSet[DurableEngine] = weakref.WeakSet()


@functools.cache
def is_available() -> bool:
    """Whether durable-rules is installed, and this Python one that can run it (below 3.13)."""
    return (
        sys.version_info < (3, 13)
        and bool(sys.executable)
        and all(importlib.util.find_spec(name) for name in ("durable", "durable_rules_engine"))
    )


class DurableEngine:
    """Draws the conclusions of any version in a process of its own, which is started when it is first wanted.

    `seconds` is how long an answer is waited for; `compiled` writes a version as a ruleset. May be used by several
    threads and after a fork. `close` ends the process; so does the end of the program, and the engine being dropped.
    """

    def __init__(self, *, seconds: int = SECONDS, compiled: Callable[[InForce], Ruleset] = compile_ruleset) -> None:
        self._seconds, self._compiled = seconds, compiled
        self._rulesets: dict[int, _Compiled] = {}
        self._names = 0
        self._process: Process | None = None
        self._ends: weakref.finalize[..., DurableEngine] | None = None
        """Ends the process: when asked, when the engine is dropped, and when the program ends."""
        self._knows: set[str] = set()
        self._losses = 0
        self._rests_until = 0.0
        self._lock = threading.RLock()
        _engines.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def why_absent(self) -> str:
        """Why conclusions are not drawn here, in a few words for the officer."""
        if is_available():
            return "the process of the second engine was lost"
        return "durable-rules, the second engine, is not installed or does not run on this Python"

    def start(self) -> None:
        """Start the process, so that it gets ready while facts are established."""
        with self._lock:
            if self._is_wanted():
                self._running()

    def prepare(self, book: InForce) -> None:
        """Let the process learn a version before it is asked. Raises PolicyError where a rule has too many clauses."""
        with self._lock:
            if self._is_wanted():
                self._teach(self._ruleset(book))

    def ask(self, book: InForce, facts: Facts) -> Question:
        """Ask for every conclusion and go on, until `answer` waits for it. Raises PolicyError as `prepare` does."""
        if not is_available():
            return Question(None, {}, None)
        ruleset = self._ruleset(book)
        fields = fields_of(ruleset.made, facts)
        return Question(ruleset, fields, self._send(ruleset, fields))

    def answer(self, question: Question) -> dict[str, Said] | None:
        """Every conclusion; None where there is no second engine here or its process was lost twice."""
        ruleset, sent = question.ruleset, question.sent
        for twice in (False, True):
            if ruleset is None or sent is None:
                return None
            process, asked = sent
            try:
                concluded: dict[str, str] = process.answer(asked)["concluded"]
            except LostError:
                self._lost(process, twice=twice)
                sent = None if twice else self._send(ruleset, question.fields)
            else:
                self._losses = 0
                return {name: _SAID[concluded.get(short, "")] for name, short in ruleset.made.conclusions.items()}
        return None

    def conclude(self, book: InForce, facts: Facts) -> dict[str, Said] | None:
        """Ask and wait: every conclusion, or None as `answer` gives it."""
        return self.answer(self.ask(book, facts))

    def retire(self, book: InForce) -> None:
        """Forget a version that will not be asked for again."""
        with self._lock:
            ruleset = self._rulesets.pop(id(book), None)
            if ruleset and ruleset.name in self._knows and self._process:
                self._knows.remove(ruleset.name)
                self._process.ask("forget", ruleset.name)

    def close(self) -> None:
        """End the process, if there is one; it is started again when it is wanted again."""
        with self._lock:
            if self._ends is not None:
                self._ends()
            self._process = self._ends = None
            self._knows.clear()

    @property
    def process_id(self) -> int | None:
        """The number of the process, while there is one."""
        return self._process.id if self._process else None

    def _is_wanted(self) -> bool:
        return is_available() and time.monotonic() >= self._rests_until

    def _ruleset(self, book: InForce) -> _Compiled:
        with self._lock:
            held = self._rulesets.get(id(book))
            if held is None:
                self._names += 1
                held = self._rulesets[id(book)] = _Compiled(f"v{self._names}", book, self._compiled(book))
            return held

    def _running(self) -> Process:
        if self._process is not None and self._process.requests >= REQUESTS_A_PROCESS:
            self._process.finish()
            self._process = None
        if self._process is None:
            self._process = Process(self._seconds)
            self._ends = weakref.finalize(self, self._process.end)
            self._knows.clear()
        return self._process

    def _teach(self, ruleset: _Compiled) -> Process:
        process = self._running()
        if ruleset.name not in self._knows:
            self._knows.add(ruleset.name)
            process.ask("learn", ruleset.name, ruleset.made.rules, ruleset.made.phases)
        return process

    def _send(self, ruleset: _Compiled, fields: Mapping[str, Any]) -> _Sent | None:
        """Hand a question to the process; None where none is wanted at present."""
        with self._lock:
            if not self._is_wanted():
                return None
            process = self._teach(ruleset)
            return process, process.ask("conclude", ruleset.name, dict(fields))

    def _lost(self, process: Process, *, twice: bool) -> None:
        """The process gave no answer: end it, and rest where that goes on."""
        with self._lock:
            if self._process is process:
                self.close()
            else:
                process.end()
            if not twice:
                _log.warning("the process of the second engine was lost and is started again")
                return
            self._losses += 1
            _log.error("the process of the second engine was lost twice for one case, which it does not check")
            if self._losses >= LOSSES_BEFORE_A_REST:
                self._rests_until = time.monotonic() + REST_SECONDS

    def _forked(self) -> None:
        """In a forked process: leave the parent's process to the parent."""
        self._lock = threading.RLock()
        if self._process is not None:
            self._process.let_go()
        if self._ends is not None:
            self._ends.detach()
        self._process = self._ends = None
        self._knows = set()


@dataclass(frozen=True)
class _Compiled:
    name: str
    book: InForce
    """Kept, so that no other version can be taken for it."""
    made: Ruleset


@dataclass(frozen=True)
class Question:
    """One set of facts handed to the second engine; empty where there is none."""

    ruleset: _Compiled | None
    fields: dict[str, Any]
    sent: _Sent | None


def check_agreement(book: InForce, reference: Mapping[str, Said], durable: Mapping[str, Said]) -> None:
    """Raises Disagreement where the engines say different things of a case; it names a rule, never a fact."""
    different = [name for name in book.conclusions if reference[name] is not durable[name]]
    # A rule proved both ways ends the assessment, so what comes after it was not concluded.
    different = [name for name in different if durable[name] == BOTH] or different
    if different:
        name, more = different[0], len(different) - 1
        also = f" and on {more} more that may follow from it" if more else ""
        raise Disagreement(
            f"no decision: the engines disagree on {name} under {book.version.id} "
            f"(reference: {_WORDS[reference[name]]}; durable: {_WORDS[durable[name]]}){also}"
        )


def outcome(book: InForce, concluded: Mapping[str, Said], readings: Iterable[str]) -> str:
    """The outcome from this engine's own conclusions, under the readings of legitimate expectation that must agree.

    Written apart from the reference engine's, from the policy's words: entitled, refer, not entitled, the first that is
    not false decides; the readings alike, that; either needs information, that; otherwise an officer decides.
    """
    found = set()
    for reading in readings:
        entitled, refer = (concluded[name] for name in book.outcomes[reading])
        if entitled is True or (entitled is False and refer is True):
            found.add("entitled" if entitled else "refer")
        elif entitled is False and refer is False:
            found.add("not_entitled")
        else:
            return "need_information"
    return found.pop() if len(found) == 1 else "refer"


def check_outcome(book: InForce, said: str, second: str) -> None:
    """Raises Disagreement where the outcome is not the second engine's.

    Where the rules alone leave it open a proof may have settled it, so more information needed is no contradiction.
    """
    if second not in (said, "need_information"):
        raise Disagreement(
            f"no decision: the engines disagree on the outcome under {book.version.id} "
            f"(reference: {said}; durable: {second})"
        )


def _after_fork() -> None:
    for engine in _engines:
        engine._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
