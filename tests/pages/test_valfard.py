"""The page Välfärd: every indicator, what is hidden, what is said, and what is exported."""

import io
import re

import numpy as np
import pandas as pd
import pytest

from geo import disclosure, export, read, sources, store, welfare
from pages.parts import charts, data, indicator, indicator_tables
from tests.pages.reader import map_script, run, tables, text

PAGE = "valfard.py"
DEMO = sources.DEMO_MARK


def named(indicator_id):
    return read.indicators()[0].at[indicator_id, "name"]


def keep(rows, file_name="prov.csv"):
    """Keep rows in the test's own store, as an import does."""
    with store.open() as opened:
        opened.save_statistics(
            rows, file_name=file_name, sha256=file_name, made_by="prov", what="prov"
        )


def long(values, **about):
    """Rows of trygghet 2023: base area -> (numerator, denominator)."""
    row = {"indicator_id": "trygghet", "area_vintage": "RegSO2025", "period": "2023"}
    row |= {"group": "alla", "status": "ok", "source": "Borås Stad, prov"} | about
    parts = [
        row
        | {"area_code": code, "numerator": float(n), "denominator": float(d), "value": 100 * n / d}
        for code, (n, d) in values.items()
    ]
    return pd.DataFrame(parts)


def everywhere(n=60, d=80, **odd):
    codes = read.base_areas()[0].index
    return {code: odd.get(code[-4:], (n, d)) for code in codes}


def test_the_page_answers_at_once_and_marks_what_is_made_up():
    app = run(PAGE)
    said = text(app)
    assert "**Borås 2024 (syntetiskt): " in said
    assert "går inte att skilja från Borås." in said
    assert app.warning[0].value.startswith(DEMO)
    assert all(DEMO in caption for caption in tables(app))
    assert "Gräns: antal under 5 personer visas inte" in said
    assert "**Definition:** " in said


def test_every_indicator_period_and_group_can_be_shown():
    app = run(PAGE)
    for name in read.indicators()[0].index:
        app.selectbox(key="indikator").set_value(name).run()
        assert not app.exception, name
        assert not app.error, name
        assert not re.search(r"\b(None|nan)\b", text(app)), name
        oldest = app.selectbox(key="period").options[-1]
        app.selectbox(key="period").set_value(oldest).run()
        assert not app.exception, (name, oldest)


@pytest.mark.parametrize("layer", ["barn_unga", "omrade", "ortsrad"])
def test_the_networks_of_a_layer_stand_beside_the_city(layer):
    app = run(PAGE, indikator="trygghet", slag=layer)
    caption = f"{named('trygghet')} 2024, {sources.LAYER_NAMES[layer]}. {DEMO}"
    rows = tables(app)[caption].set_index("Nätverk")
    assert rows.index[0] == "Borås"
    assert len(rows) == 1 + {"barn_unga": 9, "omrade": 7, "ortsrad": 4}[layer]
    assert rows["Mot Borås"].iloc[1:].isin(indicator.STANDING.values()).all()


def test_a_chosen_network_is_said_beside_the_city_with_its_interval():
    keep(long(everywhere(R025=(40, 80))))
    app = run(PAGE, indikator="trygghet", vald="Områdesnätverk Norrby")
    said = text(app)
    share, n = (40 + 3 * 60) / (4 * 80), 4 * 80
    assert f"**Områdesnätverk Norrby, 2023:** {round(share * 100)}\u00a0%" in said
    low, high = wilson(share, n)
    assert f"({round(low * 100)}–{round(high * 100)}\u00a0%)" in said
    assert "går inte att skilja från Borås" in said
    assert DEMO not in said


def wilson(share, n, z=1.959964):
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def test_real_figures_replace_the_made_up_for_that_indicator_alone():
    keep(long(everywhere()))
    app = run(PAGE, indikator="trygghet")
    assert not app.warning
    assert DEMO not in "".join(tables(app))
    app = run(PAGE, indikator="framtidstro")
    assert app.warning[0].value.startswith(DEMO)


def test_an_import_that_is_taken_back_gives_the_page_its_earlier_figures():
    keep(long(everywhere()))
    assert "75\u00a0%" in text(run(PAGE, indikator="trygghet"))
    with store.open() as opened:
        opened.take_back(1)
    assert "(syntetiskt)" in text(run(PAGE, indikator="trygghet"))


