"""Write the parts of `docs/` that follow from the code: the tables of facts and names and the JSON Schemas.

Run from the project's root: python scripts/make_docs.py
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from eligibility.case import build_case_model
from eligibility.decision import Decision
from eligibility.facts import Fact, vocabulary
from eligibility.policy import RULE_TYPES
from eligibility.policy_files import policies
from eligibility.rule_names import SHOWN

DOCS = Path(__file__).resolve().parent.parent / "docs"


def facts_table() -> str:
    """The vocabulary as a Markdown table."""
    terms = vocabulary()
    lines = [
        "# The facts",
        "",
        "Every fact the engine knows, once. Made by `scripts/make_docs.py` from `eligibility/vocabulary/`.",
        "",
        "Absent is not known; `null` (in CSV the word `none`) is known to be none.",
        "",
        "| in a case | in a rule | type | who supplies it | question | source |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for section in terms.sections.values():
        if section.name:
            cells = (f"`{section.case}`", f"`{section.name}`", "given or none", section.supplied_by)
            lines.append(f"| {' | '.join(cells)} | {section.question} | {section.source} |")
    for fact in terms.facts:
        places = [f"`{place}`" for place in (fact.case, fact.other_home) if place]
        name = f"`{fact.name}`" if fact.name else ""
        cells = ("<br>".join(places), name, _type(fact), fact.supplied_by)
        lines.append(f"| {' | '.join(cells)} | {fact.question} | {fact.source} |")
    return "\n".join(lines) + "\n"


def rule_names() -> str:
    """What a rule may name beside the facts, as Markdown tables."""
    held = policies()
    rules = held.rules
    lines = [
        "# What a rule may name beside the facts",
        "",
        "Made by `scripts/make_docs.py` from `rules/` and `policy_versions/`. The facts are in `docs/facts.md`.",
    ]
    conclusions = [(d.name, d.means, d.source) for d in rules.definitions.values()]
    conclusions += [(g.id, f"The ground is met: {g.title}.", g.source) for g in rules.grounds.values()]
    lines += _table("Conclusions, true or false", ("in a condition", "means", "source"), conclusions)
    figures: dict[str, dict[str, str]] = {}
    readings: dict[str, dict[str, str]] = {}
    for version in held.versions.values():
        for parameter in version.parameters.values():
            figures.setdefault(parameter.name, {})[parameter.written] = parameter.unit
        for reading in version.readings.values():
            readings.setdefault(reading.name, {}).update(dict.fromkeys(reading.choices, ""))
    values = [(name, "; ".join(written), next(iter(written.values()))) for name, written in figures.items()]
    rows = [(n, v, u if u in RULE_TYPES else f"{u} (read by the engine, not by rules)") for n, v, u in values]
    lines += _table("Parameters", ("in a condition or sentence", "values", "unit"), rows)
    choices = [(name, ", ".join(words)) for name, words in readings.items()]
    lines += _table("Readings", ("in a condition or sentence", "choices"), choices)
    tags: dict[str, list[str]] = {}
    for ground in rules.grounds.values():
        for tag in ground.tags:
            tags.setdefault(tag, []).append(ground.id)
    listed = [(tag, ", ".join(grounds)) for tag, grounds in sorted(tags.items())]
    lines += _table("Tags, for `any(tag)`", ("tag", "grounds"), listed)
    measures = [(name, "; ".join(f"{m.value} against {m.limit}" for m in ms)) for name, ms in rules.measures.items()]
    lines += _table("Measures, for `measures:` of a ground", ("name", "figures and limits"), measures)
    lines += ["", "## Between braces in a sentence", ""]
    lines += [
        "Any fact, parameter or reading by its name, shown in words (miles, pounds, dates), and beside them:",
        "",
        *(f"- `{{{name}}}`: {what}" for name, what in SHOWN.items()),
    ]
    return "\n".join(lines) + "\n"


def _table(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    written = [f"| `{name}` | {' | '.join(more)} |" for name, *more in rows]
    return ["", f"## {title}", "", f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}", *written]


def _type(fact: Fact) -> str:
    text = fact.unit + (f" ({', '.join(fact.words)})" if fact.words else "")
    return f"{text}; where not given: {str(fact.default).replace('_', ' ').lower()}" if fact.has_default else text


def schemas() -> dict[str, Any]:
    """The JSON Schemas of a case and of a decision, by file name."""
    held = policies()
    words = {"ground": tuple(held.rules.grounds), "policy": tuple(held.versions)}
    case = build_case_model(words).model_json_schema(by_alias=True, mode="serialization")
    decision = Decision.model_json_schema(mode="serialization")
    return {"case.schema.json": case, "decision.schema.json": decision}


def documents() -> dict[str, str]:
    """Every document made here, by its name in `docs/`."""
    found = {"facts.md": facts_table(), "rule-names.md": rule_names()}
    for name, schema in schemas().items():
        found[name] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return found


if __name__ == "__main__":
    for file_name, text in documents().items():
        (DOCS / file_name).write_text(text, encoding="utf-8")
        print(f"docs/{file_name}")
