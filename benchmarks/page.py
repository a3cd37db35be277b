"""How fast the live page is: first chart, slider to chart, far jumps, fifty readers, memory.

    python benchmarks/page.py [--moves 10000] [--skip-browser]

It serves the founding deal in processes of its own and asks over HTTP; the first chart, and sliders
to charts, from inside a headless Chromium. Jumps of one slider and of several are told apart. Wall
times suffer from whatever else the machine does: the load is printed, and processor time of the
server beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from served import FLAGS, chromium, served

Slider = tuple[str, float, float, float]
# As the page's own sliders: name, least, most, step.
DIALS = (
    ("duty", 0.0, 50.0, 0.5),
    ("t.supply.up_to", 0.0, 5000.0, 50.0),
    ("a.sigma.aluminium", 4.2, 29.4, 0.2),
    ("a.access", -2.32, 2.32, 0.02),
)
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
LONGEST, PAUSE = 240.0, 0.15
MOVE = """
async (places) => {
  const chart = document.getElementById("gains");
  const drawn = chart.dataset.drawn;
  performance.clearResourceTimings();
  const start = performance.now();
  const sliders = places.map(([name, value]) => {
    const slider = document.getElementsByName(name)[0];
    slider.value = value;
    return slider;
  });
  sliders[0].dispatchEvent(new Event("input", { bubbles: true }));
  while (chart.dataset.drawn === drawn) await new Promise((go) => setTimeout(go, 1));
  const found = performance.getEntriesByType("resource");
  const answers = found.filter((x) => x.name.includes("/answer"));
  const answered = answers.length ? answers.at(-1).responseEnd : start;
  return [Number(chart.dataset.at) - start, answered - start];
}
"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--moves", type=int, default=10_000)
    options.add_argument("--seconds", type=float, default=20.0)
    options.add_argument("--skip-browser", action="store_true")
    chosen = options.parse_args()
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with served("us-russia-2025", ahead=True) as (address, process):
        home = address.rstrip("/")
        if not chosen.skip_browser:
            in_the_browser(home, process.pid, "just started", 12)
        asyncio.run(jumps(home, process.pid, "just started", 14))
        for seconds in (10.0, LONGEST):
            prepared(home, process.pid, seconds)
            when = f"{seconds:.0f} s after" if seconds < LONGEST else "prepared"
            asyncio.run(jumps(home, process.pid, when, 14))
        if not chosen.skip_browser:
            in_the_browser(home, process.pid, "prepared", 40)
        asyncio.run(readers(home, process.pid, 50, chosen.seconds))
        asyncio.run(memory(home, process.pid, chosen.moves))
    print(f"load after: {os.getloadavg()[0]:.1f}")


def prepared(home: str, pid: int, seconds: float) -> None:
    """Wait so long, or until all that is worked out while nobody waits is there; say how far."""
    httpx.get(home, timeout=60.0)
    start, worked = time.monotonic(), processor(pid)
    while _counts(home)["waiting"] and time.monotonic() < start + seconds:
        time.sleep(0.5)
    counts = _counts(home)
    print(f"prepared {counts['ahead']} places ahead: {time.monotonic() - start:.0f} s, "
          f"processor {processor(pid) - worked:.0f} s; {counts['waiting']} left")  # fmt: skip


async def jumps(home: str, pid: int, when: str, count: int) -> None:
    """Ask for places far from one another, of one slider and of several, without a browser."""
    hand, number = random.Random(when), 0  # noqa: S311
    kinds = {name: [(name, least, most, step)] for name, least, most, step in DIALS}
    async with httpx.AsyncClient(base_url=home, timeout=60.0) as client:
        for name, many in [(name, 1) for name in kinds] + [(f"{n} sliders", n) for n in (2, 3, 4)]:
            before, worked, times = _counts(home), processor(pid), []
            for _ in range(count):
                place = anywhere(hand, many, kinds.get(name, DIALS))
                query = "&".join(f"{key}={value:.10g}" for key, value in place.items())
                number += 1
                times.append(await _asked(client, f"{when}-jumps", number, query))
                await asyncio.sleep(PAUSE)
            told(f"{when}: {name}, to places anywhere, server alone", times)
            shares(before, _counts(home), processor(pid) - worked)


# ---------------------------------------------------------------------------------- browser


