"""A request as a span, told as the log tells it: by the template of its route."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app import telemetry
from app.http.directory import template_of
from app.http.guard import METHODS


class Traced:
    """Outermost, where traces are wanted. A trace that a proxy began goes on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        from opentelemetry.trace import SpanKind, StatusCode
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        # Not its `tracestate`, which may hold any text and goes where the spans go.
        begun = {"traceparent": Headers(scope=scope).get("traceparent", "")}
        parent = TraceContextTextMapPropagator().extract(begun)
        with telemetry.span(method, context=parent, kind=SpanKind.SERVER) as span:

            async def sending(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            try:
                await self.app(scope, receive, sending)
            finally:
                route = template_of(scope)
                span.update_name(f"{method} {route}")
                span.set_attributes({"http.request.method": method, "http.route": route})
