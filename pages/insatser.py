"""Insatser och planer: efforts and needs, meeting places, plans, money and activity days."""

from pages.parts import auth, controls, data, efforts, efforts_views, frame, keeping, plans, state

SHOW = {
    efforts.ON_MAP: efforts_views.on_map,
    efforts.NEEDS: efforts_views.needs,
    efforts.MEETING_PLACES: efforts_views.places,
    efforts.PLANS: None,  # what people keep, not a register
    efforts.BUDGET: efforts_views.money,
    efforts.ACTIVITY_DAYS: efforts_views.activity_days,
}

person = auth.who()
register = frame.register()
frame.title("Insatser och planer", efforts.LEAD)
view = controls.one_of("Visa", {name: name for name in SHOW}, state.EFFORTS_VIEW_KEY)
show = SHOW[view]
if show is None:
    keeping.told()
    plans.show(data.work(), person)
else:
    efforts_views.ready(view)
    efforts_views.checked(show, register)
