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
    from eligibility.errors import PolicyError
    from eligibility.testing.coverage import Covered
    from eligibility.testing.table_run import Result

_COLUMNS = ("file", "line", "name", "row", "policy", "result", "outcome", "failures")


@click.command("test")
@click.argument("paths", nargs=-1, metavar="[FILE|FOLDER|ID...]")
@click.option("--policy", metavar="ID", help="Decide every test under this version, drafts too, whichever it names.")
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
    if not results and not wrong:
        raise UsageError(f"no test says “{only}”" if only else "none of these tests says anything of this version")
    covered = find_coverage(held, results) if coverage or fail_under is not None else {}
    _write(results, covered if coverage else {}, wrong, form)
    short = [each for each in covered.values() if each.percent < (fail_under or 0)]
    for each in short:
        says = f"{each.version.id}: {each.percent}% is exercised, which is less than {fail_under}%"
        click.echo(f"edtravel: {says}", err=True)
    return 0 if all(result.passed for result in results) and not wrong and not short else 1


def _write(results: Sequence[Result], covered: Mapping[str, Covered], wrong: Sequence[PolicyError], form: str) -> None:
    from eligibility.decision import to_json

    if form == "text":
        for line in itertools.chain(_page(results), *map(_uncovered, covered.values())):
            click.echo(line)
        click.echo(_total(results, len(wrong)))
        return
    objects = [_object(result) for result in results]
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
            writer.writerow({**each, "failures": "; ".join(failure["says"] for failure in each["failures"])})


def _object(result: Result) -> dict[str, Any]:
    mark = result.test.mark
    return {
        "file": mark.file,
        "line": mark.line,
        "name": result.test.name,
        "row": result.test.row or None,
        "policy": result.policy,
        "result": "passed" if result.passed else "failed",
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
    yield f"  {_label('FAILED', 'red') if failed else _label('passed', 'green')}  {name}{more}"
    for result in failed:
        row = f", row {result.test.row}" if result.test.row else ""
        yield f"          under {result.policy}{row}: {result.decided.outcome}"
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


def _total(results: Sequence[Result], wrong: int) -> str:
    failed = sum(not result.passed for result in results)
    sentences = len({(result.test.mark.file, result.test.name) for result in results})
    said = f"{_many(sentences, 'sentence')} of policy held against {_many(len(results), 'decision')}: "
    said += f"{failed} failed" if failed else "all as expected"
    mistakes = f"; {_many(wrong, 'mistake')} in the files" if wrong else ""
    return f"{said}{mistakes}."


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
