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
    assert "bland de 5 första" in shown.out
    assert "Det som flyttar rangordningen mest:" in shown.out
    assert "Inte med: folkmangd (bakgrund, rangordnas aldrig)." in shown.out


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
        ({"weights": {}, "annat": 1}, "väntades, fick weights, annat"),
        ({"atlantis": 1}, "'atlantis' finns inte bland indikatorerna"),
    ],
)
def test_a_wrong_file_of_weights_is_told(capsys, tmp_path, content, told):
    code, shown = run(capsys, "--weights", saved(tmp_path, content))
    assert code == 1
    assert told in shown.err


@pytest.mark.parametrize("draws", ["0", "10000000"])
def test_too_many_or_no_draws_are_told(capsys, draws):
    assert main(["rank", "--draws", draws]) == 1
    assert "från 1 till" in capsys.readouterr().err
