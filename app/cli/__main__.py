"""`python -m app.cli` is `siepp`."""

from app.cli import main

main()