def in_the_browser(home: str, pid: int, when: str, count: int) -> None:
    """First chart, and slider to chart: along a slider at a hand's pace, and to places anywhere."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        first = [_opened(browser, home) for _ in range(15)]
        told(f"{when}: first chart painted, new browser profile", [x for x, _, _ in first])
        told(f"{when}: the chart can move", [x for _, x, _ in first])
        page = first[-1][2]
        for name, least, most, step in DIALS:
            middle = float(page.get_attribute(f"input[name='{name}']", "value"))
            steps = [*range(1, count // 2 + 1), *range(count // 2 - 1, -count // 2, -1)]
            along = [{name: middle + i * step} for i in steps]
            _moved(page, home, pid, f"{when}: {name}, step by step every 150 ms", along)
            hand = random.Random(1)  # noqa: S311 - no secret
            far = [{name: least + hand.randrange(round((most - least) / step)) * step}
                   for _ in range(count // 3)]  # fmt: skip
            _moved(page, home, pid, f"{when}: {name}, to places anywhere", far)
            page.click("#reset")
            time.sleep(0.3)
        hand = random.Random(2)  # noqa: S311
        for many in (2, 3, 4):
            places = [anywhere(hand, many) for _ in range(count // 3)]
            _moved(page, home, pid, f"{when}: {many} sliders at once, to places anywhere", places)
        page.click("#reset")
        browser.close()


def _opened(browser: Any, home: str) -> tuple[float, float, Any]:  # noqa: ANN401 - playwright's
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.goto(home)
    page.wait_for_selector("body[data-ready]")
    painted = page.evaluate(PAINTED)
    return painted, float(page.get_attribute("#gains", "data-at")), page


def _moved(
    page: Any,  # noqa: ANN401 - playwright's
    home: str,
    pid: int,
    name: str,
    places: Sequence[dict[str, float]],
) -> None:
    before, worked = _counts(home), processor(pid)
    found: list[list[float]] = []
    for place in places:
        found.append(page.evaluate(MOVE, [[key, f"{value:.10g}"] for key, value in place.items()]))
        time.sleep(PAUSE)
    told(name, [whole for whole, _ in found])
    told("    of that until the answer was there", [asked for _, asked in found])
    shares(before, _counts(home), processor(pid) - worked)


def anywhere(hand: random.Random, many: int, dials: Sequence[Slider] = DIALS) -> dict[str, float]:
    """Return places anywhere of some sliders."""
    chosen = hand.sample(list(dials), many)
    return {
        name: least + hand.randrange(round((most - least) / step) + 1) * step
        for name, least, most, step in chosen
    }


# ---------------------------------------------------------------------------------- readers


async def readers(home: str, pid: int, count: int, seconds: float) -> None:
    """Let so many readers move sliders at once, each at a hand's pace, for so many seconds."""
    before, worked = _counts(home), processor(pid)
    times: list[float] = []
    end = time.monotonic() + seconds
    limits = httpx.Limits(max_connections=count)
    async with httpx.AsyncClient(base_url=home, limits=limits, timeout=60.0) as client:
        await asyncio.gather(*(_reader(client, i, end, times) for i in range(count)))
    told(f"{count} readers, {seconds:.0f} s, {len(times) / seconds:.0f} moves/s, no error", times)
    shares(before, _counts(home), processor(pid) - worked)


async def _reader(client: httpx.AsyncClient, who: int, end: float, times: list[float]) -> None:
    hand = random.Random(who)  # noqa: S311
    number = 0
    while time.monotonic() < end:
        name, least, most, step = hand.choice(DIALS)
        place = hand.randrange(int((most - least) / step))
        way = hand.choice((-1, 1))
        for _ in range(hand.randint(5, 25)):
            place = min(max(place + way, 0), int((most - least) / step))
            number += 1
            times.append(await _asked(client, who, number, f"{name}={least + place * step:.10g}"))
            await asyncio.sleep(0.1)
            if time.monotonic() > end:
                return


async def _asked(client: httpx.AsyncClient, who: int | str, number: int, query: str) -> float:
    start = time.perf_counter()
    response = await client.get(f"/answer?{query}&c=reader-{who}&n={number}")
    response.raise_for_status()
    if response.status_code != 204 and not response.json()["ok"]:
        raise RuntimeError(response.text[:500])
    return 1e3 * (time.perf_counter() - start)


async def memory(home: str, pid: int, moves: int) -> None:
    """Print the memory of all processes every tenth of so many moves."""
    print(f"memory over {moves:,} moves, MB: {resident(pid):.0f}", end="", flush=True)
    before = _counts(home)
    hand, number = random.Random(7), 0  # noqa: S311
    async with httpx.AsyncClient(base_url=home, timeout=60.0) as client:
        for _ in range(10):
            for _ in range(moves // 10 // 8):
                some: list[str] = []
                for _ in range(8):
                    name, least, most, step = hand.choice(DIALS[:2])
                    place = hand.randrange(int((most - least) / step))
                    some.append(f"{name}={least + place * step:.10g}")
                number += 1
                await asyncio.gather(*(_asked(client, i, number, q) for i, q in enumerate(some)))
            print(f" {resident(pid):.0f}", end="", flush=True)
    print()
    shares(before, _counts(home), 0.0)


# ---------------------------------------------------------------------------------- figures


def told(name: str, times: Sequence[float]) -> None:
    """Print the median and the 95th percentile of some times in ms."""
    ranked = sorted(times)
    late = ranked[min(len(ranked) - 1, round(0.95 * len(ranked)))]
    print(f"{name}: median {statistics.median(ranked):.0f} ms, 95 % {late:.0f} ms, "
          f"worst {ranked[-1]:.0f} ms ({len(ranked)})")  # fmt: skip


def shares(before: dict[str, int], after: dict[str, int], worked: float) -> None:
    """Print how questions were answered in between, and the processor time it took."""
    more = {key: after[key] - before[key] for key in after}
    asked = max(more["asked"], 1)
    print(f"    {100 * more['kept'] / asked:.0f} % known already, "
          f"{100 * more['joined'] / asked:.0f} % joined another's; "
          f"{more['solved']} solved, {more['ahead']} of them ahead; "
          f"processor {worked:.1f} s")  # fmt: skip


def _counts(home: str) -> dict[str, int]:
    return httpx.get(f"{home}/counts").json()


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [x for child in task.read_text().split() for x in family(int(child))]
    return found


def resident(pid: int) -> float:
    """Return the memory that processes have of their own or in part, in MB."""
    total = 0.0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += float(line.split()[1]) / 1024.0
    return total


def processor(pid: int) -> float:
    """Return the processor time of a process and all that it started, in seconds."""
    tick = os.sysconf("SC_CLK_TCK")
    total = 0.0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / tick
    return total


if __name__ == "__main__":
    main()
