"""Options that several commands of the command line share; nothing heavy is imported here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

Command = Callable[..., Any]
MOST_SEED = 2**63 - 1


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "date"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        """Return the day, or fail with a hint."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day; write YYYY-MM-DD, as in 2025-02-24", param, ctx)


as_of_option = click.option(
    "--as-of", type=Day(), metavar="DATE", help="Law in force on this day (default: the deal's)."
)
closure_option = click.option(
    "--closure",
    default="share",
    show_default=True,
    metavar="NAME",
    help="How trade is closed: share, armington, homogeneous; or mixed, over draws.",
)
years_option = click.option(
    "--years", metavar="A-B", help="Also a path over years, with the deal and without: 2025-2035."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)
out_option = click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR",
    help="Write tables, a page and a manifest into a new folder.",
)  # fmt: skip


class Draws(click.ParamType[int]):
    """A number of draws: 0 for none."""

    name = "draws"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number, or fail with a hint; what is too much is said by the ensemble."""
        text = str(value).replace("_", "").replace(",", "")
        try:
            found = int(float(text)) if "e" in text.lower() else int(text)
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no number of draws; write 500, or 0 for none", param, ctx)
        if found < 0:
            self.fail(f"{value} draws; write 500, or 0 for an answer without ranges", param, ctx)
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked of uncertain numbers: how they are drawn, and which stand at a value.

    ``draws``  ``None`` where that is left to the closure;  ``fix`` each as ``NAME=VALUE``
    """

    draws: int | None = None
    seed: int = 0
    workers: int | None = None
    scheduler: str | None = None
    resume: Path | None = None
    fix: tuple[str, ...] = ()

    @property
    def words(self) -> list[str]:
        """The options that make the same draws again."""
        fixed = [word for text in self.fix for word in ("--fix", text)]
        count = [] if self.draws is None else ["--draws", str(self.draws)]
        return [*fixed, *count, *(["--seed", str(self.seed)] if self.seed else [])]


def draws_options(command: Command) -> Command:
    """Add the options about uncertain numbers; the command gets them together, as ``asked``."""

    @wraps(command)
    def collected(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - whatever the command has
        names = [field.name for field in fields(Asked)]
        asked = Asked(**{name: options.pop(name) for name in names})
        return command(*args, asked=asked, **options)

    options = (
        click.option("--fix", multiple=True, metavar="NAME=VALUE",
                     help="Let an uncertain number stand at a value, in the point and in every "
                     "draw: sigma.aluminium=6. Repeatable."),
        click.option(
            "--draws", type=Draws(), metavar="N",
            help="Draws behind the ranges: 500 under the share closure, 40 under others; 0: none.",
        ),
        click.option("--seed", type=click.IntRange(0, MOST_SEED), default=0,
                     show_default=True, metavar="N",
                     help="Seed of the draws; the same seed gives the same answer."),
        click.option("--workers", type=click.IntRange(min=1), metavar="N",
                     help="Processes for the draws (default: as many as pay)."),
        click.option("--scheduler", metavar="tcp://HOST:PORT",
                     help="Compute the draws on a Dask cluster."),
        click.option("--resume", type=click.Path(path_type=Path), metavar="DIR",
                     help="Keep finished draws in a folder, and go on from there."),
    )  # fmt: skip
    decorated: Command = collected
    for option in reversed(options):
        decorated = option(decorated)
    return decorated
