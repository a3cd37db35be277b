"""The command line. Heavy imports happen inside commands, so that `--help` is quick.

Exit status: 0 done, 1 no certified answer, 2 the input is at fault. Whatever goes wrong, nothing
is written to standard output: a command makes its whole answer first and prints it last.
"""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from accord import __version__
from accord.cli_economy import data, economy
from accord.cli_options import (
    Asked,
    as_of_option,
    closure_option,
    draws_options,
    json_option,
    out_option,
    years_option,
)
from accord.cli_output import encodable as _encodable
from accord.cli_output import print_json as _print_json
from accord.cli_output import print_text as _print
from accord.cli_output import reader_left as _reader_left
from accord.cli_output import terminal as _terminal
from accord.cli_report import mcp, report
from accord.cli_rests_on import rests_on
from accord.cli_serve import serve
from accord.errors import AccordError, Fault, InputError, NoCertifiedAnswer

if TYPE_CHECKING:
    from accord.assessment import Answer
    from accord.assessment.reference import DealReference
    from accord.report.compare import Comparison

# What some commands have and others refuse, and which do.
DRAWS = "accord run, claims, compare, report and rests-on"
ELSEWHERE = {"--years": "accord run and report", "--draws": DRAWS, "--seed": DRAWS}
TRACEBACK = "ACCORD_TRACEBACK"


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


class Group(click.Group):
    """Commands whose errors are told on standard error and in the exit status."""

    command_class = Command

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command; turn what accord raises into a message and a status."""
        try:
            return super().invoke(ctx)
        except AccordError as error:
            click.echo(_encodable(f"accord: {error}", sys.stderr), err=True)
            ctx.exit(error.exit_status)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except BrokenPipeError:
            _reader_left()
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


cli.add_command(economy)
cli.add_command(data)
cli.add_command(report)
cli.add_command(mcp)
cli.add_command(rests_on)
cli.add_command(serve)


@cli.command()
@click.argument("deal")
@as_of_option
@closure_option
@years_option
@draws_options
@out_option
@json_option
def run(  # noqa: PLR0913 - a command has the options it has
    deal: str,
    as_of: date | None,
    closure: str,
    years: str | None,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Answer a DEAL: before, under the law of a day; after, with the deal on top."""
    if out is not None:
        _refuse_taken(out)
    assessment = _assess(_find_all([deal])[0], as_of, closure, asked, years)
    if out is not None:
        from accord.report.tables import write_answer

        span = [] if years is None else ["--years", years]
        command = [*_command("run", [deal], as_of, closure), *span, *asked.words]
        write_answer(assessment, out, command)
    _show(assessment, as_json=as_json)
    _say_where(out)


