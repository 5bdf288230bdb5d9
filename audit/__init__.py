"""Tamper-evident trail: who changed or read what, when and from where, each row signed over the one before.

Knows nothing of the other rooms: actor and object are plain columns. Rooms call `audit.record` inside the transaction
of their change and `audit.record_refusal` for what was refused.
"""


def record(action, obj=None, *, by, before=None, after=None, result="ok", detail="", rows=None):
    """See `audit.services.record`. Imported late, because models cannot be loaded while the apps are."""
    from audit import services

    return services.record(action, obj, by=by, before=before, after=after, result=result, detail=detail, rows=rows)


def record_refusal(action, obj=None, *, by, detail="", before=None, after=None):
    """See `audit.services.record_refusal`."""
    from audit import services

    return services.record_refusal(action, obj, by=by, detail=detail, before=before, after=after)


def register_labels(labels):
    """See `audit.labels.register_labels`; rooms call it from `AppConfig.ready`."""
    from audit.labels import register_labels

    register_labels(labels)
