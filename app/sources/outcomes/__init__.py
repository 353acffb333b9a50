"""The outcomes of the five sister projects as plain data, with the source of every figure.

`*.toml` are the city's report of 2019 on its strategic projects and its plan for the work-ability programme 2020–2022:
facts and figures, worded anew in three languages. `seeds` reads them; `tables` reads a CSV of observations.
"""
