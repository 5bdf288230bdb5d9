class UploadRefused(Exception):
    """The file is not accepted. Its text is for the user and says how to mend it."""
