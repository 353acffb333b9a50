"""JSON by chance, with the names that a release has."""

from hypothesis import strategies as st

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=20,
)
FIELDS = """
tender awards contracts parties buyer planning budget lots value amount currency period suppliers id title status date
sustainability contractTerms implementation transactions employmentClause employmentObligation options identifier
scheme legalName startDate endDate relatedLots awardID documents $numberLong subcontractors
"""
NAMES = st.sampled_from(FIELDS.split())
TREES = st.recursive(
    VALUES, lambda inner: st.dictionaries(NAMES, inner, max_size=6) | st.lists(inner, max_size=3), max_leaves=40
)
