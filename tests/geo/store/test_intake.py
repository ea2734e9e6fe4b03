"""Files of the field: the same again changes nothing, and nobody's edit is lost."""

import json

import pandas as pd
import pytest

from geo.errors import GeoError
from tests.geo.store.making import (
    change,
    everything,
    finding,
    findings,
    one,
    save,
    take,
    walk,
    walks,
)

WALK = walk("w5", date=pd.Timestamp("2026-02-01"))
ROWS = (finding("f1", walk_id="w5"), finding("f2", walk_id="w5"), finding("f3"))


@pytest.fixture
def filled(kept):
    """A store with a file of a walk and three findings taken in."""
    take(kept, *ROWS, of_walks=[WALK])
    return kept


def preview(kept, *rows, of_walks=()):
    return kept.preview_field(findings(*rows).reset_index(), walks(*of_walks))


def counted(kept, import_id):
    names = ["n_rows", "n_new", "n_changed", "n_same"]
    return kept.imports("findings").loc[import_id, names].tolist()


def test_a_file_is_taken_in_whole_and_both_of_its_tables_are_counted(kept):
    taken = take(kept, *ROWS, of_walks=[WALK])
    assert (taken.import_id, taken.walks.new, taken.findings.new) == (
        1,
        ("w5",),
        ("f1", "f2", "f3"),
    )
    assert kept.findings().index.tolist() == ["f1", "f2", "f3"]
    assert kept.findings()["walk_id"].tolist() == ["w5", "w5", ""]
    assert (
        kept.findings()[["version", "import_id", "imported_version"]].values.tolist()
        == [[1, 1, 1]] * 3
    )
    assert counted(kept, 1) == [4, 4, 0, 0]
    listed = kept.imports("findings").loc[1]
    assert listed[["made_by", "file_name", "what", "sha256"]].tolist() == [
        "Åsa",
        "runda.csv",
        "3 nya fynd, 1 nya vandringar",
        "1",
    ]
    assert kept.imports().empty
    assert kept.audit()["action"].tolist() == ["import", "new", "new", "new", "new"]
    assert kept.steps()["finding_id"].tolist() == ["f1", "f2", "f3"]


def test_the_same_file_again_changes_nothing_however_often(filled):
    before = everything(filled)
    for _ in range(3):
        taken = take(filled, *ROWS, of_walks=[WALK])
        assert (taken.import_id, taken.walks.same) == (None, ("w5",))
        assert (taken.findings.same, taken.findings.new) == (("f1", "f2", "f3"), ())
        assert everything(filled) == before


def test_the_same_rows_in_another_order_and_under_another_name_change_nothing(filled):
    before = everything(filled)
    assert take(filled, *ROWS[::-1], of_walks=[WALK], sha256="2").import_id is None
    assert everything(filled) == before


def test_a_row_that_the_file_has_changed_is_changed_and_its_edit_here_is_not_lost(filled):
    change(filled, 1, finding_id="f2", description="rättad här")
    rows = (
        finding("f1", walk_id="w5", description="rättad i filen"),
        finding("f2", walk_id="w5", description="annan i filen"),
        ROWS[2],
        finding("f4"),
    )
    taken = take(filled, *rows, of_walks=[walk("w5", place="Byttorp")], sha256="2")
    assert (taken.findings.changed, taken.findings.edited) == (("f1",), ("f2",))
    assert (taken.findings.same, taken.findings.new) == (("f3",), ("f4",))
    assert taken.walks.changed == ("w5",)
    assert filled.findings()["description"].tolist()[:2] == ["rättad i filen", "rättad här"]
    assert filled.findings()["version"].tolist() == [2, 2, 1, 1]
    assert filled.walks()["place"].tolist() == ["Byttorp"]
    assert counted(filled, 2) == [5, 1, 2, 2]
    said = filled.audit("f1").iloc[-1]
    assert (said["action"], said["made_by"]) == ("import", "Åsa")
    assert json.loads(said["before"])["description"] == "Lampan vid f1"
    assert filled.audit("f2")["action"].tolist() == ["new", "change"]
    again = take(filled, *rows, of_walks=[walk("w5", place="Byttorp")], sha256="2")
    assert (again.import_id, again.findings.edited) == (None, ("f2",))
    assert again.findings.same == ("f1", "f3", "f4")


def test_a_row_can_be_changed_by_one_file_after_the_other(filled):
    for number, text in enumerate(("två", "tre", "fyra"), start=2):
        rows = (finding("f1", walk_id="w5", description=text), *ROWS[1:])
        assert take(filled, *rows, of_walks=[WALK]).findings.changed == ("f1",)
        assert one(filled)[["description", "version"]].tolist() == [text, number]
    assert len(filled.audit("f1")) == 4


def test_what_was_removed_here_is_not_brought_back_by_a_file(filled):
    filled.remove_finding("f1", 1, "Bo")
    before = everything(filled, "versions")
    rows = (finding("f1", walk_id="w5", description="ny text"), *ROWS[1:])
    taken = take(filled, *rows, of_walks=[WALK])
    assert (taken.import_id, taken.findings.removed) == (None, ("f1",))
    assert everything(filled, "versions") == before


def test_what_was_made_here_is_not_overwritten_by_a_file(kept):
    save(kept, finding("f1", description="skriven här"))
    taken = take(kept, finding("f1"), finding("f2"))
    assert (taken.findings.edited, taken.findings.new) == (("f1",), ("f2",))
    assert one(kept)["description"] == "skriven här"


