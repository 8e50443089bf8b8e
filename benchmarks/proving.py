"""Seconds to settle every property under every version, and the same with a rulebook several times the size.

Run `python -m benchmarks.proving` from the top of the checkout.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import tempfile
import time
from pathlib import Path

import click

from eligibility.folders import policy_folder, properties_folder, rules_folder
from eligibility.policy import Policies
from eligibility.policy_files import load_policies
from eligibility.proving.property_files import load_properties
from eligibility.proving.prove import prove
from eligibility.proving.settle import NOT_ASKED, OPEN

TARGETS = {1: 60, 3: 300}
"""Seconds to stay under, by how many times the size."""


def enlarged(times: int, folder: Path) -> Policies:
    """The rulebook with every ground, definition and tag there `times` over, each under a name of its own.

    The copies are in force, withdrawn and protected wherever their originals are.
    """
    rules, versions = folder / "rules", folder / "policy_versions"
    shutil.copytree(rules_folder(), rules)
    shutil.copytree(policy_folder(), versions)
    written = {
        path: path.read_text(encoding="utf-8")
        for part in ("grounds", "definitions")
        for path in (rules / part).iterdir()
    }
    names = re.findall(r"^(?:ground|  - name): (\w+)$", "\n".join(written.values()), re.MULTILINE)
    # A choice of a reading, a measure and the other home may have the name of a ground.
    named = re.compile(rf"(?<!\")(?<!measures: )(?<!home: )\b({'|'.join([*names, 'tried_from_each_home'])})\b")
    for copy in range(2, times + 1):
        for path, text in written.items():
            path.with_stem(f"{path.stem}_{copy}").write_text(named.sub(rf"\1_{copy}", text), encoding="utf-8")
    listed = re.compile(
        rf"^(?: +- \{{ground: ({'|'.join(names)}),.*|  - withdraw: (\w+)\n    source: .*)\n", re.MULTILINE
    )
    for path in versions.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")

        def several(found: re.Match[str]) -> str:
            name = found[1] or found[2]
            again = (found[0].replace(f": {name}", f": {name}_{copy}", 1) for copy in range(2, times + 1))
            return found[0] + "".join(again)

        path.write_text(listed.sub(several, text), encoding="utf-8")
    return load_policies(rules, versions)


def processor_seconds() -> float:
    """What this process and those it waited for have used; of a busy machine it says more than the clock."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


@click.command()
@click.option("--times", multiple=True, type=int, default=(1, 3), show_default=True, help="How many times the size.")
@click.option("--processes", default=2, show_default=True)
def main(times: tuple[int, ...], processes: int) -> None:
    """Settle every property under every version, and say how long it took."""
    for size in times:
        with tempfile.TemporaryDirectory() as folder:
            held = enlarged(size, Path(folder))
        properties = load_properties(properties_folder(), held)
        started, worked = time.perf_counter(), processor_seconds()
        settled = [one for found in prove(held, properties, list(held.versions), processes=processes) for one in found]
        seconds, worked = time.perf_counter() - started, processor_seconds() - worked
        asked = [one for one in settled if one.status != NOT_ASKED]
        click.echo(
            f"{size} times the rulebook: {len(held.rules.grounds)} grounds, {len(held.rules.definitions)} definitions, "
            f"{len(held.versions)} versions, {len(properties)} properties settled {len(asked)} times by "
            f"{sum(one.questions for one in asked)} questions, {sum(one.status == OPEN for one in asked)} left open: "
            f"{seconds:.1f} s on {processes} processes, {worked:.1f} s of processor time "
            f"(load {os.getloadavg()[0]:.1f}; to stay under: {TARGETS.get(size, '-')})"
        )


if __name__ == "__main__":
    main()
