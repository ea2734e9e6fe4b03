"""A local server that answers as SCB (PxWeb API v2) and Kolada (v3), limits and faults included.

It holds the limits (150 000 cells a call, 30 calls in 10 seconds by the clock that it is given,
5 000 a page, 25 in a batch), refuses codes that a table lacks, and fails on demand.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from socket import SO_LINGER, SOL_SOCKET
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlsplit

FOREVER = math.inf
OLD, NEW = "", "_RegSO2025"


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds


@dataclass
class Table:
    """A table of SCB: its dimensions, and cell(codes) -> number, None or (number, sign)."""

    label: str
    codes: dict[str, list[str]]
    cell: Callable[[dict[str, str]], object]
    updated: str = "2026-03-24T07:00:00Z"

    def dataset(self, codes, values, signs):
        dimension = {
            name: {
                "label": name,
                "category": {
                    "index": {code: place for place, code in enumerate(found)},
                    "label": {code: code for code in found},
                },
                "extension": {"elimination": False},
            }
            for name, found in codes.items()
        }
        return {
            "version": "2.0",
            "class": "dataset",
            "label": self.label,
            "source": "SCB",
            "updated": self.updated,
            "role": {"time": ["Tid"], "geo": ["Region"], "metric": ["ContentsCode"]},
            "id": list(codes),
            "size": [len(found) for found in codes.values()],
            "dimension": dimension,
            "value": values,
            **({"status": signs} if signs else {}),
        }

    def answer(self, codes):
        values, signs = [], {}
        for place, chosen in enumerate(product(*codes.values())):
            cell = self.cell(dict(zip(codes, chosen, strict=True)))
            value, sign = cell if isinstance(cell, tuple) else (cell, ".." if cell is None else "")
            values.append(value)
            if sign:
                signs[str(place)] = sign
        return self.dataset(codes, values, signs)


@dataclass
class Fault:
    """What goes wrong, for which addresses (a part of the path), how many times."""

    kind: str
    on: str
    times: float
    given: str = ""


class _Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Say nothing: a client that hangs up is one of the faults that are tried."""


