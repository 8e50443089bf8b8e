"""The whole policy of one version, section by section. Nothing here is written by hand that the rulebook could say."""

from __future__ import annotations

from collections.abc import Iterator

from eligibility import __version__, wording
from eligibility.document.blocks import (
    Block,
    Document,
    Item,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    entry,
    labelled,
    numbered,
    told,
)
from eligibility.document.rules_told import RulesTold, to_ground
from eligibility.document.settings_told import SettingsTold
from eligibility.in_force import put_in_force
from eligibility.phrases import Phrase, capital
from eligibility.plain_names import PlainNames
from eligibility.policy import Parameter, Policies, Reading, Version
from eligibility.policy_values import written
from eligibility.reading_names import GOVERNING_DATE
from eligibility.version_changes import Added, Changed, Clarified, Figure, Kept, Point, Withdrawn, changes


def write(policies: Policies, version: Version) -> Document:
    """The document of one version."""
    rules = RulesTold(policies, version, put_in_force(policies, version))
    settings = SettingsTold(rules)
    sections = [*_sections(rules, settings)]
    about = tuple(_about(policies, version))
    footer = _footer(policies, version)
    so_far = numbered(version.title, about, sections, footer)
    sections += [*_gathered(so_far, "Assumptions", "Assumed"), *_gathered(so_far, "Sources", "Source")]
    return numbered(version.title, about, sections, footer)


def _about(policies: Policies, version: Version) -> Iterator[tuple[str, str]]:
    yield "Version", version.id
    yield "Whose", version.council or "the law, for every council in England"
    until = f" to {wording.date(version.ends)}" if version.ends else ", until further notice"
    yield "In force", f"from {wording.date(version.starts)}{until}"
    if version.draft:
        yield "Draft", "this version can be compared and modelled and can never decide a case"
    if version.replaces:
        yield "Replaces", f"{policies.versions[version.replaces].title} ({version.replaces})"
    if version.statute:
        yield "Rests on", f"{policies.versions[version.statute].title} ({version.statute})"
    following = policies.successor(version)
    if following:
        yield "Replaced by", f"{following.title} ({following.id})"


def _footer(policies: Policies, version: Version) -> tuple[tuple[str, str], ...]:
    return (
        ("Version", f"{version.id}, in force from {wording.date(version.starts)}"),
        ("Rules", policies.rules_hash),
        ("Policy", policies.policy_hashes[version.id]),
        ("Made by", f"edtravel {__version__}"),
    )


def _sections(rules: RulesTold, settings: SettingsTold) -> Iterator[Section]:
    policies, version = rules.policies, rules.version
    yield Section("How to read this", tuple(_how_to_read(rules)))
    if version.replaces:
        yield Section("What changed from the last version", tuple(_changes(policies, version)))
    grounds = [rules.ground(policies.rules.grounds[name], source) for name, source in version.grounds.items()]
    yield Section("The grounds", tuple(_grounds(rules)), tuple(grounds))
    yield Section("What the words mean", (_WORDS,), tuple(rules.terms()))
    yield Section("The figures", settings.figures())
    yield Section("Where the words are open", (_POINTS,), tuple(settings.points()))
    if kept := tuple(settings.protection()):
        yield Section("Who keeps what was withdrawn", (_KEPT,), kept)
    if version.notices:
        notices = (rules.notice(policies.rules.notices[name], source) for name, source in version.notices.items())
        yield Section("Notice", (), tuple(notices))
    if advice := tuple(rules.advice()):
        yield Section("Advice on the service", (_ADVICE,), advice)
    yield Section("When an answer changes by itself", (_DAYS, Listing(rules.days())))
    if policies.rules.review:
        steps = (
            Section(
                step.step, (Paragraph((rules.sentence(step.says, rules.words),)), Paragraph((step.source,), "Source"))
            )
            for step in policies.rules.review
        )
        yield Section("If a parent thinks a decision is wrong", (), tuple(steps))


_WORDS = told("Each of these is asked of the child, the home and the school on the day.")
_POINTS = told(
    "Where neither law nor paper settles what is meant, one reading is chosen here. A decision that another reading "
    "would change says so."
)
_KEPT = told("Pupils who have what was withdrawn may keep it. It is kept by the child, never by a brother or sister.")
_ADVICE = told("This is never part of whether a child is entitled.")
_DAYS = told("A decision says on which of these days its answer changes for the child:")


