"""Data och kvalitet: sources, what is wrong in the registers, try a file, take data out."""

import streamlit as st

from pages.parts import auth, data, downloads, frame, grid, imports, notices, tables, trial, words

person = auth.who()
register = frame.register()

frame.title(
    "Data och kvalitet",
    "Varifrån kommer uppgifterna, hur gamla är de, vad är fel i dem och hur får du ut dem?",
)
st.header("Läs in statistik", anchor=False)
st.markdown(
    "Välfärdsbokslut, SCB eller egna tal per basområde. **Allt eller inget**: med ett enda fel "
    "läses ingenting in. Varje inläsning sparas med tid, fil och kontrollsumma och kan ångras."
)
imports.section(person)
st.subheader("Indikatorer", anchor=False)
grid.show(data.once(tables.indicators), "Vad som mäts och vad som är inläst", height=360)

st.header("Granskning av registren", anchor=False)
notices.issues(register.issues, used=register.n_rows)
st.subheader("Motsägelser i källorna", anchor=False)
st.markdown(
    "Där källorna säger emot varandra finns båda uppgifterna kvar, med en anmärkning. Ingen av dem "
    "är bortvald."
)
grid.show(trial.contradictions(), "Uppgifter med anmärkning", height=360)

st.header("Källor", anchor=False)
grid.show(words.rows(data.shown("sources"), words.SOURCE_COLUMNS), "Källor till registren", 360)

st.header("Pröva en annan fil", anchor=False)
st.markdown(
    "Välj vad filen är och ladda upp den. Den granskas rad för rad och **ingenting sparas**: du "
    "ser vad som är fel och hur du rättar det."
)
kind = trial.kind()
uploaded = st.file_uploader(
    "Fil att granska (CSV, Excel, GeoJSON, GeoPackage, Parquet; högst 200 MB)",
    type=["csv", "txt", "tsv", "xlsx", "geojson", "json", "gpkg", "parquet"],
)
if uploaded is None:
    st.caption("Ingen fil vald. Kolumnerna som väntas står i tabellen här under.")
    grid.show(trial.columns(kind), "Kolumner som väntas")
else:
    trial.report(uploaded, kind)

st.header("Ta ut data", anchor=False)
st.markdown(
    "Lagren i full detalj och registren som de är, för QGIS, ArcGIS och Excel. Text som kan tolkas "
    "som en formel är gjord ofarlig."
)
downloads.layers(
    "lagesbild-boras",
    {"upptagningsomraden": register.areas, "basomraden": register.base_areas},
)
downloads.tables("register-boras", {name: data.shown(name) for name in trial.REGISTERS})
