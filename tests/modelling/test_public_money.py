"""No sum of money that is published tells a number of pupils that is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.modelling.about_columns import MAINSTREAM, SEND
from eligibility.modelling.accounts import InYear, by_financial_year, savings
from eligibility.modelling.changes import NOBODY
from eligibility.modelling.report.counted import Counted
from eligibility.modelling.report.make import make
from eligibility.modelling.report.money import Carriage, Costs, Money, Numbers, Prices, carried, cost
from eligibility.modelling.report.withheld import (
    LEAST,
    MARK,
    completes,
    publish_in_order,
    publishable,
    told_share,
)
from eligibility.modelling.run import Run
from tests.modelling.reported import over_draws, shared
from tests.modelling.small_run import NEW

YEARS = 4
CHOSEN, OTHER = "5.1", "1.1"
WITHHELD = range(1, LEAST)


@dataclass(frozen=True)
class Group:
    """Pupils of one change: carried as most are, carried by special transport, and entitled but not carried."""

    carried: int = 0
    special: int = 0
    left: int = 0

    @property
    def pupils(self) -> int:
        return self.carried + self.special + self.left

    @property
    def taken(self) -> int:
        return self.carried + self.special

    def by_mode(self, prices: Prices) -> dict[str, Carriage]:
        def carriage(mode: str, carried: int, left: int = 0) -> Carriage:
            return Carriage(carried + left, carried, carried * prices.a_year[mode], carried * prices.empty_seat[mode])

        return {MAINSTREAM: carriage(MAINSTREAM, self.carried, self.left), SEND: carriage(SEND, self.special)}


@dataclass(frozen=True)
class County:
    """Who loses and gains; those protected; by year how many still are, by year after the first of whom an officer
    then decides, and how many another reading protects."""

    lose: Group
    gain: Group
    protected: Group
    still: tuple[int, ...]
    by_officer: tuple[int, ...]
    otherwise: tuple[int, ...]


Sums = tuple[tuple[int, ...], list[tuple[int, int]]]
"""Of a school year: target, probable, assured, another reading; and each in two years of accounts."""


@dataclass(frozen=True)
class Accounts:
    prices: Prices
    division: InYear


def _later(county: County, still: int, by_officer: int) -> Numbers:
    ended = county.protected.pupils - still
    return Numbers(county.lose.taken + ended - by_officer, county.gain.taken, still)


def published(county: County, accounts: Accounts) -> tuple[list[object], list[Sums]]:
    """The numbers of pupils that a report publishes of a county, and the sums of money, which it even rounds."""
    groups = (county.lose, county.gain, county.protected)
    shown = [publishable(group.pupils) for group in groups]
    still: dict[tuple[str, int], int | None] = {}
    later: dict[tuple[str, int], Numbers] = {}
    for year in range(YEARS):
        row = (county.still[year], county.otherwise[year])
        today = shown[-1]
        told = publish_in_order(row, [today] if today and not year else [])
        for way, count, is_told in zip((CHOSEN, OTHER), row, told, strict=True):
            still[way, year] = is_told
            later[way, year] = _later(county, count, county.by_officer[year] if way == CHOSEN else 0)
        later[NOBODY, year] = _later(county, 0, county.by_officer[-1])
    by_mode = [group.by_mode(accounts.prices) for group in groups]
    costs = Costs(*(cost(each, accounts.prices) for each in by_mode))
    lose, gain = (carried(each) if told else 0 for each, told in zip(by_mode[:2], shown[:2], strict=True))
    now = Numbers(county.lose.taken, county.gain.taken, county.protected.pupils)
    money = Money(now, Numbers(lose, gain, shown[-1] or 0), later, still, costs, (CHOSEN, OTHER), {})
    full = [
        (money.saved(NOBODY, year), money.saved(CHOSEN, year), money.least(year), money.saved(OTHER, year))
        for year in range(YEARS)
    ]
    return [shown, still], [(year, list(map(accounts.division.split, year))) for year in full]


def counties_with(county: County) -> Iterator[list[County]]:
    """For everything that a withheld number may be, counties in which it is that, all else being as it was.

    A pupil whose protection ends in one and not in the other either loses or is one whom an officer then decides.
    """
    for name in ("lose", "gain"):
        if getattr(county, name).pupils in WITHHELD:
            for count in WITHHELD:
                for group in (Group(count), Group(0, count), Group(0, 0, count)):
                    yield [_with(county, name, group)]
    for name in ("lose", "gain", "protected"):
        group = getattr(county, name)
        for special, left in product(range(LEAST), repeat=2):
            carried = group.pupils - special - left
            if max(group.special, group.left) < LEAST <= min(carried, group.carried):
                yield [_with(county, name, Group(carried, special, left))]
    for count in WITHHELD if county.protected.pupils in WITHHELD else ():
        still = tuple(min(each, count) for each in (count, *county.still[1:]))
        fewer = tuple(min(each, count - left) for each, left in zip(county.by_officer, still, strict=True))
        yield [replace(county, protected=Group(count), still=still, by_officer=fewer)]
    for year, count in enumerate(county.still):
        for other in WITHHELD if count in WITHHELD and year else ():
            still, ended = _put(county.still, year, other), county.protected.pupils - other
            if list(still) == sorted(still, reverse=True):
                officers = {min(county.by_officer[year], ended), max(county.by_officer[year] + count - other, 0)}
                yield [replace(county, still=still, by_officer=_put(county.by_officer, year, each))
                       for each in officers if each <= ended]  # fmt: skip


def _with(county: County, name: str, group: Group) -> County:
    groups = {"lose": county.lose, "gain": county.gain, "protected": county.protected} | {name: group}
    return replace(county, lose=groups["lose"], gain=groups["gain"], protected=groups["protected"])


def _put(numbers: tuple[int, ...], year: int, number: int) -> tuple[int, ...]:
    return (*numbers[:year], number, *numbers[year + 1 :])


def _groups() -> st.SearchStrategy[Group]:
    small, large = st.integers(0, 4), st.sampled_from((0, 1, 2, 3, 5, 6, 9, 33, 400))
    return st.builds(Group, large, st.one_of(small, large), small)


@st.composite
def _counties(draw: st.DrawFn) -> County:
    protected = draw(_groups())
    whole = protected.pupils
    still = [whole, *sorted(draw(st.lists(st.integers(0, min(whole, 40)), min_size=2, max_size=2)), reverse=True), 0]
    by_officer = [draw(st.integers(0, min(whole - each, 12))) for each in still]
    otherwise = draw(st.lists(st.integers(0, 60), min_size=YEARS, max_size=YEARS))
    return County(draw(_groups()), draw(_groups()), protected, tuple(still), tuple(by_officer), tuple(otherwise))


@st.composite
def _accounts(draw: st.DrawFn) -> Accounts:
    pence = st.integers(1_00, 9_000_00)
    a_year = {MAINSTREAM: draw(pence), SEND: draw(pence)}
    seats = {mode: each * draw(st.integers(0, 100)) // 100 for mode, each in a_year.items()}
    whole = draw(st.integers(2, 200))
    return Accounts(Prices(a_year, seats), InYear(draw(st.integers(1, whole - 1)), whole, ""))


@settings(max_examples=60, deadline=None)
@given(_counties(), _accounts())
def test_every_sum_of_money_is_the_same_whatever_a_withheld_number_is(county: County, accounts: Accounts) -> None:
    told = published(county, accounts)
    for others in counties_with(county):
        assert any(published(other, accounts) == told for other in others), others


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4))
def test_no_withheld_number_of_a_reading_has_a_say_in_what_is_told_of_another(row: list[int]) -> None:
    told = publish_in_order(row)
    for place, count in enumerate(row):
        if count in WITHHELD:
            for other in WITHHELD:
                assert publish_in_order([*row[:place], other, *row[place + 1 :]]) == told


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4))
def test_readings_that_are_told_differ_by_nought_or_by_five_or_more(row: list[int]) -> None:
    told = [count for count in publish_in_order(row) if count]
    assert all(one == other or abs(one - other) >= LEAST for one, other in product(told, repeat=2))
    assert not set(told) & set(WITHHELD)


def test_a_number_that_adds_a_withheld_one_to_what_is_published_is_known_for_that() -> None:
    assert all(completes(33 + few, [33, None, 0]) for few in WITHHELD)
    assert all(completes(33 + few + other, [33, None, None]) for few, other in product(WITHHELD, repeat=2))
    assert not completes(33, [33, None, 0])
    assert not completes(33 + LEAST, [33, None, 0])
    assert not completes(34, [33, 12, 0])


@pytest.mark.parametrize("whole", [LEAST, 2 * LEAST - 2, 2 * LEAST - 1, 40])
def test_a_part_of_fewer_than_five_and_a_rest_of_fewer_than_five_are_told_by_no_sum(whole: int) -> None:
    small = [part for part in range(whole + 1) if part < LEAST]
    nearly_all = [part for part in range(whole + 1) if whole - part < LEAST]
    assert len({told_share(part, whole) for part in small}) == 1
    assert {told_share(part, whole) for part in nearly_all} == {whole}


def of_so_few(found: Run, losers: int) -> Run:
    """The run as if so few of those who lose today did, and all else were as it is; the others were never entitled."""
    tables, today = dict(found.tables), Counted.of(found).totals["loser"]
    for name in ("outcomes", "transitions"):
        table = tables[name].with_columns(first=pl.int_range(pl.len()).over("change", *_DIMENSION[name]) == 0)
        mine = pl.col("change") == "loser"
        others = (pl.col("change") == "unchanged") & pl.col("first")
        moved = pl.col("pupils") + pl.when(others).then(today - losers).otherwise(0)
        left = table.with_columns(moved).filter(~mine | pl.col("first")).drop("first")
        tables[name] = left.with_columns(_of(pl.lit(losers), mine))
    for name in ("run_off", "readings"):
        table, mine = tables[name], pl.col("change") == "loser"
        tables[name] = table.with_columns(_of(pl.col("pupils") - today + losers, mine))
    kept = tables["run_off"].filter(pl.col("view") == "kept")
    by_year = savings(kept, CHOSEN, (CHOSEN, OTHER))
    first, whole = found.about["in_year"][NEW]
    for name, table in (
        ("savings_by_school_year", by_year),
        ("savings_by_financial_year", by_financial_year(by_year, InYear(first, whole, ""), 2018)),
    ):
        tables[name] = table.with_columns(pl.lit(NEW).alias("option"))
    return replace(found, tables=tables)


_DIMENSION = {"outcomes": ("dimension",), "transitions": ()}


def _of(pupils: pl.Expr, mine: pl.Expr) -> list[pl.Expr]:
    """The sums of so many who lose, all of them carried at the one price of the run."""
    prices = {
        "pupils": 1,
        "entitled_before": 1,
        "carried_before": 1,
        "pence_before": 1210_53,
        "seat_pence_before": 605_27,
    }
    return [pl.when(mine).then(pupils * each).otherwise(pl.col(name)).alias(name) for name, each in prices.items()]


def _money_of_the_page(found: Run) -> list[object]:
    report = make(over_draws(found, shared().tables["outcomes"]))
    money = {"savings", "key-decision", "readings", "spread", "calibration"}
    sections = [each for each in report.sections if each.anchor in money]
    assert {each.anchor for each in sections} == money
    return [
        report.headline.partition(", ")[2],
        *((each.sentences, each.tables, [str(sheet) for sheet in each.drawings]) for each in sections),
    ]


def test_the_money_of_the_page_is_the_same_for_every_number_that_a_withheld_one_may_be() -> None:
    one, four = (_money_of_the_page(of_so_few(shared(), losers)) for losers in (WITHHELD[0], WITHHELD[-1]))
    assert "some ([c]) would lose free travel" in str(one)
    assert one == four


def test_where_all_cost_the_same_a_pupil_costs_that_in_every_sum() -> None:
    counted = Counted.of(shared())
    assert counted.cost_of_the_carried.pence == counted.money.costs.lose.pence == 1210_53
    assert counted.cost_of_the_carried.seat_pence == counted.money.costs.lose.seat_pence == 605_27


def test_whom_a_change_affects_in_how_many_wards_is_not_told_where_it_would_tell_of_how_many() -> None:
    found = of_so_few(shared(), 2)
    few = found.tables["outcomes"].filter(pl.col("change").is_in(["loser", "unchanged"]))
    (table,) = (table for table in make(replace(found, tables={**found.tables, "outcomes": few})).tables()
                if table.name == "Key decision")  # fmt: skip
    assert table.rows[-1][1:4] == (MARK, "2", MARK)


def test_a_county_that_withholds_nothing_tells_its_sums_to_the_step_they_are_rounded_to() -> None:
    """Pupils whom an officer decides, or who are not all carried, are as many as they are."""
    prices = Prices({MAINSTREAM: 1210_53, SEND: 8116_00}, {MAINSTREAM: 605_27, SEND: 4058_00})
    lose, protected = Group(900, 40, 60), Group(500, 20, 80)
    still, officers = (600, 400, 150, 0), (0, 20, 60, 100)
    county = County(lose, Group(), protected, still, officers, (600, 300, 100, 0))
    _, sums = published(county, Accounts(prices, InYear(130, 195, "")))
    each = [Fraction(sum(c.pence for c in group.by_mode(prices).values()), group.taken) for group in (lose, protected)]
    for year, (target, probable, *_) in enumerate(full for full, *_ in sums):
        assert target == round(940 * each[0] + (600 - 100) * each[1])
        assert probable == round(940 * each[0] + (600 - still[year] - officers[year]) * each[1])
