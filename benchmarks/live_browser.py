"""How fast the Segments page follows a slider in a real browser, beside the same page written the usual way.

    python -m benchmarks.live_browser [CUSTOMERS] [--tweaks 24] [--ours] [--browser /usr/bin/chromium]

Makes a workspace of that many customers (default 100,000), starts the app and ``benchmarks/usual_page.py``, opens
both in Chromium and moves one end of a slider by key, in turn, so that other work on the machine hits both alike.

- wall: from the key that moves the slider to the last chart drawn anew (canvas or SVG), in milliseconds
- strip: the same to the last change of the strip of figures
- text: the same to the last change of any text of the page (counts beside values, table)
- server: processor time of the server per change (all threads); browser: of the page's process
- drawn anew / rebuilt: changes after which charts were drawn, and charts thrown away and built again
- opened: from the request for the page to its last chart, in a server that has just started
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks.made_customers import made_facts
from icp_core.facts import store
from icp_core.workspace import Workspace, workspace_path

ROOT = Path(__file__).resolve().parents[1]
SEGMENT = '[["industry","is_any_of",["Logistics","SaaS","Retail"]]]'
WATCH = """
(() => {
  const seen = window.__seen = {key: 0, draw: 0, text: 0, figures: 0, built: 0, send: 0, receive: 0, messages: 0, draws: {}};
  const chart = new WeakMap();
  const note = canvas => {
    if (!chart.has(canvas)) {
      if (!canvas.isConnected) return;
      chart.set(canvas, canvas.closest('[data-testid=stVegaLiteChart]'));
    }
    const holder = chart.get(canvas);
    if (holder) seen.draw = performance.now();
  };
  for (const name of ['clearRect', 'fillRect', 'fill', 'stroke', 'fillText']) {
    const plain = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) { note(this.canvas); return plain.apply(this, args); };
  }
  document.addEventListener('keydown', () => { seen.key = performance.now(); }, true);
  document.addEventListener('pointerup', () => { seen.key = performance.now(); }, true);
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...args) { super(...args); this.addEventListener('message', () => { seen.receive = performance.now(); seen.messages++; seen.first = seen.first || performance.now(); }); }
    send(data) { seen.send = performance.now(); seen.first = 0; return super.send(data); }
  };
  new MutationObserver(list => {
    for (const one of list) {
      const at = one.target.nodeType === 1 ? one.target : one.target.parentElement;
      if (!at || at.closest('[id^=glide], [data-testid=stDataFrame], [data-testid=stStatusWidget], [role=slider]')) continue;
      if (at.closest('[data-testid=stVegaLiteChart]')) {
        if (at.closest('svg')) seen.draw = performance.now();
        for (const node of one.addedNodes) if (node.nodeName === 'CANVAS' || node.nodeName === 'svg') seen.built++;
      } else if (one.type !== 'attributes') {
        seen.text = performance.now();
        if (at.querySelector('.icp-strip') || at.closest('.icp-strip, [data-testid=stMetric]')) seen.figures = seen.text;
      }
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['d', 'transform']});
})();
"""


@dataclass
class Tweak:
    wall: float
    strip: float
    text: float
    server: float
    browser: float
    built: int
    messages: int
    first: float


@dataclass
class Room:
    """One served page: its process, its tab, what was measured."""

    name: str
    process: subprocess.Popen
    address: str
    page: Page = field(init=False)
    session: CDPSession = field(init=False)
    tweaks: list[Tweak] = field(default_factory=list)

    def server_ms(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")

    def browser_ms(self) -> float:
        processes = self.session.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(p["cpuTime"] for p in processes if p["type"] == "renderer") * 1000


def make_workspace(home: Path, customers: int) -> Path:
    """A workspace with made-up customers, and the same facts in a plain file for the usual page."""
    facts = made_facts(customers)
    os.environ["ICP_WORKBENCH_HOME"] = str(home)
    path = workspace_path("My workspace")
    path.parent.mkdir(parents=True, exist_ok=True)
    with Workspace.open(path) as workspace, workspace.transaction(checkpoint=True) as con:
        store._store(con, facts)
    plain = home / "usual.duckdb"
    with duckdb.connect(str(plain)) as con:
        con.register("frame", facts.frame.drop(columns=["tech_stack"]))
        con.execute("CREATE TABLE facts AS SELECT * FROM frame")
    return plain


@contextmanager
def served(script: str, environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen, str]]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), "--server.headless", "true"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        yield process, address
    finally:
        process.terminate()
        process.wait(10)


def until_still(page: Page, quiet: float = 450, longest: float = 60_000) -> dict:
    """Wait until the script has run and nothing was drawn for ``quiet`` ms, and return what was seen."""
    page.wait_for_function(
        f"() => {{ const s = window.__seen, last = Math.max(s.draw, s.text, s.key);"
        f" const app = document.querySelector('[data-testid=stApp]');"
        f" return app.dataset.testScriptState !== 'running' && s.draw > s.key && performance.now() - last > {quiet} }}",
        timeout=longest,
        polling=100,
    )
    return page.evaluate("() => window.__seen")


def open_room(browser: Browser, room: Room, path: str) -> float:
    """Open the page; milliseconds until its last chart stood."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    room.page = context.new_page()
    room.page.add_init_script(WATCH)
    room.page.goto(room.address + path)
    room.session = browser.new_browser_cdp_session()
    room.page.wait_for_selector(
        "[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg", timeout=60_000
    )
    return until_still(room.page, quiet=1500)["draw"]


