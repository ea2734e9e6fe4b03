import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import places, read


@pytest.fixture(scope="module")
def chosen(networks, memberships, base_areas):
    registers = read.register("places", "place"), read.register("aliases")
    return places.choices(*registers, networks, memberships, base_areas)


def test_everything_can_be_chosen(chosen):
    kinds = [choice.kind for choice in chosen]
    assert kinds == sorted(kinds, key=places.KINDS.index)
    assert kinds.count("network") == 20
    assert kinds.count("base_area") == 47
    assert len({(choice.kind, choice.id) for choice in chosen}) == len(chosen)


def test_a_choice_names_base_areas_that_exist(chosen, base_areas):
    named = {base_area_id for choice in chosen for base_area_id in choice.base_area_ids}
    assert named == set(base_areas.index)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hulda", "Hulta"),
        ("Gångbester", "Gånghester"),
        ("brämhult", "Brämhult"),
        ("Bramhult", "Brämhult"),
        ("  ASPERED ", "Äspered"),
        ("on-norrby", "Norrby"),
        ("1490R018", "Hulta syd-Trandared norr-Brotorp"),
    ],
)
def test_a_place_is_found_by_every_spelling(chosen, text, name):
    assert places.find(text, chosen)[0].name == name


def test_one_name_may_be_several_things(chosen):
    found = places.find("Norrby", chosen)
    assert {choice.kind for choice in found[:4]} == {"place", "network", "base_area"}


def test_exact_names_come_before_beginnings(chosen):
    names = [choice.name for choice in places.find("Sandared", chosen)]
    exact = [name == "Sandared" for name in names]
    assert exact == sorted(exact, reverse=True)


@pytest.mark.parametrize("text", ["", "   ", "\u0301", "Göteborg", "<script>"])
def test_nothing_is_found_for_nothing(chosen, text):
    assert places.find(text, chosen) == []


def test_every_choice_is_found_by_its_own_name_and_id(chosen):
    for choice in chosen:
        for name in (choice.name, choice.id, *choice.also):
            assert choice in places.find(name, chosen)


@given(st.text(max_size=8))
def test_no_text_crashes_and_case_does_not_matter(text):
    choice = places.Choice("place", "å", "Åsa", "", ())
    assert places.find(text, [choice]) in ([], [choice])
    assert places.fold(places.fold(text)) == places.fold(text)
