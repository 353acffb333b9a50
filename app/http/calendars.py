"""Where a calendar is read."""

from app.config import Settings


def address_of(settings: Settings, secret: str) -> str:
    """The address that a program reads the calendar with this secret at."""
    return f"{settings.base_url}/calendar/{secret}.ics"
