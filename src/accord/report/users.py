"""Which users of the good gain or lose, as far as the pack says who they are."""

from __future__ import annotations

from accord.assessment import Assessment
from accord.effects.users import UserGain, user_gains
from accord.report.block import Block, Line
from accord.report.names import good, place
from accord.report.numbers import DOLLARS, amount, column, percent, unit_for

IN_A_LINE = 2
NOTE = (
    "Users share what final users gain or lose in proportion to what they buy of non-ferrous "
    "metals, which stand for this one; see the assumptions."
)


def gains_in_focus(a: Assessment) -> tuple[UserGain, ...]:
    """Return the users of the buyer in focus; none where the pack does not name them."""
    buyer = a.focus.importer
    return () if buyer is None else user_gains(a.effects, buyer, a.focus.good)


def users(a: Assessment) -> Block | None:
    """Return what each group of users in the buying region gains or loses."""
    found = gains_in_focus(a)
    if a.focus.importer is None or not any(g.gain for g in found):
        return None
    whole = sum(g.gain for g in found)
    unit = unit_for((whole,), DOLLARS[1:])
    shown = column((*(g.gain for g in found), whole), unit, signed=True)
    lines = [
        Line((name(g), percent(100.0 * g.share), cell))
        for g, cell in zip(found, shown, strict=False)
    ]
    lines.append(Line(("All users", percent(100.0), shown[-1]), "total"))
    where = place(a, a.focus.importer)
    heading = f"Users of {good(a, a.focus.good)} in {where}, {unit.name} a year"
    return Block(heading, ("", "share of use", "gain"), tuple(lines), (NOTE,))


def sentence(a: Assessment) -> str | None:
    """Return who the users are that gain or lose, in one line."""
    found = gains_in_focus(a)
    whole = sum(g.gain for g in found)
    if a.focus.importer is None or not whole:
        return None
    unit = unit_for((whole,), DOLLARS[1:])
    shown = [f"{name(g).lower()} {percent(100.0 * g.share, digits=0)}" for g in found
             if g.user != OTHERS][:IN_A_LINE]  # fmt: skip
    verb = "gain" if whole > 0.0 else "lose"
    size = f"{amount(abs(whole), unit, 0)} {unit.name}"
    metal = good(a, a.focus.good)
    return f"Users of {metal} in {a.focus.importer} {verb} {size}: {', '.join(shown)}, …"


OTHERS = "all-others"


def name(g: UserGain) -> str:
    """Return a user's name as a table has it."""
    return g.user.replace("-", " ").capitalize()
