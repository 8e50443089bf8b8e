"""`python -m mutation`: change the rules, the policy and the code a little, and count which changes the tests catch."""

from __future__ import annotations

import random
from fnmatch import fnmatch
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from mutation.equivalents import equivalents
from mutation.mutants import Mutant
from mutation.results import CAUGHT, Results, table
from mutation.subjects import SUBJECTS, mutants
from mutation.trial import Trials

PROJECT = Path(__file__).resolve().parent.parent
Trial = tuple[Mutant, str]


@click.command()
@click.option("--subject", "subjects", type=click.Choice(list(SUBJECTS)), multiple=True, help="What to change; all.")
@click.option("--only", default="*", help="Only mutants whose name fits this pattern, such as 'rules/grounds/*'.")
@click.option("--sample", type=int, help="At most this many mutants of each subject, the same share of each file.")
@click.option("--seed", default=1, show_default=True, help="Which sample.")
@click.option("--pupils", default=300, show_default=True, help="How many pupils meet the oracle before the tests.")
@click.option("--effort", default=1e6, help="How many seconds of tests, as timed with nothing changed, try a mutant.")
@click.option("--jobs", default=1, show_default=True, help="How many copies of the checkout to use at once.")
@click.option(
    "--results", "file", type=Path, default=PROJECT / "build" / "mutation.jsonl", help="What is known so far."
)
@click.option("--again", is_flag=True, help="Try also what is known to be caught, and what is listed as equivalent.")
@click.option("--report", is_flag=True, help="Try nothing; say what is known.")
def main(
    *,
    subjects: tuple[str, ...],
    only: str,
    sample: int | None,
    seed: int,
    pupils: int,
    effort: float,
    jobs: int,
    file: Path,
    again: bool,
    report: bool,
) -> None:
    """Change the rules, the policy and the code a little, and count which changes the tests catch.

    Works on copies of the commit checked out. What is caught stays so until its file changes; what is not is tried
    again, since there may be new tests.
    """
    chosen = {
        subject: sampled([one for one in mutants(PROJECT, subject) if fnmatch(one[0].name, only)], sample, seed)
        for subject in subjects or SUBJECTS
    }
    results = Results(file)
    listed = equivalents()
    if not report:
        waiting = [
            one
            for trials in chosen.values()
            for one in trials
            if again or not (one[0].name in listed or results.verdict(*one) in CAUGHT)
        ]
        _try(waiting, results, pupils, jobs, effort)
    click.echo(table(chosen, results, listed))
    left = [one for one in results.not_caught(chosen) if one not in listed]
    for name in left:
        click.echo(f"not caught: {name}")
    raise SystemExit(1 if left else 0)


def sampled(trials: list[Trial], size: int | None, seed: int) -> list[Trial]:
    """The same share of every file's mutants, at least one, chosen by the seed."""
    if size is None or size >= len(trials):
        return trials
    chosen: list[Trial] = []
    for file in sorted({mutant.file for mutant, _ in trials}):
        of_file = [one for one in trials if one[0].file == file]
        share = max(1, round(len(of_file) * size / len(trials)))
        chosen += random.Random(f"{seed} {file}").sample(of_file, share)  # noqa: S311 - a sample, no secret
    return chosen


def _try(waiting: list[Trial], results: Results, pupils: int, jobs: int, effort: float) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("mutants", total=len(waiting))
        with Trials(PROJECT, results, pupils, jobs, effort) as trials:
            for mutant in trials.run(waiting):
                progress.update(task, advance=1, description=mutant.file)
            for name in trials.fails_anyway:
                click.echo(f"fails with nothing changed, so it catches nothing: {name}", err=True)


if __name__ == "__main__":
    main()
