"""The map of one place: what is drawn larger, when there is room for it and when there is none."""

import io

import geopandas as gpd
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from shapely import LineString, Point, box

from geo.errors import GeoError
from geo.report import place_map
from geo.report.place_map import PAPER, WALL
from geo.sources import LAYERS

EAST, NORTH = 376_000, 6_399_000
TALL, FILLS = (1_000, 4_000), (6_800, 4_000)  # m: room beside it, and none
HEAP, FAR = ((500, 500), (560, 520)), ((500, 500), (500, 3_500))


def place(size):
    square = box(EAST, NORTH, EAST + size[0], NORTH + size[1])
    return gpd.GeoDataFrame({"name": ["Rutan"]}, geometry=[square], index=["A"], crs=3006)


def picture(size, points, kind="brist", sheet=PAPER):
    land = place(size)
    marks = gpd.GeoDataFrame(
        {"kind": kind, "status": "noted"},
        geometry=[Point(EAST + x, NORTH + y) for x, y in points],
        index=range(len(points)),
        crs=3006,
    )
    outlines = pd.concat([land.assign(layer=layer) for layer in LAYERS])
    way = gpd.GeoDataFrame(geometry=[LineString(land.geometry.iloc[0].exterior.coords)], crs=3006)
    made = place_map.png(land, ["A"], outlines, way, marks, sheet)
    return matplotlib.image.imread(io.BytesIO(made))[..., :3]


def amount(seen, colour):
    """Return how many points of a picture have a colour, nearly."""
    return int((np.abs(seen - np.array(to_rgb(colour))).max(axis=2) < 0.02).sum())


def marks(size, points, kind="brist"):
    """Return how much of a map, without its legend, is open marks."""
    seen = picture(size, points, kind)[: int(PAPER.part[3] * 645)]
    return amount(seen, place_map.OPEN_MARK["color"])


def test_findings_that_heap_are_shown_larger_where_there_is_room():
    one = marks(TALL, FAR[:1])
    assert marks(TALL, FAR) == pytest.approx(2 * one, rel=0.2)
    assert marks(TALL, HEAP) > marks(TALL, FAR)  # on the map they cover each other, not beside it
    assert marks(FILLS, HEAP) < marks(FILLS, FAR)


def test_an_inset_covers_nothing_of_the_place():
    alone, beside = (amount(picture(TALL, points), place_map.OWN) for points in (FAR, HEAP))
    assert beside > alone  # what the inset shows of it comes to it


@pytest.fixture
def texts(monkeypatch):
    """What the next map says, in its axes and those of its insets, and where on it (0–1)."""
    said = {}
    plain = place_map.FigureCanvasAgg.draw

    def kept(canvas):
        plain(canvas)
        figure = canvas.figure
        whole = figure.transFigure.inverted()
        for text in figure.findobj(Text):
            if text.get_text().strip() and "[metre]" not in text.get_text():  # of hidden axes
                said[text.get_text()] = text.get_window_extent().transformed(whole)

    monkeypatch.setattr(place_map.FigureCanvasAgg, "draw", kept)
    return said


@pytest.mark.parametrize("sheet", [PAPER, WALL])
@pytest.mark.parametrize("size", [TALL, FILLS])
def test_nothing_that_a_map_says_is_cut_or_covers_its_scale(texts, sheet, size):
    picture(size, (*HEAP, (500, 3_500)), sheet=sheet)
    assert {"Rutan", "Fynd, öppet", "Vandrad väg", "Ortsråd"} <= set(texts)
    assert "Nätverk barn och unga 10–16 år" in {said.replace("\n", " ") for said in texts}
    for said, extent in texts.items():
        assert Bbox.unit().count_contains(extent.corners()) == 4, said
    scale = next(extent for said, extent in texts.items() if said.endswith("↑ N"))
    assert not [said for said, extent in texts.items() if extent.overlaps(scale)][1:]


def test_on_a_wall_a_name_without_room_is_a_number_that_the_legend_explains(texts):
    names = [f"Långt namn {n} på ett litet område" for n in range(5)]
    squares = [box(EAST + 100 * n, NORTH, EAST + 100 * (n + 1), NORTH + 100) for n in range(5)]
    land = gpd.GeoDataFrame({"name": names}, geometry=squares, index=list("ABCDE"), crs=3006)
    none = land.iloc[:0].assign(layer="", kind="", status="")
    place_map.png(land, list("ABCDE"), none, none, none, WALL)
    legend = [text for text, extent in texts.items() if extent.x0 > WALL.part[2]]
    assert [text.startswith("Långt namn") for text in legend].count(True) == WALL.numbers
    assert {"1", "2"} <= set(texts)
    assert all(Bbox.unit().count_contains(extent.corners()) == 4 for extent in texts.values())
    texts.clear()
    place_map.png(land, list("ABCDE"), none, none, none, PAPER)
    assert "1" not in texts


def test_on_a_wall_the_texts_of_a_map_are_twice_as_large_as_on_paper(texts):
    heights = []
    for sheet in (PAPER, WALL):
        picture(TALL, (), sheet=sheet)
        heights.append((texts["Rutan"].height, texts["Ortsråd"].height))
    paper, wall = heights
    assert min(wall[0] / paper[0], wall[1] / paper[1]) > 1.7  # of the height of the picture


def test_one_inset_has_no_letter_and_several_have(texts):
    picture(TALL, HEAP)
    assert "Förstorat" in texts
    assert "Rutan" in texts
    texts.clear()
    picture(TALL, (*HEAP, (500, 3_500), (560, 3_520)))
    assert {"Förstorat A", "Förstorat B", "A", "B", "Rutan"} <= set(texts)


@pytest.mark.parametrize("points", [(), FAR[:1], FAR[:1] * 3])
@pytest.mark.parametrize("size", [TALL, FILLS, (50, 30)])
def test_none_one_and_the_same_place_thrice_are_drawn(size, points):
    assert picture(size, points).shape[2] == 3


def test_what_is_good_is_not_marked():
    assert marks(TALL, HEAP, kind="bra") == 0


def test_degrees_are_refused():
    land = place(TALL).to_crs(4326)
    with pytest.raises(GeoError, match="EPSG:3006 väntades"):
        place_map.png(land, ["A"], land, land, land)
