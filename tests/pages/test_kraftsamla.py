"""The page Kraftsamla: each view, presets, weights, what is hidden, what is empty."""

import io
import json
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest

from geo import export, priority
from geo.sources import DEMO_MARK
from pages.parts import (
    charts,
    data,
    priorities,
    priorities_controls,
    priorities_done,
    priorities_views,
    priorities_why,
)
from tests.pages.reader import run, tables, text

PAGE = "kraftsamla.py"
VIEWS = ("Rangordning", "Vad som driver", "Behov och det som görs")


def asked(among="barn_unga", weights=None, **about):
    names = [str(name) for name in data.once(priorities.found, among).values]
    equal = tuple((name, 1 / len(names)) for name in names)
    return priorities.Asked(among, weights or equal, **({"top": 3} | about))


def table_of(app, part):
    return next(table for caption, table in tables(app).items() if part in caption)


@pytest.mark.parametrize(
    ("view", "among"),
    [
        *((view, "barn_unga") for view in VIEWS),
        *((VIEWS[0], one) for one in ("omrade", "ortsrad", "base_areas")),
    ],
)
def test_every_view_runs_alone_and_is_marked(view, among):
    app = run(PAGE, kraft_vy=view, bland=among)
    assert "Kraftsamla" in text(app)
    assert DEMO_MARK in app.warning[0].value
    assert all(DEMO_MARK in caption for caption in tables(app))


@pytest.mark.parametrize("preset", list(priorities_controls.PRESETS))
def test_the_weights_always_sum_to_100_per_cent(preset):
    app = run(PAGE, viktval=preset)
    weights = table_of(app, "Vikterna")["Vikt"]
    total = sum(float(cell.removesuffix("\u00a0%").replace(",", ".")) for cell in weights)
    assert total == pytest.approx(100, abs=1e-9)
    assert len(weights) == 13


def test_a_weight_of_the_own_changes_the_ranking_and_all_zero_is_told():
    app = run(PAGE, viktval="egna")
    before = table_of(app, "Rangordning")
    app.slider[0].set_value(20).run()
    assert not app.exception
    assert not table_of(app, "Rangordning").equals(before)
    for slider in app.slider:
        slider.set_value(0)
    app.run()
    assert "Alla vikter är noll" in text(app)


def test_each_slider_says_its_own_per_cent_in_the_order_of_the_table():
    app = run(PAGE, viktval="egna")
    app.slider[4].set_value(8).run()
    rows = table_of(app, "Vikterna")
    said = [f"{name} · {weight}" for name, weight in rows[["Indikator", "Vikt"]].to_numpy()]
    assert [slider.label for slider in app.slider] == said
    assert said[4] == "Framtidstro · 11,8\xa0%"


def test_own_weights_begin_as_the_preset_before_and_are_then_ones_own():
    app = run(PAGE, viktval="malomrade")
    app.session_state["viktval"] = "egna"
    app.run()
    points = {slider.label.split(" · ")[0]: slider.value for slider in app.slider}
    assert points["Medlem i förening"] == 20  # alone in its target area
    assert points["Inflytande"] == 10  # one of two
    app.slider[0].set_value(1).run()
    assert [slider.value for slider in app.slider][:2] == [1, 10]


def test_only_indicators_that_weigh_something_are_counted():
    app = run(PAGE, viktval="egna")
    assert "Byggt på 13 indikatorer" in text(app)
    app.slider[0].set_value(0)
    app.slider[1].set_value(0).run()
    assert "Byggt på 11 indikatorer" in text(app)
    names = [name for name, _ in asked().weights]
    one = asked(weights=tuple((name, float(name == names[0])) for name in names))
    assert "Byggt på 1 indikator " in priorities.headline(data.register(), one)
    assert "Inflytande" not in priorities.sources(data.register(), one)


def test_the_answer_says_in_short_what_it_rests_on():
    said = text(run(PAGE, bland="base_areas"))
    assert "43 av 47 kan bedömas. 10\u202f000 dragningar, frö 0" in said


