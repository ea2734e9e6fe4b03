"""Kraftsamla: where need is greatest, how sure that is, what drives it, and what is done there."""

from pages.parts import auth, controls, data, frame, priorities, priorities_views, state

RANKING, DRIVERS, DONE = "Rangordning", "Vad som driver", "Behov och det som görs"

person = auth.who()
register = frame.register()
frame.title("Kraftsamla", "Var är behoven störst, hur säkert är det, och vad görs redan där?")
view = controls.one_of(
    "Visa", {name: name for name in (RANKING, DRIVERS, DONE)}, state.PRIORITY_VIEW_KEY
)
among = controls.one_of("Rangordna", priorities.AMONG, state.AMONG_KEY)
needs = data.once(priorities.found, among)
priorities_views.ready(needs)
weights = priorities_views.weights(register, among)
asked = (among, weights, priorities_views.top(len(needs.values)))

if view == RANKING:
    priorities_views.ranking(register, asked)
elif view == DRIVERS:
    priorities_views.drivers(register, asked)
else:
    priorities_views.done(register, data.work(), asked)
