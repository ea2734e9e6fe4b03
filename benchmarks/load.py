"""Many users at once: raw websocket clients that speak Streamlit's protobuf to a real server."""

from __future__ import annotations

import asyncio
import os
import random
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import Row, median, page, quantile
from geo.sources import LAYERS
from pages.parts import controls, words

USERS = (1, 10, 50, 100)
PEER_USERS = 50
SECONDS, PEER_SECONDS = 30.0, 20.0
THINK = 5.0  # seconds between a user's changes, on average
AT_ONCE = 5  # sessions opened at the same time
PATIENCE = 120.0
COLOURS = tuple(controls.COLOURS.values())
LAYER_TEXTS = tuple(words.LAYER_TAB[layer] for layer in LAYERS)


@dataclass
class User:
    """One session, as a browser keeps it: what is chosen, which page, which messages are held."""

    address: str
    page_name: str
    dice: random.Random
    colour: str = COLOURS[0]
    layers: set[str] = field(default_factory=lambda: set(LAYER_TEXTS))
    ids: dict[str, str] = field(default_factory=dict)
    page_hash: str = ""
    held: list[str] = field(default_factory=list)
    n_bytes: int = 0
    n_maps: int = 0

    async def open(self) -> float:
        """Connect and let the page run for the first time; return the seconds."""
        self.socket = await websockets.connect(
            self.address, max_size=None, subprotocols=["streamlit"], ping_interval=None
        )
        seconds = await self.run(self.question())
        while not self.ids:  # a server's first session is sent on from a run that shows nothing
            seconds += await self.finish()
        return seconds

    async def change(self) -> float:
        """Change the colour or a layer by chance; return the seconds until the run is finished."""
        if self.dice.random() < 0.5:
            self.colour = COLOURS[self.colour == COLOURS[0]]
        else:
            changed = self.layers ^ {self.dice.choice(LAYER_TEXTS)}
            self.layers = changed or set(LAYER_TEXTS)
        return await self.run(self.question())

    def question(self) -> BackMsg:
        """Return what a browser sends when a widget was changed."""
        message = BackMsg()
        ask = message.rerun_script
        ask.page_script_hash = self.page_hash
        ask.page_name = "" if self.page_hash else self.page_name
        ask.cached_message_hashes.extend(self.held)
        chosen = {"Lager": [text for text in LAYER_TEXTS if text in self.layers]}
        chosen["Färgen visar"] = [self.colour]
        for label, element_id in self.ids.items():
            widget = ask.widget_states.widgets.add(id=element_id)
            widget.string_array_value.data.extend(chosen[label])
        if self.ids and self.page_name:
            ask.query_string = urlencode({"farg": self.colour, "lager": chosen["Lager"]}, True)
        return message

    async def run(self, message: BackMsg) -> float:
        """Send a question and read until the script has finished; return the seconds."""
        self.n_bytes = self.n_maps = 0
        self.held = []
        start = perf_counter()
        await self.socket.send(message.SerializeToString())
        await self.finish()
        return perf_counter() - start

    async def finish(self) -> float:
        """Read until a script has finished; return the seconds."""
        start = perf_counter()
        while True:
            answer = await asyncio.wait_for(self.socket.recv(), PATIENCE)
            self.n_bytes += len(answer)
            if self.note(ForwardMsg.FromString(answer)):
                return perf_counter() - start

    def note(self, answer: ForwardMsg) -> bool:
        """Keep what the next question needs; tell whether the script has finished."""
        kind = answer.WhichOneof("type")
        if kind == "navigation":  # new_session names the first page whatever was asked for
            self.page_hash = answer.navigation.page_script_hash
        if kind == "delta":
            element = answer.delta.new_element
            which = element.WhichOneof("type")
            if which == "exception":
                raise RuntimeError(f"the page failed: {element.exception.message}")
            if which == "button_group" and element.button_group.label in ("Lager", "Färgen visar"):
                self.ids[element.button_group.label] = element.button_group.id
            self.n_maps += which == "component_instance"
        if answer.metadata.cacheable:
            self.held.append(answer.hash)
        return kind == "script_finished"


@dataclass(frozen=True)
class Load:
    """What some users got, and what it took of the server."""

    n_users: int
    opening: list[float]
    taken: list[float]
    kilobytes: list[float]
    seconds: float
    server_cpu: float
    users_cpu: float
    session_mb: float


