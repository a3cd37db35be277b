"""``accord economy``: what trade policy does to the whole economy, and what trade is worth."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from accord.cli_economy_output import give, refuse_taken_by_others, shown, typed
from accord.cli_options import as_of_option, json_option, out_option
from accord.cli_output import terminal
from accord.cli_tables import data, economy_build, economy_tables

__all__ = ["data", "economy"]

table_option = click.option(
    "--table", default="open-2022", show_default=True, metavar="NAME|DIR",
    help="World table: one that ships, or a folder made by `accord economy build`.",
)  # fmt: skip
model_option = click.option(
    "--model", default="caliendo-parro", show_default=True, metavar="NAME",
    help="caliendo-parro, one-sector, or tariffs-2025 (labour answers the wage).",
)  # fmt: skip
deficits_option = click.option(
    "--deficits", default="additive", show_default=True,
    type=click.Choice(["additive", "multiplicative", "balanced"]),
    help="How trade deficits close; not with a DEAL.",
)  # fmt: skip
revenue_option = click.option(
    "--revenue", type=click.Choice(["income tax", "lump sum"]),
    help="What duties are used for, with tariffs-2025 (default: to relieve the income tax).",
)  # fmt: skip
local_share_option = click.option(
    "--local-share", type=click.FloatRange(0.0, 1.0, max_open=True), metavar="NUMBER",
    help="Part of a sale that pays labour where it is sold, with tariffs-2025 (default: 0).",
)  # fmt: skip


@click.group()
def economy() -> None:
    """Answer for the whole economy: wages, prices, trade and real income of every region."""


economy.add_command(economy_tables)
economy.add_command(economy_build)


@economy.command("run")
@click.argument("deal", required=False)
@click.option(
    "--duty", "duties", multiple=True, metavar="IMP:EXP:SECTOR=RATE",
    help="A duty on top of what there is, * for all: USA:CHN:*=10%. Repeatable; without a DEAL.",
)  # fmt: skip
@model_option
@deficits_option
@revenue_option
@local_share_option
@table_option
@as_of_option
@out_option
@json_option
def economy_run(  # noqa: PLR0913, PLR0917 - a command has the options it has
    deal: str | None,
    duties: Sequence[str],
    model: str,
    deficits: Any,  # noqa: ANN401 - one of the choices, which click has checked
    revenue: Any,  # noqa: ANN401 - as above
    local_share: float | None,
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
    if deal is None and as_of is not None:
        raise click.UsageError("--as-of is for a DEAL: a world table has the duties of its year")
    refuse_taken_by_others(out)
    from accord.assessment.economy_answer import ask
    from accord.economy.data.load import load_table
    from accord.economy.models import Setting

    setting = Setting(model, deficits, revenue, local_share)
    answer = ask(deal, duties, load_table(table), setting, as_of)
    give(answer, out, as_json=as_json)


@economy.command("optimal")
@click.option("--region", metavar="CODE", help="Whose best duties, while nobody answers.")
@click.option("--war", metavar="CODE,CODE", help="Who fights: each best given the others' duties.")
@click.option(
    "--by", default="uniform", show_default=True,
    type=click.Choice(["uniform", "sector", "partner"]),
    help="One duty on all imports, one for each sector, or one for each partner.",
)  # fmt: skip
@model_option
@deficits_option
@revenue_option
@local_share_option
@table_option
@out_option
@json_option
def economy_optimal(  # noqa: PLR0913, PLR0917 - a command has the options it has
    region: str | None,
    war: str | None,
    by: Any,  # noqa: ANN401 - one of the choices, which click has checked
    model: str,
    deficits: Any,  # noqa: ANN401 - as above
    revenue: Any,  # noqa: ANN401 - as above
    local_share: float | None,
    table: str,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Find the duties that are best for one region, or those of a tariff war.

    accord economy optimal --region USA --by sector

    accord economy optimal --war USA,CHN

    accord economy optimal --region USA --model tariffs-2025
    """
    if (region is None) == (war is None):
        raise click.UsageError("give --region CODE, or --war CODE,CODE, one of the two")
    players = [x.strip() for x in (region or str(war)).split(",")]
    if war is not None and len(players) == 1:
        raise click.UsageError("a war is between two or more: --war USA,CHN")
    if region is not None and len(players) > 1:
        raise click.UsageError("--region is one region; several that answer each other are a --war")
    refuse_taken_by_others(out)
    from accord.assessment.economy_answer import of_best
    from accord.economy.data.load import load_table
    from accord.economy.models import Setting

    setting = Setting(model, deficits, revenue, local_share)
    answer = of_best(players, load_table(table), by, setting)
    give(answer, out, as_json=as_json)


