"""Rulebooks and pupils of no policy at all, to hold engines against each other where no real rule leads them.

A rulebook has conclusions in several layers over booleans, numbers, dates and words; facts are missing at random, and
some numbers are known only to lie between two.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from eligibility.engines.clauses import clauses_for
from eligibility.errors import PolicyError
from eligibility.in_force import InForce
from eligibility.language.expressions import (
    FALSE,
    TRUE,
    Among,
    And,
    Compare,
    Constant,
    Expression,
    Holds,
    Name,
    Not,
    Operand,
    Or,
    Years,
)
from eligibility.language.partial import Between, Known
from eligibility.policy_files import policies

CHOICES = ("red", "green", "dark-blue", "low_income_11")
DAYS = (20080229, 20100901, 20180831, 20180901, 20190228, 20190301, 20240229)
ORDERS = ("<", "<=", ">", ">=", "==", "!=")


@dataclass
class Rulebooks:
    """Rulebook after rulebook from one seed, each over a vocabulary of its own.

    `deepest` is how deep conditions are nested; `most` how many conclusions a rulebook has at most. A condition of more
    clauses than the second engine takes is drawn again.
    """

    seed: int
    deepest: int = 3
    most: int = 25
    _random: random.Random = field(init=False)
    _earlier: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def cases(self, books: int, pupils: int) -> Iterator[tuple[InForce, dict[str, Known]]]:
        """So many rulebooks, each with so many pupils."""
        for _ in range(books):
            book = self.book()
            for _ in range(pupils):
                yield book, self.facts()

    def book(self) -> InForce:
        """One rulebook; `facts` then speaks its words."""
        pick = self._random.randint
        self.truths = [f"truth_{n}" for n in range(pick(1, 6))]
        self.numbers = [f"number_{n}" for n in range(pick(1, 4))]
        self.dates = [f"date_{n}" for n in range(pick(2, 3))]
        self.words = [f"word_{n}" for n in range(pick(1, 3))]
        self._earlier = []
        book = InForce(policies().versions["england"])
        for number in range(pick(1, self.most)):
            name = f"rule_{number}"
            book.conclusions[name] = self._rule(name)
            self._earlier.append(name)
        return book

    def facts(self) -> dict[str, Known]:
        """What is known of a pupil under the last rulebook drawn."""
        draw, missing = self._random, self._random.choice([0.0, 0.1, 0.4, 0.8])
        found: dict[str, Known] = {name: draw.random() < 0.5 for name in self.truths}
        found |= {name: self._number() for name in self.numbers}
        found |= {name: draw.choice(DAYS) for name in self.dates}
        found |= {name: draw.choice(CHOICES) for name in self.words}
        return {name: value for name, value in found.items() if draw.random() >= missing}

    def _number(self) -> Known:
        number = self._random.choice([0, 1, 2, 3, 4, 5, 3_218_687, 3_218_688, 3_218_689])
        return number if self._random.random() < 0.7 else Between(number, number + self._random.choice([0, 1, 2]))

    def _rule(self, name: str) -> Expression:
        while True:
            test = self._condition(self.deepest)
            try:
                clauses_for(name, test)
            except PolicyError:
                continue
            return test

    def _condition(self, depth: int) -> Expression:
        kind = self._random.random()
        if depth == 0 or kind < 0.25:
            return self._atom()
        if kind < 0.4:
            return Not(self._condition(depth - 1))
        parts = tuple(self._condition(depth - 1) for _ in range(self._random.randint(1, 4)))
        return And(parts) if kind < 0.7 else Or(parts)

    def _atom(self) -> Expression:
        draw = self._random
        kind = draw.randrange(20)
        if kind == 0:
            return draw.choice([TRUE, FALSE])
        if kind < 5:
            return Holds(draw.choice(self.truths))
        if kind < 9:
            return Holds(draw.choice(self._earlier or self.truths))
        if kind < 12:
            return Compare(draw.choice(ORDERS), self._whole(), self._whole())
        if kind < 14:
            return Compare(draw.choice(ORDERS), Name(draw.choice(self.dates)), self._day())
        if kind < 16:
            return Compare(draw.choice(ORDERS), self._years(), Constant(draw.randint(-1, 11)))
        if kind < 18:
            words: list[Operand] = [Name(draw.choice(self.words)), Constant(draw.choice(CHOICES))]
            return Compare(draw.choice(["==", "!="]), Name(draw.choice(self.words)), draw.choice(words))
        if kind == 18:
            return Among(Name(draw.choice(self.words)), tuple(draw.sample(CHOICES, draw.randint(1, 3))))
        several: list[Operand] = [Name(draw.choice(self.numbers)), self._years()]
        return Among(draw.choice(several), tuple(draw.sample(range(11), 3)))

    def _whole(self) -> Operand:
        name = Name(self._random.choice(self.numbers))
        numbers: list[Operand] = [Constant(self._random.choice([0, 2, 3, 4, 3_218_688])), name, name]
        return self._random.choice(numbers)

    def _day(self) -> Operand:
        days: list[Operand] = [Constant(self._random.choice(DAYS)), Name(self._random.choice(self.dates))]
        return self._random.choice(days)

    def _years(self) -> Years:
        first, second = self._random.sample(self.dates, 2)
        return Years(Name(first), Name(second))
