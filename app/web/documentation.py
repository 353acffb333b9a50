"""/docs: the API's documentation by Swagger UI, from files of our own."""

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import Response

router = APIRouter(include_in_schema=False)
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Swagger UI starts from a script in the page; nothing may come from another host."""


@router.get("/docs")
def documentation(request: Request) -> Response:
    page = get_swagger_ui_html(
        openapi_url=str(request.app.openapi_url),
        title="SIEPP: API",
        swagger_js_url="/static/swagger/swagger-ui-bundle.js",
        swagger_css_url="/static/swagger/swagger-ui.css",
        swagger_favicon_url="/static/swagger/favicon-32x32.png",
        swagger_ui_parameters={"filter": True, "docExpansion": "none"},
    )
    page.headers["Content-Security-Policy"] = POLICY
    return page
