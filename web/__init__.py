"""Home per role, search, and the pages that join rooms."""
