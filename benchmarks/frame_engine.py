"""Pupil-versions a second of the frame engine, beside the same rules by hand in Polars and in OpenFisca-Core.

Run `python -m benchmarks.frame_engine` from the top of the checkout. OpenFisca has an environment of its own, set up on
first use in `.venv-benchmarks/`. What is timed: from a frame of facts in memory (dates, distances and truths of every
pupil, with what the calendar and the constraints say of them) to the results of every ground, both readings of
legitimate expectation, protection, notices and outcomes, of both versions, in memory.
"""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
import narwhals as nw
import numpy as np
import polars as pl

from benchmarks import by_hand
from benchmarks.environments import HERE, environment
from benchmarks.translate import Translation
from eligibility.engines.frame_conditions import FACT, column_of
from eligibility.in_force import Books, InForce
from eligibility.language.expressions import names
from eligibility.modelling.answers_in_columns import conclude
from eligibility.modelling.assessed import assess_versions
from eligibility.modelling.fact_columns import FactColumns
from eligibility.modelling.facts_in_columns import establish_in_columns
from eligibility.modelling.facts_of_cases import with_facts
from eligibility.policy_files import policies
from tests.modelling.populations import drawn, population

VERSIONS = ("somerset-2016", "somerset-2018")
DRAWN = 4_000
ON = dt.date(2018, 9, 4)
SEED = 20180901
OURS, BY_HAND, OPENFISCA = "frame engine", "by hand in Polars", "OpenFisca-Core, all pupils in one simulation"


def facts_of(pupils: int, books: list[InForce], *, complete: bool, kinds: int = DRAWN) -> FactColumns:
    """Facts of so many pupils in memory: some `kinds` of them, facts missing at random, again and again, mixed.

    With `complete` every gap is filled, for OpenFisca, to which nothing can be unknown.
    """
    rng = np.random.default_rng(SEED)
    rows = population(drawn(SEED, kinds))
    rows = rows.select([name for name in rows.columns if not name.startswith(FACT)])
    some = {
        "school.independent": 0.02,
        "school.boarding": 0.01,
        "measured.nearest_of_named_schools": 0.5,
        "measured_other_home.nearest_of_named_schools": 0.5,
    }
    rows = rows.with_columns(
        *(pl.Series(name, rng.random(rows.height) < share) for name, share in some.items()),
        *(
            pl.Series(f"income.net_earnings_last_{period}_pence", rng.integers(30_000, 250_000, rows.height))
            for period in ("period", "two_periods", "three_periods")
        ),
    )
    rows = with_facts(rows.lazy()).collect()
    chosen = rows[rng.integers(0, rows.height, pupils)].with_columns(pl.int_range(1, pl.len() + 1).alias("row"))
    held = establish_in_columns(nw.from_native(chosen.lazy()), books, policies(), on=ON)
    read = {name for book in books for test in book.conclusions.values() for name in names(test)}
    there = held.frame.collect_schema().names()
    ends = {end for pair in held.bounds.values() for end in pair}
    wanted = [name for name in there if name in ends or name in {column_of(one) for one in read}]
    frame: pl.DataFrame = held.frame.select("row", *wanted).to_native().collect()
    if complete:
        frame = frame.with_columns(pl.col(wanted).fill_null(strategy="forward").fill_null(strategy="backward"))
        frame = frame.with_columns(
            *(
                pl.coalesce(column_of(name)).cast(pl.Int32).alias(end)
                for name, pair in held.bounds.items()
                for end in pair
            )
        )
    return replace(held, frame=nw.from_native(frame.lazy()))


def by_engine(facts: FactColumns, books: dict[str, InForce]) -> tuple[float, float, pl.DataFrame]:
    """Seconds on the clock and of the processor, and what the frame engine found."""
    began, used = time.perf_counter(), time.process_time()
    frame, answers = conclude(facts, books)
    found = frame.select("row", *(nw.col(answer.held).alias(name) for name, answer in answers.items()))
    result: pl.DataFrame = found.to_native().collect()
    return time.perf_counter() - began, time.process_time() - used, result


def the_hand_written(facts: FactColumns) -> tuple[float, float, pl.DataFrame]:
    """The same for the rules written by hand."""
    frame: pl.LazyFrame = facts.frame.to_native()
    began, used = time.perf_counter(), time.process_time()
    result = by_hand.assess(frame).collect()
    return time.perf_counter() - began, time.process_time() - used, result


