"""The command line. Heavy imports happen inside commands, so that `--help` is quick.

Exit status: 0 done, 1 no certified answer, 2 the input is at fault. Whatever goes wrong, nothing
is written to standard output: a command makes its whole answer first and prints it last.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

from accord import __version__
from accord.cli_command import Command
from accord.cli_compare import compare
from accord.cli_deal import check, new
from accord.cli_economy import data, economy
from accord.cli_output import encodable, reader_left
from accord.cli_packs import pack, packs
from accord.cli_report import mcp, report
from accord.cli_rests_on import rests_on
from accord.cli_run import claims, run
from accord.cli_serve import serve
from accord.cli_validate import backcast, validate
from accord.errors import AccordError

TRACEBACK = "ACCORD_TRACEBACK"


class Group(click.Group):
    """Commands whose errors are told on standard error and in the exit status."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; turn what accord raises into a message and a status."""
        try:
            return super().invoke(ctx)
        except AccordError as error:
            click.echo(encodable(f"accord: {error}", sys.stderr), err=True)
            ctx.exit(error.exit_status)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except BrokenPipeError:
            reader_left()
        except Exception as error:
            if os.environ.get(TRACEBACK):
                raise
            click.echo(_unexpected(error), err=True)
            ctx.exit(1)


def _unexpected(error: Exception) -> str:
    return (
        f"accord: an error of the program, not of your input: {type(error).__name__}: {error}\n"
        f"    there is no answer; run again with {TRACEBACK}=1 to see where it happened, and "
        "please report it"
    )


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A DEAL is a .toml file or the name of a deal that ships, if you like with a variant: "
    "us-russia-2025:duty-free.",
)
@click.version_option(__version__, prog_name="accord", message="%(prog)s %(version)s")
def cli() -> None:
    """What a deal between countries would do: prices, trade, who gains, who pays."""


for command in (
    run, claims, compare, report, rests_on, serve, mcp, check, new, packs, pack, backcast, validate,
    economy, data,
):  # fmt: skip
    cli.add_command(command)


def main() -> None:
    """Run the command line with the process's own arguments."""
    # The systems are small: a second thread of the linear algebra costs more than it saves, and
    # far more on a busy machine. It has to be said before numpy is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Nearly all that is made on the way to an answer is kept until it is shown, so looking for
    # garbage early only costs time (a tenth of a run).
    gc.set_threshold(200_000, 50, 50)
    try:
        cli(prog_name="accord")
    except SystemExit as end:
        _leave(end.code)


def _leave(code: str | int | None) -> NoReturn:
    """End the process at once, with all output written.

    Taking the heap apart object by object, as Python does at its end, would take a tenth of a run.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))
