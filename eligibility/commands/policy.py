"""`edtravel policy`: look at, compare and check the policy versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import click

from eligibility import wording
from eligibility.commands._cases import IsoDate
from eligibility.commands._policy_test import test
from eligibility.commands._prove import prove

FORMS = ("text", "html", "pdf", "docx")
"""What a version can be shown as."""


@click.group("policy")
def command() -> None:
    """Look at, compare and check the policy versions."""


command.add_command(prove)
command.add_command(test)


@command.command("list")
def list_() -> None:
    """Every version, with the days it is in force.

    \b
    Example:
        edtravel policy list
    """
    from eligibility.policy_files import policies

    held = policies()
    for version in held.versions.values():
        until = wording.date(version.ends) if version.ends else "further notice"
        draft = " (draft: it can never decide a case)" if version.draft else ""
        click.echo(f"{version.id}: {version.title}; {wording.date(version.starts)} to {until}{draft}")
    if held.unread_drafts:
        click.echo(f"edtravel: no draft was read: {held.unread_drafts}", err=True)


@command.command("show")
@click.argument("version_id", metavar="ID")
@click.option("--as", "form", type=click.Choice(FORMS), default="text", show_default=True)
@click.option("--out", metavar="FILE", help="Where it goes; by default standard output.")
def show(version_id: str, form: str, out: str | None) -> None:
    """One version in full, as a document in plain English: each rule with its source, figures, open points, protection.

    It is made from the rulebook that decides, and says at its end from which rules and which policy.

    \b
    Example:
        edtravel policy show somerset-2018
        edtravel policy show somerset-2018 --as pdf --out policy.pdf
    """
    from eligibility.commands._show import run

    run(version_id, form=form, out=out)


@command.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--cases", metavar="FILE", help="Write every pupil told of to FILE, as cases that `compare` reads.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def diff(old: str, new: str, cases: str | None, form: str) -> None:
    """What NEW changes against OLD: the text, with sources, and every way in which an answer differs for some pupil.

    Each way has a pupil, and that there is no other way is proved. It takes some seconds.

    \b
    Example:
        edtravel policy diff somerset-2016 somerset-2018 --cases pupils.yaml
        edtravel compare pupils.yaml --policies somerset-2016 somerset-2018
    """
    from eligibility.commands._diff import run

    run(old, new, cases=cases, form=form)


@command.command("tree")
@click.argument("version_id", metavar="ID")
@click.option("--against", metavar="OLD", help="Mark what is new, changed or withdrawn beside this version.")
@click.option("--case", metavar="CASE", help="Follow the pupil of this case, the first in its file.")
@click.option("--area", metavar="AREA", help="Measure the case in this area (a GeoPackage made by `area build`).")
@click.option("--on", type=IsoDate(), help="The day the case is about; by default the first day of travel.")
@click.option(
    "--sample", is_flag=True, help="Take the area of the sample county, and its pupil where no case is given."
)
@click.option("--svg", metavar="FILE", help="Draw every sheet, A4, into FILE-1.svg, FILE-2.svg and so on.")
@click.option("--html", metavar="FILE", help="Write one page with every sheet drawn and told in words.")
@click.option("--pdf", metavar="FILE", help="Write the same as a PDF to print, a sheet on a page of A4.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def tree(**asked: Any) -> int:
    """The rulebook as a flow chart of plain questions, few at a time: for a version, two of them, or one pupil.

    In words on standard output, or drawn with --svg, --html or --pdf. Whoever follows it comes to what `assess` says.

    \b
    Example:
        edtravel policy tree somerset-2018 --pdf tree.pdf
        edtravel policy tree somerset-2018 --against somerset-2016
        edtravel policy tree somerset-2018 --case pupil.yaml --sample --html pupil.html
    """
    from eligibility.commands._tree import run

    return run(**asked)


@command.command("check")
def check() -> int:
    """Check rules, versions, properties and tests: unknown names, no source, idle edits, conflicts, gaps in dates.

    \b
    Example:
        edtravel policy check
    """
    from eligibility.folders import drafts_folder, policy_folder, properties_folder, rules_folder, table_test_folders
    from eligibility.policy_check import check as find
    from eligibility.policy_files import find_mistakes, policies
    from eligibility.proving.property_files import find_property_mistakes, load_properties
    from eligibility.testing.table_files import find_test_mistakes

    found = list(map(str, find_mistakes(rules_folder(), policy_folder(), drafts_folder())))
    # What the files say together can only be looked at once each of them can be read.
    if not found:
        found += map(str, find(policies()))
        found += map(str, find_property_mistakes(properties_folder(), policies()))
        found += map(str, find_test_mistakes(table_test_folders(), policies()))
    for finding in found:
        click.echo(finding)
    if found:
        click.echo(f"edtravel: {len(found)} found wrong", err=True)
        return 1
    held = policies()
    rules = held.rules
    properties = len(load_properties(properties_folder(), held))
    click.echo(
        f"{len(held.versions)} versions, {len(rules.grounds)} grounds, {len(rules.definitions)} definitions, "
        f"{len(rules.notices)} notice, {properties} properties: nothing found wrong."
    )
    return 0


@command.command("new")
@click.argument("name", metavar="ID")
@click.option("--from", "base", required=True, metavar="ID", help="The version of a council that the draft changes.")
@click.option("--withdraw", multiple=True, metavar="GROUND", help="Drop a ground; may be given more than once.")
@click.option("--set", "change", multiple=True, metavar="PARAMETER=VALUE", help="Give a parameter another value.")
@click.option(
    "--starts",
    type=IsoDate(),
    help="Its first day; by default the day after the last one of --from, or its first day if it has no last.",
)
@click.option("--source", default="", help="Where the change is decided, such as a paper and its section.")
@click.option("--title", default="", help="What the draft is called; by default after the version that it changes.")
def new(
    *,
    name: str,
    base: str,
    withdraw: tuple[str, ...],
    change: tuple[str, ...],
    starts: dt.date | None,
    source: str,
    title: str,
) -> None:
    """Make a draft version: a file to go on with, that can be modelled and compared and can never decide a case.

    \b
    Example:
        edtravel policy new no-faith-at-all --from somerset-2016 --withdraw faith
        edtravel policy new longer-wait --from somerset-2018 --set waiting_guideline=20
    """
    from eligibility.errors import PolicyError, UsageError
    from eligibility.folders import draft_tests_folder, drafts_folder, from_here, policy_folder, rules_folder
    from eligibility.new_draft import draft_text, write_draft
    from eligibility.policy_files import load_policies, policies
    from eligibility.testing.first_test import write_first_test

    changed: dict[str, str] = {}
    for item in change:
        parameter, is_there, value = item.partition("=")
        if not is_there:
            raise UsageError("expected --set PARAMETER=VALUE, such as --set waiting_guideline=20")
        changed[parameter] = value
    held = policies()
    if held.unread_drafts:
        raise PolicyError(held.unread_drafts)
    text = draft_text(
        held, name, held.version(base), withdraw=withdraw, change=changed, starts=starts, source=source, title=title
    )
    path = write_draft(drafts_folder(), name, text)
    known = held
    try:
        known = load_policies(rules_folder(), policy_folder(), drafts_folder())
    except PolicyError as error:
        # What cannot be read would keep every other draft from being read too.
        if error.file.endswith(path.name):
            path.unlink()
            raise UsageError(f"no draft was made, because it could not be read: {error.message}") from error
    click.echo(from_here(path))
    if not withdraw and not changed:
        click.echo(f"edtravel: {name} changes nothing yet; write its changes into the file", err=True)
    # A draft that changes nothing cannot be read; what it will change is then as in the version it starts from.
    first = write_first_test(draft_tests_folder(), known, base, name)
    if first is not None:
        says = f"its first test is in {from_here(first)}; `edtravel policy test` runs it"
        click.echo(f"edtravel: {says}", err=True)
