"""`/reminders/` is the office's desk for chasing, `/notices/` everybody's own inbox."""

from django.urls import path

from reminders.views import desk, inbox

app_name = "reminders"

urlpatterns = [
    path("reminders/", desk.chase_desk, name="desk"),
    path("reminders/<int:pk>/chase/", desk.chase, name="chase"),
    path("reminders/<int:pk>/phones/", desk.phone_list, name="phones"),
    path("reminders/<int:pk>/sheet/", desk.sheet, name="sheet"),
    path("reminders/<int:pk>/departments/<int:department>/call/", desk.call, name="call"),
    path("reminders/undo/<uuid:batch>/", desk.chase_undo, name="undo"),
    path("notices/", inbox.notice_list, name="notice-list"),
    path("notices/read/", inbox.notice_read_all, name="notice-read-all"),
    path("notices/<int:pk>/read/", inbox.notice_read, name="notice-read"),
]
