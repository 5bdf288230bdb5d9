"""`/reminders/` is the office's desk for chasing, `/notices/` everybody's own inbox."""

app_name = "reminders"

urlpatterns: list = []
