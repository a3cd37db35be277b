"""Why infeasible, in words: the smallest set in conflict found, and what would make room.

Two kinds of answer, and never one for the other. Where tonnes alone forbid a minimum there is a
proof (``proof``); where only prices stand in the way there is a search up to the largest rebate
that the model allows (``conflict_search``).
"""

from __future__ import annotations

import numpy as np

from accord.equilibrium.arrays import compile_market
from accord.equilibrium.closure import Closure
from accord.equilibrium.conflict_search import Findings, Search, Trial, lackings
from accord.equilibrium.linear_system import Element
from accord.equilibrium.proof import Member, Proof, prove_empty
from accord.equilibrium.state import State
from accord.equilibrium.universe import Universe
from accord.errors import Infeasible, NoCertifiedAnswer
from accord.market import Limit, Market

SHOWN = 6
# Quantities from here on are said in whole tonnes.
WHOLE = 100.0
# What is left of a minimum below this part of it is not worth asking for.
NEXT_TO_NOTHING = 1e-6
ASK_LESS = "ask for less, add capacity to the deal, or lift what closes the lanes"


def explained(
    refusal: NoCertifiedAnswer, market: Market, closure: Closure, universe: Universe
) -> NoCertifiedAnswer:
    """Return what to raise for a market without an answer: ``refusal``, or why it must be so.

    What tonnes alone forbid has been refused before (``refuse_the_empty``), unless the market was
    solved up to the largest rebate.
    """
    if not isinstance(refusal, Infeasible) or refusal.certificate_error is not None:
        return refusal
    proof = _emptiness(market, closure, universe)
    if proof is not None:
        return proved(proof, universe)
    if refusal.point is None:
        return refusal
    return _searched(refusal, market, closure, universe)


def refuse_the_empty(market: Market, closure: Closure, universe: Universe) -> None:
    """Raise ``Infeasible`` where tonnes alone forbid an answer, so that none is looked for."""
    proof = _emptiness(market, closure, universe)
    if proof is not None:
        raise proved(proof, universe)


def _emptiness(market: Market, closure: Closure, universe: Universe) -> Proof | None:
    if not any(x.sense == "at_least" and x.in_force for x in market.limits):
        return None
    return prove_empty(compile_market(market, universe), market, closure.name)


# ------------------------------------------------------------------------------ with a proof


def proved(proof: Proof, universe: Universe) -> Infeasible:
    """Return the refusal that a proof amounts to."""
    minimums = [x for x in proof.members if x.element.kind == "minimum"]
    others = [x for x in proof.members if x.element.kind != "minimum"]
    asked = " and ".join(_asked(x.element, universe) for x in minimums)
    against = _listed([describe(x) for x in others])
    short = max(_short(x) for x in minimums)
    which = "which together conflict" if len(minimums) > 1 else "which conflicts"
    clash = f"{which} with {against}" if others else "which nothing can carry"
    cause = (
        f"{asked}, {clash}: short by at least {_up(short)} t/yr {_scope(proof.kind)} "
        "(proved from tonnes alone)"
    )
    return Infeasible(
        cause,
        _what_would_do(proof),
        minimums[0].element.name,
        proof=proof.kind,
        members=tuple(_member_name(x.element) for x in proof.members),
        short=short,
        certificate_error=proof.error,
    )


def _scope(kind: str) -> str:
    return "even at the largest rebate" if kind == "demand" else "at any price"


def _short(member: Member) -> float:
    return member.element.size - (member.to or 0.0)


def _asked(element: Element, universe: Universe) -> str:
    first = len(universe.nodes) + len(universe.buyers)
    return asks(universe.limits[element.row - first], element.size)


def asks(limit: Limit, bound: float) -> str:
    """Say what a minimum asks for."""
    lanes = _listed([str(key) for key in limit.lanes]) or "no lane"
    return f"{limit.measure} asks for at least {_about(bound)} t/yr on {lanes}"


def describe(member: Member) -> str:
    """Say what a bound in a conflict is."""
    element = member.element
    if element.kind == "quota":
        return f"the limit of {element.name} ({_about(element.size)} t/yr)"
    if element.kind == "capacity":
        return f"the capacity of {element.name} ({_about(element.size)} a year)"
    if element.kind == "demand":
        return f"what users of {element.name} would take at most ({_about(element.size)} t/yr)"
    if element.kind == "closed":
        return f"the lanes that {element.name} closes"
    return element.name


def _member_name(element: Element) -> str:
    return f"{element.kind} {element.name}"


def _what_would_do(proof: Proof) -> str:
    """Say which single change would end the conflict, in tonnes; prices may ask for more."""
    alone = [_change(x) for x in proof.members if x.enough]
    together = [_change(x) for x in proof.members if not x.enough]
    said: list[str] = []
    if [x for x in alone if x]:
        said.append(_listed([x for x in alone if x], "or"))
    if not said:
        said.append("no single change is enough, other bounds conflict as well; " + ASK_LESS)
    elif [x for x in together if x]:
        said.append(f"not enough alone: {_listed([x for x in together if x], 'or')}")
    return "; ".join(said) + " (the least that tonnes allow: prices may ask for more)"


