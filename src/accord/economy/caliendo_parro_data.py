"""A Caliendo–Parro baseline from the tables the literature publishes, with every repair told.

The tables rarely agree with each other: exports exceed output, final demand left over is negative,
deficits are large. Each is a fault, with amounts and places, unless its repair is asked for; then
what was done, and how much of it, is said in a note that results carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from accord.economy.baseline import Array, Baseline
from accord.economy.caliendo_parro import CaliendoParro
from accord.economy.hat import consistent
from accord.errors import Fault, InputError

ROUNDING = 1e-6  # input shares are printed to about this
SHOWN = 4


@dataclass(frozen=True)
class Tables:
    """What the literature publishes, for N regions and J sectors.

    ``theta``         (J,);  ``trade`` (J, N importer, N exporter) imports without duty, money;
                      what stands on the diagonal is not used: home sales are output less exports
    ``gross_output``  (J, N) money, the same unit;  ``value_added`` (J, N) share of output
    ``input_share``   (N, J input, J user) share of input in what the user spends on inputs
    ``tariff``        (J, N importer, N exporter), fractions, those in force
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    theta: Array
    trade: Array
    gross_output: Array
    value_added: Array
    input_share: Array
    tariff: Array
    unit: str = "money of the table"


@dataclass(frozen=True, slots=True)
class Repairs:
    """What may be done to tables that do not agree; everything is off unless asked for.

    ``raise_output``         output is raised to exports where it is below them
    ``drop_negative_final``  negative final demand is set to 0 and the rest scaled to keep its sum
    ``drop_negative_inputs`` negative input shares are set to 0 and the user's others scaled
    ``end_deficits``         the base year is solved again with all trade balanced
    """

    raise_output: bool = False
    drop_negative_final: bool = False
    drop_negative_inputs: bool = False
    end_deficits: bool = False


def caliendo_parro_world(tables: Tables, repairs: Repairs | None = None) -> CaliendoParro:
    """Return the world of the tables; its base year is solved, so that its markets clear.

    Raises ``InputError`` with every disagreement of the tables at once, ``NoCertifiedAnswer``
    where the repaired base year has no equilibrium.
    """
    asked = repairs or Repairs()
    _refuse_shapes(tables)
    abroad = tables.trade * (1.0 - np.eye(len(tables.regions)))
    faults: list[Fault] = []
    notes: list[str] = []
    output = _output(tables, abroad, asked, faults, notes)
    inputs = _inputs(tables, asked, faults, notes)
    final, raw = _final(tables, abroad, output, inputs, asked, faults, notes)
    if faults:
        raise InputError(faults)
    base = _baseline(tables, abroad, output, inputs, final)
    held = np.zeros(len(tables.regions)) if asked.end_deficits else base.deficit
    solved = consistent(base, deficits=held)
    moved = float(np.abs(solved.wages / base.wages - 1.0).max())
    worst = base.regions[int(np.abs(solved.wages / base.wages - 1.0).argmax())]
    aim = "with all trade balanced" if asked.end_deficits else "so that all markets clear"
    if moved > ROUNDING or raw:
        notes.append(
            f"The base year is solved again {aim}: wages move by {100 * moved:.3g} % at most "
            f"({worst})."
        )
    return CaliendoParro(solved, tuple(notes), imported_only=asked.raise_output)


def _refuse_shapes(tables: Tables) -> None:
    count, regions = len(tables.sectors), len(tables.regions)
    pair = (count, regions, regions)
    wanted: Sequence[tuple[str, Array, tuple[int, ...]]] = (
        ("theta", tables.theta, (count,)), ("trade", tables.trade, pair),
        ("tariff", tables.tariff, pair), ("gross_output", tables.gross_output, (count, regions)),
        ("value_added", tables.value_added, (count, regions)),
        ("input_share", tables.input_share, (regions, count, count)),
    )  # fmt: skip
    faults = [
        Fault(
            "tables", f"shape {value.shape}", f"{shape}: {count} sectors, {regions} regions",
            "give every table the same sectors and regions in the same order", field=name,
        )
        for name, value, shape in wanted
        if value.shape != shape
    ] or [
        Fault(
            "tables", f"{_bad(name, value)} entries that are negative or no number",
            "finite numbers of 0 or more", "fill in missing pairs; no trade is 0", field=name,
        )
        for name, value, _ in wanted
        if _bad(name, value)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)


def _bad(name: str, value: Array) -> int:
    """Return how many entries are not numbers, or negative (of input shares, see ``_inputs``)."""
    good = np.isfinite(value) & ((value >= 0.0) | (name == "input_share"))
    return int(np.count_nonzero(~good))


