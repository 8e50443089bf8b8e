"""`edtravel ask`: an interview about one pupil at the keyboard, line by line.

Plain lines alone, one after the other, so that a screen reader tells them all and a script can give the answers.
"""

from __future__ import annotations

import datetime as dt
import io
import secrets
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from eligibility.commands._cases import FORMATS, IsoDate, open_area
from eligibility.commands.assess import decide_cases
from eligibility.errors import InputError, UsageError

if TYPE_CHECKING:
    from eligibility.interview import Interview, Question
    from eligibility.reading import Kind

_WIDTH = 100
_NOT_KNOWN = {"", "not known", "don't know", "dont know", "unknown"}
_WHY, _BACK, _STOP = {"?", "why", "help"}, {"back"}, {"stop", "quit", "exit"}
_EXPECTS: dict[Kind, str] = {
    "boolean": "yes or no",
    "whole": "a whole number",
    "decimal": "miles, such as 3.412",
    "date": "a day such as 2018-09-04",
    "list": "school numbers with ; between them",
    "places": "schools, such as 109329=yes;136335=no",
    "incidents": "days, such as 2018-11-02;2018-12-01=serious",
}
_REFERENCE = "reference"


@click.command("ask")
@click.option("--area", metavar="AREA", help="Measure in this area (a GeoPackage made by `area build`).")
@click.option("--sample", is_flag=True, help="Measure in the area of the invented sample county.")
@click.option("--policy", metavar="ID", help="Decide under this version, in force or not.")
@click.option("--on", type=IsoDate(), help="The day the decision is about; by default the first day of travel.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--answers", metavar="FILE", help="Take the answers from this file, a line each, not from the keyboard.")
@click.option("--save", metavar="CASE", help="Write the case to this YAML file; `assess` decides it the same.")
def command(
    *,
    area: str | None,
    sample: bool,
    policy: str | None,
    on: dt.date | None,
    form: str,
    answers: str | None,
    save: str | None,
) -> int:
    """Ask about one pupil only what can still change the answer, the cheapest question first, then decide.

    Press Enter where the answer is not known. `?` says why a question is asked, `back` takes the last answer back,
    `stop` decides with what is known. Questions go to standard error, the decision to standard output.

    \b
    Example:
        edtravel ask --sample --save pupil-1.yaml
    """
    from eligibility.assess import Assessor
    from eligibility.interview import Interview

    if sample:
        from eligibility import sample_county

        area = area or str(sample_county.path())
    assessor = click.get_current_context().with_resource(Assessor(area=open_area(area)))
    if policy is not None:
        assessor.policies.deciding(policy)
    done = _ask_all(Interview(assessor, policy, on), _lines(answers))
    case = _as_yaml(done.case)
    if save is not None:
        try:
            Path(save).write_bytes(case)
        except OSError as error:
            raise UsageError(f"{save} cannot be written ({error.strerror})") from error
    return decide_cases(assessor, ("-",), policy=policy, on=on, form=form, stdin=io.BytesIO(case))


def _lines(path: str | None) -> Callable[[], str]:
    """The answers line by line, from a file or standard input; "" where they have ended."""
    if path is None:
        return next_line
    try:
        return io.StringIO(Path(path).read_text(encoding="utf-8-sig")).readline
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error


def next_line() -> str:
    """The next line; "" where there is none, or no standard input. Raises UsageError for what cannot be read."""
    try:
        return sys.stdin.readline().removeprefix("\ufeff") if sys.stdin else ""
    except UnicodeDecodeError as error:
        raise UsageError("an answer on standard input is not UTF-8; give the answers as UTF-8") from error
    except (OSError, ValueError) as error:  # a folder, a terminal that is gone, an input closed on the way
        raise UsageError("standard input cannot be read; type the answers, or name a file with --answers") from error


def _ask_all(interview: Interview, read_line: Callable[[], str]) -> Interview:
    """Ask until nothing that could be asked can change the outcome, or the officer stops."""
    _say("Press Enter where the answer is not known. ? says why it is asked, back goes one back, stop ends.")
    last: Question | None = None
    while (question := interview.question) is not None:
        if question != last:
            _put(question, len(interview.answers) + 1)
        last = question
        click.echo("> ", nl=False, err=True)
        line = read_line()
        if not line:
            click.echo(err=True)  # the answers have ended in the middle of a line
        text = line.strip()
        if not line or text.lower() in _STOP:
            if interview.can_be_decided:
                _say("Stopped. What was not answered is not known.")
                return interview
            raise InputError(f"stopped before {question.place} was given; without it there is nothing to decide")
        if text.lower() in _WHY:
            _say(_why(interview, question))
            continue
        try:
            interview = interview.back() if text.lower() in _BACK else _answered(interview, question, text)
        except InputError as error:
            _say(f"That cannot be taken: {error.message}.")
    _say("Nothing else that could be asked can change the outcome.")
    return interview


def _answered(interview: Interview, question: Question, text: str) -> Interview:
    """The interview after what was typed."""
    if text.lower() not in _NOT_KNOWN:
        return interview.answer(text)
    made_up = f"ASK-{secrets.token_hex(4)}"  # no name and no number of the pupil, and no two alike
    return interview.answer(made_up if question.place == _REFERENCE else "")


def _put(question: Question, number: int) -> None:
    """Ask one question."""
    click.echo(err=True)
    _say(f"{number}. {question.words}")
    for count, said in enumerate(question.choices.values(), 1):
        _say(f"   {count} {said}")
    expects = "the number or the words of one of these" if question.choices else _EXPECTS.get(question.kind, "")
    if question.place == _REFERENCE:
        empty = "Enter makes one up"
    else:
        empty = f"Enter: {question.usual}, as usual" if question.usual else ""
    hint = "; ".join(part for part in (expects, empty, _how_many_more(question)) if part)
    _say(f"   ({hint})")


def _how_many_more(question: Question) -> str:
    if question.needed:
        return "every case needs it"
    if question.at_most == 0 and not question.or_other_home:
        return "the last question"
    besides = ", and those of another home if there is one" if question.or_other_home else ""
    return f"at most {question.at_most} more{besides}"


def _why(interview: Interview, question: Question) -> str:
    """Why a question is asked, who knows the answer and what it rests on."""
    grounds = interview.hanging_on_it()
    if question.needed:
        why = "No case can be decided without it"
    elif question.for_the_record:
        why = "There is one, as was said; the case can only hold that with this about it"
    elif grounds:
        why = f"These grounds hang on it: {'; '.join(grounds)}"
    else:
        why = "The outcome can still change with it"
    return f"{why}. Who usually knows: {question.supplied_by}. Source: {question.source}. [{question.place}]"


def _say(text: str) -> None:
    click.echo(textwrap.fill(text, _WIDTH, subsequent_indent="   "), err=True)


def _as_yaml(case: dict[str, Any]) -> bytes:
    """The case as a file."""
    import yaml

    text: str = yaml.safe_dump(_plain(case), sort_keys=False, allow_unicode=True)
    return text.encode()


def _plain(value: Any) -> Any:
    """What YAML can hold: a length in miles as the text that was typed."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return value if value is None or isinstance(value, bool | int | str | list | dt.date) else str(value)
