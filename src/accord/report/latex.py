"""The answer as LaTeX tables for a paper: booktabs, units in the heads, a label each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from accord import __version__
from accord.assessment import Answer, Assessment
from accord.report import caveats, claims, offers, opening, parts, paths, trust
from accord.report.block import Block, Line
from accord.report.destinations import destinations
from accord.report.gains import gains
from accord.report.main_results import main_results
from accord.report.makers import makers
from accord.report.outputs import outputs
from accord.report.premia import premia, who_gets_it
from accord.report.reproduce import origins
from accord.report.suppliers import suppliers
from accord.report.users import users

# What LaTeX reads as a command, and what fonts of the default encoding do not have.
ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}",
    "−": r"$-$", "×": r"$\times$", "→": r"$\rightarrow$", "≤": r"$\leq$", "≥": r"$\geq$",
    "…": r"\ldots{}", "—": "---", "–": "--", "·": r"$\cdot$", "“": "``", "”": "''", "’": "'",
    "‘": "`", "\N{NO-BREAK SPACE}": "~", "²": r"$^2$", "₂": r"$_2$", "θ": r"$\theta$",
    "σ": r"$\sigma$", "η": r"$\eta$",
}  # fmt: skip
_ESCAPED = str.maketrans(ESCAPES)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

ROWS, CHARACTERS = 30, 4000
"""What a table holds at most that stands on one page."""
SENTENCE = 45
"""Characters from which on a cell is broken into lines."""
PREAMBLE = r"""% Needs in the preamble:
%   \usepackage{booktabs,longtable,array}
%   \usepackage[T1]{fontenc}
"""
ALL = 10_000
"""More rows than any table has."""


def latex(a: Answer) -> bytes:
    """Return every table of an answer as LaTeX source in UTF-8, for a paper to input."""
    name = _slug(a.deal.slug if a.deal.variant is None else f"{a.deal.slug}-{a.deal.variant}")
    said = [f"accord {__version__}: {opening.title(a)}", opening.setting(a), a.headline]
    if isinstance(a, Assessment):
        said += [*trust.draws(a), trust.certificate(a)]
    made = [f"{x.what}: {x.value}" for x in origins(a)]
    head = "".join(f"% {_comment(line)}\n" for line in (*said, *made))
    tables = [_table(block, f"tab:{name}-{topic}") for topic, block in _blocks(a)]
    return "\n".join([head + PREAMBLE, *tables]).encode()


def escaped(text: str) -> str:
    """Return text that LaTeX sets as it stands."""
    return _CONTROL.sub("", text.replace("\n", " ").translate(_ESCAPED))


def _comment(text: str) -> str:
    """Return text as one line of a comment, whatever it holds."""
    return " ".join(text.split())


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _blocks(a: Answer) -> Iterator[tuple[str, Block]]:
    """Yield every table with the end of its label: results, parts, then what they rest on."""
    found: list[tuple[str, Block | None]] = [("offers", offers.block(a))]
    if isinstance(a, Assessment):
        found += [
            ("main-results", main_results(a)),
            ("suppliers", suppliers(a)),
            ("outputs", outputs(a)),
            ("destinations", destinations(a)),
            ("makers", makers(a)),
            ("gains", gains(a)),
            ("users", users(a)),
            ("premia", premia(a, ALL)),
            ("incidence", who_gets_it(a)),
            ("years", paths.paths(a)),
            ("long-run", paths.long_run(a)),
        ]
    yield from ((topic, x) for topic, x in found if x is not None)
    for part in a.parts:
        for table in part.tables:
            yield f"{part.id}-{_slug(table.name)}", parts.table_block(table)
    baseline = trust.baseline_block(a) if isinstance(a, Assessment) else None
    ending = (("terms", _terms(a)), ("claims", claims.claims_block(a)), ("baseline", baseline),
              ("assumptions", _assumptions(a)), ("not-modelled", _not_modelled(a)))  # fmt: skip
    yield from ((topic, x) for topic, x in ending if x is not None and x.lines)


def _terms(a: Answer) -> Block:
    lines = tuple(
        Line((t.title or t.id, "implied" if t.implied else "in the text", t.reading))
        for t in a.terms
    )
    titles = ("whose words", "read as")
    return Block("The deal's terms", ("", *titles), lines, words=titles)


def _assumptions(a: Answer) -> Block:
    lines = tuple(Line((x.where, x.says, x.matters_for)) for x in caveats.assumptions(a))
    return Block(
        "What is assumed", ("", "says", "matters for"), lines, words=("says", "matters for")
    )


def _not_modelled(a: Answer) -> Block:
    lines = tuple(Line((x.term, x.what, x.why)) for x in caveats.not_modelled(a))
    return Block("What is not modelled", ("", "what", "why"), lines, words=("what", "why"))


def _table(block: Block, label: str) -> str:
    """Return a block as a table that floats, or as one that runs over pages where it is long."""
    titles = [escaped(title) for title in block.columns]
    head = " & ".join(titles) + r" \\"
    rows = list(chain.from_iterable(_row(line) for line in block.lines))
    notes = [escaped(note) for note in block.notes]
    caption = rf"\caption{{{escaped(block.heading)}}}\label{{{label}}}"
    if len(block.lines) > ROWS or sum(map(len, rows)) > CHARACTERS:
        return _over_pages(block, caption, head, rows, notes)
    body = [r"\toprule", head, r"\midrule", *rows, r"\bottomrule"]
    small = [rf"\par\smallskip\footnotesize {note}" for note in notes]
    return "\n".join(
        [r"\begin{table}[htbp]", r"\centering", caption, rf"\begin{{tabular}}{{{_spec(block)}}}",
         *body, r"\end{tabular}", *small, r"\end{table}", ""]
    )  # fmt: skip


def _over_pages(
    block: Block, caption: str, head: str, rows: Sequence[str], notes: Sequence[str]
) -> str:
    small = [rf"{{\footnotesize {note}\par}}" for note in notes]
    top = [r"\toprule", head, r"\midrule"]
    return "\n".join(
        [rf"\begin{{longtable}}{{{_spec(block)}}}", rf"{caption} \\", *top, r"\endfirsthead",
         *top, r"\endhead", r"\bottomrule", r"\endlastfoot", *rows, r"\end{longtable}", *small,
         ""]
    )  # fmt: skip


def _row(line: Line) -> list[str]:
    """Return a row; one that is a sum has a rule above it, what the deal is about is bold."""
    cells = [escaped(cell) for cell in line.cells]
    if line.weight in {"total", "focus"}:
        cells = [rf"\textbf{{{cell}}}" if cell else "" for cell in cells]
    row = " & ".join(cells) + r" \\"
    # A row that begins with a bracket would be read as an argument of the row before it.
    row = f"{{}}{row}" if row.startswith(("[", "*")) else row
    return [r"\midrule", row] if line.weight == "total" else [row]


def _spec(block: Block) -> str:
    """Return how columns stand: words left, numbers right, sentences in lines that are broken."""
    long = [
        i
        for i in range(len(block.columns))
        if block.is_text(i) and any(len(line.cells[i]) > SENTENCE for line in block.lines)
    ]
    # What is left of the page beside columns of ordinary width is shared by the long ones.
    share = max(0.9 - 0.1 * (len(block.columns) - len(long)), 0.3) / max(len(long), 1)
    wide = rf">{{\raggedright\arraybackslash}}p{{{share:.2f}\linewidth}}"
    return "".join(
        wide if i in long else "l" if block.is_text(i) else "r" for i in range(len(block.columns))
    )
