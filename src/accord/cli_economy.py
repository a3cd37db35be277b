"""``accord economy`` and ``accord data``: the whole economy, and the tables it needs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from accord.cli_options import as_of_option, json_option, out_option
from accord.cli_output import print_json, print_text, say, terminal

table_option = click.option(
    "--table", default="open-2022", show_default=True, metavar="NAME|DIR",
    help="World table: one that ships, or a folder made by `accord economy build`.",
)  # fmt: skip


@click.group()
def economy() -> None:
    """Answer for the whole economy: wages, prices, trade and real income of every region."""


@economy.command("run")
@click.argument("deal", required=False)
@click.option(
    "--duty", "duties", multiple=True, metavar="IMP:EXP:SECTOR=RATE",
    help="A duty on top of what there is, * for all: USA:CHN:*=10%. Repeatable; without a DEAL.",
)  # fmt: skip
@click.option(
    "--model", default="caliendo-parro", show_default=True, metavar="NAME",
    help="caliendo-parro or one-sector.",
)  # fmt: skip
@click.option(
    "--deficits", default="additive", show_default=True,
    type=click.Choice(["additive", "multiplicative", "balanced"]),
    help="How trade deficits close, with --duty.",
)  # fmt: skip
@table_option
@as_of_option
@out_option
@json_option
def economy_run(  # noqa: PLR0913, PLR0917 - a command has the options it has
    deal: str | None,
    duties: Sequence[str],
    model: str,
    deficits: str,
    table: str,
    as_of: date | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Answer a DEAL by its market and by the whole economy, or duties by the economy alone.

    accord economy run us-russia-2025

    accord economy run --duty 'USA:CHN:*=10%' --duty 'CHN:USA:GOODS=5%'
    """
    if deal is not None and duties:
        raise click.UsageError("name a DEAL or give --duty, not both")
    if deal is not None and deficits != "additive":
        raise click.UsageError("--deficits is for --duty only")
    if out is not None:
        from accord.report.folder import refuse_taken

        refuse_taken(out)
    from accord.assessment.economy_answer import ask
    from accord.economy.data.load import load_table
    from accord.report.economy import screen
    from accord.report.economy_files import to_json, write_economy

    answer = ask(deal, duties, load_table(table), model=model, deficits=deficits, as_of=as_of)
    if out is not None:
        write_economy(answer, out, _again(deal, duties, model, deficits, table, as_of))
    if as_json:
        print_json(to_json(answer))
    else:
        print_text(screen(answer, **terminal()))
    if out is not None:
        say(f"written: {out}")


def _again(  # noqa: PLR0913, PLR0917 - the options of one command
    deal: str | None,
    duties: Sequence[str],
    model: str,
    deficits: str,
    table: str,
    as_of: date | None,
) -> list[str]:
    """Return the command that gives the same answer again."""
    what = [deal] if deal is not None else [x for duty in duties for x in ("--duty", duty)]
    day = [] if as_of is None else ["--as-of", as_of.isoformat()]
    closing = [] if deal is not None else ["--deficits", deficits]
    return ["accord", "economy", "run", *what, "--model", model, "--table", table, *day, *closing]


@economy.command("validate")
@click.argument("cases", nargs=-1, metavar="[CASE...]")
@json_option
def economy_validate(cases: Sequence[str], *, as_json: bool) -> None:
    """Compute the published economy-wide results again; status 1 if one is not within tolerance."""
    from accord import cases as published
    from accord.errors import NoCertifiedAnswer
    from accord.report.economy_cases import named
    from accord.report.validation import failures, line_of, validation_json, validation_text

    rows = published.validate(named(cases))
    failed = failures(rows)
    if failed:
        listed = "; ".join(line_of(row) for row in failed)
        raise NoCertifiedAnswer(listed, "report this: the published numbers are not reproduced")
    if as_json:
        print_json(validation_json(rows))
    else:
        print_text(validation_text(rows, **terminal()))


