"""``accord rests-on``: which uncertain numbers decide an answer, told in several ways."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from accord.cli_command import Command
from accord.cli_options import Asked, as_of_option, draws_options, json_option, out_option
from accord.cli_output import print_json, print_text, say, terminal
from accord.errors import Fault, InputError


@click.command("rests-on", cls=Command)
@click.argument("deal")
@click.option(
    "--points", type=click.IntRange(min=16), default=128, show_default=True, metavar="N",
    help="Base points of the Sobol indices; each takes as many markets as there are numbers, "
    "and two. A power of 2 is best.",
)  # fmt: skip
@as_of_option
@draws_options
@out_option
@json_option
def rests_on(  # noqa: PLR0913 - a command has the options it has
    deal: str,
    points: int,
    as_of: date | None,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Say which uncertain numbers decide the answer of a DEAL.

    Shares of the variance from the draws, one number at a time, local elasticities and Sobol
    indices, and whether they agree.
    """
    from accord.assessment import Assessment
    from accord.assessment.assess import assess_named
    from accord.cli_draws import sampling
    from accord.pack.fixed import pairs_of
    from accord.report import rests_on as report
    from accord.report.folder import refuse_taken

    if asked.draws == 0:
        raise click.UsageError("--draws 0 leaves nothing that an answer could rest on")
    if out is not None:
        refuse_taken(out)
    drawn, fixed = sampling(asked, "share"), pairs_of(asked.fix)
    answer = assess_named(deal, as_of=as_of, sampling=drawn, fixed=fixed)
    found = report.deeper(answer, points) if isinstance(answer, Assessment) else None
    if not isinstance(answer, Assessment) or found is None:
        raise InputError([_too_few(asked.draws) if asked.draws == 1 else _nothing_drawn(deal)])
    if out is not None:
        from accord.report.tables import write_rests_on

        day = [] if as_of is None else ["--as-of", as_of.isoformat()]
        command = ["accord", "rests-on", deal, "--points", str(points), *day, *asked.words]
        write_rests_on(answer, found, out, command)
    if as_json:
        print_json(report.as_json(answer, found))
    else:
        print_text(report.text(answer, found, **terminal()))
    if out is not None:
        say(f"written: {out}")


def _too_few(draws: int) -> Fault:
    found, fix = f"{draws} draw, which differs from no other", "leave it out: 500 are drawn"
    return Fault("command line", found, "40 draws or more", fix, field="draws")


def _nothing_drawn(deal: str) -> Fault:
    return Fault(
        "command line",
        f"{deal}, whose answer has no number of a market that differs between draws",
        "a deal about a market whose pack has uncertain numbers",
        "run `accord run` for its answer",
        field="deal",
    )