@cli.command()
@click.argument("deal")
@as_of_option
@closure_option
@draws_options
@out_option
@json_option
def claims(  # noqa: PLR0913 - a command has the options it has
    deal: str,
    as_of: date | None,
    closure: str,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Judge what was said of a DEAL: each claim with its verdict, its number, what flips it."""
    if out is not None:
        _refuse_taken(out)
    from accord.report.claims import as_json as to_json
    from accord.report.claims import text

    answer = _assess(_find_all([deal])[0], as_of, closure, asked)
    if out is not None:
        from accord.report.tables import write_ledger

        command = [*_command("claims", [deal], as_of, closure), *asked.words]
        write_ledger(answer, out, command)
    if as_json:
        _print_json(to_json(answer))
    else:
        _print(text(answer, **_terminal()))
    _say_where(out)


@cli.command()
@click.argument("deals", nargs=-1, required=True, metavar="DEAL DEAL...")
@as_of_option
@closure_option
@draws_options
@out_option
@json_option
def compare(  # noqa: PLR0913 - a command has the options it has
    deals: Sequence[str],
    as_of: date | None,
    closure: str,
    out: Path | None,
    *,
    asked: Asked,
    as_json: bool,
) -> None:
    """Answer several DEALs and set them side by side.

    The first is what the others are compared with. Each may have its own variant and day:
    us-russia-2025:duty-free@2025-07-01.
    """
    if len(deals) < 2:  # noqa: PLR2004 - it takes two
        raise click.UsageError("name at least two deals to compare")
    if out is not None:
        _refuse_taken(out)
    from accord.report.compare import compare as side_by_side
    from accord.report.compare import markets_only

    found = _find_all(deals)
    answers = markets_only(_assess_all(found, deals, as_of, closure, asked))
    comparison = side_by_side(deals, answers)
    if out is not None:
        from accord.report.tables import write_comparison

        command = [*_command("compare", deals, as_of, closure), *asked.words]
        write_comparison(comparison, out, command)
    _show_comparison(comparison, as_json=as_json)
    _say_where(out)


@cli.command()
@click.argument("deal")
@json_option
def check(deal: str, *, as_json: bool) -> None:
    """Read a DEAL and say everything that is wrong with it at once, in all its variants."""
    from accord import deal as deals
    from accord.assessment.reference import find

    path = find(deal).path
    faults = _faults_of(path)
    if faults:
        raise InputError(faults)
    read = deals.load(path)
    if as_json:
        _print_json({"deal": read.slug, "ok": True, "variants": list(read.variants), "faults": []})
        return
    named = f", variants {', '.join(read.variants)}" if read.variants else ""
    _print(f"{path.name}: no fault in {len(read.terms)} terms{named}.\n")


@cli.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
def new(path: Path | None) -> None:
    """Print a commented deal to start from, or write it to PATH."""
    from accord.deal import template

    if path is None:
        _print(template())
        return
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(template())
    except FileExistsError:
        raise _path_fault(path, "a file that exists", "a new file") from None
    except OSError as error:
        raise _path_fault(path, error.strerror or str(error), "a file that can be made") from None
    click.echo(f"written: {path}", err=True)


@cli.command()
@json_option
def packs(*, as_json: bool) -> None:
    """List the data packs that come with accord."""
    from accord.report.packs import pack_list, pack_list_text

    rows = pack_list()
    if as_json:
        _print_json({"packs": rows})
    else:
        _print(pack_list_text(rows, **_terminal()))


@cli.group()
def pack() -> None:
    """Look into a data pack, or rebuild it from its sources."""


@pack.command("show")
@click.argument("name")
@as_of_option
@json_option
def pack_show(name: str, as_of: date | None, *, as_json: bool) -> None:
    """Show a pack: balances, what was adjusted and assumed, the law of a day, its errors."""
    from accord.report.packs import pack_json, pack_text, pack_view

    view = pack_view(name, as_of)
    if as_json:
        _print_json(pack_json(view))
    else:
        _print(pack_text(view, **_terminal()))


@pack.command("build")
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
    _print(rebuild(name, facts, out))


@cli.command()
@click.argument("cases", nargs=-1, metavar="[CASE...]")
@json_option
def validate(cases: Sequence[str], *, as_json: bool) -> None:
    """Compute published results again, case by case; status 1 if one is not within tolerance."""
    from accord import cases as published
    from accord.report.validation import failures, line_of, validation_json, validation_text

    rows = published.validate(tuple(cases))
    failed = failures(rows)
    if failed:
        listed = "; ".join(line_of(row) for row in failed)
        raise NoCertifiedAnswer(listed, "report this: the published numbers are not reproduced")
    if as_json:
        _print_json(validation_json(rows))
    else:
        _print(validation_text(rows, **_terminal()))


@cli.command()
@click.argument("pack_name", metavar="PACK")
@out_option
@json_option
def backcast(pack_name: str, out: Path | None, *, as_json: bool) -> None:
    """Replay the past from a PACK's first year under the law alone, beside what happened."""
    from accord.backcast import backcast as replay
    from accord.report.backcast import as_json as to_json
    from accord.report.backcast import text

    if out is not None:
        _refuse_taken(out)
    found = replay(pack_name)
    if out is not None:
        from accord.report.tables import write_backcast

        write_backcast(found, out, ["accord", "backcast", pack_name])
    if as_json:
        _print_json(to_json(found))
    else:
        _print(text(found, **_terminal()))
    _say_where(out)


def _find_all(deals: Sequence[str]) -> list[DealReference]:
    """Find every deal that is named, or say of all that cannot be found at once."""
    from accord.assessment.reference import find

    found: list[DealReference] = []
    faults: list[Fault] = []
    for deal in deals:
        try:
            found.append(find(deal))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return found


def _assess(
    reference: DealReference,
    as_of: date | None,
    closure: str,
    asked: Asked,
    years: str | None = None,
) -> Answer:
    """Answer one reference; a day written into it comes before ``--as-of``."""
    from accord.assessment.assess import assess_reference
    from accord.assessment.paths import parse_years
    from accord.cli_draws import sampling

    span = None if years is None else parse_years(years)
    return assess_reference(
        reference,
        as_of=reference.as_of or as_of,
        closure=closure,
        years=span,
        sampling=sampling(asked, closure),
    )


def _assess_all(
    found: Sequence[DealReference],
    names: Sequence[str],
    as_of: date | None,
    closure: str,
    asked: Asked,
) -> list[Answer]:
    """Answer several references over the same draws.

    Each has a folder of its own in that of ``--resume``. When one was stopped early the next have
    no more draws than it: what is compared is what all have.
    """
    answers: list[Answer] = []
    for reference, name in zip(found, names, strict=True):
        own = None if asked.resume is None else asked.resume / re.sub(r"[^\w.-]+", "_", name)
        answer = _assess(reference, as_of, closure, replace(asked, resume=own))
        answers.append(answer)
        drawn = getattr(answer, "ensemble", None)
        if drawn is not None and drawn.partial:
            asked = replace(asked, draws=drawn.done)
    return answers


def _faults_of(path: Path) -> tuple[Fault, ...]:
    from accord.assessment.check import faults_of

    return faults_of(path)


def _show(assessment: Answer, *, as_json: bool) -> None:
    if as_json:
        from accord.assessment.serialise import to_json

        _print_json(to_json(assessment))
    else:
        from accord.report.claims import below
        from accord.report.terminal import screen

        _print(screen(assessment, **_terminal()) + below(assessment, **_terminal()))


def _show_comparison(comparison: Comparison, *, as_json: bool) -> None:
    if as_json:
        from accord.report.compare_files import to_json

        _print_json(to_json(comparison))
    else:
        from accord.report.compare_screen import screen

        _print(screen(comparison, **_terminal()))


def _refuse_taken(out: Path) -> None:
    from accord.report.folder import refuse_taken

    refuse_taken(out)


def _say_where(out: Path | None) -> None:
    if out is not None:
        click.echo(_encodable(f"written: {out}", sys.stderr), err=True)


def _command(name: str, deals: Sequence[str], as_of: date | None, closure: str) -> list[str]:
    """Return the command that gives the same answer again."""
    day = [] if as_of is None else ["--as-of", as_of.isoformat()]
    return ["accord", name, *deals, *day, "--closure", closure]


def _path_fault(path: Path, found: str, allowed: str) -> InputError:
    return InputError([Fault(str(path), found, allowed, "name another path")])


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
