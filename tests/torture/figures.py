"""What was counted, a line of JSON each; `scripts/torture` prints them at its end."""

import json

TOLD: list[str] = []


def tell(what: str, **figures: object) -> None:
    """Keeps the figures of one test."""
    TOLD.append(json.dumps({"what": what, **figures}))
