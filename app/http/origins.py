"""Where a request comes from, for the trail: the address of whoever sent it."""

from ipaddress import ip_address

from starlette.requests import Request

from app.services.acting import Channel, Where


def where_of(request: Request, channel: Channel) -> Where:
    """The address is the connection's, or what a trusted proxy says it is (docs/operations.md, "Behind a proxy");
    empty where that is none: what others send must not get into the trail as they please."""
    try:
        return Where(channel, str(ip_address(request.client.host)) if request.client else "")
    except ValueError:
        return Where(channel)
