"""``accord run`` and ``accord claims``: the answer of a deal, and what was said of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accord.cli_answers import answered, command_of, find_all, refuse_taken_folder, say_where
from accord.cli_command import Command
from accord.cli_options import (
    Asked,
    as_of_option,
    closure_option,
    draws_options,
    json_option,
    out_option,
    years_option,
)
from accord.cli_output import print_json, print_text, terminal

if TYPE_CHECKING:
    from accord.assessment import Answer


@click.command(cls=Command)
@click.argument("deal")
@as_of_option
@closure_option
@years_option
@draws_options
@out_option
@json_option
def run(  # noqa: PLR0913 - a command has the options it has
    deal: str,
    as_of: date | None,
    closure: str,
    years: str | None,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Answer a DEAL: before, under the law of a day; after, with the deal on top."""
    refuse_taken_folder(out)
    answer = answered(find_all([deal])[0], as_of, closure, asked, years)
    if out is not None:
        from accord.report.tables import write_answer

        span = [] if years is None else ["--years", years]
        command = [*command_of("run", [deal], as_of, closure), *span, *asked.words]
        write_answer(answer, out, command)
    _show(answer, as_json=as_json)
    say_where(out)


def _show(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        from accord.assessment.serialise import to_json

        print_json(to_json(answer))
    else:
        from accord.report.claims import below
        from accord.report.terminal import screen

        print_text(screen(answer, **terminal()) + below(answer, **terminal()))


@click.command(cls=Command)
@click.argument("deal")
@as_of_option
@closure_option
@draws_options
@out_option
@json_option
def claims(  # noqa: PLR0913 - a command has the options it has
    deal: str,
    as_of: date | None,
    closure: str,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Judge what was said of a DEAL: each claim with its verdict, its number, what flips it."""
    refuse_taken_folder(out)
    from accord.report.claims import as_json as to_json
    from accord.report.claims import text

    answer = answered(find_all([deal])[0], as_of, closure, asked)
    if out is not None:
        from accord.report.tables import write_ledger

        command = [*command_of("claims", [deal], as_of, closure), *asked.words]
        write_ledger(answer, out, command)
    if as_json:
        print_json(to_json(answer))
    else:
        print_text(text(answer, **terminal()))
    say_where(out)