def test_a_small_number_is_hidden_everywhere_on_the_page():
    keep(long(everywhere(R023=(78, 80))))
    app = run(PAGE, indikator="trygghet", vald="Lugnet – basområde")
    assert "**Lugnet, 2023:** dolt" in text(app)
    shown = tables(app)[f"{named('trygghet')} 2023 per basområde"].set_index("Basområde")
    assert shown.at["Lugnet", "Värde"] == "dolt"
    hidden = shown[shown["Värde"] == "dolt"].index
    assert len(hidden) == 2
    assert '"Lugnet: dolt"' in map_script(app)
    assert (
        "2 basområden av 47 visas inte: 1 för att någon grupp är under 5 personer och 1 för"
        in text(app)
    )


def test_what_is_missing_is_said_and_never_a_number():
    values = everywhere()
    del values["1490R023"]
    keep(long(values))
    app = run(PAGE, indikator="trygghet", vald="Lugnet – basområde")
    assert "**Lugnet, 2023:** uppgift saknas." in text(app)
    assert "1 basområde utan uppgift" in text(app)


def test_a_share_without_numbers_is_never_summed():
    rows = long(everywhere()).assign(numerator=np.nan, denominator=np.nan)
    keep(rows)
    app = run(PAGE, indikator="trygghet", vald="Områdesnätverk Norrby")
    assert "räknas inte samman" in text(app)
    assert "Inga tal per nätverk" in text(app)
    assert not [caption for caption in tables(app) if sources.LAYER_NAMES["omrade"] in caption]


def test_a_class_has_a_colour_of_its_own_and_is_never_summed():
    app = run(PAGE, indikator="omradestyp")
    assert "räknas inte samman till nätverk" in text(app)
    keys = data.once(indicator_tables.keys, "omradestyp", "2024", "alla")
    assert [key.text for key in keys] == ["1", "2", "3", "4", "5"]


def test_a_municipal_indicator_has_no_map_and_says_why():
    app = run(PAGE, indikator="valdsbrott")
    assert "Finns bara för hela kommunen" in text(app)
    assert not app.get("component_instance")
    assert len(tables(app)[f"Alla perioder. {DEMO}"]) == 10


def test_a_place_of_several_base_areas_is_answered_for_each():
    said = text(run(PAGE, vald="Hulta – plats (även Hulda)"))
    assert "**Hulta centrum-Sörmarken, 2024 (syntetiskt):**" in said
    assert "**Hulta syd-Trandared norr-Brotorp, 2024 (syntetiskt):**" in said


def test_a_short_series_and_a_break_are_said():
    keep(long(everywhere()))
    old = long(everywhere(), period="2021", area_vintage="RegSO2020")
    keep(old, "gammal.csv")
    app = run(PAGE, indikator="trygghet")
    assert (
        "för kort serie"
        in tables(app)[f"Utveckling i ord, {sources.LAYER_NAMES['barn_unga']}"].to_csv()
    )
    assert "2023: ny områdesindelning" in text(app)


def test_groups_can_be_chosen_and_change_the_figures():
    app = run(PAGE, indikator="sysselsatta")
    everyone = tables(app)
    control = next(one for one in app.segmented_control if one.key == "grupp")
    control.set_value("kvinnor").run()
    assert "Borås 2024 (syntetiskt), kvinnor:" in text(app)
    assert not next(iter(tables(app).values())).equals(next(iter(everyone.values())))


def test_without_any_figures_the_page_says_what_to_do(other_data):
    (other_data / "demo" / "statistics.csv").unlink()
    app = run(PAGE)
    assert "Ingen statistik är inläst" in app.info[0].value
    assert not app.exception


def test_a_broken_store_is_told_and_the_page_still_runs(tmp_path, monkeypatch):
    (tmp_path / "trasig.sqlite").write_bytes(b"not a database" * 100)
    monkeypatch.setenv("LAGESBILD_STORE", str(tmp_path / "trasig.sqlite"))
    app = run(PAGE)
    assert any("skadad" in error.value for error in app.error)
    assert "**Borås 2024 (syntetiskt)" in text(app)


@pytest.mark.parametrize("indicator_id", ["delaktighet", "folkmangd", "sysselsatta"])
def test_an_export_of_what_is_shown_passes_the_audit(indicator_id):
    period = data.periods(indicator_id)[0]
    weights = welfare.shown_weights(data.register().weights)
    tables_read = {}
    for group in data.view(indicator_id, period).groups:
        book = data.once(indicator_tables.sheets, (indicator_id, period, group), "barn_unga", "")
        file = io.BytesIO(export.to_csv(book["Värden"]))
        back = pd.read_csv(file, sep=";", decimal=",", encoding="utf-8-sig").set_index("id")
        assert (back["källa"] == DEMO).all()
        tables_read[group] = as_shown(back, is_share=indicator_id != "folkmangd")
    found = disclosure.audit(tables_read, weights)
    assert not found["exactly_recoverable"].any()
    assert (found["high"] >= 5).all()


