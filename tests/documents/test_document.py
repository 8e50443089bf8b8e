"""The policy as a document: all that decides is in it, with its source, and it changes when the rulebook does."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from eligibility import wording
from eligibility.commands import main
from eligibility.document import Document, write
from eligibility.document.as_docx import as_docx
from eligibility.document.as_html import as_html
from eligibility.document.as_text import WIDTH, as_text
from eligibility.page import as_pdf
from eligibility.policy import Version
from eligibility.policy_files import load_policies, policies
from eligibility.policy_values import written
from tests.documents.third_version import THIRD, write_third_version
from tests.policy_folders import Folders

HELD = policies()
DOCUMENTS = {version.id: write(HELD, version) for version in HELD.versions.values()}
EVERY = pytest.mark.parametrize("version", HELD.versions.values(), ids=HELD.versions)


def one_line(version: Version) -> str:
    """The text of a document without its line breaks."""
    return " ".join(as_text(DOCUMENTS[version.id]).split())


def folded(text: str) -> str:
    """A text as it stands in that."""
    return " ".join(text.split())


# -- all of it is there


@EVERY
def test_every_ground_figure_open_point_and_notice_is_told_with_its_source(version: Version) -> None:
    text = one_line(version)
    for name in version.grounds:
        assert folded(HELD.rules.grounds[name].title) in text
        assert folded(HELD.rules.grounds[name].source) in text
    for parameter in version.parameters.values():
        assert folded(parameter.source) in text
        if parameter.unit != "word":
            assert folded(written(parameter)) in text
    for reading in version.readings.values():
        assert folded(reading.source) in text
    for name, source in version.notices.items():
        assert HELD.rules.notices[name].title in text
        assert folded(source) in text


@EVERY
def test_every_assumption_is_told_where_it_is_made_and_once_more_in_the_list(version: Version) -> None:
    text = one_line(version)
    assumed = [HELD.rules.grounds[name].assumed for name in version.grounds]
    assumed += [parameter.assumed for parameter in version.parameters.values()]
    assumed += [reading.assumed for reading in version.readings.values()]
    assumed += [HELD.rules.notices[name].assumed for name in version.notices]
    for said in filter(None, [*assumed, *version.assumed]):
        assert text.count(folded(said).rstrip(".")) >= 2, said


@EVERY
def test_every_open_point_tells_what_else_it_could_be_read_as(version: Version) -> None:
    text = one_line(version)
    words = HELD.rules.words
    for name, reading in version.readings.items():
        assert words[name].asks in text
        for other in reading.others:
            assert text.count(words[name].choices[other].partition("{")[0].strip()) >= 1


def test_whoever_keeps_what_was_withdrawn_is_told_under_each_reading_with_the_older_wording() -> None:
    text = one_line(HELD.versions["somerset-2018"])
    transition = HELD.versions["somerset-2018"].transition
    assert transition is not None
    for expectation in transition.readings.values():
        assert wording.sentence(expectation.says) in text
        for condition in expectation.conditions:
            assert condition.otherwise in text
    assert "The wording of somerset-2016" in text
    assert "From the other home (parents living apart)" in text


def test_what_changed_from_the_last_version_is_told_and_a_first_version_tells_of_none() -> None:
    newest = one_line(HELD.versions["somerset-2018"])
    assert "Religion or belief. Before: a ground; now: withdrawn; source: the council's paper, section 2.1" in newest
    assert "Whom the waiting guideline covers. Before: all pupils; now: primary and middle school pupils" in newest
    assert "What changed from the last version" not in one_line(HELD.versions["somerset-2016"])


@EVERY
def test_nothing_is_told_in_the_names_of_the_rulebook(version: Version) -> None:
    told = as_text(DOCUMENTS[version.id]).partition("-" * 40 + "\n")[0]
    assert not re.findall(r"\b[a-z]+_[a-z_]+\b|[{}]", told)


@EVERY
def test_every_number_in_brackets_leads_to_a_place_in_the_document(version: Version) -> None:
    document = DOCUMENTS[version.id]
    numbers = set(document.numbers.values())
    for link in document.every_link():
        number = document.number_of(link)
        assert number in numbers or link.kind == "ground", link
    ids = re.findall(r'id="([^"]+)"', as_html(document))
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', as_html(document))) <= set(ids)


@EVERY
def test_the_marks_that_decisions_carry_stand_at_its_end(version: Version) -> None:
    end = as_text(DOCUMENTS[version.id])[-600:]
    assert HELD.rules_hash in end
    assert HELD.policy_hashes[version.id] in end


# -- it changes with the rulebook

CHANGES = {
    "a figure": (
        "policy_versions/england.yaml",
        "{value: 15, unit: miles",
        "{value: 14, unit: miles",
    ),
    "a comparison": (
        "rules/grounds/low_income_11.yaml",
        "road_mm <= ",
        "road_mm < ",
    ),
    "a condition": (
        "rules/grounds/boarding.yaml",
        "  - test: boards\n",
        "  - test: not boards\n",
    ),
    "a term": (
        "rules/definitions/school.yaml",
        "plan_names_this_school and not plan_is",
        "has_plan and not plan_is",
    ),
    "the reading chosen": (
        "policy_versions/england.yaml",
        "chosen: first_day_of_travel",
        "chosen: date_applied",
    ),
    "a source": (
        "policy_versions/england.yaml",
        "default where no calendar is held",
        "an invented paper",
    ),
    "an assumption": (
        "rules/grounds/temporary_medical.yaml",
        "Limited assistance for",
        "Some assistance for",
    ),
    "who keeps it": (
        "policy_versions/somerset-2018.yaml",
        "test: not award_paid_seat",
        "test: award_paid_seat",
    ),
    "a notice": (
        "rules/notices/late_application.yaml",
        "test: not named_in_the_plan",
        "test: named_in_the_plan",
    ),
    "advice": (
        "rules/advice/behaviour.yaml",
        "incidents >= 4 and",
        "incidents >= 5 and",
    ),
    "the review": (
        "rules/review.yaml",
        "A senior officer\n      decides",
        "An officer\n      decides",
    ),
    "a measure": (
        "rules/measures.yaml",
        "{value: road_mm, limit: low_income_road_limit}",
        "{value: walking_mm, limit: low_income_road_limit}",
    ),
}
"""By what is changed: the file, what stands there, what is put in its place."""


@pytest.mark.parametrize("what", CHANGES)
def test_the_document_changes_when_the_rulebook_does(what: str, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace(*CHANGES[what])
    held = load_policies(folders.rules, folders.versions)
    before, after = DOCUMENTS["somerset-2018"], write(held, held.versions["somerset-2018"])
    assert before.sections != after.sections, what


def test_a_draft_is_told_as_one_and_has_everything_that_a_version_has(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    write_third_version(folders)
    held = load_policies(folders.rules, folders.versions)
    text = " ".join(as_text(write(held, held.versions[THIRD])).split())
    assert "Draft: this version can be compared and modelled and can never decide a case" in text
    assert "the shortest available walking route to the school is longer than 1.5 miles" in text
    assert "The change of somerset-2020" in text
    assert "The change of somerset-2018" in text


# -- as it is printed


@EVERY
def test_no_line_of_the_text_is_too_long_to_print(version: Version) -> None:
    assert max(map(len, as_text(DOCUMENTS[version.id]).splitlines())) <= max(WIDTH, 80)


@EVERY
def test_the_page_needs_nothing_else_and_may_fetch_nothing(version: Version) -> None:
    html = as_html(DOCUMENTS[version.id])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert policy
    assert style
    digest = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert policy.group(1) == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.findall(r"<script|<img|<link|src=|url\(|style=\"|https?://", html)


def test_words_of_the_rulebook_cannot_become_part_of_the_page(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    folders.replace("rules/grounds/boarding.yaml", "title: Boarding", "title: Boarding <b onload=x> & more")
    held = load_policies(folders.rules, folders.versions)
    html = as_html(write(held, held.versions["england"]))
    assert "Boarding &lt;b onload=x&gt; &amp; more" in html
    assert "<b onload" not in html


def test_the_pdf_is_tagged_and_says_at_the_foot_of_each_page_what_it_was_made_from() -> None:
    document: Document = DOCUMENTS["england"]
    made = PdfReader(io.BytesIO(as_pdf(as_html(document))))
    root: Any = made.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert made.metadata is not None
    assert made.metadata.title == document.title
    foot = HELD.policy_hashes["england"][len("sha256:") :][:12]
    assert all(foot in page.extract_text() for page in made.pages)
    width, height = (round(float(side) * 25.4 / 72) for side in made.pages[0].mediabox[2:])
    assert (width, height) == (210, 297)


def test_a_title_of_any_length_fits_in_a_word_file() -> None:
    longer = dataclasses.replace(DOCUMENTS["somerset-2018"], title="A very long title " * 30)
    assert docx.Document(io.BytesIO(as_docx(longer))).core_properties.title == longer.title[:255]


def test_the_word_file_has_headings_lists_and_tables_and_is_the_same_each_time() -> None:
    made = as_docx(DOCUMENTS["england"])
    assert made == as_docx(DOCUMENTS["england"])
    held = docx.Document(io.BytesIO(made))
    headings = [p.text for p in held.paragraphs if p.style is not None and p.style.name == "Heading 1"]
    assert [heading.split("  ")[-1] for heading in headings][:-1] == [s.title for s in DOCUMENTS["england"].sections]
    styles = {p.style.name for p in held.paragraphs if p.style is not None}
    assert {"Heading 2", "List Number", "List Bullet"} <= styles
    assert all(table.rows[0]._tr.trPr is not None for table in held.tables)
    assert held.core_properties.title == "England, statute alone"


def test_a_version_is_shown_as_text_or_written_to_a_file(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["policy", "show", "england"], standalone_mode=False)
    assert shown.output == as_text(DOCUMENTS["england"])
    out = tmp_path / "england.html"
    CliRunner().invoke(main, ["policy", "show", "england", "--as", "html", "--out", str(out)], standalone_mode=False)
    assert out.read_text(encoding="utf-8") == as_html(DOCUMENTS["england"])