def test_no_context_indicator_is_ever_ranked():
    app = run(PAGE)
    names = set(table_of(app, "Vikterna")["Indikator"])
    assert not names & {"Folkmängd", "Utländsk bakgrund", "Hyresrätt"}
    assert "Utländsk bakgrund (bakgrund, rangordnas aldrig)" in text(app)


def test_networks_on_the_same_ground_are_said_to_be_one_need():
    same = table_of(run(PAGE), "Rangordning").set_index("Område")["Delar mark med"]
    there = "samma plats, där möjligen bland de 3"  # and what is said of it in its own layer
    assert same["Norrby"].replace("\xa0", " ") == f"Områdesnätverk Norrby ({there})"
    of_layer = table_of(run(PAGE, bland="omrade"), "Rangordning").set_index("Område")
    assert of_layer.at["Norrby", "Bland de 3 första"] == "möjligen"
    assert same["Centrum"] == "–"


def test_networks_of_a_layer_that_share_ground_are_said_not_to_be_independent():
    app = run(PAGE, bland="omrade")
    same = table_of(app, "Rangordning").set_index("Område")["Delar mark med"]
    same = same.str.replace("\xa0", " ")
    assert "Områdesnätverk Trandared (76 %, 67 %)" in same["Hulta"]
    assert "Områdesnätverk Hulta (67 %, 76 %)" in same["Trandared (vilande)"]
    shared = "Hulta och Trandared (vilande) delar mark (76\xa0% respektive 67\xa0%): "
    assert f"{shared}deras" in text(app)
    assert "deras platser är inte oberoende" in text(app)
    assert "oberoende" not in text(run(PAGE))


def test_the_first_columns_are_what_is_asked_first_and_rows_stand_by_the_middle_place():
    rows = table_of(run(PAGE, bland="base_areas"), "Rangordning")
    assert list(rows)[:3] == ["Område", "Bland de 5 första", "Plats"]
    middle = rows["Mittplats"][rows["Mittplats"] != "–"].astype(int)
    assert middle.is_monotonic_increasing
    assert rows["Plats"].iloc[-1] == "–"


@pytest.mark.parametrize(
    ("p_top", "said"),
    [
        (0.9496, "94,9\xa0%"),
        (0.95, "95,0\xa0%"),
        (0.931, "93,1\xa0%"),
        (0.92, "92\xa0%"),
        (0.05, "5,0\xa0%"),
        (0.0499, "4,9\xa0%"),
        (0.0003, "0,1\xa0%"),
        (0.9999, "99,9\xa0%"),
        (1.0, "100\xa0%"),
        (0.0, "0\xa0%"),
        (float("nan"), "–"),
    ],
)
def test_a_share_near_a_limit_agrees_with_the_word(p_top, said):
    assert priorities.share(p_top) == said


def test_the_axis_of_places_begins_at_1_and_ends_with_the_last():
    spec = charts.ranking(data.register(), asked("base_areas"))
    n = len(spec["layer"][0]["data"]["values"])
    assert n == 43  # four cannot be judged
    x = spec["layer"][0]["encoding"]["x"]
    assert x["scale"]["domain"] == [1, n]
    assert (x["axis"]["values"][0], x["axis"]["values"][-1]) == (1, n)


def test_the_legend_of_base_areas_speaks_of_base_areas():
    said = [key.text for key in priorities_views.keys(data.register(), asked("base_areas"))]
    assert "Går ej att bedöma" in said
    assert not any("ätverk" in text for text in said)


def test_everybody_who_is_judged_has_a_share_and_they_sum_to_the_places():
    made = priorities.ranking(data.register(), asked("base_areas", top=5))
    assert made.table["p_top"].sum() == pytest.approx(5)
    judged = made.table.index[made.table["rank"].notna()]
    assert set(made.needs.values.index[made.setup.judged]) == set(judged)


