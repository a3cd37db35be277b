"""Numerics on bare arrays: complementarity problems, one solver a file, outcomes with causes."""

from accord.solve.anderson import Anderson
from accord.solve.block_matrix import BlockMatrix
from accord.solve.caps import RisingCaps
from accord.solve.components import components, solve_apart
from accord.solve.fischer_burmeister import FischerBurmeister
from accord.solve.homotopy import Homotopy
from accord.solve.ladder import Ladder, Method
from accord.solve.lemke import Lemke
from accord.solve.mcp import mcp
from accord.solve.outcome import Outcome, Step
from accord.solve.problem import Problem
from accord.solve.semismooth import ClippedNewton
from accord.solve.smoothing import Smoothing

__all__ = [
    "Anderson",
    "BlockMatrix",
    "ClippedNewton",
    "FischerBurmeister",
    "Homotopy",
    "Ladder",
    "Lemke",
    "Method",
    "Outcome",
    "Problem",
    "RisingCaps",
    "Smoothing",
    "Step",
    "components",
    "mcp",
    "solve_apart",
]
