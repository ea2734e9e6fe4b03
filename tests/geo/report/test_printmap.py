"""The printed map: a picture of the right size with the right colours in it."""

import io

import matplotlib.image
import numpy as np
import pytest

from geo.errors import GeoError
from geo.report import printmap


def picture(base_areas, areas, detail):
    colours = dict.fromkeys(base_areas.index, ("#225ea8",))
    colours["s2"] = ("#ff0000", "#00ff00")
    keys = [(("#225ea8",), "1 nätverk"), (("#ff0000", "#00ff00"), "1–2 nätverk")]
    return printmap.Picture("Prov", base_areas, areas, colours, keys, ["Källa: prov"], detail)


def drawn(data):
    assert data.startswith(b"\x89PNG")
    image = matplotlib.image.imread(io.BytesIO(data))
    return np.unique((image[..., :3] * 255).round().astype(int).reshape(-1, 3), axis=0).tolist()


@pytest.mark.parametrize("shown", [slice(0, 3), slice(0, 0)])
def test_it_shows_the_areas_in_their_colours(toy_base_areas, toy_areas, shown):
    made = printmap.png(picture(toy_base_areas, toy_areas, toy_base_areas.iloc[shown]), dpi=60)
    colours = drawn(made)
    assert [34, 94, 168] in colours
    assert [255, 0, 0] in colours


def test_areas_in_degrees_are_refused(toy_base_areas, toy_areas):
    degrees = toy_base_areas.to_crs(4326)
    with pytest.raises(GeoError, match="EPSG:3006 väntades"):
        printmap.png(picture(degrees, toy_areas, degrees))