def new_ranges(n: int) -> Iterator[tuple[int, str]]:
    """Which end of the slider moves, and where to: every step gives a range that was not seen before.

    Figures of a range seen before are still at hand in our page, and would count as faster than they are.
    """
    for i in range(n):
        turn, step = divmod(i, 5)
        yield (1, "ArrowLeft") if step == 4 else (0, "ArrowLeft" if turn % 2 else "ArrowRight")


def move(room: Room, selector: str, key: str, end: int = 0) -> None:
    """Press a key on one end of the slider and note what followed."""
    page = room.page
    page.locator(selector).nth(end).focus()
    page.wait_for_timeout(350)
    server, browser, built = (
        room.server_ms(),
        room.browser_ms(),
        page.evaluate("() => { const s = window.__seen; s.messages = 0; return s.built }"),
    )
    page.keyboard.press(key)
    seen = until_still(page)
    room.tweaks.append(
        Tweak(
            seen["draw"] - seen["key"],
            seen["figures"] - seen["key"],
            seen["text"] - seen["key"],
            room.server_ms() - server,
            room.browser_ms() - browser,
            seen["built"] - built,
            seen["messages"],
            (seen.get("first") or seen["key"]) - seen["key"],
        )
    )


def report(rooms: list[Room]) -> None:
    print(
        f"{'page':8}{'wall':>8}{'p95':>8}{'strip':>8}{'text':>8}{'server cpu':>12}{'browser cpu':>13}{'rebuilt':>9}{'messages':>10}{'1st answer':>12}"
    )
    for room in rooms:
        rows = room.tweaks[2:]  # the first ones warm both up
        walls = sorted(t.wall for t in rows)
        middle = lambda name: statistics.median(getattr(t, name) for t in rows)  # noqa: B023, E731
        print(
            f"{room.name:8}{middle('wall'):8.0f}{walls[int(len(walls) * 0.95)]:8.0f}{middle('strip'):8.0f}{middle('text'):8.0f}"
            f"{statistics.mean(t.server for t in rows):12.0f}{middle('browser'):13.0f}{middle('built'):9.0f}{middle('messages'):10.0f}{middle('first'):12.0f}"
        )
    if len(rooms) == 2:
        ratios = [a.wall / b.wall for a, b in zip(rooms[0].tweaks[2:], rooms[1].tweaks[2:], strict=True)]
        print(f"ours / usual, wall, pair by pair: {statistics.median(ratios):.2f}")


def run(customers: int, n_tweaks: int, *, ours_only: bool, executable: str) -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        plain = make_workspace(Path(folder), customers)
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu", "--no-first-run"]
        )
        print(f"{customers:,} customers · load {os.getloadavg()[0]:.1f}")
        with (
            served("app.py", {"ICP_WORKBENCH_HOME": folder}) as ours,
            served(
                "benchmarks/usual_page.py", {"USUAL_PAGE_FILE": str(plain), "PYTHONPATH": str(ROOT)}
            ) as usual,
        ):
            rooms = [Room("ours", *ours)] + ([] if ours_only else [Room("usual", *usual)])
            for room in rooms:
                opened = open_room(
                    browser, room, f"/segments?segment={SEGMENT}" if room.name == "ours" else "/"
                )
                print(f"{room.name}: opened in {opened:.0f} ms")
            sliders = {
                "ours": "[class*=filter_employees] [data-testid=stSlider] input[type=range], [class*=filter_employees] input[type=range]",
                "usual": "[data-testid=stSlider] input[type=range]",
            }
            for end, key in new_ranges(n_tweaks):
                for room in rooms:
                    move(room, sliders[room.name], key, end)
            print(f"load {os.getloadavg()[0]:.1f} at the end")
            report(rooms)
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("customers", nargs="?", type=int, default=100_000)
    parser.add_argument("--tweaks", type=int, default=24)
    parser.add_argument("--ours", action="store_true", help="leave the usual page out")
    parser.add_argument(
        "--browser", default=shutil.which("chromium") or shutil.which("google-chrome") or "chrome"
    )
    given = parser.parse_args()
    run(given.customers, given.tweaks, ours_only=given.ours, executable=given.browser)
