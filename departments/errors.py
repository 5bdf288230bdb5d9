class NameTaken(Exception):
    """Another department goes by that name. The message is Chinese and fit for a page."""
