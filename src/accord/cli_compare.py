"""``accord compare``: several deals, variants or days side by side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from accord.cli_answers import all_answered, command_of, find_all, refuse_taken_folder, say_where
from accord.cli_command import Command
from accord.cli_options import (
    Asked,
    as_of_option,
    closure_option,
    draws_options,
    json_option,
    out_option,
)
from accord.cli_output import print_json, print_text, terminal

if TYPE_CHECKING:
    from accord.report.compare import Comparison


@click.command(cls=Command)
@click.argument("deals", nargs=-1, required=True, metavar="DEAL DEAL...")
@as_of_option
@closure_option
@draws_options
@out_option
@json_option
def compare(  # noqa: PLR0913 - a command has the options it has
    deals: Sequence[str],
    as_of: date | None,
    closure: str,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Answer several DEALs and set them side by side.

    The first is what the others are compared with. Each may have its own variant and day:
    us-russia-2025:duty-free@2025-07-01.
    """
    if len(deals) < 2:  # noqa: PLR2004 - it takes two
        raise click.UsageError("name at least two deals to compare")
    refuse_taken_folder(out)
    from accord.report.compare import compare as side_by_side
    from accord.report.compare import markets_only

    found = find_all(deals)
    answers = markets_only(all_answered(found, deals, as_of, closure, asked))
    comparison = side_by_side(deals, answers)
    if out is not None:
        from accord.report.tables import write_comparison

        command = [*command_of("compare", deals, as_of, closure), *asked.words]
        write_comparison(comparison, out, command)
    _show(comparison, as_json=as_json)
    say_where(out)


def _show(comparison: Comparison, *, as_json: bool) -> None:
    if as_json:
        from accord.report.compare_files import to_json

        print_json(to_json(comparison))
    else:
        from accord.report.compare_screen import screen

        print_text(screen(comparison, **terminal()))
