"""A room with nothing but jobs, installed in tests only, so that real worker processes find something to do."""
