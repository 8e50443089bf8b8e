"""The picture of a version, of one beside another, or of the way of one pupil."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eligibility import wording
from eligibility.chart.differences import Marks, beside
from eligibility.chart.pen import OUTCOMES
from eligibility.chart.picture import MOST_LISTED, Picture, every_box
from eligibility.chart.routes import Route, routes
from eligibility.chart.tree import Node, tree
from eligibility.chart.walk import walk
from eligibility.document.blocks import Listing, Section, items_of, numbered, told
from eligibility.document.rules_told import RulesTold
from eligibility.in_force import put_in_force
from eligibility.language.expressions import Expression
from eligibility.matter import Matter
from eligibility.phrases import Several, capital, links, plain
from eligibility.policy import Policies, Version


def of_version(policies: Policies, version: Version) -> Picture:
    """The chart of one version."""
    until = f" to {wording.date(version.ends)}" if version.ends else ""
    about = f"Who gets free travel to school from {wording.date(version.starts)}{until}, question by question."
    return _picture(policies, version, about, routes(policies, version))


def of_two(policies: Policies, old: Version, new: Version) -> Picture:
    """The chart of the newer of two versions, with what is gone and what is different marked."""
    rows, marks = beside(policies, old, new)
    about = f"{new.id} beside {old.id}: what is new, changed, kept or withdrawn says so in a dark frame or bold words."
    return _picture(policies, new, about, rows, marks)


def of_pupil(matter: Matter) -> Picture:
    """The chart of the version that decides a case, with the way of the pupil through it."""
    policies, version, answer = matter.policies, matter.version, matter.now
    about = (
        f"The way of {matter.case.reference} on {wording.date(matter.on)}: {OUTCOMES[answer.outcome].lower()}. Thick "
        "lines are taken, broken ones hang on what is not known."
    )
    plain = _picture(policies, version, about, routes(policies, version))
    way = walk(plain.nodes, answer.established.facts, answer.found)
    return Picture(**{**vars(plain), "way": way, "reference": str(matter.case.reference), "outcome": answer.outcome})


def _picture(
    policies: Policies, version: Version, about: str, rows: Sequence[Route], marks: Marks | None = None
) -> Picture:
    nodes = tree(rows)
    notes = _notes(policies, version, nodes)
    lists = _lists(nodes)
    terms = {name: number for number, (name, _) in enumerate(notes, start=1)}
    long = {means: number for number, means in enumerate(lists, start=len(notes) + 1)}
    document = numbered(version.title, (), [*(section for _, section in notes), *lists.values()], ())
    hashes = (policies.rules_hash, policies.policy_hashes[version.id])
    made_from = f"{version.id} · rules {hashes[0][:19]} · policy {hashes[1][:19]}"
    return Picture(version.title, about, nodes, document, made_from, terms, long, marks or Marks())


def _notes(policies: Policies, version: Version, nodes: Iterable[Node]) -> list[tuple[str, Section]]:
    """What the words of the questions mean, in the order of the rules."""
    rules = RulesTold(policies, version, put_in_force(policies, version))
    asked = {
        link.name
        for box in every_box(nodes)
        for link in (*links(box.asked), *(links(box.listed) if box.listed else ()))
        if link.kind == "term"
    }
    used = rules.terms_within(asked)
    return [(d.name, rules.term(d)) for d in policies.rules.definitions.values() if d.name in used]


def _lists(nodes: Iterable[Node]) -> dict[Expression, Section]:
    """A note for each question that is asked of a list too long to stand in it."""
    found: dict[Expression, Section] = {}
    for box in every_box(nodes):
        if isinstance(box.listed, Several) and len(box.listed.parts) > MOST_LISTED and box.means not in found:
            heading = told(f"{capital(box.listed.heading)}:")
            found[box.means] = Section(
                plain(box.asked).rstrip("?"), (heading, Listing(items_of(box.listed), numbered=True))
            )
    return found