def _how_to_read(rules: RulesTold) -> Iterator[Block]:
    day = rules.version.readings.get(GOVERNING_DATE)
    yield told(
        "This is the whole of what decides who gets free travel under this version. It is made from the rules and "
        "figures that the decisions are made from, so the two cannot say different things."
    )
    yield Listing(
        (
            entry("A ground is met, not met, or not known. What is not known is never taken as no."),
            entry(
                "One ground that gives free travel is enough. Otherwise, where a ground that an officer decides is "
                "met, an officer decides. Otherwise the child is not entitled."
            ),
            entry("Exactly a limit is not longer than the limit. No distance is rounded before it is compared."),
            *([entry(f"“The day” is the day the decision is about: {_day(rules)}.")] if day else []),
            entry("A number in brackets is where something is written out, or its figure set, in this document."),
        )
    )
    for text in rules.version.assumed:
        yield Paragraph((text,), "Assumed")


def _day(rules: RulesTold) -> str:
    return rules.words.names.choice(GOVERNING_DATE, rules.version.readings[GOVERNING_DATE].chosen)


def _grounds(rules: RulesTold) -> Iterator[Block]:
    policies, rows = rules.policies, []
    for name in rules.version.grounds:
        ground = policies.rules.grounds[name]
        leads = "Free travel" if ground.outcome == "entitled" else "An officer decides"
        rows.append(Row(((to_ground(policies, name),), (ground.kind.capitalize(),), (leads,))))
    yield told("Each ground stands by itself. They are told one by one below.")
    yield Table("The grounds and what each leads to", ("Ground", "Kind", "Leads to"), tuple(rows))


def _changes(policies: Policies, version: Version) -> Iterator[Block]:
    old = policies.versions[version.replaces]
    words = RulesTold(policies, version, put_in_force(policies, version))
    found = list(changes(old, version))
    rows = tuple(Row(_change(words, old, change)) for change in found if not isinstance(change, Clarified))
    yield told(f"Against {old.title} ({old.id}):")
    yield Table("What changed", ("What", "Before", "Now", "Source"), rows)
    clarified = [change for change in found if isinstance(change, Clarified)]
    if clarified:
        yield told("Said more clearly, which changes nothing:")
        yield Listing(
            tuple(
                Item((change.says or change.about.replace("_", " "),), (Paragraph((change.source,), "Source"),))
                for change in clarified
            )
        )


def _change(rules: RulesTold, old: Version, change: Changed) -> tuple[Phrase, ...]:
    policies, names = rules.policies, rules.words.names
    before_names = PlainNames(policies, old)
    match change:
        case Withdrawn(kind, name, source):
            title = policies.rules.grounds[name].title if kind == "ground" else policies.rules.notices[name].title
            return (title,), (f"a {kind}",), ("withdrawn",), (source,)
        case Added(kind, name, source):
            title = policies.rules.grounds[name].title if kind == "ground" else policies.rules.notices[name].title
            return (title,), ("none",), (f"a {kind}",), (source,)
        case Figure(name, before, after, source):
            told_of = (_figure(before_names, before),), (_figure(names, after),)
            return (capital(names.called(name)),), *told_of, (source,)
        case Point(name, was, now, source):
            told_of = (_point(before_names, was),), (_point(names, now),)
            return (capital(names.called(name)),), *told_of, (source,)
        case Kept(grounds, source):
            titles = wording.listed([policies.rules.grounds[name].title for name in grounds])
            return ("Kept by pupils with a legitimate expectation",), ("nothing",), (titles,), (source,)
        case Clarified(about, says, source):
            return (about,), (says,), (says,), (source,)


def _figure(names: PlainNames, parameter: Parameter | None) -> str:
    if parameter is None:
        return "none"
    if parameter.unit == "word":
        return names.choice(parameter.name, str(parameter.values[0][1]))
    return written(parameter)


def _point(names: PlainNames, reading: Reading | None) -> str:
    if reading is None:
        return "not asked"
    how = " (settled)" if reading.settled else " (open)" if reading.others else ""
    return names.choice(reading.name, reading.chosen) + how


def _gathered(so_far: Document, title: str, label: str) -> Iterator[Section]:
    """Everything told under a label, once, with the numbers of where it is told."""
    found = labelled(so_far.sections, label)
    rows = tuple(
        Row(((text,), (wording.listed(list(dict.fromkeys(places))),))) for text, places in sorted(found.items())
    )
    if rows:
        yield Section(title, (Table(title, (label, "Told in"), rows),))
