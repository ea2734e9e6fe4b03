"""Trygghetsvandringar: what the walks found, who answered, and whether it was mended."""

from datetime import date
from functools import partial

import streamlit as st

from pages.parts import (
    auth,
    data,
    downloads,
    field_answers,
    field_changes,
    field_controls,
    field_files,
    field_follow,
    field_forms,
    field_grid,
    field_map,
    field_sheets,
    field_tables,
    frame,
    grid,
    keeping,
    maps,
    walk_forms,
    words,
)

person = auth.who()
register = frame.register()
frame.title("Trygghetsvandringar", field_answers.LEAD)
view = field_controls.view()
known = data.field(field_controls.basis(view))
caution = words.DEMO if known.is_demo else ""
if known.fault:
    st.error(f"Det registrerade kunde inte läsas. {words.markdown_safe(known.fault)}")
if view != field_controls.REGISTER:  # there it stands by the button, in sight on a phone
    keeping.told()
    field_grid.put_away()
places = data.once(field_controls.places)

if view in (field_controls.REGISTER, field_controls.FILES) and not person.may_write:
    st.info(keeping.READ_ONLY)
    field_files.form(known)
    st.stop()
if view == field_controls.REGISTER:
    what = field_controls.what_to_register()
    if what != field_controls.MANY:
        field_grid.put_away()
    if what == field_controls.WALK:
        walk_forms.register_walk(known, person)
    elif what == field_controls.ROUTE:
        if walk_id := walk_forms.register_route(known, person):
            walk_forms.mend_walk(known, walk_id, person)
    else:
        is_many = what == field_controls.MANY
        base = data.base_map("Karta: klicka där fyndet är")
        plain = data.once_for(field_map.bare, known)
        frame.point_map(base, plain, field_grid.point if is_many else field_forms.point)
        (field_files.many if is_many else field_forms.register_finding)(known, person, places)
    keeping.told()
    st.stop()
if view == field_controls.FILES:
    field_files.form(known)
    field_files.intake(known, person)
    st.stop()
frame.demo(caution, words.DEMO_FIELD)
if view == field_controls.CHANGED:
    day = field_controls.since()
    field_changes.show(known, day, caution, person.may_write)
    st.stop()
if view == field_controls.NETWORKS:
    field_sheets.networks(known, caution)
    st.stop()

st.markdown(data.once_for(field_answers.headline, known))
asked = field_controls.filters(known, register.choices)
ids = field_controls.ids(known, asked)
about = downloads.about("fynd från trygghetsvandringar", caution)
if view == field_controls.BOARD:
    field_sheets.board(known, ids, about, caution, person)
    st.stop()

chosen = field_controls.finding(known, ids)
base = data.base_map("Karta över trygghetsvandringar i Borås")
painting = data.once_for(field_map.painting, known, asked)
shown = frame.chosen_on(field_map.with_spot(known, painting, chosen), asked.place)
keys = data.once_for(field_map.keys, known)
left, right = st.columns([3, 2], gap="medium")
with left:
    frame.show_map(base, shown, register.choices, 500, partial(field_map.on_click, known))
    st.html(maps.legend(keys, ()) + field_map.legend_of_marks())
    placeless = data.once_for(field_map.places_alone, known, asked)
    st.caption(f"{placeless} {caution}")
with right:
    if chosen:
        field_follow.detail(known, chosen, person)
    elif asked.place:
        st.markdown(data.once_for(field_answers.place, known, asked.place))
    else:
        st.info(field_answers.CHOOSE)
    st.caption(field_answers.NOT_THE_SAME)

st.header("Fynden i listan", anchor=False)
table = data.once_for(field_tables.listing, known, tuple(ids[: field_tables.MOST_SHOWN]))
grid.show(table, field_tables.caption(ids), 520, field_answers.nothing(known), caution)
name = f"fynd-{date.today():%Y-%m-%d}"
if len(ids):
    downloads.findings(
        name, lambda: field_tables.full(known, ids), lambda: known.findings.loc[ids], about
    )