def test_an_area_that_cannot_be_judged_shows_what_is_known_and_what_is_hidden():
    app = run(PAGE, kraft_vy=VIEWS[1], bland="base_areas", driver="1490R025")
    assert "Norrby** går ej att bedöma" in text(app)
    rows = table_of(app, "driver platsen").set_index("Indikator")
    assert rows.at["Delaktighet", "Värde"] == "dolt"
    assert rows.at["Inflytande", "Värde"] == "dolt"
    assert rows.at["Framtidstro", "Värde"] == "uppgift saknas"
    assert "%" in rows.at["Sysselsatta 20–64 år", "Värde"]
    assert (rows["Del av behovet"] == "–").all()


def test_all_that_would_change_a_place_is_said_with_the_direction():
    known, one = data.register(), asked("omrade")
    made = priorities.ranking(known, one)
    without = priority.without_each(made.needs.values, made.needs.direction, made.weights)
    names = known.indicators["name"]
    seen = 0
    for area_id, row in made.table.iterrows():
        said = priorities_why.why(known, one, str(area_id))
        up, _, down = said.partition("Utan dragningar")[2].partition("lägre")
        for name, place in without.loc[area_id].items():
            assert (names[name] in up) == (place < row["rank"]), (area_id, name)
            assert (names[name] in down) == (place > row["rank"]), (area_id, name)
            seen += place != row["rank"]
    assert seen > 10


def test_an_indicator_that_weighs_nothing_drives_nothing():
    names = [name for name, _ in asked().weights]
    alone = asked("omrade", tuple((name, float(name == "trygghet")) for name in names))
    said = priorities_why.why(data.register(), alone, "on-norrby")
    assert said.endswith("Allt vilar på Trygghet i skolan och området. ")
    two = asked("omrade", tuple((name, 0.5 * (name in names[:2])) for name in names))
    known = data.register()
    for area_id in known.ids_of("omrade"):
        told = priorities_why.why(known, two, area_id).partition("Mest bidrar")[2].partition(".")[0]
        assert not [n for n in names[2:] if known.indicators.at[n, "name"] in told]


def test_own_weights_rank_as_the_preset_that_they_begin_as():
    for preset in ("lika", "malomrade"):
        app = run(PAGE, viktval=preset)
        before = [table_of(app, name) for name in ("Rangordning", "Vikterna")]
        app.session_state["viktval"] = "egna"
        app.run()
        for table, name in zip(before, ("Rangordning", "Vikterna"), strict=True):
            assert table_of(app, name).equals(table), preset


def test_what_is_told_twice_is_told_of_need_over_the_base_areas(monkeypatch):
    known, own = data.register(), data.once(priorities.found, priorities.BASE_AREAS)
    found = priority.double_counted(own.values, own.direction, least=0.3)
    monkeypatch.setattr(priority, "double_counted", lambda values, direction: found)
    rows = priorities_why.doubles(known, asked("ortsrad"))
    assert len(rows) == len(found) > 0
    assert not rows["Samband (0 till 1)"].str.startswith("-").any()
    assert rows["Basområden"].astype(int).min() >= 10


def test_an_area_chosen_on_the_map_says_what_drives_it_there_and_in_the_next_view():
    app = run(PAGE, bland="omrade", **{"driver_hallet": ("on-norrby", None, True)})
    assert "**Norrby**: möjligen bland de 3 första" in text(app)
    app.session_state["kraft_vy"] = VIEWS[1]
    app.run()
    assert next(s for s in app.selectbox if s.label == "Område").value == "on-norrby"
    pairs = table_of(app, "Norrby går inte att skilja från")
    assert (pairs[["Första området", "Andra området"]] == "Norrby").any(axis=1).all()


def test_pairs_say_how_many_they_are():
    app = run(PAGE, kraft_vy=VIEWS[1])
    pairs = table_of(app, "par går inte att skilja åt")
    assert f"{len(pairs)} av 36 par" in " ".join(tables(app))
    assert list(pairs)[-1] == "Dragningar där det första har störst behov"


