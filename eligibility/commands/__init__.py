"""The `edtravel` command: finds a subcommand, runs it, and turns any failure into one sentence."""

from __future__ import annotations

import functools
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any

import click

from eligibility import __version__
from eligibility.errors import EdtravelError, nearest

DEBUG = "EDTRAVEL_DEBUG"

# Named here, imported only when asked for, so that `--help` and `assess` need not wait for the maps.
SUBCOMMANDS = {
    "assess": "Decide cases.",
    "compare": "Decide cases under two policy versions, side by side.",
    "ask": "Ask about one pupil only what can change the answer, then decide.",
    "replay": "Decide a recorded case again and say what differs.",
    "policy": "Look at, compare and check the policy versions.",
    "area": "Build, check and measure in an area.",
    "model": "What a change of policy would do to a county.",
    "population": "Invent a county of pupils, measure a population.",
    "return": "Count pupils by ground and mode, for the yearly return.",
}
_MODULES = {"return": "yearly_return"}
"""The modules that are not called as their subcommand is, because Python keeps the word for itself."""


class _Subcommands(click.Group):
    """The subcommands, each imported from its own module when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click passes it
        if cmd_name not in SUBCOMMANDS:
            return None
        command: click.Command = importlib.import_module(f"{__name__}.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in SUBCOMMANDS and not name.startswith("-"):
            ctx.fail(f"there is no command '{name}'{nearest(name, SUBCOMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click passes it
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; when whoever reads the output has had enough, as `head` does, just stop."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            _silence_stdout()
            ctx.exit(0)
        return result

    def main(self, *args: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:
        """Run the command line and leave with the exit code of the contract.

        0 done, 1 failed, 2 wrong usage, 3 some cases were set aside, 4 the data does not match.
        """
        run: Any = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **kwargs)
        sys.exit(_exit_code(functools.partial(run, *args, standalone_mode=False, **kwargs)))


def _exit_code(run: Callable[[], Any]) -> int:
    """Run and tell of any failure in one sentence; the exit code is that of the contract."""
    debugging = bool(os.environ.get(DEBUG))
    try:
        # Click hands back what the subcommand returned, or the code it left with.
        result = run()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return _tell("stopped", 1)
    except EdtravelError as error:
        if debugging:
            raise
        return _tell(error.message, error.exit_code)
    except Exception as error:
        if debugging:
            raise
        # The error's own words may repeat a value of the case, so only its type is named.
        return _tell(
            f"stopped by a mistake in the program itself ({type(error).__name__}); "
            f"set {DEBUG}=1 to see where, and please report it",
            1,
        )
    return result if isinstance(result, int) else 0


def _tell(sentence: str, code: int) -> int:
    click.echo(f"edtravel: {sentence}", err=True)
    return code


def _silence_stdout() -> None:
    """Send what is still waiting to be written nowhere, so that Python does not fail at its exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return


@click.group(cls=_Subcommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="edtravel", message="%(prog)s %(version)s")
def main() -> None:
    """Who gets free travel to school, under which policy, and why.

    Results go to standard output and everything else to standard error. "Not entitled" is a result.
    Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done but some cases were set aside, 4 data that does
    not match.
    """
