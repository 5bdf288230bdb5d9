"""Plans, items and who answers for them; periods, reports and lights: the rules. A "task" here is a work item."""
