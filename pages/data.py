"""Data och kvalitet: sources, what is wrong in the registers, try a file, take data out."""

import streamlit as st

from pages.parts import auth, data, downloads, frame, grid, notices, trial, words

auth.who()
register = frame.register()

frame.title(
    "Data och kvalitet",
    "Varifrån kommer uppgifterna, hur gamla är de, vad är fel i dem och hur får du ut dem?",
)
st.header("Källor", anchor=False)
grid.show(words.rows(data.shown("sources"), words.SOURCE_COLUMNS), "Källor till registren")

st.header("Granskning av det som är inläst", anchor=False)
notices.issues(register.issues, used=register.n_rows)
st.subheader("Motsägelser i källorna", anchor=False)
st.markdown(
    "Där källorna säger emot varandra finns båda uppgifterna kvar, med en anmärkning. Ingen av dem "
    "är bortvald."
)
grid.show(trial.contradictions(), "Uppgifter med anmärkning", height=360)

st.header("Pröva en fil", anchor=False)
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