def test_files_hold_numbers_as_numbers_the_mark_and_the_method():
    known, one = data.register(), asked("base_areas", top=5)
    rows = priorities.export(known, one)
    book = openpyxl.load_workbook(io.BytesIO(export.to_excel({"R": rows}, ["Om"])))
    head, *cells = book["R"].iter_rows(values_only=True)
    first = dict(zip(head, cells[0], strict=True))
    for name in ("Andel av dragningarna (%)", "Mittplats", "Behov (0–1)"):
        assert isinstance(first[name], int | float), name
    assert all(dict(zip(head, row, strict=True))["Märkning"] == DEMO_MARK for row in cells)
    lines = export.to_csv(rows).decode("utf-8-sig").splitlines()
    assert all(DEMO_MARK in line for line in lines[1:])
    assert "%" not in "".join(lines[1:])
    weights = priorities.weights_export(known, one)
    assert weights["Vikt (%)"].sum() == pytest.approx(100)
    for word in ("95 %", "percentilen", "Dolda värden är inte med", "inte varför", "±0,4"):
        assert word in priorities.method(known, one)


def test_what_drives_a_place_adds_up_and_what_would_change_it():
    app = run(PAGE, kraft_vy=VIEWS[1], driver="bu-norrby")
    rows = table_of(app, "driver platsen")
    *parts, whole = [float(cell.replace(",", ".")) for cell in rows["Del av behovet"]]
    made = priorities.ranking(data.register(), asked())
    assert whole == pytest.approx(made.table.at["bu-norrby", "score"], abs=0.0005)
    assert sum(parts) == pytest.approx(whole, abs=0.01)
    assert rows["Indikator"].iloc[-1] == "Summa: behovet"
    missing = rows.set_index("Indikator")["Utan uppgift"]
    assert missing["Framtidstro"] == "25\xa0%"  # as on Välfärd: the value is that of the rest
    assert "Mest bidrar" in text(app)
    moves = table_of(app, "Antaganden")
    assert len(moves) == 6


def test_need_against_what_is_done_names_what_has_nothing():
    app = run(PAGE, kraft_vy=VIEWS[2])
    rows = table_of(app, "det som görs").set_index("Nätverk")
    assert rows.at["Norrby", "Insatser"] == "8"
    assert rows.at["Norrby", "Görs något?"] == "något"
    for name in ("Möten i år", "Öppna fynd", "Öppna beslut"):
        assert (rows[name] == "–").all(), name  # nothing is registered for anybody
    assert rows.at["Centrum", "Görs något?"] == "inget inlagt"
    assert "nätverk som säkert eller möjligen är bland de 4 första har" in text(app)
    assert "**Något** sägs när minst en insats i visionen nämner platsen" in text(app)
    caption = next(caption for caption in tables(app) if "det som görs" in caption)
    assert "gäller kolumnen Utslag; de andra är verkliga register" in caption


def test_need_without_anything_says_among_how_many():
    rows = pd.DataFrame(
        {
            "Nätverk": list("ABCD"),
            "Utslag": ["säkert", "möjligen", "inte", "går ej att bedöma"],
            "Görs något?": ["inget inlagt", "något", "inget inlagt", "inget inlagt"],
        }
    )
    found = priorities_done.headline(rows, 3)
    assert "Av 2 nätverk" in found
    assert "bland de 3 första har 1 inget inlagt: A." in found
    assert "har alla något inlagt." in priorities_done.headline(rows.iloc[1:2], 3)


def test_a_meeting_held_this_year_is_something():
    known, work = data.register(), data.work()
    before = priorities_done.table(known, work, asked()).set_index("Nätverk")
    assert before.at["Centrum", "Görs något?"] == "inget inlagt"
    meeting = work.meetings.iloc[[0]].assign(
        network_id="bu-centrum", date=priorities_done.today(), status=""
    )
    more = replace(work, meetings=pd.concat([work.meetings, meeting.rename(index=lambda _: "x")]))
    rows = priorities_done.table(known, more, asked()).set_index("Nätverk")
    assert rows.at["Centrum", "Möten i år"] == "1"
    assert rows.at["Centrum", "Görs något?"] == "något"
    assert rows.at["Boda", "Möten i år"] == "0"
    held = priorities_done.export(rows.reset_index(), DEMO_MARK)
    assert held["Möten i år"].sum() == 1
    assert held["Öppna beslut"].isna().all()