def by_openfisca(facts: FactColumns, books: dict[str, InForce], ours: pl.DataFrame) -> float:
    """Processor seconds of OpenFisca for both versions; stops where it concludes otherwise."""
    frame: pl.DataFrame = facts.frame.to_native().collect()
    seconds = 0.0
    for prefix, book in books.items():
        with tempfile.TemporaryDirectory() as name:
            folder, held = Path(name), facts.versions[book.version.id]
            read = sorted({n for test in book.conclusions.values() for n in names(test)} - set(book.conclusions))
            columns = {
                n: frame[column_of(n)] for n in read if n not in held.constants and column_of(n) in frame.columns
            }
            shared = {n: held.constants.get(n, False) for n in read if n not in columns}
            sample = frame.head(5_000)
            pupils = [
                {n: value if isinstance(value, bool | int | str) else False for n, value in {**shared, **row}.items()}
                for row in sample.select(**{n: pl.col(column_of(n)) for n in columns}).iter_rows(named=True)
            ]
            translation = Translation(book, pupils)
            kinds = {n: type(value) for n, value in pupils[0].items()}
            (folder / "openfisca_rules.py").write_text(translation.to_openfisca(kinds), encoding="utf-8")
            asked = [f"{g.rule.id}" for g in book.grounds]
            given = {
                "asked": [translation.identifiers[g.result] for g in book.grounds]
                + [translation.identifiers[n] for pair in book.outcomes.values() for n in pair]
                + [translation.identifiers[n] for kept in book.expectations.values() for n, _ in kept.values()]
                + [translation.identifiers[g.result] for g in book.protected.values()],
                "names": [translation.identifiers[n] for n in translation.given],
                "checked": len(asked),
            }
            (folder / "asked.json").write_text(json.dumps(given), encoding="utf-8")
            for number, fact in enumerate(translation.given):
                values = columns[fact]
                if values.dtype == pl.String:
                    values = values.replace_strict(
                        {word: translation.number(word) for word in values.unique().to_list()}, return_dtype=pl.Int32
                    )
                np.save(folder / f"{number}.npy", values.to_numpy())
            command = [str(environment("openfisca")), str(HERE / "peers" / "openfisca_population.py"), str(folder)]
            said = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
            seconds += said["seconds"]
            theirs = np.load(folder / "found.npy")
            mine = np.array([ours[f"{prefix}{ground}"].to_numpy() for ground in asked])
            if not np.array_equal(theirs, mine):
                raise click.ClickException(f"OpenFisca concludes otherwise under {book.version.id}")
    return seconds


def from_a_file(pupils: int, books: Books) -> None:
    """From a checked file of so many pupils to a file of answers, in a process that does nothing else."""
    whole = 250_000
    with tempfile.TemporaryDirectory() as name:
        path, out = Path(name) / "some.parquet", Path(name) / "answers.parquet"
        rng = np.random.default_rng(SEED)
        rows = population(drawn(SEED, DRAWN))
        rows[rng.integers(0, rows.height, min(pupils, whole))].write_parquet(path)
        began, used = time.perf_counter(), time.process_time()
        many = pl.scan_parquet([path] * max(pupils // whole, 1))
        versions = [policies().versions[version] for version in VERSIONS]
        assess_versions(many, books, versions, on=ON).sink_parquet(out)
        clock, processor = time.perf_counter() - began, time.process_time() - used
        count = pl.scan_parquet(out).select(pl.len()).collect().item()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    click.echo(
        f"{count:,} pupils from file to file: {clock:.1f} s, {processor:.1f} s of the processor, {peak} MB at most"
    )


@click.command()
@click.option(
    "--from-file", default=0, help="Only this: so many pupils from a file to a file, and the memory it takes."
)
@click.option("--pupils", default=1_000_000, show_default=True)
@click.option("--rounds", default=7, show_default=True, help="How often, in turn; the median counts.")
@click.option("--openfisca/--no-openfisca", default=True, show_default=True)
def main(from_file: int, pupils: int, rounds: int, openfisca: bool) -> None:
    """Measure each in turn, several times, and print pupil-versions a second and ratios."""
    held = Books(policies())
    if from_file:
        from_a_file(from_file, held)
        return
    books = {f"{name}:": held.of(policies().versions[name]) for name in VERSIONS}
    facts = facts_of(pupils, list(books.values()), complete=False)
    seconds: dict[str, list[float]] = {OURS: [], BY_HAND: []}
    used: dict[str, list[float]] = {OURS: [], BY_HAND: []}
    ours = by_engine(facts, books)[2]
    hand = the_hand_written(facts)[2]
    if not hand.select(ours.columns).equals(ours):
        differ = [name for name in ours.columns if not hand[name].equals(ours[name])]
        raise click.ClickException(f"what is written by hand says otherwise: {', '.join(differ)}")
    runs: list[tuple[str, Callable[[], Any]]] = [
        (OURS, lambda: by_engine(facts, books)),
        (BY_HAND, lambda: the_hand_written(facts)),
    ]
    gc.collect()
    gc.freeze()  # what was needed to draw the pupils is no part of either
    for _ in range(rounds):
        for name, run in runs:
            clock, processor, _ = run()
            seconds[name].append(clock)
            used[name].append(processor)
    both = 2 * pupils
    click.echo(
        f"{pupils:,} pupils, two versions, {rounds} rounds, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    )
    click.echo(f"{'':46} {'a second':>12} {'a processor second':>20} {'times the frame engine':>24}")
    base = statistics.median(used[OURS])
    for name in (OURS, BY_HAND):
        clock, processor = statistics.median(seconds[name]), statistics.median(used[name])
        click.echo(f"{name:46} {both / clock:12,.0f} {both / processor:20,.0f} {processor / base:24.2f}")
    if openfisca:
        whole = facts_of(pupils, list(books.values()), complete=True)
        base = statistics.median([by_engine(whole, books)[1] for _ in range(rounds)])
        theirs = by_openfisca(whole, books, by_engine(whole, books)[2])
        click.echo(f"Every gap filled: frame engine {both / base:,.0f} a processor second")
        click.echo(f"{OPENFISCA:46} {'':12} {both / theirs:20,.0f} {theirs / base:24.2f}")


if __name__ == "__main__":
    main()
