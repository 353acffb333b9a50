"""By whom and where open data is published: from the settings, for the API, the pages and the command line."""

from urllib.parse import urlsplit

from app.config import Settings
from app.services.ocds_exports import Publication

ADDRESS = "/api/v1/ocds/releases"


def publication_of(settings: Settings, query: str = "") -> Publication:
    """`query` is that of the page of releases. Without a registered prefix ids begin with the host: no other publisher
    has it, and it does not pretend to be registered."""
    host = urlsplit(settings.base_url).hostname or ""
    return Publication(
        address=settings.base_url + ADDRESS + (f"?{query}" if query else ""),
        base_url=settings.base_url,
        prefix=settings.ocid_prefix or host,
        zone=settings.timezone,
        business_id=settings.business_id,
    )
