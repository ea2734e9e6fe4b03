import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, box

from geo.squares import is_grid, land_in

CORNER, SIDE = (-4, -4), 4
N = 6  # the grid goes from -4 to 20, past the polygons on every side


def grid(order=None):
    """Squares of a grid, in any order, some or all."""
    places = [(column, row) for column in range(N) for row in range(N)]
    chosen = places if order is None else [places[n] for n in order]
    x = np.array([CORNER[0] + SIDE * column for column, _ in chosen], float)
    y = np.array([CORNER[1] + SIDE * row for _, row in chosen], float)
    return shapely.box(x, y, x + SIDE, y + SIDE)


def naive(polygons, squares):
    return np.array(
        [[polygon.intersection(square).area for square in squares] for polygon in polygons]
    )


def around(middle, angles, lengths, step):
    """A star: its corners fall on a lattice of this step, often on the grid's own lines."""
    corners = [
        (middle + length * np.cos(angle), middle + length * np.sin(angle))
        for angle, length in zip(sorted(angles), lengths, strict=False)
    ]
    return Polygon(np.round(np.array(corners) / step) * step)


turns = st.lists(st.floats(0, 6.28), min_size=4, max_size=14, unique=True)
reaches = st.lists(st.floats(1, 9), min_size=14, max_size=14)
stars = st.builds(around, st.just(8.0), turns, reaches, st.sampled_from([4.0, 2.0, 1.0, 0.3]))
valid = stars.filter(lambda star: star.is_valid and star.area > 0)


@given(st.lists(valid, min_size=1, max_size=3))
def test_land_is_what_intersections_give(polygons):
    found = land_in(np.array(polygons), grid())
    np.testing.assert_allclose(found, naive(polygons, grid()), atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), [polygon.area for polygon in polygons])


@given(st.permutations(range(N * N)), st.integers(1, N * N))
def test_squares_may_come_in_any_order_and_some_may_be_left_out(order, n):
    polygon = np.array([box(-1, -1, 9, 11).difference(box(2, 2, 5, 6))])
    whole = land_in(polygon, grid())
    chosen = grid(order[:n])
    np.testing.assert_allclose(land_in(polygon, chosen)[0], whole[0][list(order[:n])], atol=1e-9)


def test_a_polygon_with_a_hole_two_parts_and_turned_rings():
    ring = Polygon(box(0, 0, 8, 8).exterior.coords, [box(2, 2, 6, 6).exterior.coords])
    both = MultiPolygon([ring.reverse(), box(9, 9, 10, 11)])
    found = land_in(
        np.array([both, ring]), shapely.box([0, 4, 8], [0, 4, 8], [4, 8, 12], [4, 8, 12])
    )
    assert found.tolist() == [[12, 12, 2], [12, 12, 0]]


def test_blocks_of_polygons_give_the_same(monkeypatch):
    polygons = np.array([box(n, 0, n + 3, 5) for n in range(7)])
    whole = land_in(polygons, grid())
    monkeypatch.setattr("geo.squares.BLOCK", 100)
    assert np.array_equal(land_in(polygons, grid()), whole)
    assert land_in(polygons[:0], grid()).shape == (0, N * N)


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        (grid(), True),
        (grid([3, 17]), True),
        (shapely.box([0, 5], 0, [5, 7], 9), True),
        ([box(0, 0, 4, 4), box(0, 0, 4, 4)], True),
        ([box(0, 0, 4, 4), box(0, 0, 8, 4)], False),
        ([box(0, 0, 4, 4), box(1, 0, 5, 4)], False),
        ([Polygon([(2, 0), (4, 2), (2, 4), (0, 2)])], False),
        ([box(0, 0, 4, 4).difference(box(1, 1, 2, 2))], False),
        ([box(n, n, n + 1, n + 1) for n in range(40)], False),
        ([], False),
    ],
)
def test_what_is_a_grid(shapes, expected):
    assert is_grid(np.array(shapes, dtype=object)) is expected
