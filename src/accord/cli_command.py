"""A command that knows which options other commands have."""

from __future__ import annotations

import click

# What some commands have and others refuse, and which do.
DRAWS = "accord run, claims, compare, report and rests-on"
ELSEWHERE = {
    "--years": "accord run and report",
    "--fix": DRAWS,
    "--draws": DRAWS,
    "--seed": DRAWS,
}


class Command(click.Command):
    """A command that says of another command's option whose it is."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; another command's option is refused by name."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.option_name in ELSEWHERE:
                where = ELSEWHERE[error.option_name]
                raise click.UsageError(f"{error.option_name} is for {where} only", ctx) from None
            raise
