import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.freetext import MAX_LENGTH, check, clean, personal_data, too_long


def kinds(text):
    return [hit.kind for hit in personal_data(text)]


def luhn(nine):
    """Return the last digit of a personal number: each other digit doubled, digits summed."""
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return str(-sum(n - 9 if n > 9 else n for n in doubled) % 10)


def number(day, serial, coordination=False):
    """Return the ten digits of the number of a day, as nobody need have it."""
    text = f"{day:%y%m}{day.day + 60 * coordination:02}{serial:03}"
    return text + luhn(text)


PERSON = number(date(1964, 8, 23), 323)  # of Skatteverket's published test numbers
PERSONS = [
    f"{PERSON[:6]}-{PERSON[6:]}",
    f"{PERSON[:6]}+{PERSON[6:]}",
    PERSON,
    f"19{PERSON}",
    f"19{PERSON[:6]}-{PERSON[6:]}",
    f"{PERSON[:6]} {PERSON[6:]}",
    f"{PERSON[:6]} - {PERSON[6:]}",
    f"{PERSON[:6]}–{PERSON[6:]}",
    f"{PERSON[:6]}\u2212{PERSON[6:]}",
    f"{PERSON[:6]}\u00a0{PERSON[6:]}",
    f"{PERSON[:3]}\u200b{PERSON[3:]}",
    f"1964-08-23-{PERSON[6:]}",
    f"64-08-23-{PERSON[6:]}",
    f"1964-08-23 {PERSON[6:]}",
    "".join(chr(0xFF10 + int(digit)) for digit in PERSON),
    "".join(chr(0x0660 + int(digit)) for digit in PERSON),
    "\ufe0f\u20e3".join(PERSON),
]
NO_PERSONS = [
    f"{PERSON[:9]}{(int(PERSON[9]) + 1) % 10}",  # the checksum is wrong
    "641323-3231",  # no month
    "640000-0000",
    f"1{PERSON}2",  # within a longer run
    f"57.{PERSON}",  # the decimals of a coordinate
    f"12,{PERSON}",
    "377000 6400000",
    "2017-10-03 1830",
    "2017-10-03 2017",
    "20171003",
]
PHONES = [
    "070-174 06 05",  # PTS: numbers for books and films
    "0701740605",
    "070 1740605",
    "070.174.06.05",
    "(070) 174 06 05",
    "+46 70 174 06 05",
    "+46701740605",
    "+46 (0)70-174 06 05",
    "0046701740605",
    "0046 70 174 06 05",
    "033-35 70 00",
    "033 35 70 00",
    "(033) 35 70 00",
    "033/357000",
    "031-390 06 00",
    "08-465 004 00",
    "07 01 74 06 05",
    "070—174 06 05",
    "070_174_06_05",
    "tel0701740605x",
    "+47 22 12 34 56",
    "０７０１７４０６０５",
]
NO_PHONES = [
    "2017-10-03",
    "08-10-2017",
    "08.10.2017",
    "377000 6400000",
    "57.72, 12.94",
    "0,5 0,7 0,75",
    "0.25 0.75 0.125",
    "18:30–20:00",
    "08.00-16.30",
    "kl 07.30, 08.15, 09.45",
    "FOFN 2018-00020",
    "02018-00020",
    "25 000 kr",
    "0–100 000 kr",
    "rv 27/40",
    "linje 1",
    "112",
    "1177",
    "114 14",
    "SOS 112",
    "2017 och 2018",
]
MAILS = [
    "namn@example.se",
    "namn.namn+trygg@sub.example.se",
    "namn (at) domän.se",
    "namn(at)example.se",
    "namn [snabel-a] domän punkt se",
    "namn snabel-a example.se",
    "namn {a} example (punkt) se",
    "namn@xn--domn-noa.se",
    "namn@domän.se",
    "namn＠example．se",
    "na\u200bmn@example.se",
]
NO_MAILS = [
    "Mötesplats @ torget. Bra",
    "2 st @ 100 kr",
    "@norrby",
    "www.boras.se",
    "a@b",
    "bra (a) b",
]
PLATES = [
    *("ABC123", "abc123", "ABC12D", "abc12d", "ABC 123", "abc 123", "ABC-123", "ABC 12D"),
    *("ABC１２３", "LED300", "regnr RUM 204", "reg.nr: och 300"),
]
NO_PLATES = [
    *("LED 300", "och 300 meter", "och 300", "max 100", "RUM 204", "SOS 112", "GPS 577"),
    *(
        "IQV123",
        "ÅBC123",
        "ABC1234",
        "XABC123",
        "hus 12B och 12C",
        "E20",
        "rv 40",
        "xyz 123 lampor",
    ),
    *("den 12 okt 2017", "ABC 123-124", "FOFN 2018-00020", "kl 123"),
]
ADDRESSES = [
    "Skolgatan 4",
    "skolgatan 4",
    "Hultagatan 12 B",
    "Byvägen 4a",
    "Stora gatan 4",
    "Gamla vägen 12 B",
    "gamla vägen 12",
    "Norrby Långgata 12",
    "Sven Eriksons plats 4",
    "Krokshalls torg 2",
    "Skolgatans 4",
    "Skolgatan nr 4",
    "Skolgatan, nummer 4",
    "Skolgatan port 3",
    "Skolgatan4",
    "Skolgatan 12-14",
    "Skolgatan 4, lgh 1102",
    "Skolgatan 4 lgh 1102, 503 33 Borås",
    "Lärkstigen 7",
    "Tallbacken 8",
    "Kungsringen 9",
    "Björkliden 3",
    "Åsvägen 3 C",
    "Skolgatan 4 är mörk",
    "Skolgatan 4 i Norrby",
    "Skolgatan\u00a04",
    "Sko\u200blgatan ４",
    "lgh 1102",
    "lägenhet 1203",
]
NO_ADDRESSES = [
    "Skolgatan/Allégatan",
    "korsningen Skolgatan och Allégatan",
    *(
        "väg 40",
        "riksväg 27",
        "länsväg 180",
        "rv 40",
        "E20",
        "cykelvägen 27",
        "gång- och cykelvägen 2",
    ),
    *(
        "Skolgatan 30 km/h",
        "Skolgatan 300 m",
        "Skolgatan 300m",
        "Skolgatan 12 m²",
        "Skolgatan 20 %",
    ),
    *("Skolgatan 2,5 meter", "Skolgatan 15 min", "Skolgatan 40-sträcka", "Skolgatan 1000"),
    *(
        "Skolgatan 2017-10-03",
        "gatan 2017",
        "Skolgatan 3/10",
        "Skolgatan 1 maj",
        "Skolgatan 3 oktober",
    ),
    *("Skolgatan kl 22", "Skolgatan 22:00", "Skolgatan 22.00", "Skolgatan 22-06", "Skolgatan 3:e"),
    *("gatan 3 lampor", "Skolgatan 3 lampor är släckta", "Skolgatan 4 trasiga lampor"),
    *("Skolgatan 5 belysningsstolpar", "Skolgatan, 3 lampor", "två bänkar vid gatan"),
    *("plan 2", "bollplan 2", "lekplatsen 3", "hållplatsen 3", "detaljplan 12", "Längs vägen 40"),
    *("503 33 Borås", "linje 1", "Skolgatan linje 1", "lägenheter", "1102"),
]
WALK = [
    "Tre lampor är släckta längs gångvägen mot skolan, nr 4, 5 och 6 räknat från bron.",
    "Buskarna är 2,5 meter höga och skymmer sikten i korsningen Skolgatan/Allégatan.",
    "Övergångsstället vid rv 40 saknar belysning; många kör 70 i stället för 50 km/h.",
    "Bänken vid busshållplatsen är trasig. Linje 1 och 2 stannar här var 15:e minut.",
    "Se protokoll FOFN 2018-00020 från 2017-10-03 kl 18:30–20:00, punkt 12.",
    "Ljust och fint 2024! Bevara. 👍🏽 Det kostade 25 000 kr.",
    "Livboj saknas vid bryggan 57,7210, 12.9401 (377000, 6400000).",
    "Vid larm ring 112, 114 14 eller 1177.",
    "Gångtunneln under väg 40 är mörk, ca 300 m från torget, LED 300 lux föreslås.",
    "Kantsten 12 cm hög vid Skolgatan, 2 trappor utan räcke.",
    "SELECT * FROM findings; DROP TABLE walks; -- <script>alert(1)</script>",
]


