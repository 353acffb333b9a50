"""The mails of the service: what they say, how they look, how they are sent. Knows nothing of `app`.

messages.py (what a mail says) → render.py (subject, text, HTML) → envelope.py (the e-mail message) → senders.py
(on its way; smtp.py is one of them, delivery.py what they promise). The wording is in templates/ and, translated,
in locale/ (catalogues.py).
"""
