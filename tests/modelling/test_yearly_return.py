"""The yearly return: every pupil counted once in every question, whichever way the pupils come."""

from __future__ import annotations

import csv
import functools
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner, Result

from eligibility.assess import Assessor
from eligibility.commands import main
from eligibility.errors import MismatchError, PolicyError
from eligibility.modelling.population_writing import write_population
from eligibility.modelling.run import run
from eligibility.modelling.scenario import scenario
from eligibility.modelling.unit_costs import read_unit_costs
from eligibility.modelling.yearly_return.categories import SHIPPED, read_categories
from eligibility.modelling.yearly_return.counted import YearlyReturn, count
from eligibility.modelling.yearly_return.make import make
from eligibility.policy_files import policies
from eligibility.reading import Rejected
from tests.modelling.small_county import cases, population

PUPILS, VERSION = 24, "somerset-2018"
MODES = ["minibus", "taxi", "donkey", ""]


def shipped() -> Any:
    return read_categories(SHIPPED, policies().rules.grounds)


@functools.cache
def decided() -> list[str]:
    """Decisions on the pupils of a small county, as `assess --format jsonl` writes them."""
    assessor = Assessor(second=None)
    return [assessor.assess(case, policy=VERSION).as_json(one_line=True) for case, _ in cases(PUPILS)]


def about() -> list[dict[str, str]]:
    rows = []
    for number, (case, more) in enumerate(cases(PUPILS)):
        kept = {key: str(value) for key, value in more.items() if key in {"about.phase", "about.mode"}}
        rows.append({"reference": case["reference"], **kept, "about.transport": MODES[number % 4]})
    return rows


def files(folder: Path) -> tuple[Path, Path, Path]:
    """The same pupils as decisions with a file about them, and as a population."""
    decisions, more, pupils = folder / "decisions.jsonl", folder / "about.csv", folder / "pupils.parquet"
    decisions.write_text("\n".join(decided()) + "\n", encoding="utf-8")
    with more.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(about()[0]))
        writer.writeheader()
        writer.writerows(about())
    transport = pl.Series("about.transport", [row["about.transport"] or None for row in about()], pl.String)
    held = population(PUPILS).with_columns(transport)
    write_population(held.select([n for n in held.columns if n != "row" and not n.startswith("fact_")]), {}, pupils)
    return decisions, more, pupils


def cli(*words: object) -> Result:
    return CliRunner().invoke(main, ["return", *map(str, words)], standalone_mode=False)


def _nobody(rejected: Rejected) -> None:
    raise AssertionError(rejected.reason)


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_decisions_and_a_population_of_the_same_pupils_give_the_same_return(tmp_path: Path) -> None:
    decisions, more, pupils = files(tmp_path)
    one = make(decisions, shipped(), policies(), about=more, set_aside=_nobody)
    other = make(pupils, shipped(), policies(), policy=VERSION, set_aside=_nobody)
    assert one.counted > PUPILS // 5
    assert one.counts == other.counts
    assert one.pupils == other.pupils


def test_a_run_of_the_model_gives_the_return_of_its_population_under_the_version_held(tmp_path: Path) -> None:
    _, _, pupils = files(tmp_path)
    held, folder = policies(), tmp_path / "run"
    compared = scenario(held, ["somerset-2016", VERSION], read_unit_costs(), brief=True)
    run(compared, [pupils], folder, set_aside=_nobody)
    one = make(folder, shipped(), held, set_aside=_nobody)
    other = make(pupils, shipped(), held, policy="somerset-2016", set_aside=_nobody)
    assert (one.counts, one.pupils) == (other.counts, other.pupils)
    with pytest.raises(MismatchError, match="was run with other rules"):
        make(folder, shipped(), replace(held, rules_hash="sha256:other"), set_aside=_nobody)


def test_every_question_adds_up_to_the_pupils_counted_and_all_pupils_to_those_decided(tmp_path: Path) -> None:
    decisions, more, _ = files(tmp_path)
    found = make(decisions, shipped(), policies(), about=more, set_aside=_nobody)
    kinds = {line.category: line.total for line in found.counts["kind"]}
    for question, counted in found.counts.items():
        assert sum(line.total for line in counted) == found.counted, question
        for kind, total in kinds.items():
            assert sum(line.across[kind] for line in counted) == total, question
    assert sum(found.pupils.values()) == PUPILS


