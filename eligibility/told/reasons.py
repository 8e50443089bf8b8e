"""Why a ground that carries a pupil under one version does not do so under the other, in words."""

from __future__ import annotations

import re
from collections.abc import Collection

from eligibility import wording
from eligibility.policy import Version
from eligibility.proving.carriers import Test
from eligibility.proving.ways import Example, Variant
from eligibility.told.pupils import Pupils

WHY = "Why"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def why(variant: Variant, example: Example, other: Version, pupils: Pupils) -> str:
    """The words of the conditions that fail under the version `other`, with the figures of the pupil."""
    said = (_text(test, example, other, pupils) for test in variant.failing)
    return "; and ".join(dict.fromkeys(text for text in said if text))


def _text(test: Test, example: Example, other: Version, pupils: Pupils) -> str:
    says = _PLACEHOLDER.sub(lambda found: _reading(found, other), test.fails_as)
    if "{" not in says:
        return says
    # The figures of the condition, as the decision on this pupil gives them.
    (decision,) = [one for one in pupils.decisions(example) if one.policy == other.id]
    plain = re.escape(says)
    pattern = re.compile(re.sub(r"\\\{\w+\\\}", r".+?", plain) + r"(?=; and |\.$)")
    for ground in decision.grounds:
        if ground.result == "not_met" and (match := pattern.search(ground.reason)):
            return match.group()
    return re.sub(r",? ?\(?\{\w+\}\)?", "", says)


def _reading(found: re.Match[str], version: Version) -> str:
    """A choice of a reading in words; other names stay as they are."""
    reading = version.readings.get(found.group(1))
    return reading.in_words(reading.chosen) if reading else found.group()


def introduction(variant: Variant, readings: Collection[str], policy: str) -> str:
    """What introduces a reason, and those like it, why a ground does not carry under one policy.

    `policy` is "old" or "new"; `readings` are those of who keeps the ground, where they differ for the pupil so that an
    officer decides, otherwise none.
    """
    failing = {test.reading for test in variant.failing}
    sections = [name for name in readings if name in failing]
    kept = [name for name in readings if name not in failing]
    if not sections or not kept:
        return WHY
    said = f"kept as {_sections(kept)}, and not as {_sections(sections)}"
    if "" in failing:
        return f"Not met as the {policy} policy words it; {said}"
    return f"{said[:1].upper()}{said[1:]}"


def _sections(names: list[str]) -> str:
    """section 1.1 reads; sections 1.1 and 5.1 read."""
    several = len(names) > 1
    return f"section{'s' if several else ''} {wording.listed(names)} read{'' if several else 's'}"
