"""Draws on the command line: what was asked for, a bar while they come in, what Ctrl-C leaves."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from accord.cli_options import Asked

if TYPE_CHECKING:
    from accord.assessment.sampling import Sampling

SOON = 1.0
"""Seconds after which a bar is shown."""
CELLS = 30


def sampling(asked: Asked, closure: str) -> Sampling:
    """Return the draws that the options ask for, with a bar if somebody is there to see it."""
    from accord.assessment.sampling import Sampling, default_draws
    from accord.ensemble.run import How

    count = default_draws(closure) if asked.draws is None else asked.draws
    if not count and (asked.scheduler is not None or asked.resume is not None):
        named = "--scheduler" if asked.resume is None else "--resume"
        raise click.UsageError(f"{named} is for draws, and --draws 0 asks for none")
    bar = Bar().show if sys.stderr.isatty() else None
    how = How(asked.workers, asked.scheduler, asked.resume, bar)
    return Sampling(count, asked.seed, how)


@dataclass
class Bar:
    """A bar on standard error for what takes longer than a second."""

    began: float = 0.0
    shown: bool = False

    def show(self, done: int, wanted: int) -> None:
        """Say how far the draws have come."""
        now = time.monotonic()
        if not self.began:
            self.began = now
        if done >= wanted:
            if self.shown:
                click.echo("\r" + " " * 70 + "\r", nl=False, err=True)
            return
        if now - self.began < SOON:
            return
        self.shown = True
        left = (now - self.began) * (wanted - done) / max(done, 1)
        full = CELLS * done // wanted
        bar = f"{'█' * full}{'·' * (CELLS - full)}"
        line = f"{bar} {done:,} of {wanted:,} draws, {left:,.0f} s left"
        click.echo(f"\r{line} (Ctrl-C keeps what is done)", nl=False, err=True)
