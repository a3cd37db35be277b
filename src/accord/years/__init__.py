"""A market that moves: years made of days under one law, and paths of years."""

from accord.years.effects import YearEffects, compare_years
from accord.years.path import Paths, PathYear, Question, refuse_years, solve_paths
from accord.years.year import Part, YearEquilibrium, solve_year, year_markets

__all__ = [
    "Part",
    "PathYear",
    "Paths",
    "Question",
    "YearEffects",
    "YearEquilibrium",
    "compare_years",
    "refuse_years",
    "solve_paths",
    "solve_year",
    "year_markets",
]
