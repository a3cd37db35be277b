"""What an uncertain number is, in words that a reader who knows no model understands."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from accord.pack.columns import ANY
from accord.pack.priors import PriorKey

ACCESS = PriorKey("access", ANY, ANY)
"""How much lanes that are closed today would carry: a score, not a row of the priors."""

_OF_GOODS = {
    "sigma": ("how readily buyers switch between origins of {good}", "σ"),
    "demand_elasticity": ("how much use of {good} reacts to its price", "demand elasticity"),
    "choke_ratio": ("how far the price of {good} must rise before use ends", "choke ratio"),
}
_OF_KINDS = {
    "supply_elasticity": ("how readily output follows price: {kind}", "supply elasticity"),
    "rising_cost_share": ("how much of revenue is rising cost: {kind}", "rising cost share"),
}


def short_name(key: PriorKey) -> str:
    """Return the name of a number in tables: parameter, good and region, without ``*``."""
    return " ".join(part for part in key if part != ANY)


def dotted_name(key: PriorKey) -> str:
    """Return the name by which a number is fixed: ``sigma.aluminium``, ``access``."""
    return ".".join(part for part in key if part != ANY).replace(":", "-")


def name_in_words(
    key: PriorKey,
    goods: Mapping[str, str],
    regions: Mapping[str, str],
    others: Collection[PriorKey] = (),
) -> str:
    """Return what a number is, by the names of goods and regions.

    ``others`` are the keys of all rows: a row for every good or region is one for those that no
    other row of its parameter names.
    """
    if key == ACCESS:
        return "how much lanes that are closed today would carry (access)"
    parameter, _, kind = key.parameter.partition(":")
    fellows = [other for other in others if other.parameter == key.parameter and other != key]
    good = _plain(goods.get(key.good, key.good))
    if kind:
        phrase, symbol = _OF_KINDS[parameter]
        words = phrase.format(kind=kind.replace("_", " "))
        words += "" if key.good == ANY or key.region != ANY else f", {good}"
    else:
        phrase, symbol = _OF_GOODS[parameter]
        words = phrase.format(good=_every_good(fellows) if key.good == ANY else good)
    return f"{words}{_where(key, regions, fellows)} ({symbol})"


def _every_good(fellows: Collection[PriorKey]) -> str:
    return "other goods" if any(other.good != ANY for other in fellows) else "every good"


def _where(key: PriorKey, regions: Mapping[str, str], fellows: Collection[PriorKey]) -> str:
    if key.region != ANY:
        return f", {regions.get(key.region, key.region)}"
    single = any(other.region != ANY and key.good in (ANY, other.good) for other in fellows)
    return ", other regions" if single else ""


def _plain(name: str) -> str:
    """Return the name of a good as it stands within a sentence, without remarks."""
    words = name.partition(" (")[0].partition(",")[0]
    first = words.partition(" ")[0]
    return words[:1].lower() + words[1:] if first[1:].islower() else words