def as_shown(back, is_share):
    """Turn an exported table into what the audit takes."""
    word = {"visas": "ok", "uppgift saknas": "missing", "dolt i källan": "missing"}
    status = back["status"].map(word).fillna("suppressed")
    if not is_share:
        return pd.DataFrame({"value": back["värde"], "status": status})
    there = status.eq("missing").map({True: "missing", False: "suppressed"})
    return pd.DataFrame(
        {
            "numerator": back["värde"] * back["nämnare"],
            "denominator": back["nämnare"],
            "value": back["värde"],
            "status": status,
            "denominator_status": there.mask(back["nämnare"].notna(), "ok"),
        }
    )


def test_every_sheet_of_the_workbook_carries_the_mark():
    book = data.once(
        indicator_tables.sheets, ("trygghet", "2024", "alla"), "barn_unga", "on-norrby"
    )
    for name, sheet in book.items():
        source = sheet["källa" if name == "Värden" else "Källa"]
        assert (source == DEMO).all(), name


def test_the_charts_say_in_words_what_they_show():
    spec = data.once(charts.dots, "trygghet", "2024", "alla", "omrade")
    assert "Linjen är Borås" in spec["description"]
    names = {row["name"] for layer in spec["layer"] for row in layer["data"]["values"]}
    assert names == {"Borås", "Norrby", "Hulta", "Brämhult", "Hässleholmen", "Kristineberg"} | {
        "Sjöbo",
        "Trandared",
    }
    line = data.once(charts.over_time, "trygghet", "alla", "on-norrby")
    assert "Områdesnätverk Norrby och Borås" in line["description"]


def test_the_legend_is_the_classes_of_the_map():
    asked = ("trygghet", "2024", "alla")
    painting = data.once(indicator_tables.painting, *asked, "barn_unga")
    keys = data.once(indicator_tables.keys, *asked)
    used = {look.colours for look in painting.looks.values()}
    assert used == {key.colours for key in keys}
    for look in painting.looks.values():
        shown = look.label.rsplit(": ", 1)[1].split("\u00a0%")[0]
        if shown.isdigit():
            text_of = next(key.text for key in keys if key.colours == look.colours)
            ends = [int(end) for end in text_of.removesuffix("\u00a0%").split("–")]
            assert ends[0] <= int(shown) <= ends[-1]


def test_background_and_counts_are_never_compared():
    app = run(PAGE, indikator="utlandsk_bakgrund", vald="Områdesnätverk Norrby")
    said = text(app)
    assert "Nätverken jämförs inte" in said
    assert "säkert" not in said.split("Intervall:")[0].lower()
    caption = f"{named('utlandsk_bakgrund')} 2024, {sources.LAYER_NAMES['omrade']}. {DEMO}"
    rows = tables(app)[caption]
    assert "Mot Borås" not in rows.columns
    register_order = data.register().areas.query("layer == 'omrade'")["name"]
    assert list(rows["Nätverk"])[1:] == list(register_order)
    for indicator_id in ("utlandsk_bakgrund", "folkmangd"):
        asked = (indicator_id, "2024", "alla")
        assert set(data.once(indicator_tables.values, *asked)["mot_staden"]) == {""}


def test_the_networks_that_differ_are_named():
    keep(long(everywhere(R023=(20, 80), R031=(20, 80), R047=(20, 80), R001=(20, 80))))
    said = text(run(PAGE, indikator="trygghet"))
    assert "**Säkert lägre än Borås: Centrum.**" in said


def test_a_chosen_network_sets_the_layer_which_may_then_be_changed():
    app = run(PAGE, vald="Områdesnätverk Norrby")
    control = next(one for one in app.segmented_control if one.key == "slag")
    assert control.value == "omrade"
    control.set_value("ortsrad").run()
    assert sources.LAYER_NAMES["ortsrad"] in "".join(tables(app))
    app.selectbox(key="vald").select("Nätverk barn och unga Boda").run()
    assert next(one for one in app.segmented_control if one.key == "slag").value == "barn_unga"


def test_every_chart_carries_its_title_and_the_mark():
    for spec in (
        data.once(charts.dots, "folkmangd", "2024", "10-16", "omrade"),
        data.once(charts.over_time, "folkmangd", "10-16", ""),
    ):
        assert spec["title"]["text"][0].startswith("Folkmängd, 10–16 år")
        assert spec["title"]["subtitle"] == DEMO


def test_the_group_stands_in_the_answer_and_in_every_caption():
    app = run(PAGE, indikator="folkmangd", grupp="10-16", vald="Områdesnätverk Norrby")
    assert "**Områdesnätverk Norrby, 2024 (syntetiskt), 10–16 år:**" in text(app)
    assert any(caption.startswith("Folkmängd, 10–16 år 2024") for caption in tables(app))
