"""``accord report`` and ``accord mcp``: answers for others, people and programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from accord.cli_command import Command
from accord.cli_options import Asked, as_of_option, closure_option, draws_options, years_option


@click.command(cls=Command)
@click.argument("deal")
@click.option(
    "--to", "paths", type=click.Path(path_type=Path), multiple=True, required=True, metavar="FILE",
    help="File to write, its kind by its name: .html, .xlsx, .tex, .dta, .bib or .zip. Repeatable.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace files that exist.")
@as_of_option
@closure_option
@years_option
@draws_options
def report(  # noqa: PLR0913 - a command has the options it has
    deal: str,
    paths: Sequence[Path],
    as_of: date | None,
    closure: str,
    years: str | None,
    *,
    force: bool,
    asked: Asked,
) -> None:
    """Write the answer of a DEAL to files: a page, a workbook, tables, all of it as a .zip."""
    from accord.report.export import export, refuse_unknown
    from accord.report.single_file import refuse_taken, write_files

    # Before the work and not after it: a file name at fault needs no answer.
    refuse_unknown(paths)
    refuse_taken(paths, force=force)
    from accord.cli_draws import sampling
    from accord.pack.fixed import pairs_of
    from accord.report.notebook import answer_of

    answer = answer_of(
        deal,
        as_of=as_of,
        closure=closure,
        years=years,
        sampling=sampling(asked, closure),
        fixed=pairs_of(asked.fix),
    )
    write_files({path: export(answer, path) for path in paths})
    for path in paths:
        click.echo(f"written: {path}", err=True)


@click.command()
@click.option(
    "--folder", type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="DIR",
    help="Deal files that may be asked about by name, beside the deals that ship.",
)  # fmt: skip
def mcp(folder: Path | None) -> None:
    """Answer an AI assistant over standard input and output (Model Context Protocol)."""
    from accord.report.extra import needs

    with needs("mcp", "mcp", "accord mcp"):
        from accord.mcp_server.server import serve
    serve(folder)
