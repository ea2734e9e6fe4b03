"""`python -m geo rank`: in words and JSON, saved weights, wrong files."""

import json

import pytest

from geo.__main__ import main
from geo.sources import DEMO_MARK

WEIGHTS = {"trygghet": 0.5, "inte_skolk": 0.5}


def run(capsys, *arguments):
    code = main(["rank", "--draws", "300", *arguments])
    return code, capsys.readouterr()


def saved(tmp_path, content):
    path = tmp_path / "vikter.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def test_the_ranking_in_words_says_how_sure_and_what_is_made_up(capsys):
    code, shown = run(capsys)
    assert code == 0
    assert shown.out.startswith(DEMO_MARK)
    assert "bland de 4 första" in shown.out
    assert "Det som flyttar rangordningen mest:" in shown.out
    assert "Inte med: Folkmängd (bakgrund, rangordnas aldrig)." in shown.out


def test_the_same_call_gives_the_same_json(capsys):
    first, again = (run(capsys, "--json")[1].out for _ in range(2))
    assert first == again
    answer = json.loads(first)
    assert answer["is_demo"] is True
    assert len(answer["ranking"]) == 9
    assert abs(sum(answer["weights"].values()) - 1) < 1e-9
    assert {"area_id", "score", "rank", "rank_low", "rank_high", "p_top", "verdict"} <= set(
        answer["ranking"][0]
    )


@pytest.mark.parametrize(("among", "n"), [("omrade", 7), ("ortsrad", 4), ("base_areas", 47)])
def test_a_layer_or_the_base_areas_are_ranked(capsys, among, n):
    answer = json.loads(run(capsys, "--json", "--among", among)[1].out)
    assert len(answer["ranking"]) == n


def test_weights_of_some_indicators_are_told_to_be_lacking(capsys, tmp_path):
    code, shown = run(capsys, "--weights", saved(tmp_path, WEIGHTS))
    assert code == 1
    assert "saknar vikt" in shown.err


def test_saved_weights_are_used_and_said_when_they_do_not_sum_to_1(capsys, tmp_path):
    names = list(json.loads(run(capsys, "--json")[1].out)["weights"])
    own = dict.fromkeys(names, 0) | {"trygghet": 3, "inte_skolk": 1}
    path = saved(tmp_path, {"weights": own, "top": 2})
    code, shown = run(capsys, "--weights", path, "--json")
    answer = json.loads(shown.out)
    assert code == 0
    assert answer["top"] == 2
    assert any("summerar till 4" in note for note in answer["notes"])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "rad 1: ingen JSON"),
        ("[1]", "väntades"),
        ({"weights": {"trygghet": "mycket"}}, "indikator och tal"),
        ({"weights": {"trygghet": True}}, "indikator och tal"),
        ({"weights": {"trygghet": 1}, "annat": 1}, "väntades, fick weights, annat"),
        ({"weights": {}}, "weights ska vara indikator och tal, fick '{}'"),
        ({}, "weights ska vara indikator och tal"),
        ({"weights": {"trygghet": 10**400}}, "indikator och tal"),
        ({"top": "x"}, "top ska vara ett heltal från 1, fick 'x'"),
        ({"top": 0}, "top ska vara ett heltal från 1"),
        ({"top": True}, "top ska vara ett heltal från 1"),
        ({"strength": "x"}, "strength ska vara ett tal över 0"),
        ({"strength": 10**400}, "strength ska vara ett tal över 0"),
        ({"seed": -1}, "seed ska vara ett heltal från 0"),
        ({"among": "alla"}, "among ska vara ett av barn_unga"),
        ({"among": ["omrade"]}, "among ska vara ett av barn_unga"),
        ({"bounds": [1]}, "bounds ska vara indikator och [lågt, högt]"),
        ({"bounds": {"framtidstro": 3}}, "bounds ska vara indikator och [lågt, högt]"),
        ({"bounds": {"framtidstro": [1, 0]}}, "bounds ska vara indikator och [lågt, högt]"),
        ({"bounds": {"atlantis": [0, 1]}}, "bounds: indikatorn 'atlantis' finns inte"),
        ({"atlantis": 1}, "'atlantis' finns inte bland indikatorerna"),
        ({"hyresratt": 1}, "'hyresratt' är inte med: bakgrund, rangordnas aldrig"),
        ({"trygghet": -1}, "'trygghet' har en negativ vikt; "),
    ],
)
def test_a_wrong_file_of_weights_is_told(capsys, tmp_path, content, told):
    code, shown = run(capsys, "--weights", saved(tmp_path, content))
    assert code == 1
    assert told in shown.err
    assert len(shown.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("flag", "value", "told"),
    [
        ("--draws", "0", "från 1 till"),
        ("--draws", "10000000", "från 1 till"),
        ("--top", "0", "top: ett heltal från 1"),
        ("--seed", "-1", "seed: ett heltal från 0"),
    ],
)
def test_a_wrong_number_is_told(capsys, flag, value, told):
    assert main(["rank", flag, value]) == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(("among", "top"), [("ortsrad", 2), ("omrade", 3)])
def test_how_many_are_first_unless_somebody_says(capsys, among, top):
    assert f"bland de {top} första" in run(capsys, "--among", among)[1].out


def test_a_saved_set_says_everything_and_a_flag_goes_before_it(capsys, tmp_path):
    held = {"among": "omrade", "top": 2, "seed": 4, "strength": 20.0}
    path = saved(tmp_path, held)
    answer = json.loads(run(capsys, "--weights", path, "--json")[1].out)
    assert held.items() <= answer.items()
    assert len(answer["ranking"]) == 7
    other = ("--top", "1", "--seed", "0", "--among", "ortsrad")
    answer = json.loads(run(capsys, "--weights", path, "--json", *other)[1].out)
    assert (answer["top"], answer["seed"], answer["among"]) == (1, 0, "ortsrad")


def test_rows_stand_by_the_middle_place_and_that_is_said(capsys):
    said = run(capsys, "--among", "base_areas")[1].out
    assert "Ordnat efter mittplatsen i 300 dragningar, frö 0, sedan efter andelen." in said
    places = [int(row.split()[0]) for row in said.splitlines() if " bland de 5 första" in row]
    assert len(places) == 43
    assert places == sorted(places)


def test_each_indicator_says_its_source(capsys):
    answer = json.loads(run(capsys, "--json")[1].out)
    assert set(answer["sources"]) == set(answer["periods"]) == set(answer["weights"])


def test_a_store_that_cannot_be_read_is_told_not_passed_over(capsys, monkeypatch):
    from geo import store
    from geo.errors import GeoError

    def broken():
        raise GeoError("Databasen kan inte läsas.")

    monkeypatch.setattr(store, "open", broken)
    assert main(["rank", "--draws", "10"]) == 1
    assert capsys.readouterr().err == "Databasen kan inte läsas.\n"
