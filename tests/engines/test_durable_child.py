"""The program that runs durable-rules, read into this process: what it answers, and what it never says."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def child() -> Any:
    from eligibility.engines import durable_child

    return durable_child


def rule(*tests: dict[str, Any], name: str) -> dict[str, Any]:
    return {name: {"all": [{"m": {"$and": list(tests)} if len(tests) > 1 else tests[0]}], "run": name}}


RULES = {
    **rule({"phase": 0}, {"f0": True}, name="t:c0.0"),
    **rule({"phase": 0}, {"f0": False}, name="f:c0.0"),
    **rule({"phase": 0}, {"f1": 5}, name="f:c0.1"),
    **rule({"phase": 0}, name="all:0"),
    **rule({"phase": 1}, {"c0": "t"}, name="t:c1.0"),
    **rule({"phase": 1}, name="all:1"),
}
PHASES = [["f0", "f1"], ["c0"]]


def answers(child: Any, monkeypatch: pytest.MonkeyPatch, *requests: dict[str, Any]) -> list[Any]:
    """What the program answers to some requests, its alarms and the image of its memory left out and noted."""
    out = io.StringIO()
    alarms: list[int] = []
    limits: list[tuple[Any, ...]] = []
    lines = "".join(json.dumps(one) + "\n" for one in requests)
    monkeypatch.setattr(child, "sys", SimpleNamespace(stdin=io.StringIO(lines), stdout=out))
    monkeypatch.setattr(child, "signal", SimpleNamespace(alarm=alarms.append))
    kind = child.resource.RLIMIT_CORE
    limit = SimpleNamespace(RLIMIT_CORE=kind, setrlimit=lambda *having: limits.append(having))
    monkeypatch.setattr(child, "resource", limit)
    child.main()
    assert limits == [(kind, (0, 0))]
    assert alarms == [each for one in requests for each in (one["seconds"], 0)]
    return [json.loads(line) for line in out.getvalue().splitlines()]


def asked(what: str, *having: Any) -> dict[str, Any]:
    return {"do": what, "with": having, "seconds": 7}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_program_learns_concludes_in_phases_forgets_and_tells_no_more_than_the_name_of_an_error(
    child: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    *said, last = answers(
        child,
        monkeypatch,
        asked("learn", "v1", RULES, PHASES),
        asked("conclude", "v1", {"f0": True, "f1": 4}),
        asked("conclude", "v1", {"f0": False}),
        asked("conclude", "v1", {}),
        asked("conclude", "v1", {"f0": True, "f1": 5}),
        asked("forget", "v1"),
        asked("conclude", "v1", {"f0": True}),
    )
    assert said == [
        {},
        {"concluded": {"c0": "t", "c1": "t"}},
        {"concluded": {"c0": "f"}},
        {"concluded": {}},
        {"concluded": {"c0": "tf"}},
        {},
    ]
    assert list(last) == ["error"]
    assert last["error"].isidentifier()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_ruleset_that_was_learned_can_be_learned_once_more_from_the_same_rules(child: Any) -> None:
    host = child.QuietHost()
    before = json.dumps(RULES)
    assert (host.learn("v1", RULES, PHASES), host.forget("v1")) == ({}, {})
    assert json.dumps(RULES) == before
    assert (host.learn("v1", RULES, PHASES), host.forget("v1")) == ({}, {})


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_program_trusts_no_phase_in_which_an_action_failed_or_nothing_fired(child: Any) -> None:
    host = child.QuietHost()
    assert host.learn("v1", RULES, PHASES) == {}
    deleted: list[tuple[str, str]] = []
    delete, host.delete_state = host.delete_state, lambda *which: deleted.append(which)
    host.assert_fact = lambda *_: {"exception": "an action"}
    assert host.conclude("v1", {}) == {"error": "an action failed"}
    host.assert_fact = lambda *_: None
    assert host.conclude("v1", {}) == {"error": "the catch-all did not fire"}
    assert deleted == [("v1", "a1"), ("v1", "a2")]
    host.delete_state = delete
    assert host.forget("v1") == {}
    assert (host._ruleset_list, host._ruleset_directory) == ([], {})