def test_the_shipped_categories_have_a_place_for_every_ground_that_entitles() -> None:
    placed = {
        g for q in shipped().questions if q.id == "reason" for c in q.categories for x in c.lines for g in x.grounds
    }
    assert placed == {ground.id for ground in policies().rules.grounds.values() if ground.outcome == "entitled"}


def one_pupil(**cells: Any) -> YearlyReturn:
    row = {"outcome": "entitled", "met:walking_distance": True, "carries:walking_distance": True, **cells}
    return count(shipped(), pl.DataFrame([row]), set_aside=0, about={})


def placed_in(found: YearlyReturn, question: str) -> str:
    (line,) = [line for line in found.counts[question] if line.total]
    return line.category


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({}, "walking_distance"),
        ({"met:low_income_11": True}, "walking_distance"),
        (
            {"met:walking_distance": False, "carries:walking_distance": False, "met:low_income_11": True},
            "extended_rights",
        ),
        ({"carries:special_needs": True}, "walking_distance"),
        ({"met:walking_distance": False, "carries:special_needs": True}, "walking_distance"),
        (
            {"met:walking_distance": False, "carries:walking_distance": False, "carries:special_needs": True},
            "special_needs",
        ),
        ({"met:walking_distance": False, "carries:walking_distance": False, "met:new_ground": True}, "none_of_these"),
    ],
)
def test_a_pupil_with_several_grounds_is_counted_once_in_the_first_that_is_met(
    cells: dict[str, Any], reason: str
) -> None:
    assert placed_in(one_pupil(**cells), "reason") == reason


@pytest.mark.parametrize(
    ("cells", "question", "category"),
    [
        ({}, "transport", "not_known"),
        ({"about.transport": "taxi"}, "transport", "taxi"),
        ({"about.transport": "donkey"}, "transport", "none_of_these"),
        ({}, "kind", "not_known"),
        ({"needs.ehc_plan": "none"}, "kind", "mainstream"),
        ({"needs.ehc_plan.named_urns": "109329"}, "kind", "send"),
        ({"about.mode": "send", "needs.ehc_plan": "none"}, "kind", "send"),
        ({"school.phase": "upper"}, "school", "secondary"),
        ({"about.phase": "special", "school.phase": "upper"}, "school", "special"),
        ({"about.alone": "yes"}, "alone", "single"),
    ],
)
def test_what_is_not_known_stands_apart_and_no_word_is_lost(
    cells: dict[str, Any], question: str, category: str
) -> None:
    assert placed_in(one_pupil(**cells), question) == category


@pytest.mark.parametrize(
    ("cells", "became"),
    [
        ({"outcome": "refer"}, "refer"),
        ({"outcome": "need_information"}, "need_information"),
        ({"about.takes_up": "no"}, "entitled, not taken up"),
        ({"runs": "no"}, "entitled, not on this day"),
    ],
)
def test_who_is_not_carried_is_told_of_and_not_counted(cells: dict[str, Any], became: str) -> None:
    found = one_pupil(**cells)
    assert (found.pupils, found.counted) == ({became: 1}, 0)
    assert all(line.total == 0 for counted in found.counts.values() for line in counted)


def test_a_decision_is_counted_on_the_days_on_which_travel_runs(tmp_path: Path) -> None:
    entitled = next(each for each in map(json.loads, decided()) if each["outcome"] == "entitled" and each["ends_on"])
    path = tmp_path / "one.json"
    path.write_text(json.dumps(entitled), encoding="utf-8")
    days = [entitled["starts_on"], entitled["ends_on"], "2018-09-03", "2040-01-01"]
    counted = [lines(cli(path, "--on", day, "--format", "csv").stdout)[0] for day in days]
    totals = [cli(path, "--on", day, "--format", "json").stdout for day in days]
    assert [json.loads(text)["counted"] for text in totals] == [1, 1, 0, 0]
    assert counted[0]["question"] == "kind"


def test_the_day_of_the_collection_is_told_where_another_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text(decided()[0], encoding="utf-8")
    told = "the collection is as of 2 February 2026"
    assert told in " ".join(cli(path).stdout.split())
    assert told not in " ".join(cli(path, "--on", "2026-02-02").stdout.split())


