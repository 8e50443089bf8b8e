"""What is installed is what was meant to be: one name, and the rules inside it."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from eligibility.errors import UsageError
from eligibility.folders import policy_folder, properties_folder, rules_folder
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from the checkout with what is installed, without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(folder),
        str(PROJECT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_owns_no_top_level_name_but_its_own(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"eligibility"}


def test_the_wheel_carries_every_rule_every_version_and_every_file_of_the_package(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "eligibility", "rules", "policy_versions", "properties"],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    ).stdout.splitlines()  # fmt: skip
    if not tracked:
        pytest.skip("this is not a checkout, so there is nothing to compare with")
    present = [name for name in tracked if (PROJECT / name).exists()]
    wanted = {name if name.startswith("eligibility/") else f"eligibility/{name}" for name in present}
    assert wanted - names == set()


def test_an_installed_wheel_finds_its_own_rules_and_versions(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    script = "from eligibility.folders import *; print(rules_folder(), policy_folder(), properties_folder())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    inside = tmp_path.resolve() / "eligibility"
    assert done.stdout.split() == [str(inside / name) for name in ("rules", "policy_versions", "properties")]


def test_an_installed_wheel_checks_a_decision_by_both_engines(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    script = "from eligibility.commands import main; main(['assess', '--sample', '--format', 'json'])"
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        cwd=tmp_path, env={"PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout)["checked_by"] == ["reference", "durable"]
    assert done.stderr == ""


def test_a_checkout_uses_the_folders_being_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDTRAVEL_RULES", raising=False)
    monkeypatch.delenv("EDTRAVEL_POLICY_VERSIONS", raising=False)
    monkeypatch.delenv("EDTRAVEL_PROPERTIES", raising=False)
    assert properties_folder() == PROJECT / "properties"
    assert rules_folder() == PROJECT / "rules"
    assert policy_folder() == PROJECT / "policy_versions"


def test_a_council_can_name_its_own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("EDTRAVEL_RULES", str(tmp_path))
    assert rules_folder() == tmp_path
    monkeypatch.setenv("EDTRAVEL_POLICY_VERSIONS", str(tmp_path / "none"))
    with pytest.raises(UsageError, match="EDTRAVEL_POLICY_VERSIONS is set to"):
        policy_folder()


def test_every_dependency_is_locked_with_its_hash_and_names_no_host() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for wanted in project["dependencies"] + project["optional-dependencies"]["dev"]:
        assert f"\n{wanted.split('>')[0]}==" in f"\n{lock}", wanted
    pins = [line for line in lock.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "://" not in lock
