"""Processes that share the draws out: the same numbers as one, and one that dies is replaced."""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import Iterator

import pytest

from accord.assessment.reference import find
from accord.web import workers
from accord.web.draws import PARTS
from accord.web.library import Asked, Library
from accord.web.position import position_of
from accord.web.workers import MOST, Role, Team, Worker, WorkerLost, shared_out

DEAL = "us-russia-2025"
WALK = ("duty=3", "duty=3.5", "duty=4", "a.sigma.aluminium=9", "a.sigma.aluminium=9&duty=20", "")


def texts(found: object) -> list[str]:
    """All that is said in an answer, its numbers as they are written."""
    if isinstance(found, dict):
        return [x for key, value in sorted(found.items()) for x in (key, *texts(value))]
    if isinstance(found, list):
        return [x for value in found for x in texts(value)]
    return [found] if isinstance(found, str) else []


def numbers(found: object) -> list[float]:
    """All its numbers, in the same order."""
    if isinstance(found, dict):
        return [x for _, value in sorted(found.items()) for x in numbers(value)]
    if isinstance(found, list):
        return [x for value in found for x in numbers(value)]
    return [found] if isinstance(found, int | float) else []


def view(query: str) -> Asked:
    return Asked("view", position_of(query))


def in_a_process(library: Library, count: int) -> Team:
    """A team of processes that are started anew, each with a library of its own."""
    shares = shared_out(count)
    roles = [Role(x, asks=i == 0 and count > 1) for i, x in enumerate(shares)]
    return Team([Worker(library._served, library, role) for role in roles])


@pytest.fixture(scope="module")
def alone() -> Library:
    return Library(find(DEAL))


@pytest.fixture(scope="module")
def pair() -> Iterator[Team]:
    library = Library(find(DEAL))
    library.prepare(view(""))
    team = in_a_process(library, 2)
    yield team
    team.stop()


@pytest.mark.parametrize("count", range(1, MOST + 1))
def test_every_draw_has_one_process(count: int) -> None:
    shares = shared_out(count)
    assert len(shares) == count
    assert [part for share in shares for part in share] == list(PARTS)
    assert len(shares[0]) == min(map(len, shares))


def test_two_processes_say_what_one_says(alone: Library, pair: Team) -> None:
    alone.prepare(view(""))
    for query in WALK:
        one, two = json.loads(alone.answer(view(query))), json.loads(pair.ask(view(query)))
        # How little is left over at the solution hangs on the way there.
        for found in (one, two):
            assert found.pop("certificate").startswith("Certified")
        assert texts(two) == texts(one), query
        assert numbers(two) == pytest.approx(numbers(one), rel=1e-9, abs=1e-6), query


def test_a_position_without_an_answer_is_refused_and_the_team_goes_on(pair: Team) -> None:
    for query in ("v=two-million&t.supply.at_least=5000", "v=nothing"):
        assert not json.loads(pair.ask(view(query)))["ok"]
        assert json.loads(pair.ask(view("duty=7")))["ok"]


def test_a_scenario_prepared_elsewhere_is_taken(alone: Library, pair: Team) -> None:
    asked = Asked("scenario", position_of("v=duty-free"))
    pair.give(asked, pickle.dumps(alone.scenario(asked)))
    moved = view("v=duty-free&a.access=1")
    assert json.loads(pair.ask(moved))["headline"] == json.loads(alone.answer(moved))["headline"]


@pytest.mark.parametrize("which", [0, 1])  # the second answers only where the first must ask it
def test_a_process_that_dies_is_told_and_replaced(pair: Team, which: int) -> None:
    worker = (pair._first, *pair._others)[which]
    os.kill(worker.pid, signal.SIGKILL)
    new = view(f"duty={11.5 + which}")
    with pytest.raises(WorkerLost):
        pair.ask(new)
    assert json.loads(pair.ask(new))["ok"]


def test_processes_do_not_outlive_who_asks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[float] = []

    class Silent:
        def poll(self, seconds: float) -> bool:
            looked.append(seconds)
            monkeypatch.setattr(os, "getppid", lambda: 1)
            return False

    monkeypatch.setattr(os, "getppid", lambda: 4_711)
    workers._work(Silent(), find(DEAL), Library(find(DEAL)), Role())
    assert looked == [workers.ORPHAN]
