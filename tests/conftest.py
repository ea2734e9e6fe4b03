"""The toy town, built in code, and what ships: what every test stands on.

    north row   n1  n2  n3      n3 has no områdesnätverk (the gap)
    south row   s1  s2  s3      s2 is split between bu-a and bu-b, half each

bu-a: n1 s1 ½s2    bu-b: ½s2 n2 n3 s3    on-c: n1 n2 s1 (the overlap)    or-d: s3
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings
from shapely import Polygon, box

from geo import allocate, catchments, gather, read
from geo.facts import Facts
from tests.postgres import Postgres, programs, running

settings.register_profile(
    "house",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")

EAST, NORTH, SIDE = 370_000, 6_400_000, 1_000
PLACES = {"n1": (0, 1), "n2": (1, 1), "n3": (2, 1), "s1": (0, 0), "s2": (1, 0), "s3": (2, 0)}
MEMBERS = [
    ("bu-a", "n1", 1.0),
    ("bu-a", "s1", 1.0),
    ("bu-a", "s2", 0.5),
    ("bu-b", "s2", 0.5),
    ("bu-b", "n2", 1.0),
    ("bu-b", "n3", 1.0),
    ("bu-b", "s3", 1.0),
    ("on-c", "n1", 1.0),
    ("on-c", "n2", 1.0),
    ("on-c", "s1", 1.0),
    ("or-d", "s3", 1.0),
]


def square(column: int, row: int) -> Polygon:
    """Return one square of the town in EPSG:3006."""
    x, y = EAST + column * SIDE, NORTH + row * SIDE
    return box(x, y, x + SIDE, y + SIDE)


@pytest.fixture(scope="session")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """All that ships, with the made-up statistics and findings, and nothing kept; read only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAGESBILD_STORE", str(tmp_path_factory.mktemp("facts") / "tom.sqlite"))
        return gather.facts()


@pytest.fixture
def toy_base_areas() -> gpd.GeoDataFrame:
    """Six squares of 1 km², index base_area_id."""
    index = pd.Index(list(PLACES), name="base_area_id")
    squares = [square(*place) for place in PLACES.values()]
    return gpd.GeoDataFrame(
        {"name": [f"Ruta {name}" for name in PLACES]}, geometry=squares, index=index, crs=3006
    )


@pytest.fixture
def toy_memberships() -> pd.DataFrame:
    """Who belongs where: index = the line that it would have in a file."""
    frame = pd.DataFrame(MEMBERS, columns=["network_id", "base_area_id", "share"])
    frame["extent"] = ["whole" if share == 1 else "part" for share in frame["share"]]
    frame["confidence"] = ["low" if share < 1 else "high" for share in frame["share"]]
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame


@pytest.fixture
def toy_areas(toy_base_areas, toy_memberships) -> gpd.GeoDataFrame:
    """The four catchments of the toy town."""
    return catchments.build(toy_base_areas, toy_memberships)


@pytest.fixture
def toy_weights(toy_memberships) -> pd.DataFrame:
    """Shares 0–1: base areas in rows, networks in columns."""
    return allocate.weights(toy_memberships)


@pytest.fixture
def toy_people() -> pd.Series:
    """People by base area; nobody knows how many live in s3."""
    return pd.Series({"n1": 100.0, "n2": 40.0, "n3": 7.0, "s1": 10.0, "s2": 60.0})


def _clean(found):
    frame, issues = found
    assert issues.empty, issues.to_string()
    return frame


@pytest.fixture(scope="session")
def areas() -> gpd.GeoDataFrame:
    """The 20 shipped catchments."""
    return _clean(read.areas())


@pytest.fixture(scope="session")
def base_areas() -> gpd.GeoDataFrame:
    """The 47 shipped base areas."""
    return _clean(read.base_areas())


@pytest.fixture(scope="session")
def networks() -> pd.DataFrame:
    """The 20 shipped networks."""
    return _clean(read.networks())


@pytest.fixture(scope="session")
def memberships(networks, base_areas) -> pd.DataFrame:
    """The shipped memberships, held against the registers."""
    return _clean(read.memberships(networks=networks, base_areas=base_areas))


@pytest.fixture(scope="session")
def weights(memberships) -> pd.DataFrame:
    """The shipped shares."""
    return allocate.weights(memberships)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL with PostGIS; CI always has one, a machine without it says so."""
    if programs() is None:
        pytest.skip("PostgreSQL med PostGIS saknas. Kör: python -m tests.postgres")
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request, tmp_path) -> str:
    """The address of an empty store, on each kind of database in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'prov.sqlite'}"
    return request.getfixturevalue("postgres").fresh()


@pytest.fixture(autouse=True)
def _own_store(tmp_path, monkeypatch):
    """No test touches the store of the project: each has its own, which is not made yet."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "lagesbild.sqlite"))
