"""Statistics as they come from other people: every fault a row in issues, the rest untouched.

Each case is one file. The wrong rows are told by line, column and a sentence with a remedy; the
right rows are read as if the others were not there; and nothing of the file is imported.
"""

import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geo import files, read, store
from geo.__main__ import main
from geo.errors import UnreadableFileError

HEAD = "indicator_id,area_code,area_vintage,period,group,numerator,denominator,value,status\n"
GOOD = "folkmangd,1490R047,RegSO2025,2024,alla,,,900,ok\n"
SHARE = "trygghet,1490R{:03},RegSO2025,2024,alla,"


def rows(*cells, of=SHARE):
    """Rows of one share, an area each, from line 3 (line 2 is the good row)."""
    return "".join(of.format(number) + row + "\n" for number, row in enumerate(cells, start=1))


# what is wrong: the file's rows, the lines and columns told as errors, a sentence among them
CASES = {
    "percent as 0–1 and as 0–100": (
        rows(",,61.5,ok", ",,0.62,ok", ",,58,ok"),
        [(4, "value")],
        "de flesta värden i filen är i procent (0–100), men inte det här. Skriv alla lika.",
    ),
    "percent as 0–100 among 0–1": (
        rows(",,0.61,ok", ",,62,ok", ",,0.58,ok"),
        [(4, "value")],
        "de flesta värden i filen är andelar (0–1), men inte det här",
    ),
    "percent, proved, among 0–1": (
        rows("61,100,61,ok", ",,0.62,ok"),
        [(4, "value")],
        "i procent (0–100), men inte det här",
    ),
    "all of it 0–1": (
        rows(",,0.61,ok", ",,0.62,ok"),
        [(None, "value")],
        "trygghet: alla 2 värden är högst 1. Ange enheten: share om 0,45 betyder 45 procent",
    ),
    "one value and it is 0–1": (rows(",,0.61,ok"), [(3, "value")], "värdet är högst 1. Ange enh"),
    "numerator without denominator": (
        rows("12,,,ok"),
        [(3, "denominator")],
        "täljaren har ingen nämnare. Skriv hur många den räknas av",
    ),
    "numerator above denominator": (
        rows("12,30,40,ok", "31,30,,ok"),
        [(4, "numerator")],
        "täljaren är större än nämnaren. Kontrollera om de har bytt plats.",
    ),
    "nobody in the denominator": (
        rows("0,0,,ok"),
        [(3, "denominator")],
        "nämnaren är 0: inget kan räknas. Skriv missing",
    ),
    "value against its parts": (
        rows("12,30,40,ok", "12,30,45,ok"),
        [(4, "value")],
        "värdet stämmer inte med täljare och nämnare, som ger 40. Rätta ett tal",
    ),
    "above 100 percent": (rows(",,140,ok"), [(3, "value")], "andelen är över 100 procent. Rätta"),
    "negative count": (
        rows(",,-3,ok", of="folkmangd,1490R{:03},RegSO2025,2024,alla,"),
        [(3, "value")],
        "talet är negativt",
    ),
    "negative parts": (
        rows("-1,-2,,ok"),
        [(3, "numerator"), (3, "denominator")],
        "talet är negativt",
    ),
    "a class and a half": (
        rows(",,2.5,ok", of="omradestyp,1490R{:03},RegSO2025,2024,alla,"),
        [(3, "value")],
        "en klass är ett heltal",
    ),
    "two counts": (
        rows("12,,13,ok", of="folkmangd,1490R{:03},RegSO2025,2024,alla,"),
        [(3, "value")],
        "värde och antal säger olika",
    ),
    "ok and nothing": (rows(",,..,ok"), [(3, "status")], "status är ok men värdet saknas. Skriv"),
    "ok and hidden": (rows(",,<5,ok"), [(3, "status")], "värdet är dolt. Skriv suppressed"),
    "missing and there": (rows(",,45,missing"), [(3, "status")], "sägs sakna värde men har ett"),
    "missing and can be reckoned": (rows("1,2,,missing"), [(3, "status")], "sägs sakna värde men"),
    "hidden and shown": (rows("4,,,suppressed"), [(3, "status")], "raden visar det ändå. Töm"),
    "numerator hidden, value shown": (rows("<5,90,4.4,"), [(3, "status")], "raden visar det ändå"),
    "no status": (rows(",,45,klar"), [(3, "status")], "klar är ingen status. Skriv ok, missing"),
    "no number": (
        rows(",,många,ok"),
        [(3, "value")],
        "ett tal väntades, till exempel 0,5. Rätta cellen, eller töm den.",
    ),
    "no period": (
        "".join(
            f"trygghet,1490R001,RegSO2025,{period},alla,,,45,ok\n"
            for period in ("2024-H1", "1889", "2023/2025", "", "demo", "2024-01-01")
        ),
        [(line, "period") for line in range(3, 9)],
        "2024-H1 är ingen period. Skriv ett år (2024) eller ett läsår (2023/2024).",
    ),
    "the same cell twice": (
        rows(",,45,ok") + rows(",,46,ok") + rows(",,47,ok", ",,48,ok"),
        [(3, "value"), (4, "value"), (5, "value")],
        "samma cell finns flera gånger med olika värden (rad 3, 4, 5). Behåll en av dem.",
    ),
    "the same cell, hidden once": (
        rows(",,45,ok") + rows(",,,suppressed"),
        [(3, "value"), (4, "value")],
        "med olika värden (rad 3, 4)",
    ),
    "another municipality": (
        "trygghet,1489R001,RegSO2025,2024,alla,,,45,ok\nfolkmangd,1489,kommun,2024,,,,45,ok\n",
        [(3, "area_code"), (4, "area_code")],
        "1489R001 hör till en annan kommun (1489). Ta bort raden.",
    ),
    "an area that is not there": (
        rows(",,45,ok", of="trygghet,1490R{:03}9,RegSO2025,2024,alla,")
        + rows(",,45,ok", of="trygghet,1490R{0}{0}{0},RegSO2025,2024,alla,"),
        [(3, "area_code"), (4, "area_code")],
        "1490R111 finns inte bland stadens RegSO2025. Rätta koden.",
    ),
    "DeSO without its polygons": (
        "trygghet,1490A0010_DeSO2025,,2024,alla,,,45,ok\n",
        [(3, "area_code")],
        "finns inte bland de ytor som är laddade. Ladda DeSO-områdenas ytor först",
    ),
    "no vintage": (
        rows(",,45,ok", of="trygghet,1490R{:03},,2024,alla,"),
        [(3, "area_vintage")],
        "årgången saknas. Skriv RegSO2025 i kolumnen area_vintage",
    ),
    "a vintage that is none": (
        rows(",,45,ok", of="trygghet,1490R{:03},RegSO2022,2024,alla,")
        + rows(",,45,ok", of="hyresratt,1490R{:03}_RegSO2025,RegSO2020,2024,alla,"),
        [(3, "area_vintage"), (4, "area_code")],
        "RegSO2022 är ingen årgång för 1490R001. Skriv något av RegSO2018, RegSO2020, RegSO2025.",
    ),
    "a vintage mix": (
        rows(",,45,ok", ",,46,ok") + "trygghet,1490R003,RegSO2018,2024,alla,,,47,ok\n",
        [(5, "area_vintage")],
        "rader av flera årgångar (RegSO2018, RegSO2025), flest av RegSO2025. Årgångar slås aldrig "
        "ihop: dela filen",
    ),
    "an indicator nobody defined": (
        "tryghet,1490R001,RegSO2025,2024,alla,,,45,ok\nxyz,1490R001,RegSO2025,2024,alla,,,4,ok\n",
        [(3, "indicator_id"), (4, "indicator_id")],
        "tryghet är ingen indikator som finns. Menas trygghet? Rätta id:t, eller lägg till",
    ),
    "only for the municipality": (
        "valdsbrott,1490R001,RegSO2025,2024,alla,,,900,ok\n",
        [(3, "area_code")],
        "valdsbrott finns bara för hela kommunen. Skriv 1490 och kommun",
    ),
    "many faults in one row": (
        "xyz,1490R099,RegSO2025,H1,alla,-1,,..,klar\n",
        [(3, column) for column in ("indicator_id", "area_code", "period", "status", "numerator")],
        "xyz är ingen indikator som finns. Rätta id:t",
    ),
}


