"""Wiring only: settings from the environment, URLs, Celery application, WSGI. No rules live here."""
