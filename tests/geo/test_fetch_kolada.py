"""Fetching from Kolada against a local server that holds the documented form and limits."""

from datetime import date

import pandas as pd
import pytest

from geo import read
from geo.errors import GeoError, has_errors
from geo.fetch import frozen, kolada
from geo.fetch.http import Client
from tests.geo.statistics_server import FOREVER, Clock, StatisticsServer

TODAY = date(2026, 11, 22)


def figure(gender, value, status=""):
    return {"gender": gender, "value": value, "status": status, "count": 1}


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def server(clock):
    with StatisticsServer(clock) as server:
        server.titles = {"N15428": "Behöriga", "N07403": "Våldsbrott", "N00610": "Trygga ute"}
        for place, base in (("1490", 80.0), ("0000", 85.5), ("0180", 70.0)):
            server.figures[("N15428", place, 2024)] = [
                figure("T", base),
                figure("K", base + 2),
                figure("M", base - 2.25),
            ]
            server.figures[("N15428", place, 2025)] = [figure("T", None, "Missing")]
            server.figures[("N07403", place, 2024)] = [figure("T", 1040.0)]
            server.figures[("N00610", place, 2024)] = [figure("T", 61.0)]
        yield server


@pytest.fixture
def fetch(server, clock, tmp_path):
    def run(**options):
        with Client(now=clock.now, sleep=clock.sleep) as client:
            return kolada.fetch(
                tmp_path, address=server.kolada, today=TODAY, client=client, **options
            )

    return run


def rows_of(path):
    return pd.read_csv(path, dtype={"area_code": str, "period": str})


def test_the_municipality_and_the_country_are_fetched(fetch, tmp_path):
    path = fetch()
    assert path == tmp_path / "kolada_2026-11-22.csv"
    rows = rows_of(path)
    assert list(rows.columns) == list(frozen.COLUMNS)
    assert set(rows["area_code"]) == {"1490", "0000"}
    assert set(rows["area_vintage"]) == {"kommun"}
    assert set(rows["indicator_id"]) == {"behoriga_ak9", "valdsbrott", "trygg_utomhus"}
    assert set(rows["source"]) == {
        f"Kolada {kpi}, hämtad 2026-11-22" for kpi in ("N15428", "N07403", "N00610")
    }
    assert rows[["numerator", "denominator"]].isna().all(axis=None)
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name, f"{path.name}.json"]


def test_the_reader_of_statistics_takes_the_file(fetch):
    rows, issues = read.statistics(fetch())
    assert not has_errors(issues)
    assert len(rows) == 12


def test_gender_becomes_group(fetch):
    rows = rows_of(fetch())
    mine = rows[(rows["indicator_id"] == "behoriga_ak9") & (rows["area_code"] == "1490")]
    found = mine[mine["period"] == "2024"].set_index("group")["value"].to_dict()
    assert found == {"alla": 80.0, "kvinnor": 82.0, "män": 77.75}


@pytest.mark.parametrize(
    "lacking",
    [
        figure("T", None, "Missing"),
        {"gender": "T", "status": "Missing"},
        figure("T", 12.0) | {"isdeleted": True},
    ],
)
def test_what_is_lacking_is_missing_and_never_zero(fetch, server, lacking):
    server.figures[("N15428", "1490", 2025)] = [lacking]
    rows = rows_of(fetch()).query("period == '2025' and area_code == '1490'")
    assert rows["status"].tolist() == ["missing"]
    assert rows["value"].isna().all()


def test_a_zero_of_kolada_stays_a_zero(fetch, server):
    server.figures[("N07403", "1490", 2024)] = [figure("T", 0.0)]
    rows = rows_of(fetch()).query("indicator_id == 'valdsbrott' and area_code == '1490'")
    assert rows[["value", "status"]].values.tolist() == [[0.0, "ok"]]


def test_pages_are_followed_to_the_end(fetch, server):
    whole = fetch().read_bytes()
    server.page_size = 1
    server.asked.clear()
    assert fetch().read_bytes() == whole
    assert server.n_asked("/data/kpi/N15428") == 4


def test_a_page_on_another_host_is_not_asked_for(fetch, server, tmp_path):
    server.fail("next page", on="/data/kpi", given="https://annan.exempel.se/v3/data?page=2")
    with pytest.raises(GeoError, match=r"nästa sida till annan\.exempel\.se, en annan värd"):
        fetch()
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_comes_back_to_itself_is_told(fetch, server):
    path = "/v3/data/kpi/N15428/municipality/1490,0000?per_page=5000"
    server.fail("next page", on="/data/kpi", times=FOREVER, given=path)
    with pytest.raises(GeoError, match="samma sida om och om igen"):
        fetch()
    assert server.n_asked("/data/kpi") == 1


