"""Prints at the end what was counted."""

from collections.abc import Iterator

import pytest

from tests.torture import running
from tests.torture.figures import TOLD


@pytest.fixture(autouse=True)
def nobody_is_left() -> Iterator[None]:
    """A test that fails leaves no process behind."""
    yield
    for process in running.STARTED:
        process.kill()
    running.STARTED.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in TOLD:
        terminalreporter.write_line(line)
