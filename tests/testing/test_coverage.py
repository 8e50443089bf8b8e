"""What the tests of a policy exercise: every answer, edge and choice, read off the rules themselves."""

from __future__ import annotations

import functools
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from eligibility.commands import main
from eligibility.folders import table_test_folders
from eligibility.in_force import Books
from eligibility.language.expressions import Compare, Constant, Name, Operand, Years, atoms
from eligibility.language.partial import Known, evaluate
from eligibility.policy_files import load_policies, policies
from eligibility.school_calendar import as_date, as_number
from eligibility.testing.boundaries import Boundary, Scales, Standing
from eligibility.testing.coverage import ALONE, Covered, coverage
from eligibility.testing.table_run import Result, TableTests, files_of
from tests.case_builder import THREE_MILES, TWO_MILES
from tests.policy_folders import Folders
from tests.testing.tables import WHOLE, run


@functools.cache
def shipped() -> tuple[list[Result], dict[str, Covered]]:
    tests = TableTests(policies())
    files, _ = files_of([], policies(), table_test_folders())
    results = list(tests.run(files))
    assert not tests.mistakes.found
    return results, coverage(policies(), results)


def covered(folder: Path, text: str) -> Covered:
    results, mistakes = run(folder, text)
    assert not mistakes
    (found,) = coverage(policies(), results).values()
    return found


def named(result: Result) -> str:
    return result.test.name + (f" (row {result.test.row})" if result.test.row else "")


def one(folder: Path, pupil: str, expect: str, *more: str) -> dict[tuple[str, str], set[str]]:
    """By kind and what it is about: the answers, edges and choices that one test exercises."""
    lines = "".join(f"    {line}\n" for line in more)
    items = covered(folder, f"{WHOLE}  - name: A\n    pupil: {{{pupil}}}\n{lines}    expect: {expect}\n").items
    found: dict[tuple[str, str], set[str]] = {}
    for item in (item for item, tests in items.items() if tests):
        found.setdefault((item.kind, item.about), set()).add(item.which)
    return found


ON_FOOT = ("boundary", "the shortest available walking route to the school is longer than 3 miles")


def edges(folder: Path, walking_mm: int, expect: str, **more: str) -> set[str]:
    facts = "".join(f", {name}: {value}" for name, value in more.items())
    return one(folder, f"measured.walking_mm: {walking_mm}{facts}", expect).get(ON_FOOT, set())


def test_the_shipped_sentences_hold_and_exercise_every_answer_choice_and_edge_that_a_pupil_can_stand_on() -> None:
    results, found = shipped()
    assert [(result.test.name, result.failures) for result in results if not result.passed] == []
    left = {version: each.missing("boundary") for version, each in found.items()}
    moved = "the day the child moved to the address is after the day the award was given"
    # No pupil can stand there: the award is of before the change, and a move that counts is of the day or later.
    nobody = {about: ["that day itself"] for about in (moved, f"{moved}, from the other home")}
    assert left == {"england": {}, "somerset-2016": {}, "somerset-2018": nobody}
    assert [len(each.items) - each.exercised for each in found.values()] == [0, 0, 2]


def test_every_comparison_of_numbers_or_days_in_the_rules_has_both_its_edges_among_what_is_to_exercise() -> None:
    for version, each in shipped()[1].items():
        book = Books(policies()).of(policies().version(version))
        compared = {
            (atom.operator, str(atom.left).partition("@")[0], str(atom.right).partition("@")[0])
            for test in book.conclusions.values()
            for atom in atoms(test)
            if isinstance(atom, Compare) and atom.operator in {"<", "<=", ">", ">="}
        }
        told = [item for item in each.items if item.kind == "boundary"]
        assert len(told) == 2 * len({item.about for item in told})
        assert len(told) >= len(compared)


def test_two_limits_of_the_same_length_are_two_boundaries() -> None:
    for each in shipped()[1].values():
        told = {item.about for item in each.items if item.about.endswith("school is longer than 2 miles")}
        apart = {item.about for item in each.items if "school is longer than 2 miles (" in item.about}
        # The limit for the younger, and that of each of the three grounds on low income.
        assert (told, len(apart)) == (set(), 4)


def test_a_limit_that_several_grounds_hold_to_is_exercised_in_each_by_tests_of_its_own(tmp_path: Path) -> None:
    young = "date_of_birth: 2010-09-04, school.started_on: 2016-09-05, income.evidence_seen_on: 2018-07-01"
    pupil = f"{young}, income.free_school_meals: true, measured.walking_mm: {TWO_MILES}"
    held = {about for (kind, about), _ in one(tmp_path, pupil, "not_entitled").items() if kind == "boundary"}
    assert {about for about in held if "longer than 2 miles" in about} == {
        "the shortest available walking route to the school is longer than 2 miles (Low income, aged 8 to 10)"
    }


def test_a_rule_that_holds_each_home_to_the_same_day_has_that_day_exercised_for_each_home() -> None:
    sentence = "Who moves house after the change loses what was kept, who moved before does not"
    results = [result for result in shipped()[0] if result.test.name == sentence]
    begins = "the day the child moved to the address is on or after 1 September 2018, the first day of this version"
    missing = coverage(policies(), results)["somerset-2018"].missing("boundary")
    assert begins not in missing
    assert len(missing[f"{begins}, from the other home"]) == 2


