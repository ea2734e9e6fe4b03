"""Free text before it is kept: cleaned, measured, and searched for what tells who somebody is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from personnummer.personnummer import Personnummer, PersonnummerException
from phonenumbers import PhoneNumberMatcher

MAX_LENGTH = 2_000

_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control signs, lone surrogates, and format signs that show nothing (or turn the text around).
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_EMOJI = "\u2190-\u21ff\u2300-\u2328\u232b-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_LONE_JOINER = re.compile(f"(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])")
_PLAIN = re.compile(r"[\n -~åäöÅÄÖéÉüÜ]*")


@dataclass(frozen=True)
class Hit:
    """What was found in a text, where, and what to do. text is not shown when a Hit is printed."""

    kind: str
    text: str = field(repr=False)
    start: int
    end: int
    why: str


def clean(text: str) -> str:
    r"""Return a text as it is kept: composed (NFC), without signs that nobody sees.

    Line ends become \n and a tab a space; control signs, NUL, lone surrogates and signs that turn
    the direction of the text are removed, and space at the end of lines. Emoji stay whole.
    Markup and SQL are text like any other: they are escaped where they are shown.

    >>> clean("Mörkt\x00 vid\u202e <b>tunneln</b> \r\n")
    'Mörkt vid <b>tunneln</b>'
    """
    if not (text.isascii() and text.isprintable()):
        text = _UNSEEN.sub("", _BREAKS.sub("\n", text).replace("\t", " "))
        text = unicodedata.normalize("NFC", _LONE_JOINER.sub("", text))
    return "\n".join(line.rstrip() for line in text.split("\n")).rstrip()


def too_long(text: str) -> str:
    """Say in Swedish that a text is too long to keep; "" when it is not.

    >>> too_long("Mörkt."), too_long("a" * 2001)[:39]
    ('', 'Texten är 2 001 tecken; gränsen är 2 00')
    """
    if len(text) <= MAX_LENGTH:
        return ""
    length, limit = (f"{n:,}".replace(",", " ") for n in (len(text), MAX_LENGTH))
    return f"Texten är {length} tecken; gränsen är {limit}. Korta den, eller dela upp den."


def check(text: str) -> list[str]:
    """Return a Swedish sentence for each reason why a text may not be kept as it is.

    Of a text that is too long the first part (MAX_LENGTH) is searched; shorten it first.

    >>> check("Lampan vid Skolgatan är släckt.")
    []
    >>> check("Buskar skymmer vid Hultagatan 12.")[0][:61]
    'Texten innehåller en adress vid Hultagatan, kanske någons hem'
    """
    text = clean(text)
    hits = {(hit.kind, hit.text): hit.why for hit in personal_data(text[:MAX_LENGTH])}
    return [*filter(None, [too_long(text)]), *hits.values()]


def personal_data(text: str) -> list[Hit]:
    """Find what tells who somebody is, or where somebody lives: start and end in clean(text).

    kind is one of: personnummer, samordningsnummer (date and checksum hold), telefon, e-post,
    registreringsskylt, bostadsadress. Dashes, spaces and digits are read whatever their form.

    A registration plate is ABC123 or ABC12D without a space, in any case; with a space (ABC 123)
    it is let be when the letters are a word or an abbreviation (och 300, LED 300, rum 204) or a
    unit follows, unless a word such as regnr stands before. A home address is a street's name and
    a number of a house; a number with a unit, a thing that is counted, a time or a date is none,
    nor are a road's number (riksväg 27) and a common noun (cykelvägen 2). The number of a flat
    is a hit by itself. Names of people are not found: a person must look for them.

    >>> [hit.kind for hit in personal_data("Ring 070-174 06 05 eller skriv till namn@example.se")]
    ['telefon', 'e-post']
    """
    shown = clean(text)
    view, where = _view(shown)
    taken, found = bytearray(len(view)), []
    for kind, start, end, told in _searched(view):
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            first, last = where[start], where[end - 1] + 1
            found.append(Hit(kind, shown[first:last], first, last, _WHY[kind].format(told)))
    return sorted(found, key=lambda hit: hit.start)


_NOT_KEPT = "Sådant får inte sparas här"
_WHY = {
    "personnummer": "Texten innehåller ett personnummer ({}). "
    f"{_NOT_KEPT}. Ta bort det och beskriv bara platsen.",
    "samordningsnummer": "Texten innehåller ett samordningsnummer ({}). "
    f"{_NOT_KEPT}. Ta bort det och beskriv bara platsen.",
    "telefon": "Texten innehåller ett telefonnummer ({}). "
    f"{_NOT_KEPT}. Ta bort det; kontakter hör hemma i kallelsen.",
    "e-post": "Texten innehåller en e-postadress{}. "
    f"{_NOT_KEPT}. Ta bort den; kontakter hör hemma i kallelsen.",
    "registreringsskylt": "Texten innehåller ett registreringsnummer ({}). "
    f"{_NOT_KEPT}. Ta bort det och skriv till exempel ”felparkerade bilar”.",
    "bostadsadress": "Texten innehåller en adress{}, kanske någons hem. "
    f"{_NOT_KEPT}. Skriv gatans namn utan nummer, eller peka på kartan.",
}


def _view(text: str) -> tuple[str, Sequence[int]]:
    """Return a text in its plainest form, and for each sign of it the place in the text."""
    if _PLAIN.fullmatch(text):
        return text, range(len(text))
    parts = [_plain(sign) for sign in text]
    where = [place for place, part in enumerate(parts) for _ in part]
    return "".join(parts), where


@lru_cache(maxsize=4096)
def _plain(sign: str) -> str:
    return "".join(map(_plain_part, unicodedata.normalize("NFKC", sign)))


def _plain_part(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind in ("Mn", "Me", "Cf"):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind == "Pd" or sign in "−⁃":
        return "-"
    return " " if sign.isspace() and sign != "\n" else sign


def _searched(view: str) -> Iterator[tuple[str, int, int, str]]:
    """Give kind, start, end and what of it may be told; the surest kinds first."""
    for match in _EMAIL.finditer(view):
        yield "e-post", *match.span(), ""
    if re.search("[0-9]", view):
        yield from _numbers(view)
        yield from _phones(view)
        yield from _plates(view)
        yield from _addresses(view)


_DATES = tuple(
    re.compile(rf"(?<![0-9])(?=({century}[0-9]{{2}}{rest})(?![0-9]))")
    for century in ("(?:19|20)", "")
    for rest in (
        "[0-9]{4} {0,2}[-+]? {0,2}[0-9]{4}",
        "([-./ ])[0-9]{2}\\2[0-9]{2}(?: {0,2}[-+] {0,2}| )[0-9]{4}",
    )
)
_FRACTION = re.compile(r"(?:^|[^0-9])[0-9]{1,9}[.,]$")
_HOUR = r"(?:[01][0-9]|2[0-3])[0-5][0-9]|20[0-9]{2}"
_CLOCK_OR_YEAR = re.compile(rf"[0-9]+[-./ ][0-9]+[-./ ][0-9]+ (?:{_HOUR})")


def _numbers(view: str) -> Iterator[tuple[str, int, int, str]]:
    for pattern in _DATES:
        for match in pattern.finditer(view):
            written, start = match[1], match.start(1)
            if written.isdecimal() and _FRACTION.search(view[max(0, start - 12) : start]):
                continue  # the decimals of a coordinate
            if _CLOCK_OR_YEAR.fullmatch(written):
                continue  # 2017-10-03 1830
            digits = re.sub("[^0-9]", "", written)
            sign = "+" if "+" in written else "-"
            try:
                number = Personnummer(f"{digits[:-4]}{sign}{digits[-4:]}")
            except PersonnummerException:
                continue
            kind = "samordningsnummer" if number.is_coordination_number() else "personnummer"
            yield kind, *match.span(1), f"{digits[-10:-6]}xx-xxxx"


_DOT = r"(?:\.| ?[(\[{] ?(?:\.|dot|punkt) ?[)\]}] ?| (?:dot|punkt) )"
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++"
    r"(?: ?@ ?| ?[(\[{<] ?(?:@|at|a|ät|snabel[ -]?a) ?[)\]}>] ?| snabel[ -]?a )"
    rf"(?:[\w-]{{1,63}}+{_DOT}){{1,8}}[^\W\d_][\w-]{{1,62}}",
    re.IGNORECASE,
)

_TIME = r"(?:[01]?[0-9]|2[0-4])[.:][0-5][0-9]"
_NO_PHONE = re.compile(
    rf"[0-9]{{1,2}}([-./])[0-9]{{1,2}}\1(?:[0-9]{{2}}|[0-9]{{4}})|{_TIME}(?:[ ,-]+{_TIME})*"
    r"|[0-9]{6} ?[-+] ?[0-9]{4}|[0-9]{5}-[0-9]{5}|(?:0[.,][0-9]+[ ,;]*)+"
)
_MAYBE_PHONE = re.compile(r"(?:\+|(?<![0-9])0)(?:[^0-9|\n]{0,4}[0-9]){5}")
_NEXT_PHONE = re.compile(r"(?<=[0-9]) (?=\+|0[0-9]{1,3}[-/ ]? ?[1-9])")


def _phones(view: str) -> Iterator[tuple[str, int, int, str]]:
    plain = re.sub(r"[^\W\d]", "|", view.replace("_", " "))
    tried = [plain, _NEXT_PHONE.sub("|", plain)] if _MAYBE_PHONE.search(plain) else []
    for digits in dict.fromkeys(tried):
        for match in PhoneNumberMatcher(digits, "SE"):
            written = match.raw_string
            if written.lstrip("(")[0] in "+0" and not _NO_PHONE.fullmatch(written):
                yield "telefon", match.start, match.end, f"{written[:3]}…"


_LETTER = "[A-HJ-PR-UW-Z]"
_PLATE = re.compile(
    rf"(?<!\w)({_LETTER}{{3}})([ -]?)[0-9]{{2}}(?:[0-9]|{_LETTER})(?!\w)", re.IGNORECASE
)
_REGISTER = re.compile(r"(?:reg[\w. ]{0,20}|nummerplåt\w*|nummerskylt\w*)[ :]*$", re.IGNORECASE)
# Words and abbreviations of three letters that a plate could have.
_WORDS = re.compile(
    "och|att|som|den|det|ett|man|men|med|har|kan|ska|hon|han|dem|dom|oss|sen|bra|mer|hos|per|mot"
    "|upp|ner|tre|fem|sju|sex|typ|rum|hus|led|rad|dag|kod|tel|max|sos|bus|gul|ung|nya|jan|feb|mar"
    "|apr|maj|jun|jul|aug|sep|okt|dec|ons|tor|fre|top|del|par|ton|sek|lux|omr|kap|lgh|rst|sms|fax"
    "|gps|utm|ram|bad|bro|bok|alm|ask|tak|mur|sol|tom|bas|akt|ort|tog|gap|stn|str|cad|dnr|ref|tab"
    "|mkr|tkr|usb|mhz|hpa|kpa|bar|sbn",
    re.IGNORECASE,
)
_UNIT = (
    r"(?:[ckm]?m[23]?|kr|kronor|tkr|mkr|st|stycken|min|h|s|kl|år|%|grader|procent|meter|kilometer"
    r"|km/h|kwh|watt|w|lux|ggr|gånger|dagar|veckor|timmar|minuter|sekunder|personer|barn|boende"
    r"|deltagare|ungdomar|hus|hål|träd|steg|våningar|trasiga?|släckta?|nya|stora|små|gamla|mörka"
    r"|(?:jan|feb|mar|apr|aug|sep|okt|nov|dec)\w*|maj|juni|juli"
    r"|\w{0,20}(?:lampor|lampa|stolpar|stolpe|bänkar|bänk|buskar|buskage|korgar|tunnor|skyltar|gropar"
    r"|bilar|cyklar|mopeder|platser|ställen|hinder|gupp|trappor|räcken|brunnar|rader|portar|fynd"
    r"|kameror|speglar|lägenheter|fönster|dörrar))(?!\w)"
)


def _plates(view: str) -> Iterator[tuple[str, int, int, str]]:
    for match in _PLATE.finditer(view):
        letters, gap = match[1], match[2]
        before, after = view[max(0, match.start() - 30) : match.start()], view[match.end() :][:30]
        loose = gap and not _REGISTER.search(before)
        if loose and _WORDS.fullmatch(letters):
            continue
        if loose and re.match(rf"[ -]?[0-9]|[.,:/][0-9]| ?{_UNIT}", after, re.IGNORECASE):
            continue
        yield "registreringsskylt", *match.span(), f"{letters[0]}xx…"


_STREETS = (
    "gatan|gata|vägen|väg|gränden|gränd|stigen|stig|allén|allé|alle|backen|backe|torget|torg|plan"
    "|platsen|plats|liden|slingan|rundan|ringen|leden|kroken|svängen|esplanaden|brinken|kajen"
)
# The beginnings of nouns that are no street's name.
_COMMON = re.compile(
    "(?:cykel|gång|gc-|bil|riks|läns|europa|motor|järn|grus)väg|(?:cykel|gå)gata"
    "|(?:lek|parkerings|p-|mötes|håll|busshåll|arbets|ute|bad|grill|rast|vänd|återvinnings"
    "|uppställnings)plats|(?:lek|boll|fotbolls|grus|skol|is|idrotts|spel|mark|botten|vånings|entré"
    "|källar|detalj|översikts|handlings|åtgärds)plan|(?:gång|skogs)stig|(?:elljus|motions|skid)slinga"
    "|(?:cykel|vandrings)led|(?:pulka|skid|uppförs|nedförs)backe",
    re.IGNORECASE,
)
_FLAT = r"(?:lgh|lägenhet(?:snummer|snr)?)\.?[ ]{0,2}(?:nr\.?[ ]?)?[0-9]{1,4}"
_ADDRESS = re.compile(
    rf"""(?<![\w-])
    (?P<before>(?:stora|lilla|gamla|nya|västra|östra|norra|södra|övre|nedre|långa|breda)[ ]{{1,2}}
        |(?!längs|hela|denna|samma)(?-i:[A-ZÅÄÖ][\w:]{{0,30}}[as])[ ]{{1,2}})?
    (?P<word>[\w-]{{0,40}}?(?:{_STREETS}))s?(?![^\W\d]|-)
    (?:[ ]?,?[ ]?(?:nr|nummer|port|uppgång)\.?[ ]{{0,2}}|[ ]{{0,3}})
    [1-9][0-9]{{0,2}}(?![0-9]|[.,][0-9]|:|[ ]?[/%]|-[0a-zåäö]|[ ]?{_UNIT})
    (?:[ ]?[a-h](?!\w)|(?-i:[A-Z])(?!\w))?(?![^\W\d])
    (?:[ ]?-[ ]?[1-9][0-9]{{0,2}}[a-h]?(?![\w:.]))?
    (?:[ ,]{{1,3}}(?:{_FLAT}|(?:port|uppgång)[ ]?[0-9a-z]{{1,2}})(?!\w)){{0,2}}
    (?:[\s,]{{1,4}}(?:SE?-)?[1-9][0-9]{{2}}[ ]?[0-9]{{2}}(?![0-9])(?:[ ](?-i:[A-ZÅÄÖ])\w{{1,30}})?)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ONLY_FLAT = re.compile(rf"(?<!\w){_FLAT}(?: ?[a-h])?(?!\w)(?! ?{_UNIT})", re.IGNORECASE)


def _addresses(view: str) -> Iterator[tuple[str, int, int, str]]:
    for match in _ADDRESS.finditer(view):
        before, word = match["before"] or "", match["word"]
        if _COMMON.match(word):
            continue
        if re.fullmatch(_STREETS, word, re.IGNORECASE):
            if before:
                yield "bostadsadress", *match.span(), f" vid {before}{word}"
        else:
            yield "bostadsadress", match.start("word"), match.end(), f" vid {word}"
    for match in _ONLY_FLAT.finditer(view):
        yield "bostadsadress", *match.span(), " (ett lägenhetsnummer)"