@pytest.mark.parametrize("is_first", [True, False])
def test_a_preview_says_what_will_be_and_writes_nothing(kept, is_first, tmp_path):
    if not is_first:
        take(kept, *ROWS, of_walks=[WALK])
        change(kept, 1, finding_id="f2", description="rättad här")
        kept.remove_finding("f3", 1, "Bo")
    rows = (finding("f1", walk_id="w5", place="ny"), finding("f2", place="ny"), *ROWS[2:])
    rows += (finding("f4", walk_id="w6"),)
    both = {"of_walks": [WALK, walk("w6")]}
    before = None if is_first else everything(kept)
    said = preview(kept, *rows, **both)
    assert said.import_id is None
    if is_first:
        assert list(tmp_path.iterdir()) == []
        assert kept.version("field") == "0"
    else:
        assert everything(kept) == before
        assert [len(getattr(said.findings, fate)) for fate in ("new", "changed", "same")] == [
            1,
            1,
            0,
        ]
        assert (said.findings.edited, said.findings.removed) == (("f2",), ("f3",))
    done = take(kept, *rows, **both)
    assert (said.walks, said.findings) == (done.walks, done.findings)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_with_an_unknown_walk_is_refused_whole(kept, is_first, tmp_path):
    if not is_first:
        take(kept, *ROWS, of_walks=[WALK])
    before = None if is_first else everything(kept)
    rows = (finding("f7"), finding("f8", walk_id="w9"))
    for act in (preview, take):
        with pytest.raises(GeoError, match=r"^Vandringen w9 finns inte\. Registrera den först"):
            act(kept, *rows, of_walks=[walk("w7")])
    if is_first:
        assert kept.findings().empty
        assert kept.walks().empty
    else:
        assert everything(kept) == before


def test_a_known_row_that_comes_with_an_unknown_walk_is_refused_whole(filled):
    before = everything(filled)
    with pytest.raises(GeoError, match=r"^Vandringen w9 finns inte\."):
        take(filled, finding("f1", walk_id="w9"), finding("f4"), of_walks=[WALK])
    assert everything(filled) == before


def test_a_finding_may_name_a_walk_that_is_here_but_not_in_the_file(filled):
    assert take(filled, finding("f4", walk_id="w5")).findings.new == ("f4",)


def test_a_status_that_a_file_changes_is_a_step(filled):
    day = pd.Timestamp("2026-03-05")
    rows = (
        finding("f1", walk_id="w5", status="done", owner="Gata", done_date=day),
        finding("f2", walk_id="w5", place="bara platsen"),
    )
    take(filled, *rows, of_walks=[WALK])
    found = filled.steps("f1")
    assert found["status"].tolist() == ["noted", "done"]
    assert found["day"].tolist() == [ROWS[0]["observed_date"], day]
    assert len(filled.steps("f2")) == 1


def test_none_of_a_file_is_kept_when_one_row_breaks_a_rule_of_the_database(filled):
    before = everything(filled)
    rows = (finding("f4"), finding("f1", walk_id="w5", status="done"), finding("f5"))
    with pytest.raises(Exception, match=r"(?i)check constraint.*owner_before_status"):
        take(filled, *rows, of_walks=[walk("w6")])
    assert everything(filled) == before


def test_nul_in_a_file_is_told_and_nothing_is_written(filled):
    before = everything(filled)
    with pytest.raises(GeoError, match=r"^place: NUL-tecken kan inte sparas\."):
        take(filled, finding("f4"), finding("f5", place="a\x00"), of_walks=[WALK])
    assert everything(filled) == before


def test_taking_back_removes_what_came_new_and_nobody_has_touched(filled):
    change(filled, 1, finding_id="f2", description="rättad här")
    save(filled, finding("f9"))
    assert filled.take_back_field(1, "Bo") == 2
    assert filled.findings().index.tolist() == ["f2", "f9"]
    assert filled.findings(removed=True).index.tolist() == ["f1", "f3"]
    assert filled.walks().index.tolist() == ["w5"]  # a walk stays with its finding
    assert filled.imports("findings")["taken_back_at"].notna().tolist() == [True]
    assert filled.audit("f1")["action"].tolist() == ["new", "take_back"]
    assert filled.audit("f1")["made_by"].tolist() == ["Åsa", "Bo"]
    assert filled.audit("f2")["action"].tolist() == ["new", "change"]


def test_taking_back_leaves_what_another_file_brought(filled):
    take(filled, finding("f4"), sha256="2")
    assert filled.take_back_field(1, "Bo") == 4
    assert filled.findings().index.tolist() == ["f4"]
    assert filled.take_back_field(2, "Bo") == 1


def test_a_wrong_taking_back_is_told_and_nothing_is_written(filled):
    before = everything(filled)
    with pytest.raises(GeoError, match=r"^Import 9 finns inte\. Se numren med"):
        filled.take_back_field(9, "Bo")
    assert everything(filled) == before
    filled.take_back_field(1, "Bo")
    before = everything(filled)
    with pytest.raises(GeoError, match=r"^Import 1 är redan ångrad \(20"):
        filled.take_back_field(1, "Bo")
    assert everything(filled) == before


def test_a_file_that_was_taken_back_can_be_read_again_and_taken_back_again(filled):
    filled.take_back_field(1, "Bo")
    rows = (ROWS[0], finding("f2", walk_id="w5", description="rättad fil"), ROWS[2])
    taken = take(filled, *rows, of_walks=[WALK], sha256="2")
    assert (taken.import_id, taken.findings.new) == (2, ("f1", "f2", "f3"))
    assert filled.findings()["description"].tolist()[1] == "rättad fil"
    assert filled.audit("f1")["action"].tolist() == ["new", "take_back", "bring_back"]
    assert take(filled, *rows, of_walks=[WALK], sha256="2").import_id is None
    filled.remove_finding("f3", 3, "Bo")
    assert filled.take_back_field(2, "Bo") == 3
    assert filled.findings().empty
    assert take(filled, *rows, of_walks=[WALK], sha256="2").findings.removed == ("f3",)
