"""The pages in a real browser: nothing that WCAG 2.2 AA forbids, nothing wider than a phone, nothing fetched."""

from __future__ import annotations

import importlib.resources
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from eligibility.chart.as_html import as_html as chart_page
from eligibility.chart.make import of_pupil, of_two, of_version
from eligibility.document import write
from eligibility.document.as_html import as_html
from eligibility.modelling.report import officers
from eligibility.modelling.report.as_html import as_html as report_page
from eligibility.modelling.report.make import make
from eligibility.policy_files import policies
from eligibility.text import comparison_text
from tests.case_builder import ABSENT, as_day, assessor, case
from tests.modelling.reported import over_draws, shared, squares
from tests.modelling.small_run import compared

HELD = policies()
NEWEST, BEFORE = HELD.versions["somerset-2018"], HELD.versions["somerset-2016"]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_THE_LAYOUT = ["target-size", "scrollable-region-focusable", "link-in-text-block"]
"""What can be otherwise on a wider screen: all other rules find the same there, and take half a minute to say so."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


def pupil() -> str:
    """A pupil of whom something is not known, drawn."""
    held = case(**{"measured.nearest_school": ABSENT, "reference": "A-1"})
    return chart_page(of_pupil(assessor().matter(held, policy=NEWEST.id, on=as_day("2018-09-04"))))


def report() -> str:
    """The report of a change over a small county, with everything that a report can have."""
    run = shared()
    return report_page(make(over_draws(run, run.tables["outcomes"]), wards=squares))


def companion() -> str:
    """The officers' companion, with the reasons of one pupil of each change."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(officers, "REASONS", 1)
        return report_page(officers.companion(shared(), compared(), NEWEST.id, comparison_text))


PAGES: dict[str, Callable[[], str]] = {
    "the policy": lambda: as_html(write(HELD, NEWEST)),
    "the chart": lambda: chart_page(of_version(HELD, NEWEST)),
    "two versions": lambda: chart_page(of_two(HELD, BEFORE, NEWEST)),
    "a pupil": pupil,
    "a report": report,
    "the officers' companion": companion,
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as Debian packages it; `.ci/run` installs it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "these tests look at pages in Chromium: install the package chromium"
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=PAGES)
def page_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page, as a file on disk."""
    file = tmp_path_factory.mktemp("pages") / "page.html"
    file.write_text(PAGES[request.param](), encoding="utf-8")
    return file


def axe() -> str:
    """The checks themselves, as the package that drives them carries them."""
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("size", "only"),
    [(PHONE, {"type": "tag", "values": RULES}), (DESKTOP, {"type": "rule", "values": OF_THE_LAYOUT})],
    ids=["on a phone", "on a desktop"],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser: Browser, page_file: Path, size: dict[str, Any], only: dict[str, Any]
) -> None:
    # The page allows no script at all, so that the checks can only run with its policy set aside.
    context = browser.new_context(viewport=size, bypass_csp=True)  # type: ignore[arg-type]  # a dict of two numbers
    page = context.new_page()
    page.goto(page_file.as_uri())
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]
    page.evaluate(axe())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", only)
    context.close()
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []


def test_a_page_asks_for_nothing_and_its_own_policy_lets_its_style_through(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(page_file.as_uri())
    assert asked == [page_file.as_uri()]
    assert said == []
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "700"
    assert page.evaluate("getComputedStyle(document.querySelector('.label, .contents')).listStyleType") in {
        "none",
        "disc",
    }
    page.close()


def test_everything_can_be_reached_with_the_keyboard(browser: Browser, page_file: Path) -> None:
    page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]  # as above
    page.goto(page_file.as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for_the_mouse_alone = page.evaluate(
        "[...document.querySelectorAll('a, .wide, .sheet, .figure')].filter(e => e.tabIndex < 0).length"
    )
    assert for_the_mouse_alone == 0
    page.close()


def test_a_page_prints_on_a4(browser: Browser, page_file: Path) -> None:
    page = browser.new_page()
    page.goto(page_file.as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert printed.startswith(b"%PDF")
