"""What a change saves as it is published: worked out from published numbers of pupils, never from a withheld one.

Prices are public, so many sums of money, however much each is rounded, would together tell the number of pupils behind
them. So the sums of a published report are not those of the run. Each is

    those who lose today                                      x what one of them costs who is carried
    + those protected today, less those protected that year   x what one of them costs who is carried
    - those who gain                                          x what one of them costs who is carried

in which a withheld number is nought. Where that counts five or more too many or too few, such as pupils whom an officer
decides once protection ends, or who are not carried, they are counted rightly; fewer are not. The average is of the
modes by which they are carried, as if there were one alone where that is not so of fewer than five. So fewer than five
pupils, whose number is not published, change no sum, and whoever has all sums knows no more than the numbers that they
are of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from eligibility.modelling.about_columns import MAINSTREAM, SEND
from eligibility.modelling.changes import NOBODY
from eligibility.modelling.report.withheld import LEAST, put_right, told_share


@dataclass(frozen=True)
class Carriage:
    """Pupils of a group by one mode: all, those carried, and what that costs, pence a year."""

    pupils: int = 0
    carried: int = 0
    pence: int = 0
    seat_pence: int = 0

    def __add__(self, other: Carriage) -> Carriage:
        return Carriage(
            self.pupils + other.pupils,
            self.carried + other.carried,
            self.pence + other.pence,
            self.seat_pence + other.seat_pence,
        )


@dataclass(frozen=True)
class Prices:
    """The published average of a pupil carried by each mode, and what of it an empty seat saves, pence a year."""

    a_year: Mapping[str, int]
    empty_seat: Mapping[str, int]


@dataclass(frozen=True)
class Cost:
    """What one pupil carried costs on average, pence a year, and what an empty seat saves of it."""

    pence: Fraction
    seat_pence: Fraction


def carried(group: Mapping[str, Carriage]) -> int:
    """How many of a group are carried: all or none where fewer than five are not, or are."""
    whole = sum(group.values(), Carriage())
    return told_share(whole.carried, whole.pupils)


def cost(group: Mapping[str, Carriage], prices: Prices) -> Cost:
    """What a pupil of a group costs who is carried; where it is told of none that they are, the published average.

    By the mile, where pupils cost what their road does, a mode by which five or more are carried is at their average.
    """
    special = group.get(SEND, Carriage())
    other = sum((carriage for mode, carriage in group.items() if mode != SEND), Carriage())
    whole = carried(group)
    if whole < LEAST:
        return Cost(Fraction(prices.a_year[MAINSTREAM]), Fraction(prices.empty_seat[MAINSTREAM]))
    by_special = told_share(special.carried, whole)
    pence = seat_pence = Fraction(0)
    for mode, carriage, count in ((SEND, special, by_special), (MAINSTREAM, other, whole - by_special)):
        known = carriage.carried >= LEAST
        each = Fraction(carriage.pence, carriage.carried) if known else Fraction(prices.a_year[mode])
        seat = Fraction(carriage.seat_pence, carriage.carried) if known else Fraction(prices.empty_seat[mode])
        pence += each * count / whole
        seat_pence += seat * count / whole
    return Cost(pence, seat_pence)


@dataclass(frozen=True)
class Numbers:
    """Pupils carried who lose, or who gain, and pupils protected: today, or in a school year read one way."""

    lose: int = 0
    gain: int = 0
    protected: int = 0


@dataclass(frozen=True)
class Costs:
    """What one costs who is carried of those who lose today, of those who gain, and of those protected."""

    lose: Cost
    gain: Cost
    protected: Cost


@dataclass(frozen=True)
class Money:
    """The sums of a published report.

    `today` and `later`, by way to read and year, are what the run counts. `told` is what is told of today: who lose and
    gain of those carried, and who are protected, nought if that is withheld. `still` has the numbers protected that are
    published; None, or what is not in it, is a withheld one.
    """

    today: Numbers
    told: Numbers
    later: Mapping[tuple[str, int], Numbers]
    still: Mapping[tuple[str, int], int | None]
    costs: Costs
    ways: tuple[str, ...]
    """The readings of legitimate expectation, the chosen one first; none where nothing is protected."""
    years: Mapping[int, str]
    """The school years by number; nought is that of the change."""

    @property
    def chosen(self) -> str:
        """The way to read that the policy chose."""
        return self.ways[0] if self.ways else NOBODY

    def saved(self, way: str, year: int, *, seats: bool = False) -> int:
        """What a full school year saves, in pence; with `seats` of each cost only what an empty seat saves."""
        numbers = self.numbers(way, year)
        pairs = (
            (numbers.lose, self.costs.lose),
            (numbers.protected, self.costs.protected),
            (-numbers.gain, self.costs.gain),
        )
        return nearest_penny(
            sum((count * (each.seat_pence if seats else each.pence) for count, each in pairs), Fraction(0))
        )

    def numbers(self, way: str, year: int) -> Numbers:
        """Of whom a year's sum is, of those carried: who lose today, who do so then and not today, and who gain."""
        later = self.later.get((way, year), Numbers())
        ended = self.today.protected - later.protected
        protected = self.told.protected - self._still(way, year)
        return Numbers(
            lose=self.told.lose,
            gain=put_right(self.told.gain, later.gain - self.today.gain),
            protected=put_right(protected, later.lose - self.today.lose - ended),
        )

    def _still(self, way: str, year: int) -> int:
        """How many are still protected: nought if that is withheld, and in the first year as many as today."""
        if way == NOBODY:
            return 0
        told = self.still.get((way, year))
        if told is None:
            return 0 if year else self.told.protected
        return told

    def least(self, year: int) -> int:
        """The least that is saved under any reading of which the number protected is published, empty seats alone."""
        told = (way for way in self.ways[1:] if self.is_told(way, year))
        return min(self.saved(way, year, seats=True) for way in (self.chosen, *told))

    def is_told(self, way: str, year: int) -> bool:
        """Whether it is published how many are protected in a year under a reading."""
        return way == NOBODY or self.still.get((way, year)) is not None


def nearest_penny(pence: Fraction) -> int:
    """The nearest whole penny, half rounding away from nought."""
    nearest = (2 * abs(pence.numerator) + pence.denominator) // (2 * pence.denominator)
    return nearest if pence >= 0 else -nearest
