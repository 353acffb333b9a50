"""Purchase ledgers as Finnish cities publish and export them: CSV, TSV and workbooks, read a chunk at a time.

`aliases` knows what cities call their columns, `encodings`, `texts` and `sheets` how the file is written, `cells` what
a cell says, `reading` makes purchases of rows. Suppliers' names are read over: they may be those of private traders,
and the business ID says who it is.
"""

from app.sources.ledgers.ledger import Ledger, open_ledger
from app.sources.ledgers.rows import Chunk, LedgerRow, Unreadable, UnreadableRow, joined

__all__ = ["Chunk", "Ledger", "LedgerRow", "Unreadable", "UnreadableRow", "joined", "open_ledger"]