@pytest.mark.parametrize("text", PERSONS)
def test_a_personal_number_is_found_however_it_is_written(text):
    hits = personal_data(f"Där bor någon ({text}).")
    assert [hit.kind for hit in hits] == ["personnummer"]
    assert PERSON[-4:] not in hits[0].why
    assert "6408xx-xxxx" in hits[0].why


@pytest.mark.parametrize("text", NO_PERSONS)
def test_other_long_numbers_are_no_personal_number(text):
    assert {"personnummer", "samordningsnummer"} & set(kinds(text)) == set()


def test_a_coordination_number_has_its_own_name():
    held = number(date(1970, 10, 3), 239, coordination=True)
    assert kinds(f"{held[:6]}-{held[6:]}") == ["samordningsnummer"]


@pytest.mark.parametrize("text", PHONES)
def test_a_telephone_number_is_found(text):
    assert kinds(f"Ring {text} i dag") == ["telefon"]


@pytest.mark.parametrize("text", NO_PHONES)
def test_other_numbers_are_no_telephone(text):
    assert kinds(f"Vid {text} där") == []


def test_telephones_in_a_row_are_all_found():
    assert kinds("070-174 06 05 070-174 06 06, 0701740605/0701740608") == ["telefon"] * 4


@pytest.mark.parametrize("text", MAILS)
def test_an_e_mail_address_is_found(text):
    hits = personal_data(f"Skriv till {text}.")
    assert [hit.kind for hit in hits] == ["e-post"]
    assert "namn" not in hits[0].why


