"""A second opinion on a distance, in plain words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eligibility import wording

if TYPE_CHECKING:
    from eligibility.geography.second_opinion import Opinion, Trial


def opinion_object(opinion: Opinion) -> dict[str, Any]:
    """The opinion in JSON types."""

    def trial(each: Trial) -> dict[str, Any]:
        return {
            "changes": list(each.changes),
            "mm": each.mm,
            "longer_by_mm": None if each.mm is None else each.mm - opinion.ours_mm,
            "beyond": [limit for limit in opinion.limits if each.mm is not None and each.mm > limit],
            "reproduces": each.reproduces is not None,
            "rounding": each.reproduces or None,
        }

    return {
        "ours_mm": opinion.ours_mm,
        "theirs_mm": opinion.theirs_mm,
        "within_mm": opinion.within_mm,
        "limits_mm": list(opinion.limits),
        "explained_by": [trial(each) for each in opinion.explained],
        "alone": [trial(each) for each in opinion.alone],
    }


def opinion_sentences(opinion: Opinion) -> list[str]:
    """The opinion in plain words: both figures, what explains the difference, and what each change does by itself."""
    ours, theirs = opinion.ours_mm, opinion.theirs_mm
    said = [
        f"The other figure is {_miles(theirs, opinion)}; measured here it is {_miles(ours, opinion)}: "
        + ("the same" if ours == theirs else f"the other is {_longer(theirs - ours)}")
        + (f".{sides}." if (sides := _sides(ours, theirs, opinion)) else ".")
    ]
    if not opinion.explained:
        said.append(
            "Nothing tried here, nor any two changes together, gives the other figure to within "
            f"{wording.metres(opinion.within_mm)}. The other system may hold another network, or another place "
            "for the home or the school."
        )
    for trial in opinion.explained:
        says = wording.listed(list(trial.changes)) or "the same measurement"
        rounded = f", {trial.reproduces}" if trial.reproduces else ""
        exact = f" ({_miles(trial.mm, opinion)})" if trial.mm is not None else ""
        said.append(f"It is explained by this: {says}{exact}{rounded}.")
    said += [f"By itself, {trial.changes[0]}: {_effect(trial, opinion)}." for trial in opinion.alone]
    return said


def _effect(trial: Trial, opinion: Opinion) -> str:
    if trial.mm is None:
        return "no such route"
    if trial.mm == opinion.ours_mm:
        return "no difference"
    sides = _sides(opinion.ours_mm, trial.mm, opinion)
    return f"{_longer(trial.mm - opinion.ours_mm)}, {_miles(trial.mm, opinion)}" + (f".{sides}" if sides else "")


def _sides(ours: int, other: int, opinion: Opinion) -> str:
    """Which limits lie between two figures, in words; nothing where none does."""
    between = [limit for limit in opinion.limits if (ours > limit) != (other > limit)]
    says = [f"{wording.miles(limit)}" for limit in between]
    if not says:
        return ""
    return f" That is {'more than' if other > ours else 'within'} {wording.listed(says)}, and the figure here is not"


def _longer(mm: int) -> str:
    return f"{wording.metres(mm)} {'longer' if mm > 0 else 'shorter'}"


def _miles(mm: int, opinion: Opinion) -> str:
    return wording.miles(mm, min(opinion.limits, key=lambda limit: abs(limit - mm), default=None))
