"""Hypothesis strategies: pupils, drafts of a policy, populations and places, each such as the rest of edtravel reads.

Hypothesis is no part of a plain installation; `pip install 'edtravel[testing]'` brings it.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from eligibility.case import build_case_model, read_case
from eligibility.errors import InputError
from eligibility.new_draft import draft_text
from eligibility.policy import Parameter, Policies, Version
from eligibility.policy_files import policies as shipped
from eligibility.policy_files import with_draft
from eligibility.testing.background import Case
from eligibility.testing.drawn_pupils import Edges, Question, T, draw
from eligibility.testing.edges import anywhere, edges_of
from eligibility.testing.missing_facts import gaps, without

if TYPE_CHECKING:
    import polars as pl

    from eligibility.testing.places import Places


@st.composite
def drawn(draw_: st.DrawFn, edges: Edges) -> Question:
    """A whole pupil beside some edges, with the day the decision is about and the day it is made."""
    return draw(_picking(draw_), edges)


def _picking(draw_: st.DrawFn) -> Any:
    def pick(options: Sequence[T]) -> T:
        return draw_(st.sampled_from(options))

    return pick


def pupils(
    version: str | None = None,
    *,
    policies: Policies | None = None,
    near_boundaries: bool = True,
    missing: bool = False,
) -> st.SearchStrategy[Case]:
    """Cases of invented pupils, each consistent in itself, as `assess` reads them; the day is their `travel_from`.

    `version` is the one beside whose limits, ages and days they are drawn, by default the newest of a council;
    `near_boundaries=False` draws them beside none. With `missing` facts are absent at random, so not known.
    """
    held = policies or shipped()
    chosen = held.version(version) if version else held.council_versions()[-1]
    edges = edges_of(held, chosen) if near_boundaries else anywhere(edges_of(held, chosen))
    whole = drawn(edges)
    if not missing:
        return whole.map(lambda question: question.case)
    return _with_gaps(whole).filter(functools.partial(_is_a_case, held))


@st.composite
def _with_gaps(draw_: st.DrawFn, questions: st.SearchStrategy[Question]) -> Case:
    case = draw_(questions).case
    return without(case, gaps(_picking(draw_), case))


def _is_a_case(held: Policies, case: Case) -> bool:
    """Whether what is left of a case is one."""
    try:
        read_case(case, _model(held.rules_hash, tuple(held.rules.grounds), tuple(held.versions)))
    except InputError:
        return False
    return True


@functools.cache
def _model(_rules: str, grounds: tuple[str, ...], versions: tuple[str, ...]) -> Any:
    return build_case_model({"ground": grounds, "policy": versions})


@st.composite
def policies(draw_: st.DrawFn, base: str | None = None, *, held: Policies | None = None) -> tuple[Policies, Version]:
    """A draft that changes a version of a council, and the policies that hold it beside all others.

    It withdraws local or discretionary grounds, sets figures of the council's own otherwise, or reads open points
    otherwise, one of these at least. It is read by the loader, as a file that a policy officer writes.
    """
    known = held or shipped()
    version = known.version(base) if base else draw_(st.sampled_from(known.council_versions()))
    statute = known.versions[version.statute].parameters if version.statute else {}
    own = [each for each in version.parameters.values() if each.name not in statute and _others(each)]
    local = [ground for ground in version.grounds if known.rules.grounds[ground].kind != "statutory"]
    open_points = [reading for reading in version.readings.values() if reading.others]
    withdraw = draw_(st.lists(st.sampled_from(local), unique=True, max_size=2)) if local else []
    changed = draw_(st.lists(st.sampled_from(own), unique_by=lambda each: each.name, max_size=2)) if own else []
    most = 2 if withdraw or changed else 1
    least = 0 if withdraw or changed else 1
    read = draw_(
        st.lists(st.sampled_from(open_points), unique_by=lambda each: each.name, min_size=least, max_size=most)
    )
    text = draft_text(
        known,
        "drawn",
        version,
        withdraw=withdraw,
        change={each.name: draw_(st.sampled_from(_others(each))) for each in changed},
        choose={each.name: draw_(st.sampled_from(each.others)) for each in read},
    )
    more = with_draft(known, text, "drawn.yaml")
    return more, more.version("drawn")


def _others(parameter: Parameter) -> list[str]:
    """Other values that a figure could have, as a file has them; none of a kind that is no number or word."""
    value = parameter.values[0][1]
    if parameter.unit == "word":
        return [choice for choice in parameter.choices if choice != value]
    if isinstance(value, int) and parameter.unit not in ("pounds", "metres", "miles"):
        return [str(other) for other in (value - 1, value + 1, value + 2) if other > 0]
    return []


@st.composite
def populations(
    draw_: st.DrawFn, version: str | None = None, *, min_size: int = 1, max_size: int = 20, missing: bool = False
) -> pl.DataFrame:
    """A small population as `model run` and `population measure` read it, with no names and with `about.*` columns."""
    from eligibility.testing.small_population import population_of

    cases = draw_(st.lists(pupils(version, missing=missing), min_size=min_size, max_size=max_size))
    wards = draw_(st.lists(st.sampled_from(["North", "South", None]), min_size=len(cases), max_size=len(cases)))
    return population_of(cases, wards)


@st.composite
def networks(draw_: st.DrawFn) -> Places:
    """Streets on a small grid with a few schools and homes along them, as files that an area is built from."""
    from eligibility.testing.places import drawn_places

    return drawn_places(_picking(draw_))


__all__ = ["networks", "policies", "populations", "pupils"]
