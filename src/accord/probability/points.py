"""Points spread evenly over the unit cube: Sobol's sequence, scrambled by a seed.

Point i depends on i, the dimension and the seed alone, never on how many points are asked for, so
that any stretch can be made anywhere and joined. In each dimension the binary digits of Sobol's
numbers (in Gray-code order) are multiplied by a random lower triangular matrix over GF(2) and then
shifted: every point is uniform, and the evenness of the net stays. Random bits are SplitMix64 of
seed, dimension and digit: the same on every machine and with every version of NumPy.

Sources: S. Joe and F. Y. Kuo, SIAM Journal on Scientific Computing 30 (2008): direction numbers
``joe_kuo_2008.csv`` (primitive polynomial as a number whose binary digits are its coefficients,
and the first odd numbers m). J. Matoušek, Journal of Complexity 14 (1998): the scrambling.
G. L. Steele, D. Lea and C. H. Flood, OOPSLA (2014): SplitMix64.
"""

from __future__ import annotations

import csv
from functools import cache, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord.probability import normal
from accord.probability.arrays import Matrix, Whole

TABLE = Path(__file__).with_name("joe_kuo_2008.csv")
DIGITS = 32
MOST_POINTS = 2**DIGITS
MOST_SEED = 2**63
KEPT = 64
"""Scramblings that are kept for the next call."""
_ONE = np.uint64(1)
_GOLDEN = 0x9E3779B97F4A7C15
_WORD = 2**64


def sobol(count: int, columns: int, start: int = 0) -> Matrix:
    """Return points start … start + count − 1 of Sobol's sequence (count, columns), unscrambled.

    Raises ``ValueError`` beyond 256 columns or 2³² points.
    """
    return _numbers(count, start, _directions(columns)).astype(float) / MOST_POINTS


def uniforms(count: int, columns: int, seed: int, start: int = 0) -> Matrix:
    """Return scrambled points start … start + count − 1 (count, columns), all in (0, 1).

    Raises ``ValueError`` beyond 256 columns or 2³² points, and for a negative seed.
    """
    directions, shift = _scrambled(columns, seed)
    numbers = _numbers(count, start, directions) ^ shift
    return (numbers.astype(float) + 0.5) / MOST_POINTS


def normals(count: int, columns: int, seed: int, start: int = 0) -> Matrix:
    """Return scrambled points as standard normal scores (count, columns); see ``uniforms``."""
    return normal.quantile(uniforms(count, columns, seed, start))


def most_columns() -> int:
    """Return how many dimensions there are direction numbers for."""
    return len(_initial()) + 1


def _numbers(count: int, start: int, directions: Whole) -> Whole:
    """Return the points as whole numbers of 32 digits; ``directions`` (columns, 32)."""
    if count < 0 or start < 0 or start + count > MOST_POINTS:
        raise ValueError(f"points 0 to {MOST_POINTS - 1:,} can be had")
    index = np.arange(start, start + count, dtype=np.uint64)
    gray = index ^ (index >> _ONE)
    points = np.zeros((count, len(directions)), np.uint64)
    for digit in range((start + count).bit_length()):
        on = (gray >> np.uint64(digit)) & _ONE
        points ^= on[:, None] * directions[:, digit]
    return points


@cache
def _initial() -> tuple[tuple[int, tuple[int, ...]], ...]:
    """Return polynomial and first numbers m of each dimension after the first."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (int(row["polynomial"]), tuple(map(int, row["initial"].split())))
            for row in csv.DictReader(file)
        )


@cache
def _directions(columns: int) -> Whole:
    """Return the direction numbers (columns, 32), the first digit of a point the highest bit."""
    if not 1 <= columns <= most_columns():
        raise ValueError(f"1 to {most_columns()} columns can be had, not {columns}")
    rows = [[1 << (DIGITS - 1 - i) for i in range(DIGITS)]]
    rows += [_direction(*each) for each in _initial()[: columns - 1]]
    return _fixed(np.array(rows, np.uint64))


def _direction(polynomial: int, initial: tuple[int, ...]) -> list[int]:
    """Return the 32 direction numbers of a dimension by Sobol's recurrence."""
    degree = polynomial.bit_length() - 1
    found = [m << (DIGITS - 1 - i) for i, m in enumerate(initial)]
    for i in range(degree, DIGITS):
        number = found[i - degree] ^ (found[i - degree] >> degree)
        for k in range(1, degree):
            if polynomial >> (degree - k) & 1:
                number ^= found[i - k]
        found.append(number)
    return found


@lru_cache(KEPT)
def _scrambled(columns: int, seed: int) -> tuple[Whole, Whole]:
    """Return the direction numbers of a seed (columns, 32), and the shift (columns,)."""
    if not 0 <= seed < MOST_SEED:
        raise ValueError(f"a seed is a whole number from 0 to {MOST_SEED - 1}")
    plain = _directions(columns)
    scrambled = np.zeros_like(plain)
    shift = np.zeros(columns, np.uint64)
    for column in range(columns):
        for digit in range(DIGITS):
            # Row `digit` of the matrix: ones on the diagonal, random bits before it.
            bits = random_bits(seed, column, digit) >> (64 - DIGITS)
            above = (1 << DIGITS) - (1 << (DIGITS - digit))
            row = (bits & above) | (1 << (DIGITS - 1 - digit))
            odd = _parity(plain[column] & np.uint64(row))
            scrambled[column] |= odd << np.uint64(DIGITS - 1 - digit)
        shift[column] = random_bits(seed, column, DIGITS) >> (64 - DIGITS)
    return _fixed(scrambled), _fixed(shift)


def _fixed(words: Whole) -> Whole:
    """Return an array that nobody can write to: it is kept for the next call."""
    words.flags.writeable = False
    return words


def _parity(words: Whole) -> Whole:
    """Return 1 where a word has an odd number of ones, else 0."""
    for step in (16, 8, 4, 2, 1):
        words = words ^ (words >> np.uint64(step))
    return words & _ONE


def places(resamples: int, count: int, seed: int) -> NDArray[np.intp]:
    """Return rows drawn with replacement from ``count`` rows (resamples, count)."""
    bits = np.random.PCG64(seed).random_raw(resamples * count).reshape(resamples, count)
    # 53 bits are a fraction exactly, whatever the version of NumPy makes of its generators.
    return ((bits >> np.uint64(11)).astype(float) * 2.0**-53 * count).astype(np.intp)


def random_bits(*words: int) -> int:
    """Return 64 bits that look random and depend on the words alone (SplitMix64)."""
    state = 0
    for word in words:
        state = _mixed((state ^ (word % _WORD)) + _GOLDEN)
    return state


def _mixed(state: int) -> int:
    state %= _WORD
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % _WORD
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB % _WORD
    return state ^ (state >> 31)