def test_what_is_counted_for_an_edge_is_what_fails_where_its_comparison_is_written_otherwise(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace("rules/definitions/distance.yaml", "walking_mm > walking_limit\n", "walking_mm >= walking_limit\n")
    folders.replace("rules/definitions/income.yaml", "net_earnings_pence <= earn", "net_earnings_pence < earn")
    wrong = TableTests(load_policies(folders.rules, folders.versions), ids=["england"])
    failed = {
        named(result) for result in wrong.run(files_of([], policies(), table_test_folders())[0]) if result.failures
    }
    about = (ON_FOOT[1], "the parent's net pay in a year is at most £7,400")
    edges = {item: tests for item, tests in shipped()[1]["england"].items.items() if item.about in about}
    assert failed == {test for item, tests in edges.items() for test in tests if item.which == "exactly that"}
    assert len(failed) == len(about)


@pytest.mark.parametrize(
    ("walking_mm", "which"),
    [
        (THREE_MILES - 1, set()),
        (THREE_MILES, {"exactly that"}),
        (THREE_MILES + 1, {"one millimetre more"}),
        (THREE_MILES + 2, set()),
        (TWO_MILES, set()),
    ],
)
def test_a_boundary_is_exercised_to_the_millimetre(tmp_path: Path, walking_mm: int, which: set[str]) -> None:
    assert edges(tmp_path, walking_mm, "entitled" if walking_mm > THREE_MILES else "not_entitled") == which


def test_a_boundary_is_not_exercised_where_a_step_across_changes_nothing(tmp_path: Path) -> None:
    assert edges(tmp_path, THREE_MILES, "not_entitled", resident="false") == set()


@pytest.mark.parametrize(
    ("expect", "which"),
    [
        ("not_entitled", {"exactly that"}),
        ("{not_met: walking_distance}", {"exactly that"}),
        ("{reason: 'Not met: the school is within walking distance'}", {"exactly that"}),
        ("{readings: {catchment_means: {todays_catchment: not_entitled}}}", {"exactly that"}),
        ("{not_met: unsafe_route}", set()),
        ("{protected: null}", set()),
        ("{notice: null}", set()),
        ("{starts_on: null}", {"exactly that"}),
    ],
)
def test_a_boundary_is_exercised_where_what_is_expected_differs_on_its_other_side(
    tmp_path: Path, expect: str, which: set[str]
) -> None:
    assert edges(tmp_path, THREE_MILES, expect) == which


def test_who_expects_advice_alone_exercises_no_answer_edge_or_choice(tmp_path: Path) -> None:
    wait = "date_of_birth: 2010-05-14, service.waiting_minutes.before_school: 30"
    for walking_mm in (THREE_MILES, THREE_MILES + 1):
        assert one(tmp_path, f"{wait}, measured.walking_mm: {walking_mm}", "{advice: waiting}") == {}


EIGHT = "date_of_birth: 2010-09-04, measured.walking_mm: 4000000"
LIMIT = ("reading", "walking_limit_changes")


def test_a_reading_that_is_named_and_decides_nothing_is_not_exercised(tmp_path: Path) -> None:
    for choice in ("eighth_birthday", "end_of_school_year"):
        assert LIMIT not in one(tmp_path, "", "not_entitled", f"readings: {{walking_limit_changes: {choice}}}")
        assert LIMIT not in one(tmp_path, "", f"{{readings: {{walking_limit_changes: {{{choice}: not_entitled}}}}}}")


def test_a_choice_is_exercised_where_another_would_give_something_else(tmp_path: Path) -> None:
    assert one(tmp_path, EIGHT, "not_entitled")[LIMIT] == {"eighth_birthday"}
    otherwise = "readings: {walking_limit_changes: end_of_school_year}"
    assert one(tmp_path, EIGHT, "entitled", otherwise)[LIMIT] == {"end_of_school_year"}
    both = "{outcome: not_entitled, readings: {walking_limit_changes: {end_of_school_year: entitled}}}"
    assert one(tmp_path, EIGHT, both)[LIMIT] == {"eighth_birthday", "end_of_school_year"}
    assert LIMIT not in one(tmp_path, EIGHT, "{not_met: unsafe_route}")


def test_a_choice_that_moves_the_last_day_alone_is_exercised_by_who_expects_that_day(tmp_path: Path) -> None:
    seven = "date_of_birth: 2011-05-14, measured.walking_mm: 4000000, school.started_on: 2016-09-05"
    assert LIMIT not in one(tmp_path, seven, "entitled")
    assert one(tmp_path, seven, "{ends_on: 2019-05-13}")[LIMIT] == {"eighth_birthday"}


def test_an_answer_is_exercised_where_the_outcome_expected_or_the_ground_itself_hangs_on_it(tmp_path: Path) -> None:
    far = f"measured.walking_mm: {THREE_MILES + 1}"
    on_foot = ("ground", "walking_distance")
    assert one(tmp_path, far, "entitled")[on_foot] == {"met", ALONE}
    assert one(tmp_path, far, "{met: walking_distance}")[on_foot] == {"met"}
    assert on_foot not in one(tmp_path, far, "{not_met: unsafe_route}")
    assert ("outcome", "outcome") not in one(tmp_path, far, "{met: walking_distance}")


LATE = (
    "admission: {round: normal, on_time: false, preferences: [109329], placed_because_late: true}, "
    "measured: {walking_mm: 6000000, nearest_ignoring_places: false, transport_area_school: false}"
)


def test_a_notice_is_exercised_by_who_expects_it(tmp_path: Path) -> None:
    notice = ("notice", "late_application")
    assert notice not in one(tmp_path, LATE, "entitled")
    assert one(tmp_path, LATE, "{notice: late_application}")[notice] == {"applies"}


def test_a_test_that_fails_exercises_nothing(tmp_path: Path) -> None:
    found = covered(tmp_path, WHOLE + "  - name: A\n    expect: entitled\n")
    assert found.exercised == 0


def test_a_ground_that_is_met_beside_another_does_not_decide_alone(tmp_path: Path) -> None:
    pupil = "measured.walking_mm: 4828033, measured.transport_area_school: true"
    expect = "{outcome: entitled, met: walking_distance}"
    assert one(tmp_path, pupil, expect)["ground", "walking_distance"] == {"met"}
    assert ("ground", "walking_distance") not in one(tmp_path, pupil, "entitled")


def test_an_age_is_exercised_on_the_birthday_and_the_day_before(tmp_path: Path) -> None:
    pupil = "{date_of_birth: 2010-09-05, measured.walking_mm: 4000000, school.started_on: 2016-09-05}"
    found = covered(tmp_path, f"{WHOLE}  - name: A\n    pupil: {pupil}\n    expect: entitled\n")
    about = "the child's age on the day is less than 8"
    assert found.missing("boundary")[about] == ["on that birthday"]


def test_the_command_says_what_is_not_exercised_and_fails_under_a_share(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(WHOLE + "  - name: A mile is near\n    expect: not_entitled\n", encoding="utf-8")
    words = ["policy", "test", str(path), "--coverage", "--fail-under", "50"]
    done = CliRunner().invoke(main, words, standalone_mode=False)
    assert done.return_value == 1
    assert "Edges of boundaries that no test exercises" in done.stdout
    assert "is longer than 3 miles: exactly that; one millimetre more" in done.stdout
    assert "which is less than 50%" in done.stderr
    assert CliRunner().invoke(main, [*words[:-1], "1"], standalone_mode=False).return_value == 0


OPERATORS = ("<", "<=", ">", ">=")
AGE = Years(Name("date_of_birth"), Name("on"))


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(
    ("left", "right", "low", "step"),
    [
        (Name("walking_mm"), Constant(4_828_032), {"walking_mm": 4_828_029}, ("walking_mm", 1)),
        (Constant(3), Name("nearer_suitable_schools"), {"nearer_suitable_schools": 0}, ("nearer_suitable_schools", 1)),
        (Name("on"), Name("medical_until"), {"on": 20180828, "medical_until": 20180901}, ("on", 0)),
        (AGE, Constant(8), {"date_of_birth": 20100903, "on": 20180830}, ("on", 0)),
        (Constant(8), AGE, {"date_of_birth": 20100903, "on": 20180830}, ("on", 0)),
        (AGE, Constant(7), {"date_of_birth": 20100903, "on": 20180830}, ("on", 0)),
    ],
)
def test_the_two_edges_of_a_comparison_are_the_last_and_first_on_either_side(
    operator: str, left: Operand, right: Operand, low: dict[str, int], step: tuple[str, int]
) -> None:
    """Going up by steps the comparison turns once, between its edges."""
    test = Compare(operator, left, right)
    boundary = Boundary(operator, left, right)
    scales = Scales(policies(), Books(policies()).of(policies().version("somerset-2018")))
    facts: dict[str, Known] = dict(low)
    seen: list[tuple[int | None, object]] = []
    for _ in range(8):
        edge = scales.edge(Standing(boundary, test), facts)
        seen.append((edge, evaluate(test, facts, {})))
        name, size = step
        held = facts[name]
        assert isinstance(held, int)
        facts[name] = held + size if size else as_number(as_date(held) + timedelta(days=1))
    turns = [place for place in range(7) if seen[place][1] is not seen[place + 1][1]]
    at = [place for place, (edge, _) in enumerate(seen) if edge is not None]
    assert len(turns) <= 1
    assert at == [place + more for place in turns for more in (0, 1)]


def test_of_an_age_that_is_never_reached_no_edge_is_seen() -> None:
    facts: dict[str, Known] = {"date_of_birth": 20100903, "on": 20180830}
    scales = Scales(policies(), Books(policies()).of(policies().version("somerset-2018")))
    test = Compare(">=", AGE, Constant(16))
    assert scales.edge(Standing(Boundary(">=", AGE, Constant(16)), test), facts) is None
