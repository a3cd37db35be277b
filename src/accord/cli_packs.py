"""``accord packs`` and ``accord pack``: the data that answers rest on."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import click

from accord.cli_command import Command
from accord.cli_options import as_of_option, json_option
from accord.cli_output import print_json, print_text, terminal


@click.command(cls=Command)
@json_option
def packs(*, as_json: bool) -> None:
    """List the data packs that come with accord."""
    from accord.report.packs import pack_list, pack_list_text

    rows = pack_list()
    if as_json:
        print_json({"packs": rows})
    else:
        print_text(pack_list_text(rows, **terminal()))


@click.group()
def pack() -> None:
    """Look into a data pack, or rebuild it from its sources."""


@pack.command("show", cls=Command)
@click.argument("name")
@as_of_option
@json_option
def pack_show(name: str, as_of: date | None, *, as_json: bool) -> None:
    """Show a pack: balances, what was adjusted and assumed, the law of a day, its errors."""
    from accord.report.packs import pack_json, pack_text, pack_view

    view = pack_view(name, as_of)
    if as_json:
        print_json(pack_json(view))
    else:
        print_text(pack_text(view, **terminal()))


@pack.command("build", cls=Command)
@click.argument("name")
@click.option(
    "--sources", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder of the sources (default: $ACCORD_FACTS, then ../shared/facts).",
)  # fmt: skip
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR",
    help="Folder for the rebuilt pack (default: where the pack is).",
)  # fmt: skip
def pack_build(name: str, sources: Path | None, out: Path | None) -> None:
    """Rebuild a pack from its sources, byte for byte."""
    from accord.report.packs import rebuild

    facts = sources or Path(os.environ.get("ACCORD_FACTS") or Path("..", "shared", "facts"))
    print_text(rebuild(name, facts, out))
