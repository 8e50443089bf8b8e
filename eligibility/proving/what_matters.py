"""Which facts of a pupil are enough for what is said of the pupil, so that nothing else need be told."""

from __future__ import annotations

from typing import Any

import z3

from eligibility.engines.proof import Formula
from eligibility.proving.every_pupil import EveryPupil
from eligibility.proving.search import Search


def what_matters(search: Search, pupil: EveryPupil, model: Any, when: Formula) -> frozenset[str]:
    """A smallest set of facts of the pupil of a model, such that `when` is true of every pupil who is alike in these.

    None of them can be left out. Raises TimeoutError where it cannot be settled in time.
    """
    otherwise = search.behind(z3.Not(when))
    names: dict[int, str] = {}
    all_facts: list[Formula] = []
    for name, fact in pupil.facts.items():
        all_facts.append(search.behind(fact == model.eval(fact, model_completion=True)))
        names[all_facts[-1].get_id()] = name
    left = search.core([otherwise, *all_facts])
    if left is None:
        raise LookupError("the facts of a pupil do not settle what is said of the pupil")
    needed: dict[int, Formula] = {}
    while left := [mark for mark in left if mark.get_id() in names and mark.get_id() not in needed]:
        tried = left.pop()
        without = search.core([otherwise, *needed.values(), *left])
        if without is None:
            needed[tried.get_id()] = tried
        else:
            left = without
    return frozenset(names[mark] for mark in needed)