@pytest.mark.parametrize("text", NO_MAILS)
def test_other_signs_are_no_e_mail(text):
    assert kinds(text) == []


@pytest.mark.parametrize("text", PLATES)
def test_a_registration_plate_is_found(text):
    assert kinds(f"En bil med {text} står där") == ["registreringsskylt"]


@pytest.mark.parametrize("text", NO_PLATES)
def test_words_and_numbers_are_no_plate(text):
    assert kinds(f"Där är {text} hela tiden") == []


@pytest.mark.parametrize("text", ADDRESSES)
def test_a_home_address_is_found_and_told_without_its_number(text):
    hits = personal_data(f"Mörkt vid {text}")
    assert [hit.kind for hit in hits] == ["bostadsadress"]
    assert not re.search("[0-9]", hits[0].why)
    assert hits[0].why.endswith("Skriv gatans namn utan nummer, eller peka på kartan.")


@pytest.mark.parametrize("text", NO_ADDRESSES)
def test_other_numbers_by_a_street_are_no_address(text):
    assert kinds(f"Mörkt vid {text}") == []


def test_a_postal_code_and_a_flat_belong_to_the_address():
    text = "Mörkt vid Skolgatan 4 lgh 1102, 503 33 Borås på kvällen"
    assert [hit.text for hit in personal_data(text)] == ["Skolgatan 4 lgh 1102, 503 33 Borås"]


@pytest.mark.parametrize("text", WALK)
def test_what_people_write_on_a_walk_has_no_hits(text):
    assert check(text) == []


def test_a_hit_says_where_it_stands_in_the_cleaned_text():
    text = f"Mörkt\x00 vid\u200b tunneln ½ ﬁ 👩‍👧: {PERSON[:6]} – {PERSON[6:]} och namn@example.se"
    for hit in personal_data(text):
        assert clean(text)[hit.start : hit.end] == hit.text
    assert [hit.text for hit in personal_data(text)] == [
        f"{PERSON[:6]} – {PERSON[6:]}",
        "namn@example.se",
    ]


def test_a_hit_that_is_printed_or_told_does_not_tell_what_it_found():
    text = f"{PERSON} 070-174 06 05 namn@example.se ABC123 Skolgatan 941"
    hits = personal_data(text)
    assert [hit.kind for hit in hits] == [
        *("personnummer", "telefon", "e-post", "registreringsskylt", "bostadsadress")
    ]
    told = " ".join([*map(repr, hits), *check(text)])
    for secret in (PERSON, PERSON[6:], "174", "namn@", "example", "ABC123", "BC1", "941"):
        assert secret not in told


def test_the_same_thing_twice_is_told_once():
    assert len(check("Skolgatan 4 och Skolgatan 4, men inte Skolgatan 5")) == 2


def test_a_long_text_is_told_with_its_length_and_the_limit():
    assert too_long("a" * MAX_LENGTH) == ""
    assert too_long("a" * 5_000_000).startswith("Texten är 5 000 000 tecken; gränsen är 2 000.")
    assert check("ABC123 " + "a" * MAX_LENGTH)[0].endswith("Korta den, eller dela upp den.")
    assert len(check("ABC123 " + "a" * MAX_LENGTH)) == 2


