"""Codes become sentences in Finnish, Swedish and English; dates, money and counts are written as each language does.

English stands in the code as msgid, Finnish and Swedish in `locale/`. After changing a msgid run
`python -m app.language.extract`.
"""