def _change(member: Member) -> str:
    element, to = member.element, member.to
    if element.kind == "demand":
        return ""
    if element.kind in {"closed", "no trade"}:
        return f"open the lanes that {element.name} closes" if element.kind == "closed" else ""
    if to is None:
        return ""
    if element.kind == "minimum":
        return _ask(element.name, to, element.size)
    if element.kind == "quota":
        return f"raise the limit of {element.name} to {_up(to)} t/yr or more"
    return f"raise the capacity of {element.name} to {_up(to)} a year or more"


def _ask(measure: str, most: float, asked: float) -> str:
    if most <= NEXT_TO_NOTHING * asked:
        return f"drop {measure}"
    return f"ask {measure} for {_down(most)} t/yr or less"


def _up(tonnes: float) -> str:
    """Say a quantity, rounded up so that what is said is enough."""
    if tonnes < WHOLE:
        return f"{tonnes * (1.0 + 5e-4):.3g}"
    return f"{np.ceil(tonnes - 1e-9 * tonnes):,.0f}"


def _down(tonnes: float) -> str:
    """Say a quantity, rounded down so that what is said is possible."""
    if tonnes < WHOLE:
        return f"{tonnes * (1.0 - 5e-4):.3g}"
    return f"{np.floor(tonnes + 1e-9 * tonnes):,.0f}"


def _about(tonnes: float) -> str:
    return f"{tonnes:,.0f}" if tonnes >= WHOLE else f"{tonnes:.3g}"


# ------------------------------------------------------------------- up to the largest rebate


def _searched(
    refusal: Infeasible, market: Market, closure: Closure, universe: Universe
) -> Infeasible:
    state = refusal.point
    if not isinstance(state, State):
        return refusal
    unmet = dict(lackings(state))
    worst = max(unmet, key=lambda m: unmet[m] / float(state.bound[m]))
    found = Search(market, closure, state, worst).findings()
    names = sorted({x.name for trial in found.helped for x in trial.lifted})
    measure = universe.limits[worst].measure
    return Infeasible(
        f"{not_reached(state, worst)}; {_said(found, measure)}",
        _remedy(state, worst, found),
        measure,
        proof="largest rebate",
        members=(f"minimum {measure}", *names),
        short=unmet[worst],
        point=state,
    )


def not_reached(state: State, m: int) -> str:
    """Say what a minimum asks for and how much of it the largest rebate brings."""
    bound, flow = float(state.bound[m]), float(state.counted_flow[m])
    return (
        f"{asks(state.arrays.universe.limits[m], bound)}; not at any rebate up to "
        f"{state.rent[m]:,.0f} USD/t, which brings {_about(flow)} t/yr: short by "
        f"{_up(bound - flow)} t/yr"
    )


def _said(found: Findings, minimum: str) -> str:
    if not found.of:
        return f"no measure and no plant at capacity stands near {minimum}: prices forbid it"
    tried = f"{found.tried} change{'s' if found.tried != 1 else ''} tried"
    if found.cut:
        tried += f" of {found.of}, then the search was cut"
    if found.unsettled:
        tried += f", {found.unsettled} without a result"
    alone = [x for x in found.helped if len(x.lifted) == 1]
    if not found.helped:
        return f"nothing near {minimum} makes room when lifted, alone or with another ({tried})"
    if alone:
        named = [_named(x) for x in alone]
        one = "that" if len(named) == 1 else "any one of these"
        return f"{minimum} conflicts with {_listed(named)}; lifting {one} makes room ({tried})"
    pair = " and ".join(_names(found.helped[0]))
    return f"{minimum} conflicts with {pair}: none alone, both lifted make room ({tried})"


def _named(trial: Trial) -> str:
    but = "" if trial.enough else " (other minimums stay unmet)"
    return " and ".join(_names(trial)) + but


def _names(trial: Trial) -> list[str]:
    carried: dict[str, float] = {}
    for name, tonnes in trial.carried:
        carried[name] = carried.get(name, 0.0) + tonnes
    words = {x: f"{x} (its lanes would carry {_up(t)} t/yr)" for x, t in carried.items()}
    return [
        f"the capacity of {x.name} ({_up(x.more)} a year more)"
        if x.kind == "capacity"
        else words.get(x.name, x.name)
        for x in trial.lifted
    ]


def _remedy(state: State, m: int, found: Findings) -> str:
    measure = state.arrays.universe.limits[m].measure
    less = _ask(measure, float(state.counted_flow[m]), float(state.bound[m]))
    lifts = [f"lift {' and '.join(_names(x))}" for x in found.helped[:SHOWN]]
    return ", or ".join(
        [less, *(x.replace("lift the capacity", "raise the capacity") for x in lifts)]
    )


def _listed(words: list[str], word: str = "and") -> str:
    """Join words, the long tail counted."""
    if len(words) > SHOWN:
        words = [*words[: SHOWN - 1], f"{len(words) - SHOWN + 1} more"]
    if not words[1:]:
        return "".join(words)
    last = f", {word} " if word == "or" else f" {word} "
    return last.join([", ".join(words[:-1]), words[-1]])
