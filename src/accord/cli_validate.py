"""``accord validate`` and ``accord backcast``: the program against what is known already."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from accord.cli_answers import refuse_taken_folder, say_where
from accord.cli_command import Command
from accord.cli_options import json_option, out_option
from accord.cli_output import print_json, print_text, terminal
from accord.errors import NoCertifiedAnswer


@click.command(cls=Command)
@click.argument("cases", nargs=-1, metavar="[CASE...]")
@json_option
def validate(cases: Sequence[str], *, as_json: bool) -> None:
    """Compute published results again, case by case; status 1 if one is not within tolerance."""
    from accord import cases as published
    from accord.report.validation import failures, line_of, validation_json, validation_text

    rows = published.validate(tuple(cases))
    failed = failures(rows)
    if failed:
        listed = "; ".join(line_of(row) for row in failed)
        raise NoCertifiedAnswer(listed, "report this: the published numbers are not reproduced")
    if as_json:
        print_json(validation_json(rows))
    else:
        print_text(validation_text(rows, **terminal()))


@click.command(cls=Command)
@click.argument("pack_name", metavar="PACK")
@out_option
@json_option
def backcast(pack_name: str, out: Path | None, *, as_json: bool) -> None:
    """Replay the past from a PACK's first year under the law alone, beside what happened."""
    from accord.backcast import backcast as replay
    from accord.report.backcast import as_json as to_json
    from accord.report.backcast import text

    refuse_taken_folder(out)
    found = replay(pack_name)
    if out is not None:
        from accord.report.tables import write_backcast

        write_backcast(found, out, ["accord", "backcast", pack_name])
    if as_json:
        print_json(to_json(found))
    else:
        print_text(text(found, **terminal()))
    say_where(out)
