"""A polite client: few calls in a window, patient with faults, strict about what comes back."""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, Self
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import InvalidHeader, MaxRetryError
from urllib3.util import Retry

from geo.errors import GeoError

PASSING_STATUSES = (429, 500, 502, 503, 504)
LONGEST_WAIT_S = 120.0
HEADERS = {"Accept": "application/json", "User-Agent": "lagesbild-boras"}
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class _PassingError(Exception):
    """A fault that may be gone at the next try; wait_s is what the service asked for."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


@dataclass
class Client:
    """Asks for JSON over HTTP: at most `calls` in `window_s` seconds, every try counted.

    Passing faults (429, 500, 502, 503, 504, broken connection, cut-off answer) are tried again,
    `tries` times in all, after the time the service names (Retry-After) or 0, 2, 4 … seconds.
    timeout_s: to connect, between two bytes; longest_s: for a whole answer; max_bytes: its size.
    Redirects are not followed. now and sleep are the clock, so that a test need not wait.
    """

    calls: int = 30
    window_s: float = 10.0
    tries: int = 6
    max_bytes: int = 100_000_000
    timeout_s: tuple[float, float] = (10.0, 60.0)
    longest_s: float = 300.0
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _sent: deque[float] = field(default_factory=deque, init=False, repr=False)
    _session: requests.Session = field(default_factory=requests.Session, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; the client can be used again."""
        self._session.close()

    def ask(self, url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the JSON object at an address; with a body the question is POSTed.

        Raises GeoError, in words for the user, for anything but a whole JSON object.
        """
        left = Retry(total=self.tries - 1, backoff_factor=1, backoff_max=60)
        while True:
            self._wait_for_turn()
            try:
                return self._once(url, body)
            except _PassingError as fault:
                left = self._wait_after(fault, left, url)

    def _wait_for_turn(self) -> None:
        while self._sent and self._sent[0] <= self.now() - self.window_s:
            self._sent.popleft()
        if len(self._sent) >= self.calls:
            self.sleep(self._sent[0] + self.window_s - self.now())
            self._sent.popleft()
        self._sent.append(self.now())

    def _wait_after(self, fault: _PassingError, left: Retry, url: str) -> Retry:
        host = urlsplit(url).netloc
        try:
            left = left.increment("GET", url, error=fault)
        except MaxRetryError:
            raise GeoError(
                f"{host} kunde inte svara efter {self.tries} försök ({fault}). "
                "Försök igen senare; det som redan har hämtats finns kvar."
            ) from fault
        wait_s = left.get_backoff_time() if fault.wait_s is None else fault.wait_s
        if wait_s > LONGEST_WAIT_S:
            raise GeoError(
                f"{host} ber oss vänta {wait_s:.0f} sekunder ({fault}). Försök igen efter det; "
                "det som redan har hämtats finns kvar."
            ) from fault
        if wait_s > 0:
            self.sleep(wait_s)
        return left

    def _once(self, url: str, body: dict[str, Any] | None) -> dict[str, Any]:
        host, started = urlsplit(url).netloc, self.now()
        try:
            with self._session.request(
                "GET" if body is None else "POST",
                url,
                json=body,
                headers=HEADERS,
                timeout=self.timeout_s,
                allow_redirects=False,
                stream=True,
            ) as response:
                data = self._read(response, host, started)
        except requests.exceptions.SSLError as fault:
            raise GeoError(
                f"{host}: certifikatet godtas inte. Kontrollera datorns klocka och nätets proxy."
            ) from fault
        except BROKEN as fault:
            raise _PassingError("förbindelsen bröts eller tog för lång tid") from fault
        except requests.RequestException as fault:
            raise GeoError(f"{url} kan inte frågas ({fault}). Kontrollera adressen.") from fault
        if response.status_code != 200:
            _refuse(response, data, host, self.window_s)
        return _as_object(data, host)

    def _read(self, response: requests.Response, host: str, started: float) -> bytes:
        data = bytearray()
        for piece in response.iter_content(65_536):
            data += piece
            if self.now() - started > self.longest_s:
                raise _PassingError("svaret kom för långsamt")
            if len(data) > self.max_bytes:
                raise GeoError(
                    f"{host} svarade med mer än {self.max_bytes // 1_000_000} MB. "
                    "Fråga om färre områden eller perioder."
                )
        return bytes(data)


def _refuse(response: requests.Response, data: bytes, host: str, window_s: float) -> NoReturn:
    """Raise what a status other than 200 means: a passing fault, or one to tell."""
    status = response.status_code
    if status in PASSING_STATUSES:
        too_fast = window_s if status == 429 else None
        raise _PassingError(f"svarade {status}", _retry_after(response, too_fast))
    if 300 <= status < 400:
        target = response.headers.get("Location", "okänd adress")
        raise GeoError(
            f"{host} hänvisar till {target[:200]}, och hänvisningar följs inte. "
            "Ange den nya adressen om den stämmer."
        )
    said = " ".join(data[:2000].decode("utf-8", "replace").split())[:200]
    said = "en webbsida" if said.startswith("<") else said or "ingen förklaring"
    raise GeoError(
        f"{host} svarade {status} på {urlsplit(response.url).path}: {said}. "
        "Kontrollera adressen och numret på tabellen eller nyckeltalet."
    )


def _retry_after(response: requests.Response, otherwise: float | None) -> float | None:
    said = response.headers.get("Retry-After")
    try:
        return otherwise if said is None else Retry().parse_retry_after(said)
    except InvalidHeader:
        return otherwise


def _as_object(data: bytes, host: str) -> dict[str, Any]:
    if data.lstrip()[:1] == b"<":
        raise GeoError(
            f"{host} svarade med en webbsida i stället för data. Kontrollera adressen, och att "
            "nätets inloggning eller proxy inte ligger emellan."
        )
    try:
        found = json.loads(data, parse_constant=_no_number)
    except (ValueError, RecursionError) as fault:
        raise _PassingError("svaret var avklippt eller inte JSON") from fault
    if not isinstance(found, dict):
        raise GeoError(
            f"{host}: ett JSON-objekt väntades, fick {type(found).__name__}. Kontrollera adressen."
        )
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} är inget tal i JSON")


def base_address(address: str) -> str:
    """Return a service's base address without a slash at the end.

    Raises GeoError for anything but a plain http or https address.

    >>> base_address("https://exempel.se/api/v2/")
    'https://exempel.se/api/v2'
    >>> base_address("exempel.se")
    Traceback (most recent call last):
    geo.errors.GeoError: Adressen 'exempel.se' kan inte användas. Skriv den som https://värd/väg.
    """
    parts = urlsplit(address)
    is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not is_plain:
        raise GeoError(f"Adressen {address!r} kan inte användas. Skriv den som https://värd/väg.")
    return address.rstrip("/")
