"""What a decision rests on without having been shown it."""

from __future__ import annotations

from collections.abc import Mapping

from eligibility.decision import Notice
from eligibility.explain import Explainer
from eligibility.matter import Matter
from eligibility.notices import calendar_assumptions
from eligibility.timeline import Course


def assumptions(
    matter: Matter, words: Explainer, run: Course, notices: list[Notice], other: Mapping[str, str] | None
) -> list[str]:
    """Every assumption that the decision rests on, each once."""
    now, version, rules = matter.now, matter.version, matter.policies.rules
    used: set[str] = set()
    for reading in now.by_reading:
        for conclusion in now.book.outcomes[reading]:
            used |= words.rests_on(conclusion)
    found: list[str] = [*matter.notes, *now.established.measured.assumptions]
    if any(figure.endswith("_mm") for figure in _supplied(matter)):
        found.append("Distances were supplied with the case and not measured here.")
    for notice in notices:
        found.append(rules.notices[notice.kind].assumed)
        used |= words.rests_on(f"notice:{notice.kind}")
        if notice.starts_on:
            found.extend(calendar_assumptions(matter))
    bases = {name.split("@")[0].split(":")[0] for name in used}
    for name in sorted(bases):
        holders = (rules.definitions, rules.grounds, version.parameters, version.readings)
        found.extend(texts[name].assumed for texts in holders if name in texts)
        found.append(now.established.day.assumptions.get(name, ""))
    if now.outcome == "entitled":
        found.extend(run.assumptions)
    if other and other["outcome"] != now.outcome:
        found.extend(version.assumed)
    return [text for text in dict.fromkeys(found) if text]


def _supplied(matter: Matter) -> list[str]:
    return [place for place in matter.case.known if place.split(".")[0].startswith("measured")]
