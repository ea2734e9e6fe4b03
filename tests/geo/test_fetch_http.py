"""The polite client against a real server: limits, faults that pass, faults that do not."""

import pytest

from geo.errors import GeoError
from geo.fetch.http import Client, base_address
from tests.geo.statistics_server import FOREVER, Clock, StatisticsServer, Table

TABLE = Table("Prov", {"Tid": ["2025"]}, lambda codes: 1)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    with StatisticsServer(clock) as server:
        server.tables["TAB1"] = TABLE
        yield server


@pytest.fixture
def client(clock):
    with Client(now=clock.now, sleep=clock.sleep) as client:
        yield client


@pytest.fixture
def url(server):
    return f"{server.scb}/tables/TAB1/metadata"


def test_never_more_calls_in_the_window_than_are_allowed(server, client, clock, url):
    for _ in range(95):
        assert client.ask(url)["label"] == "Prov"
    assert server.refused == []
    assert clock.slept == [10.0, 10.0, 10.0]


def test_the_server_would_have_refused_a_faster_client(server, clock, url):
    with Client(calls=1000, tries=1, now=clock.now, sleep=clock.sleep) as hasty:
        for _ in range(30):
            hasty.ask(url)
        with pytest.raises(GeoError, match=r"efter 1 försök \(svarade 429\)"):
            hasty.ask(url)
    assert server.refused == [429]


def test_tries_count_as_calls(server, clock, url):
    server.fail("500", "/tables", times=3)
    with Client(calls=2, now=clock.now, sleep=clock.sleep) as client:
        server.max_calls = 2
        client.ask(url)
    assert server.refused == []
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", ["429", "500", "502", "503", "504"])
def test_retry_after_is_honoured(server, client, clock, url, status):
    server.fail(status, "/tables", given="7")
    assert client.ask(url)["label"] == "Prov"
    assert clock.slept == [7.0]
    assert len(server.asked) == 2


def test_without_retry_after_the_waits_grow(server, client, clock, url):
    server.fail("503", "/tables", times=4)
    client.ask(url)
    assert clock.slept == [2.0, 4.0, 8.0]


def test_too_many_calls_without_a_time_waits_a_whole_window(server, client, clock, url):
    server.fail("429", "/tables", given="snart")
    client.ask(url)
    assert clock.slept == [10.0]


def test_a_long_retry_after_is_told_and_not_waited_for(server, client, clock, url):
    server.fail("503", "/tables", given="3600")
    with pytest.raises(GeoError, match="ber oss vänta 3600 sekunder"):
        client.ask(url)
    assert clock.slept == []


@pytest.mark.parametrize("kind", ["drop", "cut", "500", "503"])
def test_what_passes_is_tried_again(server, client, url, kind):
    server.fail(kind, "/tables", times=2)
    assert client.ask(url)["label"] == "Prov"
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("drop", "förbindelsen bröts eller tog för lång tid"),
        ("cut", "svaret var avklippt eller inte JSON"),
        ("502", "svarade 502"),
    ],
)
def test_what_does_not_pass_is_told_after_six_tries(server, client, url, kind, reason):
    server.fail(kind, "/tables", times=FOREVER)
    with pytest.raises(GeoError, match=rf"efter 6 försök \({reason}\). Försök igen senare"):
        client.ask(url)
    assert len(server.asked) == 6


def test_a_slow_answer_is_broken_off_and_tried_again(server, clock, url):
    server.fail("slow", "/tables")
    with Client(now=clock.now, sleep=clock.sleep) as client:
        assert client.ask(url)["label"] == "Prov"
    assert len(server.asked) == 2


def test_a_server_that_says_nothing_is_left(server, clock, url):
    server.fail("silent", "/tables", times=FOREVER)
    patience = {"timeout_s": (1.0, 0.05), "tries": 2, "now": clock.now, "sleep": clock.sleep}
    with (
        Client(**patience) as client,
        pytest.raises(GeoError, match=r"efter 2 försök \(förbindelsen bröts eller tog för lång"),
    ):
        client.ask(url)
    assert len(server.asked) == 2


def test_nobody_listens(client):
    with pytest.raises(GeoError, match="förbindelsen bröts"):
        client.ask("http://127.0.0.1:9/api")


def test_redirects_are_not_followed(server, client, url):
    server.fail("elsewhere", "/tables", given="https://annan.exempel.se/api")
    with pytest.raises(GeoError, match=r"hänvisar till https://annan\.exempel\.se/api"):
        client.ask(url)
    assert len(server.asked) == 1


def test_not_even_on_the_same_host(server, client, url):
    server.fail("elsewhere", "/tables", given=f"{server.scb}/tables/TAB2/metadata")
    with pytest.raises(GeoError, match="hänvisningar följs inte"):
        client.ask(url)
    assert len(server.asked) == 1


def test_a_web_page_is_not_data_and_is_not_asked_for_again(server, client, url):
    server.fail("html", "/tables", times=FOREVER)
    with pytest.raises(GeoError, match="webbsida i stället för data"):
        client.ask(url)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("[1, 2]", "ett JSON-objekt väntades, fick list"),
        ('{"value": NaN}', "svaret var avklippt eller inte JSON"),
        ("[" * 100_000, "svaret var avklippt eller inte JSON"),
        ("", "svaret var avklippt eller inte JSON"),
    ],
)
def test_other_bodies_are_refused(server, client, url, body, sentence):
    server.fail("body", "/tables", times=FOREVER, given=body)
    with pytest.raises(GeoError, match=sentence):
        client.ask(url)


def test_an_answer_above_the_limit_is_broken_off(server, clock, url):
    with (
        Client(max_bytes=100, now=clock.now, sleep=clock.sleep) as client,
        pytest.raises(GeoError, match="svarade med mer än"),
    ):
        client.ask(url)


def test_what_the_service_says_of_a_wrong_question_is_told(server, client):
    with pytest.raises(GeoError, match=r"404 på /api/v2/tables/TAB9/metadata.*TAB9 can not be"):
        client.ask(f"{server.scb}/tables/TAB9/metadata")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "address",
    ["", "scb.se", "ftp://scb.se", "https://", "https://scb.se?a=b", "https://a:b@scb.se"],
)
def test_other_addresses_are_refused(address):
    with pytest.raises(GeoError, match=r"kan inte användas\. Skriv den som https"):
        base_address(address)