def test_the_next_page_is_asked_for_in_the_way_of_the_first(fetch, server):
    whole = fetch().read_bytes()
    server.page_size = 2
    path = "/v3/data/kpi/N15428/municipality/1490,0000?page=2&per_page=5000"
    server.fail("next page", on="N15428/municipality", given=f"https{server.host[4:]}{path}")
    assert fetch().read_bytes() == whole


def test_many_municipalities_are_asked_for_in_batches(fetch, server):
    places = [f"{number:04}" for number in range(100, 160)]
    for place in places:
        server.figures[("N07403", place, 2024)] = [figure("T", 5.0)]
    rows = rows_of(fetch(municipalities=["1490", *places, "1490"], kpis=only(server, "N07403")))
    assert rows["area_code"].nunique() == 61
    assert server.n_asked("/data/kpi") == 3
    assert server.refused == []


def only(server, kpi, unit="per 100 000"):
    path = server.folder / "nyckeltal.csv"
    head = "kpi,indicator_id,name,unit,verified,note"
    path.write_text(f"{head}\n{kpi},valdsbrott,Prov,{unit},no,\n", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def folder(server, tmp_path_factory):
    server.folder = tmp_path_factory.mktemp("register")


def test_koladas_own_titles_are_in_the_account(fetch):
    told = frozen.account(fetch())
    assert told["kpis"]["N00610"]["title"] == "Trygga ute"
    assert told["n_cells"] == told["n_rows"] == 12
    assert told["n_cells_missing"] == 2
    assert len(told["asked"]) == 6


def test_progress_counts_pages_as_they_turn_up(fetch, server):
    server.page_size = 1
    told = []
    fetch(progress=lambda done, total: told.append((done, total)))
    assert [done for done, total in told] == list(range(1, 12))
    assert told[0] == (1, 6)
    assert told[-1] == (11, 11)


@pytest.mark.parametrize("kind", ["429", "500", "drop", "cut"])
def test_passing_faults_are_lived_through(fetch, server, kind):
    whole = fetch().read_bytes()
    server.fail(kind, on="/v3/", times=2)
    assert fetch().read_bytes() == whole


def test_a_fault_that_stays_leaves_no_file(fetch, server, tmp_path):
    server.fail("500", on="N00610/municipality", times=FOREVER)
    with pytest.raises(GeoError, match="efter 6 försök"):
        fetch()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"titles": {"N15428": "Behöriga"}}, "Kolada har inget nyckeltal N07403"),
        ({"values": [figure("X", 1.0)]}, "i en annan form än väntat"),
        ({"values": [figure("T", "80,1")]}, "i en annan form än väntat"),
        ({"values": [figure("T", True)]}, "i en annan form än väntat"),
        ({"values": [figure("T", 180.0)]}, "gav 180 för N15428; procent mellan"),
        ({"values": [figure("T", 1.0), figure("T", 2.0)]}, "gav två olika värden för N15428, 1490"),
        ({"period": "2024/25"}, "svarade på något annat än N15428"),
    ],
)
def test_answers_in_another_form_are_told(fetch, server, tmp_path, change, sentence):
    server.titles = change.get("titles", server.titles)
    if "titles" not in change:
        period = change.get("period", 2024)
        server.figures[("N15428", "1490", period)] = change.get("values", [figure("T", 1.0)])
    with pytest.raises(GeoError, match=sentence):
        fetch()
    assert list(tmp_path.iterdir()) == []


def test_an_answer_without_values_is_told(fetch, server):
    server.fail("body", on="/data/kpi", given='{"detail": "Not found"}')
    with pytest.raises(GeoError, match="Kolada svarade utan values"):
        fetch()


def test_a_municipality_or_key_figure_without_any_value_is_told(fetch, server, tmp_path):
    del server.figures[("N00610", "1490", 2024)], server.figures[("N00610", "0000", 2024)]
    with pytest.raises(GeoError, match=r"gav inga värden för N00610, 1940\. Kontrollera"):
        fetch(municipalities=["1490", "0000", "1940"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("codes", [[], ["Borås"], ["1490", "149"]])
def test_other_codes_are_refused_before_anything_is_asked(fetch, server, codes):
    with pytest.raises(GeoError, match=r"är inga kommunkoder\. Skriv dem som 1490"):
        fetch(municipalities=codes)
    assert server.asked == []