def _output(
    tables: Tables, abroad: Array, asked: Repairs, faults: list[Fault], notes: list[str]
) -> Array:
    exports = abroad.sum(axis=1)
    short = exports - tables.gross_output
    places = _places(tables, short > 0.0, short)
    if not places:
        return tables.gross_output
    if not asked.raise_output:
        faults.append(
            Fault(
                "tables", f"exports above output: {places} {tables.unit}", "exports within output",
                "correct output or trade, or ask for output to be raised", field="gross_output",
            )
        )  # fmt: skip
    notes.append(
        f"Output is raised to exports in {np.count_nonzero(short > 0.0)} places, by "
        f"{short[short > 0.0].sum():.4g} {tables.unit} in all "
        f"({100 * short[short > 0.0].sum() / tables.gross_output.sum():.2g} % of world output)."
    )
    return np.maximum(tables.gross_output, exports)


def _inputs(tables: Tables, asked: Repairs, faults: list[Fault], notes: list[str]) -> Array:
    """Return (N, J, J) input shares of output; printed shares are scaled to sum to 1."""
    sums = tables.input_share.sum(axis=1).T  # (J user, N)
    negative = tables.input_share < 0.0
    if negative.any():
        n, j, k = (int(at) for at in np.argwhere(negative)[0])
        first = f"{tables.sectors[j]} in {tables.sectors[k]} of {tables.regions[n]}"
        count, lowest = np.count_nonzero(negative), tables.input_share.min()
        if not asked.drop_negative_inputs:
            faults.append(
                Fault(
                    "tables", f"{count} negative, down to {lowest:.2g}, the first {first}",
                    "0 or more", "correct the tables, or ask for them to be set to 0",
                    field="input_share",
                )
            )  # fmt: skip
        notes.append(
            f"Negative input shares are set to 0 in {count} places, down to {lowest:.2g} "
            f"({first}); the user's others are scaled."
        )
    needed = tables.value_added < 1.0
    wrong = needed & (np.abs(sums - 1.0) > ROUNDING * len(tables.sectors))
    if wrong.any():
        faults.append(
            Fault(
                "tables", f"input shares that sum to {_places(tables, wrong, sums)}",
                "1 over inputs, for each user", "divide by the user's spending on inputs",
                field="input_share",
            )
        )  # fmt: skip
    kept = np.maximum(tables.input_share, 0.0)
    sums = kept.sum(axis=1).T
    scale = np.divide(1.0 - tables.value_added, sums, out=np.zeros_like(sums), where=sums > 0.0)
    return kept * scale.T[:, None, :]


def _final(  # noqa: PLR0913, PLR0917 — the tables' parts and where to tell what is done
    tables: Tables, abroad: Array, output: Array, inputs: Array, asked: Repairs,
    faults: list[Fault], notes: list[str],
) -> tuple[Array, bool]:  # fmt: skip
    """Return shares of final spending (J, N): what is bought and not used as input."""
    bought = (abroad * (1.0 + tables.tariff)).sum(axis=2) + output - abroad.sum(axis=1)
    left = bought - np.einsum("njk,kn->jn", inputs, output)
    negative = left < 0.0
    if not negative.any():
        return left / left.sum(axis=0), False
    amount = -left[negative].sum()
    if not asked.drop_negative_final:
        faults.append(
            Fault(
                "tables",
                f"negative final demand: {_places(tables, negative, left)} {tables.unit}",
                "0 or more", "correct the tables, or ask for it to be set to 0", field="final",
            )
        )  # fmt: skip
    notes.append(
        f"Negative final demand is set to 0 in {np.count_nonzero(negative)} places, "
        f"{amount:.4g} {tables.unit} in all ({100 * amount / left.sum():.2g} % of world final "
        "demand); the rest is scaled."
    )
    kept = np.maximum(left, 0.0)
    return kept / kept.sum(axis=0), True


def _baseline(
    tables: Tables, abroad: Array, output: Array, inputs: Array, final: Array
) -> Baseline:
    trade = abroad.copy()
    place = np.arange(len(tables.regions), dtype=np.intp)
    trade[:, place, place] = output - abroad.sum(axis=1)
    tariff = tables.tariff * (1.0 - np.eye(len(place)))
    spent = (trade * (1.0 + tariff)).sum(axis=2)
    none = np.broadcast_to(np.eye(len(place)), trade.shape).copy()
    share = np.divide(
        trade * (1.0 + tariff), spent[:, :, None], out=none, where=spent[:, :, None] > 0.0
    )
    return Baseline(
        regions=tables.regions,
        sectors=tables.sectors,
        theta=tables.theta,
        share=share,
        tariff=tariff,
        value_added=1.0 - inputs.sum(axis=1).T,
        inputs=inputs,
        final=final,
        expenditure=spent,
        wages=((1.0 - inputs.sum(axis=1).T) * output).sum(axis=0),
        deficit=abroad.sum(axis=(0, 2)) - abroad.sum(axis=(0, 1)),
        unit=tables.unit,
    )


def _places(tables: Tables, wrong: Array, amount: Array) -> str:
    places = [tuple(map(int, at)) for at in np.argwhere(wrong)]
    shown = "; ".join(
        f"{tables.sectors[j]} in {tables.regions[n]}: {float(amount[j, n]):.4g}"
        for j, n in places[:SHOWN]
    )
    return shown + (f" and {len(places) - SHOWN} more" if len(places) > SHOWN else "")
