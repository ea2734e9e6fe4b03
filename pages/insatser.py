"""Insatser och planer: efforts and needs, meeting places, money and activity days, by network."""

from pages.parts import auth, controls, efforts, efforts_views, frame, state

# What the page can show, in the order of the control; efforts.PLANS takes its place here.
SHOW = {
    efforts.ON_MAP: efforts_views.on_map,
    efforts.NEEDS: efforts_views.needs,
    efforts.MEETING_PLACES: efforts_views.places,
    efforts.BUDGET: efforts_views.money,
    efforts.ACTIVITY_DAYS: efforts_views.activity_days,
}

person = auth.who()
register = frame.register()
frame.title("Insatser och planer", efforts.LEAD)
view = controls.one_of("Visa", {name: name for name in SHOW}, state.EFFORTS_VIEW_KEY)
efforts_views.ready(view)
efforts_views.checked(SHOW[view], register)
