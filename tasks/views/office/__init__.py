"""Pages of the office: months, review, lights, coordination."""
