"""The demonstration set: seeded, marked, and blind to the place."""

from geo import demo, kinds, schema
from geo.errors import Issues
from geo.sources import DEMO_MARK


def test_the_same_seed_gives_the_same_numbers_and_every_row_is_marked(base_areas):
    one, two = (demo.population(base_areas.index) for _ in range(2))
    assert one.equals(two)
    assert set(one["source"]) == {DEMO_MARK}
    assert not one["value"].equals(demo.population(base_areas.index, seed=1)["value"])


def test_the_numbers_follow_the_order_alone_and_not_the_place(base_areas):
    backwards = demo.population(base_areas.index[::-1])
    assert backwards["value"].tolist() == demo.population(base_areas.index)["value"].tolist()


def test_it_is_statistics_as_any_other(base_areas):
    issues = Issues("statistics")
    text = demo.population(base_areas.index).astype(str)
    assert len(schema.check(text, kinds.STATISTICS, issues)) == len(base_areas)
    assert issues.frame().empty
