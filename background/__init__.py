"""Job rows with a lease, relay and sweeper; rooms register their jobs and ticks by name.

The truth about a job is its row. A message only says "look at this row", so a lost or doubled message changes nothing.
"""
