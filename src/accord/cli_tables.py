"""``accord economy tables``, ``economy build``, ``accord data``: the tables that answers need."""

from __future__ import annotations

import os
from pathlib import Path

import click

from accord.cli_options import json_option
from accord.cli_output import print_json, print_text, say, terminal


@click.command("tables")
@json_option
def economy_tables(*, as_json: bool) -> None:
    """List the world tables that come with accord, and what can be built."""
    from accord.report.economy_tables import tables_json, tables_text

    if as_json:
        print_json(tables_json())
    else:
        print_text(tables_text(**terminal()))


@click.command("build")
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
    help="CSV region,sector,value of home sales (million USD), for baci, itpd and trade.",
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

    Forms: icio, wiod, itpd, baci, trade (CSV year,exporter,importer,sector,value), plain.
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
