"""No sum of money that is published tells a number of pupils that is withheld."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility.modelling.about_columns import MAINSTREAM, SEND
from eligibility.modelling.accounts import InYear
from eligibility.modelling.changes import NOBODY
from eligibility.modelling.report.money import Carriage, Costs, Money, Numbers, Prices, cost
from eligibility.modelling.report.withheld import (
    LEAST,
    publish_in_order,
    publishable,
)

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

    def by_mode(self, prices: Prices, more: int = 0) -> dict[str, Carriage]:
        """With `more` who are not entitled, because an officer decides."""

        def carriage(mode: str, carried: int, left: int = 0) -> Carriage:
            entitled, seat = carried + left, prices.empty_seat[mode]
            return Carriage(entitled + more * (mode == MAINSTREAM), entitled, carried, carried * prices.a_year[mode],
                            carried * seat)  # fmt: skip

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


@dataclass(frozen=True)
class Accounts:
    prices: Prices
    division: InYear


def _later(county: County, still: int, by_officer: int) -> Numbers:
    ended = county.protected.pupils - still
    return Numbers(county.lose.pupils + ended - by_officer, county.gain.pupils, still)


def published(county: County, accounts: Accounts) -> tuple[list[object], list[object]]:
    """The numbers of pupils that a report publishes of a county, and the sums of money, which it even rounds."""
    lose, gain, protected = county.lose.pupils, county.gain.pupils, county.protected.pupils
    shown = {"loser": publishable(lose), "winner": publishable(gain), "protected": publishable(protected)}
    still: dict[tuple[str, int], int | None] = {}
    later: dict[tuple[str, int], Numbers] = {}
    for year in range(YEARS):
        row = (county.still[year], county.otherwise[year])
        today = shown["protected"]
        told = publish_in_order(row, [today] if today and not year else [])
        for way, count, is_told in zip((CHOSEN, OTHER), row, told, strict=True):
            still[way, year] = is_told
            later[way, year] = _later(county, count, county.by_officer[year] if way == CHOSEN else 0)
        later[NOBODY, year] = _later(county, 0, county.by_officer[-1])
    costs = Costs(*(cost(group.by_mode(accounts.prices), accounts.prices)
                    for group in (county.lose, county.gain, county.protected)))  # fmt: skip
    money = Money(Numbers(lose, gain, protected), shown, later, still, costs, (CHOSEN, OTHER), {})
    full = [
        (money.saved(NOBODY, year), money.saved(CHOSEN, year), money.least(year), money.saved(OTHER, year))
        for year in range(YEARS)
    ]
    return [shown, still], [(year, *map(accounts.division.split, year)) for year in full]


def counties_with(county: County) -> Iterator[list[County]]:
    """For everything that a withheld number may be, counties in which it is that, all else being as it was.

    A pupil whose protection ends in one and not in the other either loses or is one whom an officer then decides.
    """
    for name in ("lose", "gain"):
        if getattr(county, name).pupils in WITHHELD:
            for count in WITHHELD:
                for group in (Group(count), Group(0, count), Group(0, 0, count)):
                    yield [replace(county, **{name: group})]
    for name in ("lose", "gain", "protected"):
        group = getattr(county, name)
        for special, left in product(range(LEAST), repeat=2):
            carried = group.pupils - special - left
            if max(group.special, group.left) < LEAST <= min(carried, group.carried):
                yield [replace(county, **{name: Group(carried, special, left)})]
    for count in WITHHELD if county.protected.pupils in WITHHELD else ():
        still = tuple(min(each, count) for each in (count, *county.still[1:]))
        officers = tuple(min(each, count - left) for each, left in zip(county.by_officer, still, strict=True))
        yield [replace(county, protected=Group(count), still=still, by_officer=officers)]
    for year, count in enumerate(county.still):
        for other in WITHHELD if count in WITHHELD and year else ():
            still, ended = _put(county.still, year, other), county.protected.pupils - other
            if list(still) == sorted(still, reverse=True):
                officers = {min(county.by_officer[year], ended), max(county.by_officer[year] + count - other, 0)}
                yield [replace(county, still=still, by_officer=_put(county.by_officer, year, each))
                       for each in officers if each <= ended]  # fmt: skip


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


@settings(max_examples=1500, deadline=None)
@given(_counties(), _accounts())
def test_every_sum_of_money_is_the_same_whatever_a_withheld_number_is(county: County, accounts: Accounts) -> None:
    told = published(county, accounts)
    for others in counties_with(county):
        assert any(published(other, accounts) == told for other in others), others
