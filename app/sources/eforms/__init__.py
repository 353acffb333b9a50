"""Procurement notices as eForms has them (UBL XML of the EU's SDK 1.x): a file becomes plain data, one lot by one.

`document` reads the file safely, `reading` finds what is asked of it, `notices` says what that is. Paths are those of
the SDK's fields.json; the number of each field (BT-137 …) stands where it is kept.
"""
