"""The demo portfolio as plain data.

`*.toml` are the city's pilots of 2015–2019 and how they went on, in the fields of `shapes`; `pilots` reads them.
`current` holds contracts of today, dated from the day of installation. Everything is made up: people, suppliers,
references and decisions.
"""
