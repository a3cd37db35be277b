"""The sentences about a result, made from the result."""

from __future__ import annotations

from accord.assessment.focus import Focus
from accord.assessment.words import per_tonne, percent, signed, tonnes
from accord.effects import Effects

NOTHING = 1e-9


def headline(effects: Effects, focus: Focus, names: dict[str, str], goods: dict[str, str]) -> str:
    """Return what the deal does, in one or two sentences."""
    if is_nothing(effects):
        return "Nothing changes: no price, no flow, no revenue."
    good = goods.get(focus.good, focus.good).lower()
    if focus.lane is None or focus.exporter is None or focus.importer is None:
        return f"{_output(effects, focus, good)} {_world_price(effects, focus)}"
    return (
        f"{_trade(effects, focus, names, good)} {_buyers(effects, focus, names)}; "
        f"{_world_price(effects, focus)}"
    )


def is_nothing(effects: Effects) -> bool:
    """Return whether every effect is zero to rounding (conventions C35)."""
    return all(
        abs(row.change or 0.0) <= NOTHING * max(abs(row.before or 0.0), abs(row.after or 0.0))
        for row in effects.rows
        if row.measure not in ("duty_rate_statutory", "duty_rate_collected")
    )


def _trade(effects: Effects, focus: Focus, names: dict[str, str], good: str) -> str:
    row = effects.row("flow", f"{focus.exporter}>{focus.importer}", focus.good)
    before = (row.before or 0.0) if row else 0.0
    after = (row.after or 0.0) if row else 0.0
    seller = names.get(focus.exporter or "", focus.exporter or "")
    buyer = names.get(focus.importer or "", focus.importer or "")
    start = "nothing" if before < 1.0 else tonnes(before)
    share = _import_share(effects, focus, after)
    return (
        f"{seller} would sell {tonnes(after)} of {good} a year to {buyer}, up from {start}{share}."
        if after >= before
        else f"{seller} would sell {tonnes(after)} of {good} a year to {buyer}, down from {start}."
    )


def _import_share(effects: Effects, focus: Focus, flow: float) -> str:
    row = effects.row("imports", focus.importer or "", focus.good)
    if row is None or not row.after:
        return ""
    return f" ({percent(100.0 * flow / row.after)} of its imports)"


def _buyers(effects: Effects, focus: Focus, names: dict[str, str]) -> str:
    buyer = names.get(focus.importer or "", focus.importer or "")
    row = effects.row("buyer_price", focus.importer or "", focus.good)
    return f"What buyers in {buyer} pay {_moves(row.change if row else None, row)}"


def _world_price(effects: Effects, focus: Focus) -> str:
    row = effects.row("hub_price", "WORLD", focus.good)
    if row is None:
        return "the pack quotes no world price."
    quote = next(h.quote for h in effects.after.market.hubs if h.good == focus.good)
    return f"the world price ({quote}) {_moves(row.change, row)}."


def _moves(change: float | None, row: object) -> str:
    pct = getattr(row, "change_pct", None)
    if change is None or pct is None:
        return "has no value on one side of the comparison"
    if abs(pct) < 0.005:  # noqa: PLR2004 - below what is shown
        return "does not move"
    verb = "rises" if change > 0.0 else "falls"
    return f"{verb} by {percent(abs(pct))} ({signed(per_tonne(change))})"


def _output(effects: Effects, focus: Focus, good: str) -> str:
    row = effects.row("output", "WORLD", focus.good)
    change = (row.change or 0.0) if row else 0.0
    return f"World output of {good} changes by {signed(tonnes(change))} a year;"
