"""How much of it: little for `scripts/test`, much for `scripts/torture`, which sets the variables."""

import os

WHOLE = "SIEPP_TORTURE_SECONDS" in os.environ
"""Whether what takes minutes of mere waiting is done, too."""
STORM_SECONDS = int(os.environ.get("SIEPP_TORTURE_SECONDS") or 15)
"""Seconds in which processes are killed."""
BAD_INPUTS = int(os.environ.get("SIEPP_TORTURE_INPUTS") or 1_500)
"""Inputs of which none may be accepted, over the API, the forms and the imports together."""
