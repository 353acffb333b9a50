"""The report of projects as a PDF that a screen reader can read: words become blocks, and Typst lays the blocks out.

`document.py` puts a report together: `introduction.py`, a chapter for each project (`presentation.py`, `follow_up.py`,
`evaluation.py`) and `summing_up.py`, all made of the blocks in `blocks.py`. `typesetting.py` hands them to `report.typ`
as data.
"""