CLEANED = {
    "a\r\nb\rc\n": "a\nb\nc",
    "a\tb": "a b",
    "rad 1\u2028rad 2\x0crad 3\x85rad 4": "rad 1\nrad 2\nrad 3\nrad 4",
    "\x00no\x07ll\x1b": "noll",
    "\u202egnitfel\u202c \u2066b\u2069\u200e\u200f\u061c": "gnitfel b",
    "e\u0301": "é",
    "mel\u00adlan\u200brum\ufeff": "mellanrum",
    "👩‍👧 👍🏽 ❤️ 🏳️‍🌈": "👩‍👧 👍🏽 ❤️ 🏳️‍🌈",
    "a\u200db": "ab",
    "ensam \ud800 halva": "ensam  halva",
    "slut  \n  in  \n\n": "slut\n  in",
    "<script>alert('hej')</script>": "<script>alert('hej')</script>",
    "'; DROP TABLE walks; --": "'; DROP TABLE walks; --",
    "1\u00a0000 kr": "1\u00a0000 kr",
    "   ": "",
}


@pytest.mark.parametrize("text", CLEANED)
def test_a_text_is_cleaned(text):
    assert clean(text) == CLEANED[text]


# Also what makes composition and emoji awkward, and lone surrogates.
ANY = st.text(
    st.characters() | st.sampled_from("\u200d\ufe0f👩👧❤️〈\u2329e\u0301←\u0338\u00adåa\r\n\ud800 ")
)


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    once.encode("utf-8")


SHOWN_FORMATS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\n\u200d"


def test_no_sign_is_left_that_controls_or_hides():
    for code in range(0x110000):
        sign = chr(code)
        if unicodedata.category(sign) in ("Cc", "Cs", "Cf") and sign not in SHOWN_FORMATS:
            if unicodedata.name(sign, "").startswith(("KAITHI", "EGYPTIAN")):
                continue  # these show
            assert clean(f"a{sign}b") in ("ab", "a b", "a\nb"), hex(code)


WORDS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzåäöABCÅÄÖ,.;:!?()\n ", max_size=12), max_size=6
).map(" ".join)


@given(
    WORDS,
    WORDS,
    st.dates(date(1930, 1, 1), date(2020, 12, 31)),
    st.integers(1, 999),
    st.booleans(),
    st.sampled_from(["-", "", " ", " - ", "–", "\u2009", " –"]),
    st.booleans(),
)
def test_every_valid_number_in_any_form_in_any_text_is_found(
    before, after, day, serial, coordination, sign, with_century
):
    held = number(day, serial, coordination)
    written = f"{f'{day:%Y}'[:2] * with_century}{held[:6]}{sign}{held[6:]}"
    found = [hit for hit in personal_data(f"{before} {written} {after}") if "nummer" in hit.kind]
    assert [hit.kind for hit in found] == ["samordningsnummer" if coordination else "personnummer"]
    assert clean(found[0].text) == clean(written)


@given(st.text(st.characters(categories=["Ll", "Lu", "Zs"])))
def test_a_text_of_letters_only_has_no_hits(text):
    assert personal_data(text) == []


@given(ANY)
def test_no_text_makes_the_search_fail_and_places_hold(text):
    shown = clean(text)
    for hit in personal_data(text):
        assert shown[hit.start : hit.end] == hit.text
        assert hit.why.endswith(".")
    assert isinstance(check(text), list)


AWKWARD = [
    *(
        "gatan",
        "gatan ",
        "Skolgatan 4 ",
        "A:",
        "As ",
        "Stora ",
        "1",
        "811228-",
        "81 12 28 ",
        "0",
        "0 ",
    ),
    *(
        "070-",
        "(",
        "a@",
        "a.",
        "@",
        "a(at)",
        "a snabel-a ",
        "ABC ",
        "ABC 12 ",
        "lgh ",
        "a-",
        "1/1/",
    ),
    *(
        " ",
        "\n",
        "\u200d",
        "a\u0301",
        "👩‍👧",
        "Skolgatan 4 lgh 1 ",
        "reg ",
        "+46 ",
        "<",
        "\x00",
        "ab",
    ),
]


@pytest.mark.parametrize("piece", AWKWARD)
def test_a_very_long_text_comes_to_an_end(piece):
    text = f"{piece * (100_000 // len(piece))}x"
    assert clean(text).endswith("x")
    assert all(hit.end <= len(clean(text)) for hit in personal_data(text))
    told = any("tecken; gränsen är" in sentence for sentence in check(text))
    assert told == (len(clean(text)) > MAX_LENGTH)
