"""Pages: server-rendered, usable without script."""
