class ImportRefused(Exception):
    """A document that cannot be read. `message` says in Chinese where and how to mend it; `code` is for programs."""

    def __init__(self, message: str, *, code: str):
        super().__init__(message)
        self.message = message
        self.code = code