def test_base_areas_are_told_that_the_view_is_for_networks():
    app = run(PAGE, kraft_vy=VIEWS[2], bland="base_areas")
    assert "Den här vyn är för nätverken" in text(app)
    assert not tables(app)


def test_without_statistics_the_page_says_what_to_do(other_data):
    for path in (other_data / "demo").glob("*.csv"):
        path.unlink()
    assert "Ingen statistik är inläst" in text(run(PAGE))


def test_the_saved_weights_are_what_the_command_reads(tmp_path, capsys):
    from geo.__main__ import main

    chosen = asked("omrade", top=2, strength=20.0, seed=7)
    path = tmp_path / "vikter.json"
    path.write_bytes(priorities.saved(chosen))
    assert main(["rank", "--weights", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    made = priorities.ranking(data.register(), chosen)
    assert [row["area_id"] for row in answer["ranking"]] == list(made.table.index)
    assert [row["p_top"] for row in answer["ranking"]] == pytest.approx(list(made.table["p_top"]))


def test_the_page_for_a_decision_paper_is_one_tagged_page():
    made = priorities_views.sheet(data.register(), asked("omrade"))
    assert made[:5] == b"%PDF-"
    assert b"/Count 1" in made or made.count(b"/Type /Page\n") <= 1


def test_strength_and_seed_are_chosen_and_said():
    app = run(PAGE, styrka=25, fro=3)
    assert "frö 3, vikternas styrka 25" in text(app)
    wide, near = (priorities.ranking(data.register(), asked(strength=n)) for n in (5.0, 1_000.0))
    width = [(made.table["rank_high"] - made.table["rank_low"]).mean() for made in (wide, near)]
    assert width[0] > width[1]


def test_the_page_for_a_decision_paper_says_its_own_sources_and_draws(monkeypatch):
    seen = []
    monkeypatch.setattr(priorities_views.priority_sheet, "pdf", lambda sheet: seen.append(sheet))
    priorities_views.sheet(data.register(), asked("omrade", seed=4))
    made = seen[0]
    assert made.sources.startswith(f"{DEMO_MARK}: Psykosomatisk hälsa (åk 8) 2024")
    said = " ".join([*made.notes, made.sources])
    assert "RegSO" not in said
    assert "årsredovisning" not in said
    assert "10\u202f000 dragningar (frö 4" in said
    assert "oberoende" in said
    assert made.top == 3
    assert made.rows["ground"].str.contains("Trandared").any()
    assert not np.isnan(made.rows["middle"]).any()


def test_the_answer_names_who_is_possible_with_the_share_and_counts_the_rest():
    made = data.once(priorities.ranking, asked("base_areas", top=5))
    n = len(made.named("möjligen"))
    said = priorities.headline(data.register(), asked("base_areas", top=5))
    named, _, rest = said.partition("Möjligen: ")[2].partition(" och ")
    assert named.count("\u00a0%)") == priorities.MOST_NAMED
    assert rest.startswith(f"{n - priorities.MOST_NAMED} till. ")


def test_the_map_says_how_often_a_place_is_possible():
    known, one = data.register(), asked("omrade")
    made = data.once(priorities.ranking, one)
    said = [key.text for key in priorities_views.keys(known, one)]
    assert "Möjligen bland de 3 första, i minst hälften av dragningarna" in said
    assert "Möjligen bland de 3 första, i färre än hälften" in said
    looks = priorities_views.painting(known, one).looks
    p_top = made.table.at["on-norrby", "p_top"]
    assert looks["1490R025"].label == f"Norrby: Norrby: möjligen ({priorities.share(p_top)})"
    assert looks["1490R025"].colours == priorities_views.COLOURS["möjligen", priorities_views.HALF]


def test_it_says_by_which_weights_also_those_of_the_target_areas():
    names = [name for name, _ in asked().weights]
    target = data.once(priorities.by_target, "barn_unga")
    own = tuple((name, float(name == names[0])) for name in names)
    said = [priorities.chosen(asked(weights=weights)) for weights in (None, target, own)]
    ends = ["lika vikter", "lika vikter per målområde", "egna vikter"]
    assert [text_.partition(", ")[2] for text_ in said] == ends
