"""The grounds of a decision: each as tested, and those withdrawn, kept or not."""

from __future__ import annotations

from eligibility.decision import Ground, Protected, Withdrawn
from eligibility.engines.figures import NO_FIGURES, Figures
from eligibility.explain import RESULTS, Explainer
from eligibility.facts import NEVER, OTHER_HOME
from eligibility.in_force import GroundInForce
from eligibility.language.partial import evaluate
from eligibility.outcome import Answer
from eligibility.school_calendar import as_date

_LEAST_FIRST = (False, None, True)
"""The answers of three-valued logic: of several that must all hold, the first of these decides."""


def every_ground(words: Explainer, now: Answer) -> list[Ground]:
    """The grounds of a decision: those of the version, and the withdrawn ones that are, or may be, kept."""
    kept = {ground.id: ground for ground in protected_grounds(words, now)}
    return [kept.pop(ground.id, ground) for ground in grounds(words)] + list(kept.values())


def grounds(words: Explainer) -> list[Ground]:
    """The grounds of the version, in its order; those that only some pupils are told of where they are such pupils."""
    found = words.found
    listed = []
    for ground in words.book.grounds:
        shown = ground.rule.listed_when
        if shown is None or evaluate(shown, words.established.facts, found):
            listed.append(_ground(words, ground, found[ground.result]))
    return listed


def _ground(words: Explainer, ground: GroundInForce, result: bool | None) -> Ground:
    rule = ground.rule
    figures = _figures(words, ground)
    missing = words.missing_for(ground.result) if result is None else []
    return Ground(
        id=rule.id,
        title=rule.title,
        kind=rule.kind,  # type: ignore[arg-type]  # checked when the rules are read
        outcome=rule.outcome,  # type: ignore[arg-type]  # checked when the rules are read
        result=RESULTS[result],  # type: ignore[arg-type]  # checked when the rules are read
        home=rule.home,  # type: ignore[arg-type]  # checked when the rules are read
        value=dict(figures.value),
        limit=dict(figures.limit),
        margin_mm=figures.margin_mm,
        reason=words.reason(ground, result, figures),
        source=rule.source,
        missing=missing,
        carries=bool(words.found[ground.decides]),
    )


def _figures(words: Explainer, ground: GroundInForce) -> Figures:
    if ground.rule.home != "home":
        carried = words.carried_from_other_home(ground)
        if carried:
            return words.measured_by(carried[0], OTHER_HOME)
        return NO_FIGURES
    return words.measured_by(ground)


def protected_grounds(words: Explainer, now: Answer) -> list[Ground]:
    """Withdrawn elements that are, or may be, protected under the chosen reading.

    One that was only narrowed is among them where its protection, rather than the narrower ground, could carry it.
    """
    listed = []
    narrowed = {ground.rule.id: now.found[ground.result] for ground in words.book.grounds}
    for element, (name, _) in now.book.expectations.get(now.chosen, {}).items():
        kept = now.found[name]
        ground = now.book.protected[element]
        result = min(kept, now.found[ground.result], key=_LEAST_FIRST.index)
        if kept is False or (element in narrowed and not _nearer(result, narrowed[element])):
            continue
        if kept is None and result is None:
            asked = [*words.missing_for(name), *words.missing_for(ground.result)]
            entry = _ground(words, ground, result)
            missing = list(dict.fromkeys(asked))
            reason = f"Withdrawn; not known whether it is protected until given: {', '.join(missing)}."
            listed.append(entry.model_copy(update={"missing": missing, "reason": reason}))
            continue
        entry = _ground(words, ground, result)
        if result:
            older = words.policies.versions[ground.protected_as]
            entry = entry.model_copy(
                update={"reason": f"Kept as under the older policy ({older.title}). {entry.reason}"}
            )
        listed.append(entry)
    return listed


def _nearer(kept: bool | None, narrower: bool | None) -> bool:
    """Whether a protected ground is nearer to being met than the narrower one that took its place."""
    return _LEAST_FIRST.index(kept) > _LEAST_FIRST.index(narrower)


def protected(now: Answer) -> Protected | None:
    """The withdrawn element that the pupil keeps under the chosen reading, if there is one."""
    for element, (name, _) in now.book.expectations.get(now.chosen, {}).items():
        ground = now.book.protected[element]
        transition = now.book.withdrawn_by[element].transition
        if now.found[name] and now.found[ground.result] and transition:
            rule = ground.rule
            days = [now.established.facts.get(name) for name in ("award_ends_on", rule.lasts_until)]
            ends = [day for day in days if isinstance(day, int) and day != NEVER]
            return Protected(
                ground=element,
                under=ground.protected_as,
                reading=now.book.reading_of[name],
                until=as_date(min(ends)) if ends else None,
                ends_when=[*transition.readings[now.book.reading_of[name]].ends_when, *filter(None, [rule.ends_when])],
            )
    return None


def withdrawn(words: Explainer, now: Answer) -> list[Withdrawn]:
    """Withdrawn elements that the older version would have given, not kept under some reading: why not."""
    listed = []
    for element, ground in now.book.protected.items():
        changed = now.book.withdrawn_by[element]
        if not now.found[ground.result] or element in now.met():
            continue
        because = {}
        for reading, expectations in now.book.expectations.items():
            if element not in expectations:
                continue  # another version's change, read in other ways
            kept, conditions = expectations[element]
            answers = words.findings.expectation(kept)
            failing = (c.otherwise for c, holds in zip(conditions, answers, strict=True) if holds is False)
            because[reading] = next(failing, "kept" if now.found[kept] else "not known")
        source = changed.transition.protects[element] if changed.transition else ""
        listed.append(Withdrawn(ground=element, title=ground.rule.title, by=changed.id, source=source, because=because))
    return listed
