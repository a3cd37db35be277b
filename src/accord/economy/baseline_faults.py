"""What is wrong with a baseline or a shock: all of it at once, with places and amounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from accord.economy.baseline import LEAST_THETA, Array, Baseline, Shock
from accord.errors import Fault, InputError

SUMS = 1e-9  # how exactly shares must add up
DEFICITS = 1e-9  # of world wages
CLEARS = 1e-7  # of each market's size
SHOWN = 4
Wrong = NDArray[np.bool_]
GIVE_TRADE = "give what is bought and made at home, or merge the sector with one that is made there"


def refuse_baseline(base: Baseline, file: str = "baseline", *, imported_only: bool = False) -> None:
    """Raise ``InputError`` with everything that is wrong with a baseline.

    ``imported_only``  allow sectors that a region only imports (home share 0)
    """
    found = [*_shape_faults(base, file)]
    found = found or [*_value_faults(base, file, imported_only=imported_only)]
    found = found or [*_clearing_faults(base, file)]
    if found:
        raise InputError(found)


def refuse_shock(base: Baseline, shock: Shock, file: str = "shock") -> None:
    """Raise ``InputError`` with everything that is wrong with a shock to a baseline."""
    found = [*_shock_faults(base, shock, file)]
    if found:
        raise InputError(found)


def _shape_faults(base: Baseline, file: str) -> Iterator[Fault]:
    count, regions = base.size
    pair = (count, regions, regions)
    wanted: dict[str, tuple[Array, tuple[int, ...]]] = {
        "theta": (base.theta, (count,)),
        "share": (base.share, pair),
        "tariff": (base.tariff, pair),
        "value_added": (base.value_added, (count, regions)),
        "inputs": (base.inputs, (regions, count, count)),
        "final": (base.final, (count, regions)),
        "expenditure": (base.expenditure, (count, regions)),
        "wages": (base.wages, (regions,)),
        "deficit": (base.deficit, (regions,)),
    }
    for name, (value, shape) in wanted.items():
        if value.shape != shape:
            yield Fault(
                file, f"shape {value.shape}", f"{shape}: {count} sectors, {regions} regions",
                "give every table the same sectors and regions in the same order", field=name,
            )  # fmt: skip
        elif not np.isfinite(value).all():
            bad = np.argwhere(~np.isfinite(value))
            yield Fault(
                file, f"{len(bad)} entries that are no number, the first at {bad[0].tolist()}",
                "finite numbers", "fill in missing pairs; a pair that does not trade is 0",
                field=name,
            )  # fmt: skip
    for what, labels in (("regions", base.regions), ("sectors", base.sectors)):
        twice = sorted({label for label in labels if labels.count(label) > 1})
        if twice:
            yield Fault(file, ", ".join(twice), "each label once", "rename", field=what)


def _value_faults(base: Baseline, file: str, *, imported_only: bool) -> Iterator[Fault]:
    home = np.diagonal(base.share, axis1=1, axis2=2)
    user_sums = base.inputs.sum(axis=1).T + base.value_added
    by_sector, by_place, by_region = _namers(base)
    spends = base.expenditure > 0.0
    checks: list[tuple[str, Wrong, Array, Callable[[tuple[int, ...]], str], str, str]] = [
        ("theta", base.theta <= LEAST_THETA, base.theta, by_sector, f"above {LEAST_THETA:g}",
         "take a trade elasticity from a source; published ones are mostly 2 to 12"),
        ("share", base.share.sum(axis=2) - 1.0 > SUMS, base.share.sum(axis=2), by_place,
         "shares that sum to 1", "divide each row by its sum"),
        ("share", 1.0 - base.share.sum(axis=2) > SUMS, base.share.sum(axis=2), by_place,
         "shares that sum to 1", "divide each row by its sum"),
        ("share", base.share.min(axis=2) < 0.0, base.share.min(axis=2), by_place, "0 or more",
         "trade cannot be negative"),
        ("tariff", base.tariff.min(axis=2) < 0.0, base.tariff.min(axis=2), by_place,
         "0 or more", "give a subsidy as a shock to trade cost"),
        ("tariff", np.diagonal(base.tariff, axis1=1, axis2=2) != 0.0,
         np.diagonal(base.tariff, axis1=1, axis2=2), by_place, "0 at home",
         "a tax on home sales is not modelled"),
        ("inputs", np.abs(user_sums - 1.0) > SUMS, user_sums, by_place,
         "inputs and value added that sum to 1", "divide by what the sector sells"),
        ("inputs", base.inputs.min(axis=1).T < 0.0, base.inputs.min(axis=1).T, by_place,
         "0 or more", "an input share cannot be negative"),
        ("value_added", base.value_added < 0.0, base.value_added, by_place, "0 or more",
         "value added cannot be negative"),
        ("final", base.final < 0.0, base.final, by_place, "0 or more",
         "ask for the repair of negative final demand, which says what it did"),
        ("final", np.abs(base.final.sum(axis=0) - 1.0) > SUMS, base.final.sum(axis=0), by_region,
         "shares that sum to 1", "divide by the region's final spending"),
        ("wages", base.wages <= 0.0, base.wages, by_region, "above 0", "give value added"),
    ]  # fmt: skip
    if not imported_only:
        checks.append(
            ("share", (home <= 0.0) & spends, home, by_place, "a home share above 0", GIVE_TRADE)
        )
    for name, wrong, value, where, allowed, fix in checks:
        yield from _told(file, name, wrong, value, where, allowed, fix)
    yield from _world_faults(base, file, home)


def _world_faults(base: Baseline, file: str, home: Array) -> Iterator[Fault]:
    total = float(base.deficit.sum())
    if abs(total) > DEFICITS * base.wages.sum():
        yield Fault(
            file, f"deficits that sum to {total:.6g} {base.unit}", "a sum of 0",
            "world imports are world exports: let deficits follow from trade", field="deficit",
        )  # fmt: skip
    spent = base.expenditure > 0.0
    abroad = ((1.0 - home) * spent > 0.0) | (base.share.max(axis=2) > home)
    trades = abroad.any(axis=0) | _imports_anything(base)
    for n in np.flatnonzero(~trades):
        yield Fault(
            file, f"{base.regions[n]} buys nothing abroad", "trade of every region",
            "leave it out: its wage relative to others is not determined", field="share",
        )  # fmt: skip


def _clearing_faults(base: Baseline, file: str) -> Iterator[Fault]:
    """Yield where the baseline's own markets do not clear, and by how much."""
    _, by_place, by_region = _namers(base)
    levels, x = base.levels, base.expenditure
    uses = np.matmul(base.inputs, levels.output.T[:, :, None])[:, :, 0].T
    gap = x - uses - base.final * levels.income
    wrong = np.abs(gap) > CLEARS * np.maximum(x, x.max(axis=0) * CLEARS)
    fix = f"correct the table, or have it solved again (``consistent``); amounts are {base.unit}"
    yield from _told(
        file, "expenditure", wrong, gap, by_place, "spending that is input or final use", fix,
        worst_first=True,
    )  # fmt: skip
    pay = base.wages - (base.value_added * levels.output).sum(axis=0)
    wrong = np.abs(pay) > CLEARS * base.wages
    yield from _told(file, "wages", wrong, pay, by_region, "wages that are value added", fix,
                     worst_first=True)  # fmt: skip
    bought, sold = levels.imports.sum(axis=0), levels.exports.sum(axis=0)
    left = base.deficit - (bought - sold)
    wrong = np.abs(left) > CLEARS * (bought + sold)
    yield from _told(file, "deficit", wrong, left, by_region, "imports less exports", fix,
                     worst_first=True)  # fmt: skip