@economy.command("link")
@click.argument("deal")
@model_option
@table_option
@click.option(
    "--deflator", default="USA", show_default=True, metavar="CODE",
    help="Region whose price index turns wages into constant dollars.",
)  # fmt: skip
@as_of_option
@out_option
@json_option
def economy_link(  # noqa: PLR0913, PLR0917 - a command has the options it has
    deal: str,
    model: str,
    table: str,
    deflator: str,
    as_of: date | None,
    out: Path | None,
    *,
    as_json: bool,
) -> None:
    """Solve a DEAL's market again, with the wages and spending that the economy answers with.

    One way: the market changes nothing in the economy.

    accord economy link us-russia-2025
    """
    refuse_taken_by_others(out)
    from accord.assessment.economy_link import link_of
    from accord.economy.data.load import load_table
    from accord.economy.models import Setting
    from accord.report.economy_files import write_link
    from accord.report.economy_link import link_json, link_text

    answer = link_of(deal, load_table(table), Setting(model), as_of, deflator)
    if out is not None:
        write_link(answer, out, typed())
    shown(link_json(answer), link_text(answer, **terminal()), out, as_json=as_json)


@economy.command("gains")
@click.option("--region", metavar="CODE", help="Also what trade with each partner of it costs.")
@table_option
@out_option
@json_option
def economy_gains(region: str | None, table: str, out: Path | None, *, as_json: bool) -> None:
    """Say what trade is worth to every region, and what it costs, from shares alone.

    accord economy gains --region USA
    """
    refuse_taken_by_others(out)
    from accord.assessment.economy_gains import gains_of
    from accord.economy.data.load import load_table
    from accord.report.economy_files import write_gains
    from accord.report.economy_gains import gains_json, gains_text

    answer = gains_of(load_table(table))
    value = gains_json(answer, region)
    if out is not None:
        write_gains(answer, region, out, typed())
    shown(value, gains_text(answer, region, **terminal()), out, as_json=as_json)


@economy.command("gravity")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--on", required=True, metavar="VARIABLES",
    help="What trade depends on: columns with commas, log(COLUMN), border for crossing one.",
)  # fmt: skip
@click.option("--trade", default="trade", show_default=True, metavar="COLUMN")
@click.option("--exporter", default="exporter", show_default=True, metavar="COLUMN")
@click.option("--importer", default="importer", show_default=True, metavar="COLUMN")
@click.option("--year", metavar="COLUMN", help="In a panel: effects are then of country and year.")
@click.option(
    "--pairs", type=click.Choice(["symmetric", "directed"]),
    help="Effects of pairs too, one for both ways or one each; errors clustered by them.",
)  # fmt: skip
@click.option("--drop-separated", is_flag=True, help="Leave out flows without a finite estimate.")
@click.option("--remove", metavar="VARIABLE", help="Also what follows if its effect is taken away.")
@click.option(
    "--substitution", type=float, default=7.0, show_default=True, metavar="NUMBER",
    help="Elasticity of substitution, with --remove; assumed.",
)  # fmt: skip
@click.option("--reference", metavar="COUNTRY", help="Whose prices are 1 (default: the first).")
@out_option
@json_option
def economy_gravity(  # noqa: PLR0913, PLR0917 - a command has the options it has
    file: Path,
    on: str,
    trade: str,
    exporter: str,
    importer: str,
    year: str | None,
    pairs: Any,  # noqa: ANN401 - one of the choices, which click has checked
    remove: str | None,
    substitution: float,
    reference: str | None,
    out: Path | None,
    *,
    drop_separated: bool,
    as_json: bool,
) -> None:
    """Estimate a gravity equation from a CSV FILE with one row a flow, by PPML.

    accord economy gravity trade.csv --on 'log(distance),border' --remove border
    """
    refuse_taken_by_others(out)
    from accord.assessment.economy_gravity import GravityWish, gravity_of
    from accord.economy.data.flows import FlowColumns
    from accord.report.economy_files import write_gravity
    from accord.report.economy_gravity import gravity_json, gravity_text

    variables = tuple(x.strip() for x in on.split(",") if x.strip())
    columns = FlowColumns(variables, trade, exporter, importer, year)
    wish = GravityWish(file, columns, pairs, drop_separated, remove, substitution, reference)
    answer = gravity_of(wish)
    if out is not None:
        write_gravity(answer, out, typed())
    shown(gravity_json(answer), gravity_text(answer, **terminal()), out, as_json=as_json)


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
    shown(validation_json(rows), validation_text(rows, **terminal()), None, as_json=as_json)
