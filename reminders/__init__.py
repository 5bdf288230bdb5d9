"""Who must be told what now: the outbox of notices, its channels, the digests, and the office's chasing.

Messages are derived, never pushed: a tick reads what stands and writes the notices that have no row yet.
"""