def test_lines_that_are_no_decision_and_a_second_one_of_a_pupil_are_set_aside_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text("\n".join([decided()[0], "{}", decided()[0], "nonsense"]) + "\n", encoding="utf-8")
    done = cli(path, "--format", "json")
    assert done.return_value == 3
    assert json.loads(done.stdout)["pupils"]["set aside, see the reasons"] == 3
    reasons = [row["reason"] for row in lines((tmp_path / "d.rejects.csv").read_text(encoding="utf-8"))]
    assert reasons[0] == reasons[2] == "it is no decision, such as assess --format jsonl writes"
    assert reasons[1] == "a decision on the same reference stands before it, and a pupil is counted once"


def test_what_is_told_of_a_reference_that_is_in_no_decision_is_set_aside_with_its_row(tmp_path: Path) -> None:
    path, more = tmp_path / "d.jsonl", tmp_path / "travel.csv"
    path.write_text("\n".join([*decided()[:2], "{}"]) + "\n", encoding="utf-8")
    rows = "reference,about.transport\nT-000001,taxi\nT-OO0002,taxi\nT-000002,minibus\n"
    more.write_text(rows, encoding="utf-8")
    done = cli(path, "--about", more, "--format", "json")
    assert done.return_value == 3
    assert json.loads(done.stdout)["pupils"]["set aside, see the reasons"] == 1
    (row,) = lines((tmp_path / "travel.rejects.csv").read_text(encoding="utf-8"))
    assert (row["row"], row["reason"]) == ("2", "its reference is in no decision of d.jsonl")
    assert f"1 set aside, with row and reason, in {tmp_path / 'travel.rejects.csv'}" in done.stderr


def test_no_reference_comes_through_in_any_form(tmp_path: Path) -> None:
    decisions, more, _ = files(tmp_path)
    for form in ("text", "json", "jsonl", "csv"):
        done = cli(decisions, "--about", more, "--format", form)
        assert done.return_value == 0
        assert "T-0000" not in done.stdout
    assert "total" in cli(decisions).stdout


def test_the_workbook_has_the_numbers_of_the_csv(tmp_path: Path) -> None:
    decisions, more, _ = files(tmp_path)
    cli(decisions, "--about", more, "--out", tmp_path / "r.xlsx")
    cli(decisions, "--about", more, "--out", tmp_path / "r.csv")
    sheet = pl.read_excel(tmp_path / "r.xlsx", sheet_name="reason", read_options={"header_row": 1})
    wanted = [row for row in lines((tmp_path / "r.csv").read_text(encoding="utf-8")) if row["question"] == "reason"]
    told = {row[0]: int(row[-1]) for row in sheet.rows()}
    assert told == {row["title"]: int(row["total"]) for row in wanted if row["title"] in told}
    assert "total" in told


def test_a_council_counts_by_categories_of_its_own(tmp_path: Path) -> None:
    text = cli("--show").stdout
    assert text == SHIPPED.read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text.replace("is: [taxi, private_hire]", "is: [taxi, donkey]"), encoding="utf-8")
    categories = read_categories(own, policies().rules.grounds)
    row = {"outcome": "entitled", "about.transport": "donkey"}
    assert placed_in(count(categories, pl.DataFrame([row]), set_aside=0, about={}), "transport") == "taxi"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "{ground: [unsafe_route]}",
            "{ground: [unsafe_rout]}",
            "there is no ground unsafe_rout; did you mean unsafe_route?",
        ),
        ("across: kind", "across: kinds", "there is no question kinds; did you mean kind?"),
        ("        source: Education Act 1996, section 508C\n", "", "discretionary has no source"),
        ('{column: about.alone, is: ["no"]}', "{column: about.alone}", "expected a ground, or a column with the words"),
        ("category: shared", "category: single", "the category single stands twice in alone; keep one"),
    ],
)
def test_a_mistake_in_the_categories_is_told_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(SHIPPED.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"own.yaml:\d+:\d+: .*") as found:
        read_categories(own, policies().rules.grounds)
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "there is nothing to count"),
        (("missing.jsonl",), "there is no such file or folder"),
    ],
)
def test_what_cannot_be_counted_is_wrong_usage(words: tuple[str, ...], said: str) -> None:
    assert said in str(cli(*words).exception)


def test_a_population_needs_a_version_or_a_day(tmp_path: Path) -> None:
    _, more, pupils = files(tmp_path)
    assert "say under which version" in str(cli(pupils).exception)
    assert "--about goes with decisions" in str(cli(pupils, "--about", more, "--policy", VERSION).exception)
