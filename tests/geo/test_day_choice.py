"""Choosing days: parts by hand, weights by hand, and the search against every possible choice."""

from itertools import combinations, product

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.day_choice import Slot, Ties, added, chosen, slots

DAYS = list(pd.date_range("2027-01-07", periods=12, freq="7D"))
IDS = ("bu-a", "bu-b", "bu-c", "on-d")
LAYERS = {"bu-a": "barn_unga", "bu-b": "barn_unga", "bu-c": "barn_unga", "on-d": "omrade"}
TIES = Ties(
    LAYERS,
    {"barn_unga": ("IFO/Fält", "Polis")},
    frozenset({frozenset({"bu-a", "on-d"})}),
    frozenset({DAYS[3]}),
)


def first_days(found):
    return [slot.days[0] for slot in found]


def total(asked, days, held=None):
    met = {day: set(ids) for day, ids in (held or {}).items()}
    for slot, day in zip(asked, days, strict=True):
        met.setdefault(day, set()).add(slot.network_id)
    return sum(TIES.weight(day, ids) for day, ids in met.items())


def test_functions_that_are_asked_twice_are_counted_per_place_too_many():
    assert TIES.asked_twice(("bu-a", "bu-b", "bu-c", "on-d")) == {"IFO/Fält": 2, "Polis": 2}
    assert TIES.asked_twice(("bu-a", "bu-a", "on-d", "x")) == {}


def test_the_weight_of_a_day_by_hand():
    assert TIES.weight(DAYS[0], ("bu-a", "bu-b")) == 2
    assert TIES.weight(DAYS[0], ("bu-a", "on-d")) == 1
    assert TIES.weight(DAYS[0], IDS) == 4 + 1
    assert TIES.weight(DAYS[3], ("bu-b", "on-d")) == 2  # a joint meeting, for both
    assert added("on-d", DAYS[3], {"bu-a", "on-d"}, TIES) == 2


def test_equal_parts_and_their_middles():
    assert first_days(slots("on-a", DAYS, 3, [], [])) == [DAYS[1], DAYS[5], DAYS[9]]
    days = slots("on-a", DAYS[:5], 1, [], [])[0].days
    assert days == tuple(DAYS[i] for i in (2, 1, 3, 0, 4))


def test_a_part_with_a_meeting_is_no_slot_also_on_another_weekday():
    before_the_second_part = DAYS[4] - pd.Timedelta(days=1)
    found = slots("on-a", DAYS, 3, [before_the_second_part], [])
    assert first_days(found) == [DAYS[5], DAYS[9]]
    before_all = pd.Timestamp("2027-01-02")
    assert first_days(slots("on-a", DAYS, 3, [before_all], [])) == [DAYS[5], DAYS[9]]


def test_of_more_parts_than_needed_the_farthest_are_kept():
    found = slots("on-a", DAYS, 3, [DAYS[0], DAYS[1]], [])
    assert first_days(found) == [DAYS[9]]


def test_a_taken_day_is_not_offered_and_too_few_days_give_fewer_slots():
    assert DAYS[1] not in slots("on-a", DAYS, 3, [], [DAYS[1]])[0].days
    assert len(slots("on-a", DAYS[:2], 3, [], [])) == 2
    assert slots("on-a", [], 3, [], []) == []
    assert slots("on-a", DAYS[:1], 1, [], DAYS[:1]) == []
    assert slots("on-a", DAYS, 1, DAYS[:2], []) == []


def test_what_is_held_is_not_changed():
    held = {DAYS[0]: {"bu-b"}}
    assert chosen([Slot("bu-a", tuple(DAYS[:2]))], held, TIES) == [DAYS[1]]
    assert held == {DAYS[0]: {"bu-b"}}


def test_a_day_of_its_own_is_worth_a_walk_of_some_weeks_but_not_of_many():
    free = [Slot("bu-a", tuple(DAYS[:7])), Slot("bu-b", tuple(DAYS[:7]))]
    nothing = Ties(LAYERS, {})
    assert chosen(free, {}, nothing) == [DAYS[0], DAYS[1]]
    held = {day: {"on-d"} for day in DAYS[:6]}
    assert chosen(free[:1], held, nothing) == [DAYS[0]]  # as good as the seventh, and earlier
    assert chosen(free[:1], {**held, DAYS[0]: {"on-d", "bu-c"}}, nothing) == [DAYS[6]]


def test_the_most_constrained_goes_first():
    asked = [Slot("bu-a", tuple(DAYS[:2])), Slot("bu-b", tuple(DAYS[:1]))]
    assert chosen(asked, {}, TIES) == [DAYS[1], DAYS[0]]


# One slot per network: two of one network have days apart, as slots() gives them.
ASKED = st.lists(
    st.tuples(st.sampled_from(IDS), st.lists(st.sampled_from(DAYS[:5]), min_size=1, unique=True)),
    max_size=4,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: [Slot(network_id, tuple(days)) for network_id, days in pairs])


@settings(max_examples=200, deadline=None)
@given(ASKED, st.dictionaries(st.sampled_from(DAYS[:5]), st.sets(st.just("x")), max_size=3))
def test_no_single_move_weighs_less_and_nothing_beats_the_best_of_all(asked, held):
    found = chosen(asked, held, TIES)
    assert all(day in slot.days for slot, day in zip(asked, found, strict=True))
    weight = total(asked, found, held)
    for place, slot in enumerate(asked):
        for day in slot.days:
            moved = [*found[:place], day, *found[place + 1 :]]
            assert total(asked, moved, held) >= weight
    best = min(total(asked, days, held) for days in product(*(slot.days for slot in asked)))
    assert weight >= best


@settings(max_examples=100, deadline=None)
@given(ASKED, st.randoms(use_true_random=False))
def test_the_order_of_the_slots_changes_nothing(asked, random):
    turned = random.sample(asked, len(asked))
    found = dict(zip((s.network_id for s in asked), chosen(asked, {}, TIES), strict=True))
    again = dict(zip((s.network_id for s in turned), chosen(turned, {}, TIES), strict=True))
    assert found == again


def test_a_naive_recount_of_the_weight_gives_the_same():
    for n in range(1, 5):
        for ids in combinations(IDS, n):
            youth = sum(i.startswith("bu-") for i in ids)
            naive = 2 * max(youth - 1, 0) + ({"bu-a", "on-d"} <= set(ids))
            assert TIES.weight(DAYS[0], ids) == naive
            assert TIES.weight(DAYS[3], ids) == naive + n