def measure(quick: bool = False) -> list[Row]:
    """Return every figure; each number of users meets a fresh server that has been used once."""
    seconds = SECONDS / 5 if quick else SECONDS
    rows = []
    for n_users in (1, 10) if quick else USERS:
        mine = loaded(page.ours(), n_users, seconds)
        theirs = None
        if n_users == (10 if quick else PEER_USERS):
            theirs = loaded(page.peer(), n_users, min(seconds, PEER_SECONDS))
        rows += rows_of(mine, theirs)
    return rows


def loaded(started: AbstractContextManager[page.Site], n_users: int, seconds: float) -> Load:
    """Start a server, warm it, and let the users loose on it."""
    with started as site:
        return asyncio.run(crowd(site, n_users, seconds))


async def crowd(site: page.Site, n_users: int, seconds: float) -> Load:
    """Open the sessions a few at a time, then let everyone change something now and then."""
    address = site.server.url.replace("http", "ws", 1) + "/_stcore/stream"
    name, pid = site.path.strip("/"), site.server.process.pid
    await warm(User(address, name, random.Random(0)))
    users = [User(address, name, random.Random(seed)) for seed in range(1, n_users + 1)]
    before, opening = memory_mb(pid), []
    for first in range(0, n_users, AT_ONCE):
        opening += await asyncio.gather(*(user.open() for user in users[first : first + AT_ONCE]))
    session_mb = (memory_mb(pid) - before) / n_users
    taken: list[float] = []
    sizes: list[float] = []
    start, cpu, own = perf_counter(), cpu_seconds(pid), process_time()
    await asyncio.gather(*(live(user, start + seconds, taken, sizes) for user in users))
    lasted = perf_counter() - start
    shares = [(cpu_seconds(pid) - cpu) / lasted * 100, (process_time() - own) / lasted * 100]
    await asyncio.gather(*(user.socket.close() for user in users))
    return Load(n_users, opening, taken, sizes, lasted, *shares, session_mb)


async def warm(user: User) -> None:
    """Ask for every combination of colour and layers once, as the first users of a day do."""
    await user.open()
    for colour in COLOURS:
        for number in range(1, 2 ** len(LAYER_TEXTS)):
            user.colour = colour
            user.layers = {text for bit, text in enumerate(LAYER_TEXTS) if number >> bit & 1}
            await user.run(user.question())
            if not user.n_maps:
                raise RuntimeError("a run without a map")
    await user.socket.close()


async def live(user: User, end: float, taken: list[float], sizes: list[float]) -> None:
    """Think, change something, wait for the answer, and so on until the end."""
    await asyncio.sleep(user.dice.random() * THINK)
    while perf_counter() < end:
        taken.append(await user.change())
        if not user.n_maps:
            raise RuntimeError("a change without a map")
        sizes.append(user.n_bytes / 1e3)
        await asyncio.sleep(user.dice.uniform(0.5, 1.5) * THINK)


def cpu_seconds(pid: int) -> float:
    """Return the processor time that a process has had; 0 where /proc does not tell."""
    path = Path(f"/proc/{pid}/stat")
    if not path.exists():
        return 0.0
    fields = path.read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process; 0 where /proc does not tell."""
    path = Path(f"/proc/{pid}/status")
    found = path.exists() and re.search(r"VmRSS:\s+(\d+)", path.read_text(encoding="utf-8"))
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def rows_of(mine: Load, theirs: Load | None) -> list[Row]:
    """Return the rows of one number of users."""

    def row(figure: str, function: object, unit: str, target: str = "") -> Row:
        figures = [None if load is None else function(load) for load in (mine, theirs)]  # type: ignore[operator]
        return Row(f"{n}: {figure}", figures[0], unit, figures[1], target)

    n = f"{mine.n_users} user{'s' * (mine.n_users > 1)}"
    target = "<= 150" if mine.n_users == max(USERS) else ""
    n_runs = f"p50 of {len(mine.taken)} changes"
    return [
        row(n_runs, lambda load: 1000 * median(load.taken), "ms"),
        row("p95", lambda load: 1000 * quantile(load.taken, 0.95), "ms", target),
        row("opening, p95, 5 at once", lambda load: 1000 * quantile(load.opening, 0.95), "ms"),
        row("runs per second", lambda load: len(load.taken) / load.seconds, "/s"),
        row("server's CPU (100 = one core)", lambda load: load.server_cpu, "%"),
        row("the users' CPU", lambda load: load.users_cpu, "%"),
        row("websocket per change", lambda load: median(load.kilobytes), "kB"),
        row("server's memory per session", lambda load: load.session_mb, "MB"),
    ]
