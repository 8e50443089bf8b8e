"""Rules that conclude against each other: one case, two answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from eligibility.answers import Answers
from eligibility.language.expressions import (
    FALSE,
    TRUE,
    Always,
    Among,
    And,
    AnyOf,
    Compare,
    Constant,
    Expression,
    FromOtherHome,
    Not,
    Or,
    atoms,
    both,
    either,
    names,
)
from eligibility.language.partial import partial
from eligibility.language.simplify import simplify
from eligibility.policy import Policies
from eligibility.policy_findings import Finding
from eligibility.rulebook import Ground, Rules

_MOST_TRIED = 50_000
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_TURNED = {">": "<", ">=": "<="}


def conflicts(policies: Policies) -> Iterator[Finding]:
    """Grounds of which one holds whenever the other does, with another outcome; advice that says two things at once."""
    rules = policies.rules
    asked = {name: _asked(rules, ground) for name, ground in rules.grounds.items()}
    for a, b in combinations(rules.grounds.values(), 2):
        if a.outcome == b.outcome or not _side_by_side(policies, a, b):
            continue
        a_in_b, b_in_a = _all_among(asked[a.id], asked[b.id]), _all_among(asked[b.id], asked[a.id])
        if not (a_in_b or b_in_a):
            continue
        narrow, wide = (a, b) if b_in_a else (b, a)
        said = f"they conclude {narrow.outcome} and {wide.outcome}; {wide.id} stands at {rules.places[wide.id]}"
        if a_in_b and b_in_a:
            what = f"{narrow.id} and {wide.id} hold of the same cases, and {said}"
        else:
            what = f"whenever {narrow.id} holds, {wide.id} holds too, and {said}"
        yield Finding(rules.places[narrow.id], what)
    for x, y in combinations(rules.advice, 2):
        if x.about != y.about or x.says == y.says:
            continue
        together = _can_hold_together(x.when, y.when)
        if together is not False:
            how = "can hold at once" if together else "may hold at once (too many cases to tell)"
            what = f"two pieces of advice about {x.about} {how}: “{x.says[:50]}...” and “{y.says[:50]}...”"
            yield Finding(y.place, what)


def _side_by_side(policies: Policies, a: Ground, b: Ground) -> bool:
    """Whether two grounds can be in force together: a version has both, or one of them is in no version yet."""
    held = [{a.id, b.id} & set(version.grounds) for version in policies.versions.values()]
    return any(len(found) == 2 for found in held) or len(set().union(*held)) < 2


def _asked(rules: Rules, ground: Ground) -> frozenset[Expression]:
    """All that a ground asks for, its definitions written out and every condition in one form."""
    written_out: dict[str, Expression] = {}

    def inlined(test: Expression) -> Expression:
        for name in names(test):
            if name in rules.definitions and name not in written_out:
                written_out[name] = inlined(rules.definitions[name].test)
        return _from_home(partial(test, {}, written_out), written_out)

    whole = both(*(inlined(condition.test) for condition in ground.conditions))
    whole = _one_form(simplify(_one_form(whole)))
    return frozenset(whole.parts if isinstance(whole, And) else (whole,))


def _from_home(test: Expression, rest: dict[str, Expression]) -> Expression:
    """Definitions written out inside `from_other_home(...)` too."""
    match test:
        case FromOtherHome(part):
            return FromOtherHome(partial(part, {}, rest))
        case Not(part):
            return Not(_from_home(part, rest))
        case And(parts):
            return And(tuple(_from_home(part, rest) for part in parts))
        case Or(parts):
            return Or(tuple(_from_home(part, rest) for part in parts))
        case _:
            return test


def _one_form(test: Expression, *, negated: bool = False) -> Expression:
    """The condition without `not` before anything but a name, comparisons one way round, its parts in one order."""
    match test:
        case Not(part):
            return _one_form(part, negated=not negated)
        case And(parts) | Or(parts):
            join = both if isinstance(test, And) != negated else either
            joined = join(*(_one_form(part, negated=negated) for part in parts))
            if isinstance(joined, And | Or):
                return type(joined)(tuple(sorted(joined.parts, key=repr)))
            return joined
        case Compare(operator, left, right):
            operator = _OPPOSITE[operator] if negated else operator
            if operator in _TURNED or (operator in ("==", "!=") and repr(left) > repr(right)):
                return Compare(_TURNED.get(operator, operator), right, left)
            return Compare(operator, left, right)
        case Among(operand, values):
            each = Or(tuple(Compare("==", operand, Constant(value)) for value in values))
            return _one_form(each, negated=negated)
        case FromOtherHome(part):
            return FromOtherHome(_one_form(part, negated=negated))
        case Always(value):
            return Always(value != negated)
        case _:
            return Not(test) if negated else test


def _all_among(wide: frozenset[Expression], narrow: frozenset[Expression]) -> bool:
    """Whether everything `wide` asks for is asked for in `narrow`, which may ask for more."""
    if FALSE in narrow or FALSE in wide:
        return False  # what never holds, concludes nothing
    return all(condition == TRUE or _among(condition, narrow) for condition in wide)


def _among(condition: Expression, narrow: frozenset[Expression]) -> bool:
    if condition in narrow:
        return True
    if not isinstance(condition, Or):
        return False
    enough = set(condition.parts)
    return any((isinstance(other, Or) and set(other.parts) <= enough) or other in enough for other in narrow) or any(
        isinstance(part, And) and set(part.parts) <= narrow for part in enough
    )


def _can_hold_together(a: Expression, b: Expression) -> bool | None:
    """Whether two conditions hold of some case; None where there are too many cases to try."""
    test = both(a, b)
    if test == FALSE or any(isinstance(atom, AnyOf) for atom in atoms(test)):
        return False
    answers = Answers((test,))
    support = sorted(set(names(test)))
    for tried, values in enumerate(product(*(answers.of(name) for name in support))):
        if tried > _MOST_TRIED:
            return None
        if partial(test, dict(zip(support, values, strict=True)), {}) == TRUE:
            return True
    return False
