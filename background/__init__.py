"""Job rows with a lease, relay and sweeper; rooms register their jobs and ticks by name."""
