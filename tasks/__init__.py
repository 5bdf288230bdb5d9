"""Plans, work items, assignments; periods, reports and lights: the rules."""
