"""The page Lägesbild: which place, reading, showing on the wall, documents, who has handed in."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pandas as pd
import streamlit as st

from geo.report import story_docx, story_pdf, story_pptx, story_wall
from geo.report.story import Story, of_json
from geo.situation import CITY_ID
from geo.sources import LAYERS
from pages.parts import data, downloads, frame, state, story_view, walls, words, work
from pages.parts.data import Register
from pages.parts.work import Work, today

READ, WRITE, SHOW, SIGNED, CITY, ANNUAL = (
    *("Läs", "Mötets del", "Visa och ladda ner", "Tidigare"),
    *("Hela staden, för Brå", "Årsredovisning"),
)
WHOLE = (CITY, ANNUAL)  # the views that no place is chosen for
VIEWS = {name: name for name in (READ, WRITE, SHOW, SIGNED, CITY, ANNUAL)}
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
LEAD = (
    "Ett nätverks bild av läget: vad som sticker ut, vad som hänt sedan sist, vad mötet bedömer "
    "och vad som beslutats."
)
CHOOSE = (
    "Välj ett nätverk i listan. Du kan också välja ett basområde, ett helt lager eller hela staden."
)


def names(known: Register) -> dict[str, str]:
    """Return every place that has a lägesbild, by id: networks, the city, layers, base areas."""
    networks = {
        str(i): words.network(layer, name)
        for i, layer, name in known.networks[["layer", "name"]].itertuples()
    }
    layers = {layer: f"Alla: {words.LAYER_TAB[layer]}" for layer in LAYERS}
    base_areas = {str(i): f"Basområde {name}" for i, name in known.base_areas["name"].items()}
    return networks | {CITY_ID: "Hela Borås"} | layers | base_areas


def choose(known: Register) -> str:
    """Let the reader choose a place; "" for none. The choice stands in the address."""
    every = data.once(names)
    is_asked = state.is_any_set((state.PLACE_KEY,))
    if is_asked and state.is_unknown(state.PLACE_KEY, {*every, *every.values()}):
        st.warning("Platsen i adressen finns inte. Välj i listan.")
    chosen = st.selectbox(
        "Nätverk eller plats",
        list(every),
        index=None,
        format_func=every.get,
        key=state.PLACE_KEY,
        bind="query-params",  # a view of the whole city has no list, and leaves it as it was
        filter_mode="contains",  # as listed: "norrby" finds the networks before the base area
        placeholder="Skriv ett namn, till exempel Områdesnätverk Norrby",
    )
    return str(chosen or "")


def documents(area_id: str, story: Story) -> None:
    """Offer the lägesbild for the wall and as documents, each built when it is asked for."""
    st.subheader("Visa på mötet", anchor=False)
    st.markdown(
        "Öppnas i en egen flik: en sak i taget, stor text. Pil höger och vänster bläddrar, F ger "
        "helskärm. När fliken är öppen behövs inget nät; filen fungerar också utan nät. Den visar "
        "det som är sparat nu: har ni skrivit mer, öppna den härifrån igen."
    )
    _wall(area_id, story)
    st.subheader("Ladda ner", anchor=False)
    st.markdown("Samma tal som på sidan, med karta, källa och datum.")
    downloads.buttons(files(area_id, story))


def _wall(area_id: str, story: Story) -> None:
    """Offer a story for the wall: in a tab of its own, and as a file."""
    with st.container(horizontal=True):
        address = data.once_for(walls.address, data.work(), story)
        st.link_button("Visa på mötet", address, type="primary")
        file = partial(lambda: story_wall.html(story).encode("utf-8"))
        st.download_button(
            "Visning som fil", file, f"{_name(area_id, story)}.html", "text/html", on_click="ignore"
        )


def _name(area_id: str, story: Story) -> str:
    return f"lagesbild-{area_id.lower()}-{story.day}"


def files(area_id: str, story: Story) -> list[tuple[str, str, str, Callable[[], bytes]]]:
    """Return a story as the documents that can be downloaded."""
    name = _name(area_id, story)
    slides = ("PowerPoint", f"{name}.pptx", SLIDES, partial(story_pptx.pptx, story))
    return [*paper(name, story), slides]


def earlier(area_id: str) -> None:
    """Show the closed lägesbilder of a network, newest first, as they were signed."""
    signed = data.work().signed
    own = signed[signed["network_id"] == area_id].iloc[::-1]
    if own.empty:
        st.info(
            "Ingen lägesbild är avslutad än. Skriv mötets del och avsluta den; då sparas den här "
            "och nästa jämförs med den."
        )
        return
    days = {str(row.picture_id): f"{row.signed_date:%Y-%m-%d}" for row in own.itertuples()}
    chosen = st.selectbox("Avslutad", list(days), format_func=days.get)
    story = data.once_for(signed_story, data.work(), str(chosen))
    st.markdown(f"Så såg den ut när den avslutades {days[str(chosen)]}. Den ändras inte.")
    _wall(f"{area_id}-avslutad", story)
    downloads.buttons(files(f"{area_id}-avslutad", story))
    story_view.show(story)


def signed_story(known: Work, picture_id: str) -> Story:
    """Return a closed lägesbild as it was read when it was signed."""
    row = known.signed[known.signed["picture_id"] == picture_id].iloc[0]
    return of_json(json.loads(row["snapshot"])["story"])


def for_bra() -> None:
    """Show the sheet over the whole city, which also tells who has closed a lägesbild this term."""
    story = data.report()
    st.header(words.markdown_safe(story.title), anchor=False)
    frame.demo(story.mark)
    handed = story.section("handed_in")
    st.markdown(f"**{words.markdown_safe(handed.texts[0])}**")
    downloads.buttons(paper(f"lagesbild-bra-{story.day}", story))
    table = pd.DataFrame(list(handed.tables[0].rows), columns=list(handed.tables[0].columns))
    downloads.tables("inlamnade", {"Inlämnade": table}, downloads.about("inlämnade lägesbilder"))
    story_view.show(story)


def annual() -> None:
    """Offer the year's report of the assignment, with what is missing left open."""
    years = [str(year) for year in work.years(data.work()) if year <= today().year]
    first = next((year for year in years if year != str(today().year)), years[0])
    state.first(state.REPORT_YEAR_KEY, first)
    year = st.selectbox("År", years, key=state.REPORT_YEAR_KEY, bind="query-params", width=200)
    story = data.report(int(year or first))
    st.header(words.markdown_safe(story.title), anchor=False)
    n_gaps = sum(len(section.gaps) for section in story.sections)
    st.markdown(
        f"{words.counted(n_gaps, 'ställe', 'ställen')} står öppna att fylla i; "
        "Word-filen är till för det. Inget är hittat på."
    )
    downloads.buttons(paper(f"arsredovisning-{year}", story))
    story_view.show(story)


def paper(name: str, story: Story) -> list[tuple[str, str, str, Callable[[], bytes]]]:
    """Return a story as a PDF and a Word document."""
    return [
        ("PDF", f"{name}.pdf", "application/pdf", partial(story_pdf.pdf, story)),
        ("Word", f"{name}.docx", WORD, partial(story_docx.docx, story)),
    ]
