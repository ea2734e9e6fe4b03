"""Reading statistics in on the page Data och kvalitet: dry run, mapping, all or nothing, undo."""

import pandas as pd
import pytest

from geo import store
from tests.pages.reader import run, tables, text

HEAD = "indikator;områdeskod;årgång;år;täljare;nämnare\n"
GOOD = (
    HEAD + "trygghet;1490R025;RegSO2025;2023;1 020;1 250\ntrygghet;1490R023;RegSO2025;2023;<5;60\n"
)
WIDE = "Egen sammanställning;;\n;;\nBasområde;Kod;Framtidstro\nNorrby;1490R025_RegSO2025;77,5\n"


@pytest.fixture
def keeper(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.delenv("LAGESBILD_WRITE", raising=False)


def upload(content, name="prov.csv"):
    app = run("data.py")
    app.file_uploader(key="inlasning0").upload(name, content.encode("utf-8"), "text/csv").run()
    assert not app.exception, [fault.message for fault in app.exception]
    return app


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def kept():
    with store.open() as opened:
        return opened.statistics()


def test_a_dry_run_says_what_would_change_and_writes_nothing(keeper):
    app = upload(GOOD)
    assert "**Detta skulle ändras:** 2 nya värden" in text(app)
    row = tables(app)["Per indikator och period"].iloc[0]
    assert row.tolist() == ["Trygghet i skolan och området", "2023", "2", "0", "0", "0"]
    assert kept().empty


def test_an_import_is_kept_told_and_can_be_taken_back_and_given_back(keeper):
    app = press(upload(GOOD), "Läs in")
    assert "prov.csv: 2 värden inlästa som import 1" in text(app)
    assert kept()[["value", "status"]].fillna(0).values.tolist() == [
        [0, "suppressed"],
        [81.6, "ok"],
    ]
    listed = tables(app)["Alla inläsningar, den senaste först"].iloc[0]
    assert (listed["Fil"], listed["Läge"]) == ("prov.csv", "gäller")
    assert "redan inläst" in text(upload(GOOD))
    press(app, "Ångra inläsningen")
    assert kept().empty
    assert "ångrad" in tables(app)["Alla inläsningar, den senaste först"].at[0, "Läge"]
    press(app, "Låt gälla igen")
    assert len(kept()) == 2


def test_what_changes_is_shown_old_beside_new(keeper):
    press(upload(GOOD), "Läs in")
    app = upload(GOOD.replace("1 020", "1 000"), "rattad.csv")
    changed = tables(app)["Värden som ändras (de första 200)"].iloc[0]
    assert (changed["Nu"], changed["Blir"]) == ("81,6", "80")
    press(app, "Läs in")
    assert kept().set_index("area_code").at["1490R025", "value"] == 80


def test_one_fault_and_nothing_is_read_in(keeper):
    app = upload(GOOD + "trygghet;1490R031;RegSO2025;2023;90;60\n")
    assert "Ingenting läses in förrän felen är rättade" in text(app)
    assert "större än nämnaren" in tables(app)["Anmärkningar"].to_csv()
    assert not [button for button in app.button if button.label == "Läs in"]
    assert kept().empty


def test_a_wide_file_is_read_with_what_the_reader_says_of_it(keeper):
    app = upload(WIDE)
    assert "under Vad kolumnerna betyder" in tables(app)["Anmärkningar"].to_csv()
    period = next(box for box in app.text_input if box.label == "Period för alla rader")
    period.set_value("2023").run()
    assert "1 nytt värde" in text(app)
    press(app, "Läs in")
    assert kept()[["indicator_id", "area_code", "period", "value"]].values.tolist() == [
        ["framtidstro", "1490R025", "2023", 77.5]
    ]


def test_the_reader_may_try_a_file_but_never_sees_what_is_stored(reader):
    with store.open() as opened:
        row = {"indicator_id": "folkmangd", "area_code": "1490R001", "area_vintage": "RegSO2025"}
        row |= {"period": "2024", "group": "alla", "numerator": None, "denominator": None}
        rows = pd.DataFrame([row | {"value": 3.0, "status": "ok", "source": "prov"}])
        opened.save_statistics(rows, file_name="a", sha256="a", made_by="prov", what="prov")
    app = upload("indikator;kod;årgång;år;antal\nfolkmangd;1490R001;RegSO2025;2024;77\n")
    assert "sidan är skrivskyddad" in text(app)
    assert not app.button
    assert "Värden som ändras (de första 200)" not in tables(app)
    assert "Detta skulle ändras" not in text(app)


def test_a_file_that_cannot_be_read_is_told(keeper):
    app = upload("a\x00b", "trasig.csv")
    assert any("NUL-tecken" in error.value for error in app.error)


def test_hostile_text_in_a_file_stays_text(keeper):
    app = upload(HEAD + "<script>alert(1)</script>;1490R025;RegSO2025;2023;10;20\n")
    shown = tables(app)["Anmärkningar"].to_csv()
    assert "<script>alert(1)</script>" in shown
