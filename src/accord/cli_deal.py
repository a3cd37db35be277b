"""``accord check`` and ``accord new``: deal files themselves."""

from __future__ import annotations

from pathlib import Path

import click

from accord.cli_command import Command
from accord.cli_options import json_option
from accord.cli_output import print_json, print_text, say
from accord.errors import Fault, InputError


@click.command(cls=Command)
@click.argument("deal")
@json_option
def check(deal: str, *, as_json: bool) -> None:
    """Read a DEAL and say everything that is wrong with it at once, in all its variants."""
    from accord import deal as deals
    from accord.assessment.check import faults_of
    from accord.assessment.reference import find

    path = find(deal).path
    faults = faults_of(path)
    if faults:
        raise InputError(faults)
    read = deals.load(path)
    if as_json:
        print_json({"deal": read.slug, "ok": True, "variants": list(read.variants), "faults": []})
        return
    named = f", variants {', '.join(read.variants)}" if read.variants else ""
    print_text(f"{path.name}: no fault in {len(read.terms)} terms{named}.\n")


@click.command(cls=Command)
@click.argument("path", required=False, type=click.Path(path_type=Path))
def new(path: Path | None) -> None:
    """Print a commented deal to start from, or write it to PATH."""
    from accord.deal import template

    if path is None:
        print_text(template())
        return
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template())
    except FileExistsError:
        raise _path_fault(path, "a file that exists", "a new file") from None
    except OSError as error:
        raise _path_fault(path, error.strerror or str(error), "a file that can be made") from None
    say(f"written: {path}")


def _path_fault(path: Path, found: str, allowed: str) -> InputError:
    return InputError([Fault(str(path), found, allowed, "name another path")])
