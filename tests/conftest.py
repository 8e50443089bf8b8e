"""What every test can ask for, and which tests wait for the open data sets."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

PROJECT = Path(__file__).resolve().parent.parent
TOGETHER = {
    "proving/test_differences.py": "differences",
    "proving/test_told_differences.py": "differences",
    "modelling/test_engines.py": "spark",
    "modelling/test_model_run.py": "spark",
    "modelling/test_drill_down.py": "spark",
    "modelling/test_model_tables.py": "runs",
    "modelling/test_report.py": "runs",
    "modelling/test_somerset.py": "somerset",
    "modelling/test_invented_pupils.py": "invented",
    "modelling/test_population_command.py": "invented",
    "documents/test_in_a_browser.py": "browser",
    "geography/test_maps.py": "maps",
    "test_interview.py": "interview",
    "test_ask_command.py": "interview",
}
"""Files of tests that share what takes long to make: of several processes one makes it, once."""
_LEFT_OUT = pytest.StashKey[int]()

settings.register_profile("default", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("default"), max_examples=200)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


def find_data() -> Path | None:
    """The folder of open data sets: EDTRAVEL_DATA, or the one that lies beside the checkout."""
    own = os.environ.get("EDTRAVEL_DATA")
    folder = Path(own) if own else PROJECT.parent / "shared" / "data"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the tests remember of areas out of the user's own cache folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of open data sets; only for tests marked `real_data`."""
    folder = find_data()
    assert folder is not None, "a test that uses data_folder must be marked real_data"
    return folder


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need data which is not there."""
    if find_data() is not None:
        return
    left_out = [item for item in items if item.get_closest_marker("real_data")]
    items[:] = [item for item in items if not item.get_closest_marker("real_data")]
    config.stash[_LEFT_OUT] = len(left_out)
    if left_out:
        config.hook.pytest_deselected(items=left_out)


class Together(LoadScopeScheduling):  # type: ignore[misc]  # the package ships no types
    """Hands out the tests one by one, but those together that share what takes long to make, and these first."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER.get(nodeid.partition("::")[0].removeprefix("tests/"), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    """The marks of pytest-xdist for this are lost in pytest 9.2."""
    return Together(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object) -> None:
    """Bring home what a parallel worker left out; every worker leaves out the same tests."""
    output = getattr(node, "workeroutput", {})
    config: pytest.Config = node.config  # type: ignore[attr-defined]  # of pytest-xdist
    config.stash[_LEFT_OUT] = output.get("left_out", 0)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand what this parallel worker left out to the process that prints the summary."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = session.config.stash.get(_LEFT_OUT, 0)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how many tests were left out and why, so that nobody takes a short run for a whole one."""
    if left_out := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(
            f"{left_out} tests marked real_data were left out: EDTRAVEL_DATA is not set to a folder of the "
            "open data sets and there is none beside the checkout"
        )
