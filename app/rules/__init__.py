"""What the clause asks, who counts, until when someone must start: pure functions of facts and a day.

Nothing here reads a clock, a database or a setting; every rule's source is domain knowledge written in the
docstrings, every number stands in `policy`.
"""
