"""The way of a finding: what may follow on what, and what is wrong with a row, by hand."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import chain

TODAY = pd.Timestamp("2026-03-31")
NO = pd.NaT


def day(number):
    return pd.Timestamp(2026, 3, number)


def row(status="noted", **other):
    known = {"kind": "brist", "status": status, "owner": "", "answer": ""}
    return known | dict.fromkeys(chain.DATES, NO) | {"observed_date": day(1)} | other


OWNED = {"owner": "AB Bostäder"}
DONE = OWNED | {"done_date": day(20)}
VERIFIED = DONE | {"verified_date": day(25)}
RIGHT = {
    "noted": row(),
    "noted by somebody who has an owner in mind": row(owner="AB Bostäder"),
    "owned": row("owned", **OWNED),
    "owned again, the answer stays": row("owned", answered_date=day(9), answer="Vi ser", **OWNED),
    "answered": row("answered", answered_date=day(9), answer="I höst", **OWNED),
    "answered without a day": row("answered", **OWNED),
    "done": row("done", **DONE),
    "done on the day that it was noted": row("done", **OWNED | {"done_date": day(1)}),
    "verified": row("verified", **VERIFIED),
    "all on one day, today": row(
        "verified",
        observed_date=TODAY,
        answered_date=TODAY,
        **OWNED | {"done_date": TODAY, "verified_date": TODAY},
    ),
    "declined": row("declined", answer="Ingår inte i uppdraget", **OWNED),
    "bra": row(kind="bra"),
    "without a day": row(observed_date=NO),
    "a due date that is past": row("owned", due_date=day(2), **OWNED),
    "a due date to come": row("owned", due_date=pd.Timestamp("2030-01-01"), **OWNED),
}


@pytest.mark.parametrize("finding", RIGHT.values(), ids=RIGHT)
def test_what_is_right_has_no_fault(finding):
    assert chain.faults(finding, TODAY) == []


SKIPS = "Status hoppar över ansvarig. Ange vem som äger frågan först."
WRONG = {
    "owned by nobody": (row("owned"), [("owner", SKIPS)]),
    "answered by nobody": (row("answered"), [("owner", SKIPS)]),
    "done by nobody": (row("done", done_date=day(2)), [("owner", SKIPS)]),
    "verified, and nobody had it": (
        row("verified", done_date=day(2), verified_date=day(3)),
        [("owner", SKIPS)],
    ),
    "declined by nobody": (row("declined", answer="Nej"), [("owner", SKIPS)]),
    "no without a reason": (
        row("declined", **OWNED),
        [("answer", "Ett nej ska ha ett skäl. Skriv varför i svaret.")],
    ),
    "done without a day": (
        row("done", **OWNED),
        [("done_date", "Datum då det blev åtgärdat saknas. Fyll i det.")],
    ),
    "verified without the day that it was done": (
        row("verified", **OWNED, verified_date=day(25)),
        [("done_date", "Datum då det blev åtgärdat saknas. Fyll i det.")],
    ),
    "verified without a day": (
        row("verified", **DONE),
        [("verified_date", "Datum då det blev verifierat saknas. Fyll i det.")],
    ),
    "not done, with a day": (
        row("owned", **DONE),
        [("done_date", "Datum för åtgärdat finns men status är en annan. Ändra status.")],
    ),
    "done, with the day that it was verified": (
        row("done", **VERIFIED),
        [("verified_date", "Datum för verifierat finns men status är en annan. Ändra status.")],
    ),
    "what is good is not followed": (
        row("owned", kind="bra", **OWNED),
        [("status", "Det som är bra följs inte upp. Lämna status tom, eller byt slag.")],
    ),
    "noted tomorrow": (
        row(observed_date=TODAY + pd.Timedelta(days=1)),
        [
            (
                "observed_date",
                "Noterat: datumet 2026-04-01 ligger i framtiden. Rätta det.",
            )
        ],
    ),
    "done tomorrow": (
        row("done", **OWNED, done_date=TODAY + pd.Timedelta(days=1)),
        [("done_date", "Åtgärdat: datumet 2026-04-01 ligger i framtiden. Rätta det.")],
    ),
    "done before it was noted": (
        row("done", observed_date=day(21), **DONE),
        [("done_date", "Åtgärdat (2026-03-20) före noterat (2026-03-21). Rätta datumen.")],
    ),
    "answered before it was noted": (
        row("answered", observed_date=day(9), answered_date=day(8), **OWNED),
        [("answered_date", "Besvarat (2026-03-08) före noterat (2026-03-09). Rätta datumen.")],
    ),
    "done before it was answered": (
        row("done", answered_date=day(21), **DONE),
        [("done_date", "Åtgärdat (2026-03-20) före besvarat (2026-03-21). Rätta datumen.")],
    ),
    "verified before it was done": (
        row("verified", **DONE, verified_date=day(19)),
        [("verified_date", "Verifierat (2026-03-19) före åtgärdat (2026-03-20). Rätta datumen.")],
    ),
}


@pytest.mark.parametrize(("finding", "told"), WRONG.values(), ids=WRONG)
def test_each_rule_is_told_with_its_remedy(finding, told):
    assert chain.faults(finding, TODAY) == told


def test_every_fault_is_told_at_once():
    told = chain.faults(row("done", done_date=TODAY + pd.Timedelta(days=1)), TODAY)
    assert [column for column, _ in told] == ["owner", "done_date"]
    told = chain.faults(row("declined", done_date=day(2)), TODAY)
    assert [column for column, _ in told] == ["owner", "answer", "done_date"]


def test_what_may_follow_is_what_next_says():
    for status in chain.STATUSES:
        assert chain.allowed(status) == chain.NEXT[status]
    assert chain.allowed("noted") == ("owned",)
    with pytest.raises(KeyError):
        chain.allowed("vet ej")


def test_no_step_skips_the_owner_and_each_may_go_back_to_him():
    assert [s for s in chain.STATUSES if "owned" in chain.NEXT[s]] == [
        *("noted", "answered", "done", "verified", "declined")
    ]
    assert not {"answered", "done", "verified", "declined"} & set(chain.NEXT["noted"])
    assert [s for s in chain.STATUSES if "verified" in chain.NEXT[s]] == ["done"]
    assert all("noted" not in after for after in chain.NEXT.values())


def test_every_status_can_be_reached_and_left():
    assert set(chain.NEXT) == set(chain.STATUSES)
    reached, new = set(), {"noted"}
    while new:
        reached |= new
        new = {after for status in new for after in chain.NEXT[status]} - reached
    assert reached == set(chain.STATUSES)
    assert all(chain.NEXT.values())


def test_every_status_has_a_name_that_is_read_back():
    assert set(chain.MEANS.values()) == set(chain.STATUSES)
    assert set(chain.NAMES) == set(chain.STATUSES)
    assert {chain.MEANS[chain.NAMES[status]] for status in chain.STATUSES} == set(chain.STATUSES)
    assert all(chain.MEANS[status] == status for status in chain.STATUSES)
    assert all(word == word.casefold() for word in chain.MEANS)
    assert chain.MEANS[""] == "noted"


def test_open_and_closed_share_out_every_status():
    assert {*chain.OPEN, *chain.CLOSED} == set(chain.STATUSES)
    assert not {*chain.OPEN} & {*chain.CLOSED}


findings = st.lists(
    st.tuples(st.sampled_from(["brist", "bra"]), st.sampled_from(chain.STATUSES)), max_size=20
).map(lambda rows: pd.DataFrame(rows, columns=["kind", "status"]))


@given(findings)
def test_a_brist_is_open_or_closed_and_what_is_good_is_neither(table):
    is_open, is_closed = chain.is_open(table), chain.is_closed(table)
    assert not (is_open & is_closed).any()
    assert ((is_open | is_closed) == (table["kind"] == "brist")).all()
    assert is_open.index.equals(table.index)
    for kind, status, now, ended in zip(
        table["kind"], table["status"], is_open, is_closed, strict=True
    ):
        assert now == (kind == "brist" and status in ("noted", "owned", "answered"))
        assert ended == (kind == "brist" and status in ("done", "verified", "declined"))


days = st.one_of(st.just(NO), st.integers(0, 60).map(lambda n: day(1) + pd.Timedelta(days=n)))


@given(
    st.builds(
        row,
        st.sampled_from(chain.STATUSES),
        kind=st.sampled_from(["brist", "bra"]),
        owner=st.sampled_from(["", "AB Bostäder"]),
        answer=st.sampled_from(["", "Nej"]),
        **dict.fromkeys(chain.DATES, days),
    )
)
def test_a_row_without_fault_is_in_order(finding):
    told = chain.faults(finding, TODAY)
    known = [finding[name] for name in chain.DATES if not pd.isna(finding[name])]
    is_dated = all(a <= b for a, b in pairwise(known)) and all(d <= TODAY for d in known)
    if not told:
        assert is_dated
        assert finding["status"] == "noted" or finding["owner"]
        assert (finding["kind"], finding["status"]) not in [
            ("bra", status) for status in chain.STATUSES[1:]
        ]
    assert is_dated or any(sentence.endswith(("datumen.", "det.")) for _, sentence in told)
    assert {column for column, _ in told} <= {"status", "owner", "answer", *chain.DATES}
    assert all(sentence.endswith(".") for _, sentence in told)
