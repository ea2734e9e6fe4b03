"""The page Kraftsamla: each view, presets, weights, what is hidden, what is empty."""

import json

import pytest

from geo.sources import DEMO_MARK
from pages.parts import data, priorities, priorities_views
from tests.pages.reader import run, tables, text

PAGE = "kraftsamla.py"
VIEWS = ("Rangordning", "Vad som driver", "Behov och det som görs")


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


@pytest.mark.parametrize("preset", list(priorities_views.PRESETS))
def test_the_weights_always_sum_to_100_per_cent(preset):
    app = run(PAGE, viktval=preset)
    weights = table_of(app, "Vikterna")["Vikt"]
    total = sum(float(cell.removesuffix("\u00a0%").replace(",", ".")) for cell in weights)
    assert total == pytest.approx(100, abs=0.7)
    assert len(weights) == 13


def test_a_weight_of_the_own_changes_the_ranking_and_all_zero_is_told():
    app = run(PAGE, viktval="egna")
    before = table_of(app, "Rangordning")["Behov (0–1)"].tolist()
    app.slider[0].set_value(10).run()
    assert not app.exception
    assert table_of(app, "Rangordning")["Behov (0–1)"].tolist() != before
    for slider in app.slider:
        slider.set_value(0)
    app.run()
    assert "Alla vikter är noll" in text(app)


def test_no_context_indicator_is_ever_ranked():
    app = run(PAGE)
    names = set(table_of(app, "Vikterna")["Indikator"])
    assert not names & {"Folkmängd", "Utländsk bakgrund", "Hyresrätt"}
    assert "Utländsk bakgrund (bakgrund, rangordnas aldrig)" in text(app)


def test_networks_on_the_same_ground_are_said_to_be_one_need():
    same = table_of(run(PAGE), "Rangordning").set_index("Område")["Samma plats som"]
    assert same["Norrby"] == "Områdesnätverk Norrby"
    assert same["Centrum"] == "–"


def test_what_drives_a_place_adds_up_and_what_would_change_it():
    app = run(PAGE, kraft_vy=VIEWS[1], driver="bu-norrby")
    rows = table_of(app, "driver platsen")
    parts = [float(cell.replace(",", ".")) for cell in rows["Del av behovet"]]
    known = data.register()
    weights = tuple((name, 1 / 13) for name in priorities.found(known, "barn_unga").values)
    made = priorities.ranking(known, "barn_unga", weights, 3)
    assert sum(parts) == pytest.approx(made.table.at["bu-norrby", "score"], abs=0.01)
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
    assert "Säkert eller möjligen bland de första utan något inlagt" in text(app)


def test_without_statistics_the_page_says_what_to_do(other_data):
    for path in (other_data / "demo").glob("*.csv"):
        path.unlink()
    assert "Ingen statistik är inläst" in text(run(PAGE))


def test_the_saved_weights_are_what_the_command_reads(tmp_path, capsys):
    from geo.__main__ import main

    known = data.register()
    names = list(priorities.found(known, "barn_unga").values)
    weights = tuple((name, 1 / len(names)) for name in names)
    path = tmp_path / "vikter.json"
    path.write_bytes(priorities.saved(weights, 3))
    assert main(["rank", "--weights", str(path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    made = priorities.ranking(known, "barn_unga", weights, 3)
    assert [row["area_id"] for row in answer["ranking"]] == list(made.table.index)
    assert [row["p_top"] for row in answer["ranking"]] == pytest.approx(list(made.table["p_top"]))


def test_the_page_for_a_decision_paper_is_one_tagged_page():
    known = data.register()
    names = list(priorities.found(known, "omrade").values)
    asked = ("omrade", tuple((name, 1 / len(names)) for name in names), 3)
    made = priorities_views.sheet(known, asked)
    assert made[:5] == b"%PDF-"
    assert b"/Count 1" in made or made.count(b"/Type /Page\n") <= 1
