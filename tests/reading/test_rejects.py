"""What was set aside is kept beside the input, to be put right and run again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from eligibility.errors import EdtravelError, UsageError
from eligibility.reading import RawCase, Rejected, Rejects, rejects_paths


def test_the_rejects_go_beside_the_input_under_its_name() -> None:
    assert rejects_paths(["in/cases.csv", "-", "b.yaml"]) == {
        "in/cases.csv": Path("in/cases.rejects.csv"),
        "-": Path("stdin.rejects.csv"),
        "b.yaml": Path("b.rejects.csv"),
    }


def test_two_inputs_that_would_share_a_file_keep_their_full_names() -> None:
    assert rejects_paths(["a.csv", "a.yaml", "b/a.csv"]) == {
        "a.csv": Path("a.csv.rejects.csv"),
        "a.yaml": Path("a.yaml.rejects.csv"),
        "b/a.csv": Path("b/a.rejects.csv"),
    }


def test_standard_input_and_a_file_called_stdin_do_not_share_a_file() -> None:
    assert len(set(rejects_paths(["-", "stdin.csv", "stdin.rejects"]).values())) == 3


def test_the_file_holds_row_reason_and_case(tmp_path: Path) -> None:
    source = str(tmp_path / "cases.csv")
    with Rejects([source]) as rejects:
        rejects.add(Rejected(source, 3, "the reason", 'A,"x"\ny\udce9', line=4))
        rejects.add(RawCase({}, source, 5, "B", 6).rejected("another"))
    (path,) = rejects.written
    assert (path, rejects.count) == (tmp_path / "cases.rejects.csv", 2)
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["row", "reason", "case"],
            ["3", "line 4: the reason", 'A,"x"\ny\\udce9'],
            ["5", "line 6: another", "B"],
        ]


def test_nothing_rejected_makes_no_file(tmp_path: Path) -> None:
    with Rejects([tmp_path / "cases.csv"]) as rejects:
        pass
    assert (rejects.count, rejects.written, list(tmp_path.iterdir())) == (0, [], [])


def test_one_file_for_several_inputs_names_each(tmp_path: Path) -> None:
    with Rejects(["a.csv", "b.csv"], tmp_path / "all.csv") as rejects:
        rejects.add(Rejected("a.csv", 1, "one", ""))
        rejects.add(Rejected("b.csv", 0, "two", ""))
    assert (tmp_path / "all.csv").read_text().splitlines() == [
        "row,reason,case",
        "1,a.csv: one,",
        "0,b.csv: two,the whole file",
    ]


def test_a_file_that_stood_in_the_place_of_the_rejects_is_not_replaced_unsaid(tmp_path: Path) -> None:
    for name, replaced in (("b.yaml", []), ("b.json", [tmp_path / "b.rejects.csv"])):
        with Rejects([tmp_path / name]) as rejects:
            rejects.add(Rejected(str(tmp_path / name), 1, "reason", "A"))
            rejects.add(Rejected(str(tmp_path / name), 2, "reason", "B"))
        assert rejects.replaced == replaced


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    for name in ("cases.csv", "./cases.csv"):
        with pytest.raises(UsageError, match="would overwrite"):
            Rejects([str(tmp_path / "cases.csv")], tmp_path / name)
    with pytest.raises(UsageError, match="would overwrite"):
        Rejects([tmp_path / "a.csv", tmp_path / "a.rejects.csv"])


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    source = str(tmp_path / "none" / "cases.csv")
    with Rejects([source]) as rejects, pytest.raises(EdtravelError, match="cannot be written"):
        rejects.add(Rejected(source, 1, "reason", "A"))
