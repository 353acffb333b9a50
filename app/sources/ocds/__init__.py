"""Open contracting data as cities and countries publish it: files read, releases merged and understood."""


class ReleaseRefused(Exception):
    """A release cannot be taken: `code` says why, `field` which part of it is wrong. The others of its file can."""

    def __init__(self, code: str, field: str | None = None) -> None:
        super().__init__(code)
        self.code, self.field = code, field
