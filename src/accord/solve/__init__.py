"""Numerics on bare arrays: complementarity problems, one solver a file, outcomes with causes."""

from accord.solve.fischer_burmeister import FischerBurmeister
from accord.solve.ladder import Ladder
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Problem
from accord.solve.semismooth import ClippedNewton

__all__ = ["ClippedNewton", "FischerBurmeister", "Ladder", "Outcome", "Problem", "Step"]
