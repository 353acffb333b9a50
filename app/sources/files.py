"""A file from outside that cannot be read at all."""

from app.rules.errors import RuleBroken


class FileUnreadable(RuleBroken):
    """The file as a whole cannot be taken: `code` says why, `values` fill its sentence. What stands in the file is
    never among them, since it may be personal."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, "file", **values)
