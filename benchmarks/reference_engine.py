"""Decisions a second of the reference engine, with reasons, beside OpenFisca-Core and GoRules ZEN on the same rules.

Run `make benchmark`, or `python -m benchmarks.reference_engine` from the top of the checkout. Each peer has an
environment of its own, set up on first use in `.venv-benchmarks/`.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from benchmarks.environments import ask_peer, environment
from benchmarks.pupils import Pupils, generated
from benchmarks.translate import Translation
from eligibility.engines import reference
from eligibility.language.partial import Facts

PEERS = ("openfisca", "zen")
OURS = "reference engine, with reasons"
OURS_GAPS = "  the same, facts missing as they come"
OPENFISCA = "OpenFisca-Core, one pupil a simulation"
OPENFISCA_AT_ONCE = "  all pupils in one simulation, no reasons"
ZEN = "GoRules ZEN, with trace"
ZEN_PLAIN = "  without trace, no reasons"
TARGET, TARGET_OPENFISCA, TARGET_ZEN = 30_000, 20, 2


def decide_with_reasons(pupils: Pupils, facts: Sequence[Facts]) -> float:
    """Processor seconds to decide each of `facts`: the outcomes, and every ground with conditions, limits, margins."""
    book, decide = pupils.book, reference.decide
    began = time.process_time()
    for one in facts:
        decide(book, one)
    return time.process_time() - began


def conclusions(pupils: Pupils, asked: Sequence[str]) -> list[list[bool | None]]:
    """What the reference engine concludes of each complete pupil, of the conclusions `asked`."""
    found = (reference.conclude(pupils.book, facts) for facts in pupils.complete)
    return [[one[name] for name in asked] for one in found]


def write_out(pupils: Pupils, folder: Path) -> Translation:
    """Write the rules and the pupils in the form each peer reads."""
    translation = Translation(pupils.book, pupils.complete)
    kinds = {name: type(value) for name, value in pupils.complete[0].items()}
    names = [translation.identifiers[name] for name in translation.given]
    rows = [[facts[name] for name in translation.given] for facts in pupils.complete]
    given = {
        "asked": [translation.identifiers[name] for name in translation.asked],
        "names": names,
        "kinds": [kinds[name].__name__ for name in translation.given],
        "pupils": [dict(zip(names, row, strict=True)) for row in rows],
        "rows": [[translation.number(value) for value in row] for row in rows],
    }
    (folder / "pupils.json").write_text(json.dumps(given), encoding="utf-8")
    (folder / "zen_rules.json").write_text(translation.to_zen(), encoding="utf-8")
    (folder / "openfisca_rules.py").write_text(translation.to_openfisca(kinds), encoding="utf-8")
    return translation


def agree(name: str, theirs: list[list[bool]], ours: list[list[bool | None]]) -> None:
    """Stop where a peer concludes otherwise, since then it would not be the same rules that are timed."""
    different = sum(one != other for one, other in zip(theirs, ours, strict=True))
    if different:
        raise click.ClickException(f"{name} concludes otherwise of {different} of {len(ours)} pupils")


@click.command()
@click.option("--pupils", "number", default=2000, show_default=True, help="How many pupils each engine decides.")
@click.option("--one-by-one", default=150, show_default=True, help="How many OpenFisca decides one at a time.")
@click.option("--rounds", default=7, show_default=True, help="How often, in turn; the median counts.")
@click.option("--version", default="somerset-2018", show_default=True, help="The version whose rules are decided by.")
def main(number: int, one_by_one: int, rounds: int, version: str) -> None:
    """Measure every engine in turn, several times, and print decisions a second and ratios."""
    pupils = generated(version, number)
    measured: dict[str, list[float]] = {}

    def note(name: str, decided: int, seconds: float) -> None:
        measured.setdefault(name, []).append(decided / seconds)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        translation = write_out(pupils, folder)
        ours = conclusions(pupils, translation.asked)
        for peer in PEERS:
            environment(peer)
        gc.collect()
        gc.freeze()
        for _ in range(rounds):
            note(OURS, number, decide_with_reasons(pupils, pupils.complete))
            note(OURS_GAPS, number, decide_with_reasons(pupils, pupils.as_they_come))
            openfisca = ask_peer("openfisca", folder, str(one_by_one))
            zen = ask_peer("zen", folder)
            agree("OpenFisca", openfisca["concluded"], ours)
            agree("ZEN", zen["concluded"], ours)
            note(OPENFISCA, openfisca["pupils"], openfisca["seconds"])
            note(OPENFISCA_AT_ONCE, number, openfisca["seconds_at_once"])
            note(ZEN, zen["pupils"], zen["seconds"])
            note(ZEN_PLAIN, zen["pupils"], zen["seconds_without_trace"])
    book = pupils.book
    click.echo(
        f"{version}: {len(book.conclusions)} conclusions, {len(book.grounds)} grounds, {number} pupils, ", nl=False
    )
    click.echo(f"{rounds} rounds, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    click.echo(f"Every engine concluded the same of all {number} pupils.\n")
    for line in table({name: statistics.median(several) for name, several in measured.items()}):
        click.echo(line)


def table(rates: Mapping[str, float]) -> Iterator[str]:
    """Decisions a second, how many times as fast the reference engine is, and what is to be reached."""
    wanted = {OURS: f"{TARGET:,} a second", OPENFISCA: f"{TARGET_OPENFISCA} times", ZEN: f"{TARGET_ZEN} times"}
    yield f"{'':42} {'decisions/s':>12} {'reference is':>14}  to reach"
    for name in (OURS, OURS_GAPS, OPENFISCA, OPENFISCA_AT_ONCE, ZEN, ZEN_PLAIN):
        times = f"{rates[OURS] / rates[name]:,.2f} times"
        yield f"{name:42} {rates[name]:12,.0f} {times:>14}  {wanted.get(name, '')}".rstrip()


if __name__ == "__main__":
    main()