def places(issues):
    """The lines that are told; None = the whole file."""
    return [None if pd.isna(row) else int(row) for row in issues["row"]]


def nothing_is_kept():
    with store.open() as kept:
        return not kept.file.path.exists()


@pytest.mark.parametrize("case", CASES)
def test_every_fault_is_told_by_its_row_and_the_rest_is_untouched(
    case, tmp_path, capsys, base_areas
):
    body, wrong, sentence = CASES[case]
    path = tmp_path / "s.csv"
    path.write_text(HEAD + GOOD + body, encoding="utf-8")
    frame, issues = read.statistics(path, base_areas=base_areas)
    errors = issues[issues["severity"] == "error"]
    told = list(zip(places(errors), errors["column"], strict=True))
    assert sorted(told, key=str) == sorted(wrong, key=str)
    assert sentence in "\n".join(errors["message"])
    lines = set(range(2, 2 + len(body.splitlines()) + 1))
    bad = {row for row, _ in wrong}
    assert set(frame.index) == ({2} if None in bad else lines - bad)
    assert frame.loc[2, ["indicator_id", "value", "status"]].tolist() == ["folkmangd", 900, "ok"]
    assert main(["statistics", "import", str(path)]) == 1
    printed = capsys.readouterr().out
    assert sentence in printed
    assert "ingenting lästes in" in printed
    assert nothing_is_kept()


