"""The process in which durable-rules runs: one assessment at a time, in the one form that was measured to be safe.

A program of its own that imports nothing of edtravel. It reads a request a line from standard input and answers with a
line, all JSON, until standard input ends: then whoever asked is gone. What goes wrong is answered by the name of the
error alone, because durable-rules repeats the whole fact in its messages. It writes nothing else anywhere.
"""

from __future__ import annotations

import itertools
import json
import resource
import signal
import sys
from typing import Any

from durable.engine import Host  # type: ignore[import-untyped]  # the package ships no types
from durable_rules_engine import delete_ruleset  # type: ignore[import-not-found]  # the part of it in C


class QuietHost(Host):  # type: ignore[misc]  # of that package
    """A host without background threads, whose actions only note which rule fired."""

    def __init__(self) -> None:
        self.fired: list[str] = []
        self.phases: dict[str, list[list[str]]] = {}
        self.numbers = itertools.count(1)
        super().__init__()

    def _run(self) -> None:
        """The stock host starts endless threads here, which race the deletion of states."""

    def get_action(self, action_name: str) -> Any:
        """What runs when a rule fires."""
        return lambda _: self.fired.append(action_name)

    def learn(self, name: str, rules: dict[str, Any], phases: list[list[str]]) -> dict[str, Any]:
        """Take up a ruleset, and the fields that each of its phases reads."""
        self.set_rulesets({name: {rule: dict(form) for rule, form in rules.items()}})  # which takes `run` out of each
        self.phases[name] = phases
        return {}

    def forget(self, name: str) -> dict[str, Any]:
        """Free a ruleset, and what its phases read."""
        del self.phases[name]
        ruleset = self._ruleset_directory.pop(name)
        self._ruleset_list.remove(ruleset)
        delete_ruleset(ruleset._handle)  # there is no other way to free it
        return {}

    def conclude(self, name: str, fields: dict[str, Any]) -> dict[str, Any]:
        """What is proved of each conclusion: `t`, `f`, or `tf` where the rules prove both. What is not is left out."""
        concluded: dict[str, str] = {}
        sid = f"a{next(self.numbers)}"
        try:
            for phase, reads in enumerate(self.phases[name]):
                self.fired.clear()
                fact = {key: fields[key] for key in reads if key in fields}
                fact |= {key: concluded[key] for key in reads if key in concluded}
                state = self.assert_fact(name, {**fact, "phase": phase, "id": phase + 1, "sid": sid})
                if state and state.get("exception"):
                    return {"error": "an action failed"}
                fired = {rule.partition(".")[0] for rule in self.fired}
                if f"all:{phase}" not in fired:
                    return {"error": "the catch-all did not fire"}
                for kind, _, conclusion in (rule.partition(":") for rule in fired if not rule.startswith("all:")):
                    if concluded.get(conclusion, kind) != kind:
                        return {"concluded": {**concluded, conclusion: "tf"}}
                    concluded[conclusion] = kind
        finally:
            self.delete_state(name, sid)
        return {"concluded": concluded}


def main() -> None:
    """Answer requests until standard input ends."""
    # A crash must leave no image of memory behind, since it would hold the facts of a case.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    host = QuietHost()
    for line in sys.stdin:
        request = json.loads(line)
        # Should it never come back from the engine, and whoever asked be gone, the alarm ends it.
        signal.alarm(request["seconds"])
        try:
            answer = getattr(host, request["do"])(*request["with"])
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told and not shown
            answer = {"error": type(error).__name__}
        signal.alarm(0)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
