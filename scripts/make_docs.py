"""Write the parts of `docs/` that follow from the code: the table of facts and the JSON Schemas.

Run from the project's root: python scripts/make_docs.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eligibility.case import build_case_model
from eligibility.decision import Decision
from eligibility.facts import Fact, vocabulary
from eligibility.policy_files import policies

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
    found = {"facts.md": facts_table()}
    for name, schema in schemas().items():
        found[name] = json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
    return found


if __name__ == "__main__":
    for file_name, text in documents().items():
        (DOCS / file_name).write_text(text, encoding="utf-8")
        print(f"docs/{file_name}")
