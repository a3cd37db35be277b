"""What the commands of ``accord economy`` share: answers shown and written, folders refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from accord.cli_output import print_json, print_text, say, terminal


def refuse_taken_by_others(out: Path | None) -> None:
    """Refuse a folder that holds anything but an earlier answer; a world table is none."""
    if out is not None:
        from accord.economy.data.load import refuse_table
        from accord.report.folder import refuse_taken

        refuse_table(out)
        refuse_taken(out)


def give(answer: Any, out: Path | None, *, as_json: bool) -> None:  # noqa: ANN401 - EconomyAnswer
    """Write an answer into a folder, if asked for, and show it."""
    from accord.report.economy import screen
    from accord.report.economy_files import to_json, write_economy

    if out is not None:
        write_economy(answer, out, typed())
    shown(to_json(answer), screen(answer, **terminal()), out, as_json=as_json)


def shown(value: object, text: str, out: Path | None, *, as_json: bool) -> None:
    """Show an answer, as an object or as text, and say where it was written."""
    if as_json:
        print_json(value)
    else:
        print_text(text)
    if out is not None:
        say(f"written: {out}")


def typed() -> list[str]:
    """Return the command that gives the same answer again: what was typed, less where it went."""
    given = click.get_current_context()
    again = ["accord", *given.command_path.split()[1:]]
    for option in given.command.params:
        value: Any = given.params.get(str(option.name))
        if option.name in {"out", "as_json"} or value in {None, (), False}:
            continue
        if not isinstance(option, click.Option):
            again.append(str(value))
        elif value is True:
            again.append(option.opts[0])
        elif option.multiple:
            again += [part for one in value for part in (option.opts[0], str(one))]
        else:
            again += [option.opts[0], str(value)]
    return again
