"""The application of one process of `siepp serve` or `siepp demo`, as uvicorn asks for it.

What a start reads in and makes stays until the end, so Python's search for cycles looks for none meanwhile, and never
in that again: a start takes a tenth less, and no answer waits while everything is looked through.
"""

import gc
from importlib import import_module

from fastapi import FastAPI

from app.garbage import looking_for_no_cycles


def application() -> FastAPI:
    """Raises SettingWrong."""
    return _made("from_environment")


def demo_application() -> FastAPI:
    return _made("demo_from_environment")


def _made(by: str) -> FastAPI:
    with looking_for_no_cycles():
        app: FastAPI = getattr(import_module("app.main"), by)()
    gc.freeze()
    return app