class StatisticsServer:
    """with StatisticsServer(clock) as server: ask server.scb and server.kolada."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.tables: dict[str, Table] = {}
        self.titles: dict[str, str] = {}
        self.figures: dict[tuple[str, str, int], list[dict]] = {}
        self.max_cells, self.max_calls, self.window_s = 150_000, 30, 10
        self.page_size = 5_000
        self.faults: list[Fault] = []
        self.asked: list[str] = []
        self.refused: list[int] = []
        self._times: list[float] = []
        self._lock = Lock()
        self.is_over = Event()

    def __enter__(self):
        handler = type("Handler", (_Handler,), {"service": self})
        self._http = _Server(("127.0.0.1", 0), handler)
        self.host = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.scb, self.kolada = f"{self.host}/api/v2", f"{self.host}/v3"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def fail(self, kind: str, on: str = "/data", times: float = 1, given: str = "") -> None:
        self.faults.append(Fault(kind, on, times, given))

    def n_asked(self, part: str) -> int:
        return sum(part in path for path in self.asked)

    def take_fault(self, path: str) -> Fault:
        for fault in self.faults:
            if fault.on in path and fault.times > 0:
                fault.times -= 1
                return fault
        return Fault("", "", 0)

    def is_too_fast(self) -> bool:
        with self._lock:
            now = self.clock.now()
            self._times = [then for then in self._times if then > now - self.window_s]
            self._times.append(now)
            return len(self._times) > self.max_calls

    def reply(self, path: str, query: dict, body: dict | None, lost: bool):
        steps = path.strip("/").split("/")
        if steps[:3] == ["api", "v2", "tables"] and len(steps) == 5:
            table = self.tables.get(steps[3])
            if table is None:
                return 404, problem("Not Found", 404, f"Node with id {steps[3]} can not be found")
            if steps[4] == "metadata":
                return 200, table.dataset(table.codes, [], {})
            return self._cells(table, body, query, lost)
        if steps[:2] == ["v3", "kpi"] and len(steps) == 3:
            found = [kpi for kpi in self.titles if kpi == steps[2]]
            return 200, page([{"id": kpi, "title": self.titles[kpi]} for kpi in found])
        if steps[:3] == ["v3", "data", "kpi"] and len(steps) == 6:
            return self._figures(steps[3].split(","), steps[5].split(","), path, query)
        return 404, problem("Not Found", 404, path)

    def _cells(self, table, body, query, lost):
        if body is None or query.get("outputFormat") != ["json-stat2"]:
            return 400, problem("Bad Request", 400, "a selection and json-stat2 were expected")
        chosen = {part["variableCode"]: part["valueCodes"] for part in body["selection"]}
        for name, codes in table.codes.items():
            unknown = [code for code in chosen.get(name, ["(none)"]) if code not in codes]
            if unknown:
                text = f"Value, {unknown[0]} is not a valid value code for variable {name}"
                return 400, problem("Bad Request", 400, text)
        codes = {name: list(dict.fromkeys(chosen[name])) for name in table.codes}
        if math.prod(len(found) for found in codes.values()) > self.max_cells:
            text = "The query resulted in cell that exceeds the number of allowed."
            return 403, problem("Forbidden", 403, text)
        if lost:
            codes["Region"] = codes["Region"][:-1]
        return 200, table.answer(codes)

    def _figures(self, kpis, places, path, query):
        per_page = int(query.get("per_page", ["5000"])[0])
        if max(len(kpis), len(places)) > 25 or per_page > 5_000:
            return 400, problem("Bad Request", 400, "at most 25 ids and 5000 a page")
        found = [
            {"kpi": kpi, "municipality": place, "period": period, "values": values}
            for (kpi, place, period), values in self.figures.items()
            if kpi in kpis and place in places
        ]
        size, number = min(per_page, self.page_size), int(query.get("page", ["1"])[0])
        rows = found[(number - 1) * size : number * size]
        following = f"{self.host}{path}?page={number + 1}&per_page={per_page}"
        return 200, page(rows, following if number * size < len(found) else None)


def page(values, next_url=None):
    return {"count": len(values), "values": values, "next_url": next_url, "previous_url": None}


def problem(title, status, detail):
    return {"type": "about:blank", "title": title, "status": status, "detail": detail}


def bare(fault):
    """Return status, body, kind and headers of an answer that holds no data."""
    if fault.kind == "elsewhere":
        return 302, b"", "text/plain", {"Location": fault.given}
    if fault.kind == "html":
        return 200, b"<!doctype html><title>Logga in</title>", "text/html"
    if fault.kind == "body":
        return 200, fault.given.encode()
    headers = {"Retry-After": fault.given} if fault.given else {}
    return int(fault.kind), b"{}", "application/json", headers


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    service: StatisticsServer

    def log_message(self, *_):
        pass

    def do_GET(self):
        self._answer(None)

    def do_POST(self):
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _answer(self, body):
        service, parts = self.service, urlsplit(self.path)
        service.asked.append(self.path)
        fault = service.take_fault(self.path)
        if service.is_too_fast():
            status, reply = 429, problem("Too many requests", 429, "30 requests in 10 seconds")
        elif fault.kind in ("html", "body", "elsewhere") or fault.kind.isdigit():
            self._send(*bare(fault))
            return
        else:
            is_lost = fault.kind == "lost code"
            status, reply = service.reply(parts.path, parse_qs(parts.query), body, is_lost)
        if status >= 400:
            service.refused.append(status)
        if fault.kind == "short":
            reply["value"] = reply["value"][:-1]
        if fault.kind == "next page":
            reply["next_url"] = fault.given
        data = json.dumps(reply, ensure_ascii=False).encode()
        if fault.kind == "silent":
            service.is_over.wait()
        if fault.kind == "slow":
            service.clock.seconds += 1000
        if fault.kind == "cut":
            data = data[: len(data) // 2]
        self._send(status, data, is_dropped=fault.kind == "drop")

    def _send(self, status, data, kind="application/json", headers=None, is_dropped=False):
        self.send_response(status)
        for name, value in {"Content-Type": kind, **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if is_dropped else data)
        if is_dropped:
            self.wfile.flush()
            self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