# what is odd and can be used: the file's rows, the lines and columns told, a sentence, the values
ODD = {
    "a share without its denominator": (
        rows(",,45,ok"),
        [(3, "value")],
        "andelen har ingen nämnare: den visas, men räknas aldrig samman över områden.",
        [45],
    ),
    "0–1, proved by numerator and denominator": (
        rows("3,4,0.75,ok", "1,2,50,ok"),
        [(3, "value")],
        "värdet är skrivet som andel (0–1) och är omräknat till procent",
        [75, 50],
    ),
    "the same cell twice, alike": (
        rows("3,4,,ok") + rows("3,4,75,ok"),
        [(4, "value")],
        "samma cell finns flera gånger med samma värde (rad 3, 4). En av dem används.",
        [75],
    ),
    "an old vintage": (
        "trygghet,1490R999,RegSO2018,2017,alla,3,4,,ok\n",
        [(3, "area_vintage")],
        "RegSO2018 är en annan indelning än RegSO2025: raden sparas men jämförs aldrig",
        [75],
    ),
    "a count with a denominator": (
        "folkmangd,1490R001,RegSO2025,2024,alla,,9,5,ok\n",
        [(3, "denominator")],
        "ett antal eller en klass har ingen nämnare: den används inte",
        [5],
    ),
    "the city alone": (
        "trygghet,1490,,2024,alla,3,4,,ok\n",
        [(None, "area_code")],
        "trygghet har bara värden för hela kommunen eller riket",
        [75],
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_is_told_and_used(case, tmp_path, capsys, base_areas):
    body, told, sentence, values = ODD[case]
    path = tmp_path / "s.csv"
    path.write_text(HEAD + GOOD + body, encoding="utf-8")
    frame, issues = read.statistics(path, base_areas=base_areas)
    assert list(zip(places(issues), issues["column"], strict=True)) == told
    assert set(issues["severity"]) == {"warning"}
    assert sentence in issues.at[0, "message"]
    assert frame["value"].tolist() == [900, *values]
    assert main(["statistics", "import", str(path)]) == 0
    assert sentence in capsys.readouterr().out


def test_the_same_city_value_goes_with_any_vintage(tmp_path):
    body = rows("3,4,,ok") + "trygghet,1490,kommun,2024,alla,3,4,,ok\n"
    (tmp_path / "s.csv").write_text(HEAD + body)
    frame, issues = read.statistics(tmp_path / "s.csv")
    assert issues.empty
    assert frame["area_vintage"].tolist() == ["RegSO2025", "kommun"]


def as_csv(path, table):
    text = "\n".join(";".join(row) for row in table)
    path.write_bytes(text.encode("cp1252"))


def as_excel(path, table):
    book = openpyxl.Workbook()
    for row in table:
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    book.save(path)


@pytest.mark.parametrize(("name", "write"), [("s.csv", as_csv), ("s.xlsx", as_excel)])
def test_a_header_in_row_7_is_found_and_lines_are_those_of_the_file(name, write, tmp_path, capsys):
    table = [["Trygghet, Borås 2024", "", "", ""], ["Enkät; åk 8", "", "", ""]]
    table += [["", "", "", ""]] * 4
    table += [["Områdeskod", "Årgång", "År", "Trygghet i skolan och området (%)"]]
    table += [["1490R001", "RegSO2025", "2024", "61,5"], ["1490R099", "RegSO2025", "2024", "60"]]
    write(tmp_path / name, table)
    frame, issues = read.statistics(tmp_path / name)
    told = issues[["row", "column", "severity"]].values.tolist()
    assert [7, "", "warning"] in told
    assert [9, "Områdeskod", "error"] in told
    assert "Rubrikerna lästes från rad 7" in issues.at[0, "message"]
    assert frame["value"].to_dict() == {8: 61.5}
    assert main(["statistics", "import", str(tmp_path / name)]) == 1
    assert "FEL rad 9, Områdeskod: 1490R099 finns inte" in capsys.readouterr().out
    assert nothing_is_kept()


GROWTH = """
import resource, sys
from pathlib import Path
from geo import files
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    files.read_rows(Path(sys.argv[1]), sniff=50)
except files.UnreadableFileError:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_ten_million_rows_are_refused_before_memory_is_used(tmp_path, capsys):
    path = tmp_path / "s.csv"
    with path.open("w") as file:
        file.write("kod;andel\n")
        for _ in range(100):
            file.write("a;1\n" * 100_000)
    assert main(["statistics", "import", str(path)]) == 2
    assert "s.csv har fler än 1 000 000 rader. Dela upp filen" in capsys.readouterr().err
    assert nothing_is_kept()
    ran = subprocess.run(
        [sys.executable, "-c", GROWTH, str(path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(ran.stdout) < 50_000  # kB; as rows the file takes more than twenty times that


def test_rows_that_end_otherwise_are_counted_while_they_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_ROWS", 10)
    (tmp_path / "s.csv").write_bytes(b"a;b\r" + b"1;2\r" * 10)
    assert len(files.read_table(tmp_path / "s.csv")) == 10
    (tmp_path / "s.csv").write_bytes(b"a;b\r" + b"1;2\r" * 11)
    with pytest.raises(UnreadableFileError, match="fler än 10 rader"):
        files.read_table(tmp_path / "s.csv")


def test_a_workbook_with_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_EXCEL_ROWS", 100)
    book = openpyxl.Workbook()
    for number in range(100):
        book.active.append([f"a{number}"])
    book.save(tmp_path / "s.xlsx")
    assert len(files.read_table(tmp_path / "s.xlsx")) == 99
    book.active.append(["en till"])
    book.save(tmp_path / "s.xlsx")
    with pytest.raises(UnreadableFileError, match=r"fler än 100 rader\. Spara bladet som CSV"):
        files.read_table(tmp_path / "s.xlsx")
    far = openpyxl.Workbook()
    far.active["A1"], far.active["A900000"] = "namn", "långt ned"
    far.save(tmp_path / "s.xlsx")
    with pytest.raises(UnreadableFileError, match="fler än 100 rader"):
        files.read_table(tmp_path / "s.xlsx")
