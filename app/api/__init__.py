"""The JSON API under /api/v1: one router per noun; parses, calls one service, answers."""
