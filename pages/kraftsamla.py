"""Kraftsamla: where need is greatest, how sure that is, what drives it, and what is done there."""

import streamlit as st

from pages.parts import (
    auth,
    controls,
    data,
    frame,
    priorities,
    priorities_controls,
    priorities_done,
    priorities_views,
    state,
)

RANKING, DRIVERS, DONE = "Rangordning", "Vad som driver", "Behov och det som görs"

person = auth.who()
register = frame.register()
frame.title("Kraftsamla", "Var är behoven störst, hur säkert är det, och vad görs redan där?")
view = controls.one_of(
    "Visa", {name: name for name in (RANKING, DRIVERS, DONE)}, state.PRIORITY_VIEW_KEY
)
among = controls.one_of("Rangordna", priorities.AMONG, state.AMONG_KEY)
priorities_views.ready(data.once(priorities.found, among))
answer = st.container()
asked = priorities_controls.asked(register, among)
with answer:
    priorities_views.headline(asked)

if view == RANKING:
    priorities_views.ranking(register, asked)
elif view == DRIVERS:
    priorities_views.drivers(register, asked)
else:
    priorities_done.show(register, data.work(), asked)
