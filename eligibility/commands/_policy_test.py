"""`edtravel policy test`: sentences of policy held against the pupils of their tests, and what no test exercises."""

from __future__ import annotations

import csv
import itertools
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from eligibility.commands._cases import FORMATS, Whole

if TYPE_CHECKING:
    from eligibility.testing.coverage import Covered
    from eligibility.testing.held_to import NotHeld
    from eligibility.testing.table_files import TableTest
    from eligibility.testing.table_run import Result, TableTests

_COLUMNS = ("file", "line", "name", "row", "policy", "result", "outcome", "failures")


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER|ID...]")
@click.option("--policy", metavar="ID", help="Hold this version, or draft, to every test, whichever it names.")
@click.option("--only", metavar="TEXT", help="Only tests whose sentence contains this.")
@click.option("--coverage", is_flag=True, help="Say which outcomes, boundaries and readings no test exercises.")
@click.option(
    "--fail-under", type=Whole(min=0, max=100), metavar="PERCENT", help="Fail where less of a version is exercised."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
def test(
    paths: tuple[str, ...],
    *,
    policy: str | None,
    only: str | None,
    coverage: bool,
    fail_under: int | None,
    form: str,
) -> int:
    """Run table tests: YAML files whose tests are sentences of policy, each with pupils and what is expected of them.

    Without an argument every file in policy_versions/tests/; an ID takes from them what is about that version. How one
    is written: docs/testing-a-policy.md. Exit code 1 where a test fails or a file is wrong.

    With --policy a draft is held to the sentences of the version that it is made from; what it breaks, and what could
    not be held against it, is named.

    \b
    Example:
        edtravel policy test
        edtravel policy test somerset-2018 --coverage
        edtravel policy test --policy no-faith --only belief
    """
    from eligibility.errors import UsageError
    from eligibility.folders import table_test_folders
    from eligibility.policy_files import policies
    from eligibility.testing.coverage import coverage as find_coverage
    from eligibility.testing.table_run import TableTests, files_of

    held = policies()
    files, ids = files_of(paths, held, table_test_folders())
    tests = TableTests(held, policy=policy, ids=ids)
    results = list(tests.run(files, chosen=lambda test: only is None or only.lower() in test.name.lower()))
    wrong = tests.mistakes.found
    for mistake in wrong:
        click.echo(f"edtravel: {mistake}", err=True)
    if not results and not wrong and not tests.not_held:
        raise UsageError(f"no test says “{only}”" if only else "none of these tests says anything of this version")
    covered = find_coverage(held, results) if coverage or fail_under is not None else {}
    _write(results, tests, covered if coverage else {}, form)
    short = [each for each in covered.values() if each.percent < (fail_under or 0)]
    for each in short:
        says = f"{each.version.id}: {each.percent}% is exercised, which is less than {fail_under}%"
        click.echo(f"edtravel: {says}", err=True)
    if not results and tests.not_held:
        click.echo(f"edtravel: nothing could be held against {policy}", err=True)
    return 0 if results and all(result.passed for result in results) and not wrong and not short else 1


def _write(results: Sequence[Result], tests: TableTests, covered: Mapping[str, Covered], form: str) -> None:
    from eligibility.decision import to_json

    wrong, not_held = tests.mistakes.found, tests.not_held
    if form == "text":
        for line in itertools.chain(_page(results), _told_not_held(not_held), *map(_uncovered, covered.values())):
            click.echo(line)
        click.echo(_total(results, not_held, len(wrong)))
        return
    objects = [*map(_object, results), *map(_not_held_object, not_held)]
    if form == "json":
        whole: dict[str, Any] = {"tests": objects, "mistakes": [str(mistake) for mistake in wrong]}
        if covered:
            whole["coverage"] = [_covered_object(each) for each in covered.values()]
        click.echo(to_json(whole))
    elif form == "jsonl":
        for each in [*objects, *map(_covered_object, covered.values())]:
            click.echo(to_json(each, one_line=True))
    else:
        writer = csv.DictWriter(sys.stdout, _COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        for each in objects:
            said = [each["why"]] if "why" in each else [failure["says"] for failure in each["failures"]]
            writer.writerow({**each, "failures": "; ".join(said)})


def _written(test: TableTest, policy: str) -> dict[str, Any]:
    mark = test.mark
    return {"file": mark.file, "line": mark.line, "name": test.name, "row": test.row or None, "policy": policy}


def _not_held_object(each: NotHeld) -> dict[str, Any]:
    return {**_written(each.test, each.policy), "result": "not_held", "outcome": None, "failures": [], "why": each.why}


def _object(result: Result) -> dict[str, Any]:
    return {
        **_written(result.test, result.policy),
        "expected_of": result.expected_of or result.policy,
        "result": "passed" if result.passed else "broken" if result.broken else "failed",
        "outcome": result.decided.outcome,
        "failures": [
            {"says": each.sentence, "expected": each.expected, "decided": each.decided, "where": each.where}
            for each in result.failures
        ],
    }


def _covered_object(covered: Covered) -> dict[str, Any]:
    items = [
        {"kind": item.kind, "about": item.about, "which": item.which, "tests": tests}
        for item, tests in covered.items.items()
    ]
    return {
        "policy": covered.version.id,
        "exercised": covered.exercised,
        "of": len(items),
        "percent": covered.percent,
        "items": items,
    }


def _page(results: Iterable[Result]) -> Iterator[str]:
    """Every test by file and sentence, the rows of a table together; what failed with its reasons."""
    for file, of_file in itertools.groupby(results, lambda result: result.test.mark.file):
        yield file
        for name, of_test in itertools.groupby(of_file, lambda result: result.test.name):
            yield from _told(name, list(of_test))
        yield ""


def _told(name: str, results: list[Result]) -> Iterator[str]:
    failed = [result for result in results if not result.passed]
    more = f" ({len(results)} decisions)" if len(results) > 1 else ""
    label = "BROKEN" if failed and all(result.broken for result in failed) else "FAILED"
    yield f"  {_label(label, 'red') if failed else _label('passed', 'green')}  {name}{more}"
    for result in failed:
        place = f", in place of {result.expected_of}" if result.expected_of else ""
        row = f", row {result.test.row}" if result.test.row else ""
        yield f"          under {result.policy}{place}{row}: {result.decided.outcome}"
        for failure in result.failures:
            yield f"          {failure.where}: {failure.sentence}"
        for reason in result.reasons():
            yield f"            {reason}"


def _label(text: str, colour: str) -> str:
    return click.style(text, fg=colour) if sys.stdout.isatty() and not os.environ.get("NO_COLOR") else text


def _uncovered(covered: Covered) -> Iterator[str]:
    from eligibility.testing.coverage import KINDS

    yield f"{covered.version.id}: {covered.exercised} of {len(covered.items)} exercised ({covered.percent}%)"
    for kind in KINDS:
        missing = covered.missing(kind)
        if missing:
            yield f"  {_HEADINGS[kind]} that no test exercises"
        for about, which in missing.items():
            yield f"    {about.replace('_', ' ')}: {'; '.join(each.replace('_', ' ') for each in which)}"
    yield ""


_HEADINGS = {
    "outcome": "Outcomes",
    "ground": "Answers of grounds",
    "protection": "Answers to who keeps what was withdrawn",
    "notice": "Answers of notices",
    "boundary": "Edges of boundaries",
    "reading": "Choices of open readings",
}


def _told_not_held(not_held: Sequence[NotHeld]) -> Iterator[str]:
    """The sentences that could not be held against the version put in the place of theirs, by the reason."""
    if not_held:
        yield f"Not held against {not_held[0].policy}"
    by_reason: dict[str, dict[str, None]] = {}
    for each in not_held:
        by_reason.setdefault(each.why, {})[f"{each.test.name} ({each.test.mark.file})"] = None
    for why, sentences in by_reason.items():
        yield f"  {_many(len(sentences), 'sentence')}: {why}"
        yield from (f"    {sentence}" for sentence in sentences)
        yield ""


def _total(results: Sequence[Result], not_held: Sequence[NotHeld], wrong: int) -> str:
    failed = [result for result in results if not result.passed]
    broken = [result for result in failed if result.broken]
    said = f"{_sentences(results)} of policy held against {_many(len(results), 'decision')}: "
    counted = [f"{len(failed) - len(broken)} failed"] if len(failed) > len(broken) else []
    counted += [f"{len(broken)} broken by {broken[0].policy}"] if broken else []
    said += ", ".join(counted) or ("all as expected" if results else "nothing was held")
    said += f"; {_sentences(not_held)} not held" if not_held else ""
    mistakes = f"; {_many(wrong, 'mistake')} in the files" if wrong else ""
    return f"{said}{mistakes}."


def _sentences(some: Sequence[Result | NotHeld]) -> str:
    return _many(len({(each.test.mark.file, each.test.name) for each in some}), "sentence")


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
