"""Other programs, each in an environment of its own under `.venv-benchmarks/`, set up on first use."""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path
from typing import Any

import click

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / ".venv-benchmarks"


def environment(peer: str) -> Path:
    """The Python of a peer's own environment, set up where there is none yet."""
    folder = ENVIRONMENTS / peer
    python = folder / "bin" / "python"
    ready = folder / ".ready"
    wanted = (HERE / "peers" / f"{peer}.txt").read_text(encoding="utf-8")
    if not ready.is_file() or ready.read_text(encoding="utf-8") != wanted:
        click.echo(f"Setting up {folder.relative_to(HERE.parent)} (once) ...", err=True)
        venv.create(folder, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]
        subprocess.run([*install, str(HERE / "peers" / f"{peer}.txt")], check=True)
        ready.write_text(wanted, encoding="utf-8")
    return python


def ask_peer(peer: str, folder: Path, *more: str) -> dict[str, Any]:
    """Run a peer once in its environment."""
    command = [str(environment(peer)), str(HERE / "peers" / f"{peer}_peer.py"), str(folder), *more]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    answer: dict[str, Any] = json.loads(said.splitlines()[-1])
    return answer
