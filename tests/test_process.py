"""What a process of `siepp serve` begins with."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
BEGUN = """
import gc
from app import process
made = process.application()
print(type(made).__name__, gc.isenabled(), len(gc.get_objects()) < 1000 < gc.get_freeze_count())
"""


def test_what_a_start_makes_is_never_searched_for_cycles_and_what_comes_later_is(database_url: str) -> None:
    settings = {
        "SIEPP_DATABASE_URL": database_url,
        "SIEPP_SECRET_KEY": "a secret that only the tests know, long enough",
    }
    begun = subprocess.run(
        [sys.executable, "-c", BEGUN], env=os.environ | settings, capture_output=True, text=True, check=True
    )
    assert begun.stdout.split() == ["_Described", "True", "True"]