@economy.command("tables")
@json_option
def economy_tables(*, as_json: bool) -> None:
    """List the world tables that come with accord, and what can be built."""
    from accord.report.economy_tables import tables_json, tables_text

    if as_json:
        print_json(tables_json())
    else:
        print_text(tables_text(**terminal()))


@economy.command("build")
@click.argument("what", metavar="RECIPE|FORM")
@click.option(
    "--sources", type=click.Path(path_type=Path), metavar="PATH",
    help="Folder of a recipe's sources (default: $ACCORD_FACTS, then ../shared/facts), or a file.",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, metavar="DIR",
    help="Folder for the table; its name is the table's.",
)  # fmt: skip
@click.option("--year", type=int, metavar="YEAR", help="Year of the rows to read.")
@click.option(
    "--mapping", type=click.Path(path_type=Path), metavar="FILE",
    help="CSV kind,from,to that puts regions and sectors into groups; it must cover all.",
)  # fmt: skip
@click.option(
    "--theta", metavar="NUMBER|FILE",
    help="Trade elasticity: one for all sectors, or a CSV sector,theta,source,status.",
)  # fmt: skip
@click.option(
    "--home", type=click.Path(path_type=Path), metavar="FILE",
    help="CSV region,sector,value of home sales (million USD), for baci and itpd.",
)  # fmt: skip
@click.option("--repair", is_flag=True, help="Mend what keeps it from use, and tell every change.")
@json_option
def economy_build(  # noqa: PLR0913, PLR0917 - a command has the options it has
    what: str,
    sources: Path | None,
    out: Path,
    year: int | None,
    mapping: Path | None,
    theta: str | None,
    home: Path | None,
    *,
    repair: bool,
    as_json: bool,
) -> None:
    """Build a world table: by a RECIPE (open-2022, world-2022) or from a file of a known FORM.

    Forms: icio, wiod, itpd, baci, plain.
    """
    from accord.economy.data.build import RECIPES, Wish, build
    from accord.report.economy_tables import built_json, built_text, write_table
    from accord.report.folder import refuse_taken

    refuse_taken(out)
    if sources is None and what not in RECIPES:
        raise click.UsageError("name the file with --sources")
    facts = sources or Path(os.environ.get("ACCORD_FACTS") or Path("..", "shared", "facts"))
    wish = Wish(what, facts, out.resolve().name, year, mapping, theta, home, repair)
    built = build(wish)
    write_table(built, out, wish)
    if as_json:
        print_json(built_json(built))
    else:
        print_text(built_text(built, **terminal()))
    say(f"written: {out}")


@click.group()
def data() -> None:
    """Fetch public data for world tables: only when asked, resumed, verified."""


@data.command("list")
@json_option
def data_list(*, as_json: bool) -> None:
    """List the data sets that can be fetched: where from, how large, under which licence."""
    from accord.report.economy_tables import catalogue_json, catalogue_text

    if as_json:
        print_json(catalogue_json())
    else:
        print_text(catalogue_text(**terminal()))


@data.command("get")
@click.argument("name")
@click.option(
    "--to", "folder", type=click.Path(path_type=Path), default=Path("data"), show_default=True,
    metavar="DIR", help="Folder to put the file into.",
)  # fmt: skip
@click.option(
    "--dry-run", is_flag=True, help="Say what would be fetched, from where, and fetch nothing."
)
@click.option(
    "--catalogue", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="A catalogue of your own, with the same columns.",
)  # fmt: skip
def data_get(name: str, folder: Path, catalogue: Path | None, *, dry_run: bool) -> None:
    """Fetch the data set NAME, going on where an earlier transfer broke off, and verify it."""
    from accord.economy.data.catalogue import CATALOGUE, entry_named
    from accord.economy.data.fetch import announcement, fetch

    entry = entry_named(name, catalogue or CATALOGUE)
    say(announcement(entry, folder))
    if dry_run:
        return
    got = fetch(entry, folder, say)
    print_text(f"{got.path}\n")
