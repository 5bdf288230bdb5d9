"""REST interface: translates, decides nothing."""
