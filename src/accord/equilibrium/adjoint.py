"""Derivatives of one number about a market with respect to every datum, in one backward solve.

At a solution some conditions hold with equality (the active set) and the other unknowns are at
their bounds. With J the slope of the active rows in the unknowns inside their bounds, g the slope
of an effect G in them, and λ from Jᵀλ = g,

    dG/dφ = ∂G/∂φ − λᵀ ∂F/∂φ   (plus what an unknown at a bound that is itself φ carries along)

for every datum φ at once. It holds as long as the active set stays as it is, and that set comes
with the answer: at a kink (a plant about to start, a limit about to bind) the derivative is one of
the two one-sided ones. Source: A. Griewank and A. Walther, Evaluating Derivatives (2008), ch. 15,
with the active set held as in A. Fiacco, Introduction to Sensitivity Analysis (1983).
"""

from __future__ import annotations

from typing import get_args

from accord.equilibrium.adjoint_active import AtKinks, active_set
from accord.equilibrium.adjoint_backward import Backward, has_slopes
from accord.equilibrium.adjoint_gradient import Gradient
from accord.equilibrium.effect import Effect
from accord.equilibrium.equilibrium import Equilibrium
from accord.equilibrium.universe import same_names
from accord.errors import Fault, InputError

__all__ = ["Gradient", "gradient"]


def gradient(
    effect: Effect,
    equilibrium: Equilibrium,
    *,
    benchmark: Equilibrium | None = None,
    at_kinks: AtKinks = "held",
) -> Gradient:
    """Return the derivatives of ``effect`` at an equilibrium by all of its data.

    One transposed solve and sums over lanes; no solve is repeated. ``benchmark`` is the
    equilibrium, on the same universe and closure, whose shares ``theta_recalibrated`` holds.
    ``at_kinks`` says what becomes of unknowns at a bound that nothing holds them to: ``held`` at
    it, or ``released`` from it. Where there is one, these are the two one-sided derivatives.

    Raises ``InputError`` for the gsim closure, for another word in ``at_kinks``, and where the
    active conditions depend on one another, so that the solution is not the only one next to it;
    it names them.
    """
    if at_kinks not in get_args(AtKinks):
        raise InputError([_unknown_kinks(at_kinks)])
    state = equilibrium.state
    if not has_slopes(state):
        raise InputError([_is_linear(equilibrium.closure)])
    if benchmark is not None and (
        benchmark.closure != equilibrium.closure
        or not same_names(benchmark.universe, equilibrium.universe)
    ):
        raise InputError([_another_benchmark()])
    problem = state.closure.problem(state.arrays)
    active = active_set(state, problem, at_kinks)
    backward = Backward(state, problem, active, effect.slopes(state))
    _ = backward.rows  # solved here, so that what cannot be is refused here
    base = None if benchmark is None else benchmark.state
    return Gradient(equilibrium, effect, active, backward, base)


def _unknown_kinks(found: object) -> Fault:
    known = get_args(AtKinks)
    return Fault(
        file="gradient",
        field="at_kinks",
        found=repr(found),
        allowed=" or ".join(f'"{word}"' for word in known),
        fix=f'write "{known[0]}", or leave it out',
    )


def _is_linear(closure: str) -> Fault:
    return Fault(
        file="equilibrium",
        field="closure",
        found=f"{closure}, which is linear in duties itself",
        allowed="share, armington, homogeneous",
        fix="take the gradient under armington at the reference, of which it is the linear form, "
        "or the difference of two solves, which has no error here",
    )


def _another_benchmark() -> Fault:
    return Fault(
        file="gradient",
        field="benchmark",
        found="an equilibrium of another universe or closure",
        allowed="one on the universe and under the closure of the equilibrium",
        fix="solve both with the same universe and closure",
    )
