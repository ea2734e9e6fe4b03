"""What may be ranked: shown values alone, context never, need the right way round."""

import numpy as np
import pandas as pd
import pytest

from geo import needs
from geo.errors import GeoError
from geo.welfare import View

IDS = ["bu-a", "bu-b"]
KINDS = pd.DataFrame(
    {
        "direction": ["high", "low", "none", "high", "high", "high"],
        "use": ["ranked", "ranked", "ranked", "context", "ranked", "ranked"],
        "level": ["base_area", "base_area", "base_area", "base_area", "municipality", "base_area"],
        "measure": ["share", "rate", "class", "share", "share", "share"],
    },
    index=["trygga", "skolk", "typ", "bakgrund", "grov", "tom"],
)


def view(name, value, status="ok", is_demo=False):
    table = pd.DataFrame(
        {
            "value": [value, 0.5],
            "low": [value, 0.4],
            "high": [value, 0.6],
            "status": [status, "ok"],
        },
        index=IDS,
    )
    return View(name, "2024", ("alla",), (), ("SCB",), is_demo, {"alla": table}, {})


def found(**status):
    views = {name: view(name, 0.7, **status) for name in ("trygga", "skolk", "typ", "bakgrund")}
    return needs.needs(KINDS, views | {"grov": view("grov", 0.7)}, IDS)


def test_a_low_value_of_what_is_well_is_a_need_and_the_other_way_round():
    assert found().direction == {"trygga": "low", "skolk": "high"}


def test_what_is_not_ranked_is_said_with_why():
    left = found().left_out.set_index("indicator_id")["why"]
    assert left.to_dict() == {
        "typ": "no_direction",
        "bakgrund": "context",
        "grov": "coarse",
        "tom": "no_values",
    }


@pytest.mark.parametrize("status", ["suppressed", "suppressed_secondary", "missing"])
def test_a_hidden_value_never_enters_nor_its_interval(status):
    made = found(status=status)
    for table in (made.values, made.low, made.high):
        assert np.isnan(table.at["bu-a", "trygga"])
        assert not np.isnan(table.at["bu-b", "trygga"])
    assert made.status["trygga"].tolist() == [status, "ok"]


def test_an_area_that_a_source_does_not_have_is_missing():
    made = needs.needs(KINDS, {"trygga": view("trygga", 0.7)}, [*IDS, "bu-c"])
    assert made.status["trygga"].tolist() == ["ok", "ok", "missing"]


def test_each_indicator_says_its_source_and_period():
    made = found()
    assert made.sources == {"trygga": ("SCB",), "skolk": ("SCB",)}
    assert made.periods == {"trygga": "2024", "skolk": "2024"}


def test_what_is_made_up_is_said():
    assert found().demo == ()
    assert set(found(is_demo=True).demo) == {"trygga", "skolk"}


def test_no_area_is_told():
    with pytest.raises(GeoError, match="minst ett område"):
        needs.needs(KINDS, {}, [])
