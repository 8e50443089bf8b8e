"""What gives a pupil the outcome under a version: a ground, a withdrawn ground that is kept, or readings that part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import z3

from eligibility.engines.proof import TRUE, Formula
from eligibility.facts import OTHER_HOME
from eligibility.in_force import GroundInForce
from eligibility.language.expressions import Expression, names
from eligibility.proving.under_version import UnderVersion


@dataclass(frozen=True)
class Carrier:
    """One thing that can give an outcome, and the formula `when` it does.

    `how`: `ground` (a ground of the version), `kept` (withdrawn, and kept under every reading of legitimate
    expectation), `disputed` (kept under one reading and not under another, so that an officer decides), `between` (kept
    under every reading, by different grounds) or `nothing` (no outcome but "not entitled"). `ground` is its id or "".
    """

    how: str
    ground: str
    outcome: str
    when: Formula = field(compare=False, repr=False)


@dataclass(frozen=True)
class Test:
    """One condition on which a ground, or the keeping of it, hangs.

    `reading` is the reading of legitimate expectation it belongs to, "" for a condition of the ground itself;
    `fails_as` are the words for when it does not hold, `reads` the names in it.
    """

    reading: str
    fails_as: str
    reads: frozenset[str]
    holds: Formula = field(compare=False, repr=False)


def carriers(under: UnderVersion) -> list[Carrier]:
    """Everything that can give an outcome under a version; whatever the pupil, at least one of them does."""
    return list(_carriers(under))


def _carriers(under: UnderVersion) -> Iterator[Carrier]:
    for outcome in ("entitled", "refer"):
        decided = under.outcome(outcome)
        for ground in under.book.grounds:
            if ground.rule.outcome == outcome:
                # By its own result: a form freed of its guards holds of pupils whom another ground carries too.
                when = z3.And(decided, under.concluded[ground.result].holds)
                yield Carrier("ground", ground.rule.id, outcome, when)
        kept = {e: keeps(under, e) for e, g in under.book.protected.items() if g.rule.outcome == outcome}
        for element, by_reading in kept.items():
            yield Carrier("kept", element, outcome, z3.And(decided, *by_reading.values()))
        if len(under.agreed) > 1 and len(kept) > 1:
            each = [z3.Or(*(by_reading[reading] for by_reading in kept.values())) for reading in under.agreed]
            alone = [z3.Not(z3.And(*by_reading.values())) for by_reading in kept.values()]
            yield Carrier("between", "", outcome, z3.And(decided, *each, *alone))
    if len(under.agreed) > 1:
        apart = z3.Or(*(z3.Not(under.outcome("refer", reading)) for reading in under.agreed))
        differ = z3.And(under.outcome("refer"), apart)
        for element in under.book.protected:
            kept_by = list(keeps(under, element).values())
            parted = z3.And(differ, z3.Or(*kept_by), z3.Not(z3.And(*kept_by)))
            yield Carrier("disputed", element, "refer", parted)
    yield Carrier("nothing", "", "not_entitled", under.outcome("not_entitled"))


def keeps(under: UnderVersion, element: str) -> dict[str, Formula]:
    """By reading: that the pupil keeps a withdrawn ground and would meet it as it was worded."""
    ground = under.concluded[under.book.protected[element].decides].holds
    found = {}
    for reading in under.agreed:
        held = under.book.expectations[reading].get(element)
        found[reading] = z3.And(under.concluded[held[0]].holds, ground) if held else z3.BoolVal(False)
    return found


def tests(under: UnderVersion, ground_id: str) -> list[Test]:
    """The conditions on which a ground, and the keeping of it, hangs under a version; none where it has no such
    ground.
    """
    found = []
    written = [g for g in under.book.grounds if g.rule.id == ground_id]
    kept = under.book.protected.get(ground_id)
    for ground in (*written, *([kept] if kept else [])):
        found += [
            Test("", c.otherwise, frozenset(names(c.test)), _holds(under, c.test))
            for c in ground.conditions
            if not c.only_for_the_result
        ]
    for reading in under.agreed if kept else ():
        _, conditions = under.book.expectations[reading].get(ground_id, ("", ()))
        found += [Test(reading, c.otherwise, frozenset(names(c.test)), _holds(under, c.test)) for c in conditions]
    return found


def _holds(under: UnderVersion, test: Expression) -> Formula:
    """That a condition holds, or asks something of what there is none of: of a pupil without an award it is said that
    there is none, and not that it was for another school.
    """
    used = set(names(test))
    there_is = [
        under.pupil.fact(section.name)
        for name in used
        if (section := under.pupil.part_of(name)) is not None and section.name not in used
    ]
    return z3.Or(under.pair(test).holds, *(z3.Not(part) for part in there_is))


def lost(carrier: Carrier, under: UnderVersion) -> Formula:
    """That what gave the outcome elsewhere is, under this version, not a ground that the pupil meets."""
    met = [under.concluded[g.result].holds for g in under.book.grounds if g.rule.id == carrier.ground]
    return z3.Not(met[0]) if met else TRUE


def from_other_home(under: UnderVersion, carrier: Carrier) -> dict[str, Formula]:
    """The grounds by which the other home can carry the pupil, each with when it does; empty for other grounds."""
    ground = _in_force(under, carrier)
    if ground is None or ground.rule.home == "home":
        return {}
    era = f"@{ground.protected_as}" if ground.protected_as else ""
    version = under.policies.versions[ground.protected_as] if era else under.version
    names = {ground_id: f"{ground_id}{era}{OTHER_HOME}" for ground_id in version.grounds}
    return {ground_id: under.concluded[name].holds for ground_id, name in names.items() if name in under.concluded}


def _in_force(under: UnderVersion, carrier: Carrier) -> GroundInForce | None:
    if carrier.how == "ground":
        return next(ground for ground in under.book.grounds if ground.rule.id == carrier.ground)
    return under.book.protected.get(carrier.ground)