def _imports_anything(base: Baseline) -> NDArray[np.bool_]:
    home = np.diagonal(base.share, axis1=1, axis2=2)
    pairs = np.count_nonzero(base.share, axis=2) - (home != 0.0)
    return (pairs > 0).any(axis=0)


def _shock_faults(base: Baseline, shock: Shock, file: str) -> Iterator[Fault]:
    count, regions = base.size
    pair = (count, regions, regions)
    _, by_place, _ = _namers(base)
    for name, value, shape in (
        ("tariff", shock.tariff, pair), ("trade_cost", shock.trade_cost, pair),
        ("cost", shock.cost, (count, regions)),
        ("deficits", None if isinstance(shock.deficits, str) else shock.deficits, (regions,)),
    ):  # fmt: skip
        if value is None:
            continue
        if value.shape != shape or not np.isfinite(value).all():
            yield Fault(
                file, f"shape {value.shape}, {np.count_nonzero(~np.isfinite(value))} not numbers",
                f"{shape}, finite numbers", "give one number for every place of the baseline",
                field=name,
            )  # fmt: skip
            continue
        if name == "deficits":
            if abs(float(value.sum())) > DEFICITS * base.wages.sum():
                yield Fault(
                    file, f"deficits that sum to {float(value.sum()):.6g} {base.unit}",
                    "a sum of 0", "what one region borrows another lends", field=name,
                )  # fmt: skip
            continue
        rows = value.min(axis=2) if value.ndim == len(pair) else value
        if name == "tariff":
            own = np.diagonal(value, axis1=1, axis2=2)
            yield from _told(file, name, rows < 0.0, rows, by_place, "0 or more", "no subsidies")
            yield from _told(file, name, own != 0.0, own, by_place, "0 at home", "set it to 0")
            continue
        yield from _told(
            file, name, rows <= 0.0, rows, by_place, "above 0: a ratio of new to old",
            "1 for no change; a ban is a large number",
        )  # fmt: skip
        if name == "trade_cost":
            own = np.diagonal(value, axis1=1, axis2=2)
            yield from _told(
                file,
                name,
                np.abs(own - 1.0) > SUMS,
                own,
                by_place,
                "1 at home",
                "use ``cost`` for home costs",
            )


def _namers(
    base: Baseline,
) -> tuple[
    Callable[[tuple[int, ...]], str],
    Callable[[tuple[int, ...]], str],
    Callable[[tuple[int, ...]], str],
]:
    return (
        lambda at: base.sectors[at[0]],
        lambda at: f"{base.sectors[at[0]]} in {base.regions[at[1]]}",
        lambda at: base.regions[at[0]],
    )


def _told(  # noqa: PLR0913, PLR0917 — the parts of a fault
    file: str, name: str, wrong: Wrong, value: Array, where: Callable[[tuple[int, ...]], str],
    allowed: str, fix: str, *, worst_first: bool = False,
) -> Iterator[Fault]:  # fmt: skip
    places = [tuple(map(int, at)) for at in np.argwhere(wrong)]
    if not places:
        return
    if worst_first:
        places.sort(key=lambda at: -abs(float(value[at])))
    shown = "; ".join(f"{where(at)}: {float(value[at]):.6g}" for at in places[:SHOWN])
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    yield Fault(file, shown + more, allowed, fix, field=name)
