"""A document under review: the draft read from it, checked and corrected by a person, then published as a plan."""
