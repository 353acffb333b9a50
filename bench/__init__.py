"""Measures the service against floors of its own: each figure is a ratio within one run. See docs/performance.md."""
