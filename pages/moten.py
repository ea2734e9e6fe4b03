"""Möten: the networks' year, its cadence and collisions, who was there and what was decided."""

import streamlit as st

from pages.parts import (
    auth,
    controls,
    data,
    decision_forms,
    frame,
    keeping,
    meeting_calendar,
    meeting_controls,
    meeting_days,
    meeting_files,
    meeting_forms,
    meeting_goals,
    state,
    words,
)

person = auth.who()
register = frame.register()
frame.title(
    "Möten",
    "Möts nätverken som riktlinjen säger, när krockar de, vem var där och vad blev av besluten?",
)
view = controls.one_of("Visa", meeting_controls.VIEWS, state.MEETINGS_VIEW_KEY)
known = data.work()
if known.fault:
    st.error(f"Det inlagda kunde inte läsas. {words.markdown_safe(known.fault)}")
keeping.told()

if view == meeting_controls.CALENDAR:
    year = meeting_controls.year(known)
    instead = meeting_controls.guideline(known)
    meeting_calendar.show(known, year, instead)
elif view == meeting_controls.CLASHES:
    meeting_days.show(known, meeting_controls.year(known), person)
elif view == meeting_controls.MEETING:
    network_id = meeting_controls.network(known)
    meeting_id = meeting_forms.choose(known, network_id)
    if meeting_id is None:
        st.info("Välj ett möte för att se dagordning, närvaro och beslut.")
    else:
        meeting_forms.detail(known, meeting_id, person)
        decision_forms.of_meeting(known, meeting_id, person)
elif view == meeting_controls.DECISIONS:
    decision_forms.show(known, meeting_controls.network(known), person)
elif view == meeting_controls.GOALS:
    meeting_goals.show(known, meeting_controls.year(known))
elif not person.may_write:
    st.info(keeping.READ_ONLY)
else:
    meeting_forms.register(known, person)
    with st.expander("Många möten på en gång, ur en fil"):
        meeting_files.from_file(known, person)
    meeting_files.removed(known, person)
