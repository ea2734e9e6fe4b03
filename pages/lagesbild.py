"""Lägesbild: one network's picture, the same on the page, on the wall and on paper."""

import streamlit as st

from geo.report import situation_story
from geo.sources import DEMO_MARK
from pages.parts import auth, controls, data, frame, keeping, picture_forms, situations, state
from pages.parts import story_view as views

person = auth.who()
register = frame.register()
frame.title("Lägesbild", situations.LEAD)
frame.statistics_fault(register)
place = st.container()
view = controls.one_of("Visa", situations.VIEWS, state.PICTURE_VIEW_KEY)
with place:
    area_id = "" if view in situations.WHOLE else situations.choose(register)
keeping.told()

if view == situations.CITY:
    situations.for_bra()
elif view == situations.ANNUAL:
    situations.annual()
elif not area_id:
    st.info(situations.CHOOSE)
else:
    found = data.picture(area_id)
    frame.demo(DEMO_MARK if found.demo else "")
    st.header(found.name, anchor=False)
    if view != situations.SIGNED:  # that view tells of each closed one
        st.markdown(f"{situation_story.state(found)}. {situation_story.dated(found)}")
    if view == situations.READ:
        views.show(data.story(area_id))
    elif view == situations.SHOW:
        situations.documents(area_id, data.story(area_id))
    elif area_id not in register.networks.index:
        st.info("Mötets del skrivs för ett nätverk. Välj ett nätverk i listan.")
    elif view == situations.WRITE:
        picture_forms.show(found, person)
        picture_forms.removed(found, person)
    else:
        situations.earlier(area_id)
