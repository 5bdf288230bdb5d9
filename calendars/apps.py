from django.apps import AppConfig

import audit


class CalendarsConfig(AppConfig):
    name = "calendars"
    verbose_name = "工作日历"

    def ready(self) -> None:
        audit.register_labels(
            {
                "calendar.loaded": "载入节假日安排",
                "calendar.day_set": "修改工作日历",
                "calendar.year_published": "登记年度节假日安排",
            }
        )
