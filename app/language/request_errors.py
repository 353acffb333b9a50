"""What can be wrong with a request, its form or a list, whatever it is about."""

from app.language.catalogues import Text, msgid, msgids

ACCESS: dict[str, Text] = {
    "not_found": msgid("This does not exist, or it does not belong to your units. Check the address or the id."),
    "forbidden": msgid("Your role does not allow this. If you need it, ask your unit's administrator."),
    "unauthenticated": msgid("Log in or give a valid API token."),
    "token_revoked": msgid("This API token was revoked. Ask its maker for another one."),
    "token_expired": msgid("The last day of this API token has passed. Make a new one on the settings page."),
    "scope_missing": msgid("This API token does not open this: it lacks the scope {scope}. Make one that has it."),
    "sign_in_failed": msgid(
        "The e-mail address and the password do not belong together. Check both. If you have forgotten the password, "
        "ask your unit's administrator for help."
    ),
    "sign_in_paused": msgids(
        "There have been too many failed attempts. Wait a minute, then try again.",
        "There have been too many failed attempts. Wait {minutes} minutes, then try again.",
        by="minutes",
    ),
    "link_invalid": msgid("The link is not valid. Open it again from the message, or log in."),
    "signed_out_meanwhile": msgid(
        "You had been logged out before you sent the form. Go back to the page before, where what you typed still "
        "stands: copy it, log in again and send it anew."
    ),
    "link_expired": msgid("The link has expired. Log in, or use the link in a newer message."),
}

REQUEST: dict[str, Text] = {
    "method_not_allowed": msgid(
        "This address does not offer that. The documentation of the interface says what it offers."
    ),
    "stale": msgid("Someone has changed this since you read it. Read it again and repeat your change."),
    "if_match_malformed": msgid("The If-Match header is malformed. Give the ETag exactly as you received it."),
    "idempotency_key_reused": msgid("This Idempotency-Key has been used with different content. Use a new key."),
    "idempotency_key_malformed": msgid("The Idempotency-Key header is malformed. Use, for example, a UUID."),
    "body_too_large": msgid("The request is too large. Send at most {limit_bytes} at a time."),
    "not_json": msgid("The content is not valid JSON. Check its commas, quotation marks and encoding (UTF-8)."),
    "too_many_requests": msgid("Too many requests came at once. Wait a moment, then try again."),
    "feedback_full": msgid("So much feedback has come today that no more is taken. Try again tomorrow."),
    "database_unavailable": msgid("The service cannot reach its database right now. Try again in a minute."),
    "search_takes_too_long": msgid(
        "The search took longer than {seconds} seconds and was broken off. Narrow it: give the days, the kind of thing "
        "or who did it."
    ),
    "internal": msgid("Something went wrong in the service. Try again; if it happens again, tell the administrator."),
}

FIELD: dict[str, Text] = {
    "listed_twice": msgid("The same thing is listed twice. Leave one out."),
    "identity_code": msgid(
        "The text has a personal identity code, which may not be stored in this service. Remove it."
    ),
    "control_characters": msgid("The text has invisible control characters. Remove them or type the text again."),
    "unknown_field": msgid("There is no field by this name. Correct the name or leave the field out."),
    "missing_field": msgid("This is required. Fill it in."),
    "wrong_type": msgid(
        "The value is of the wrong type. Check whether text, a number, a list or something else is due."
    ),
    "wrong_format": msgid("The value is not in the right form. Check how it should be written."),
    "out_of_range": msgid("Give a value from {minimum} to {maximum}."),
    "out_of_range_below": msgid("Give a value of at least {minimum}."),
    "out_of_range_above": msgid("Give a value of at most {maximum}."),
    "out_of_range_unbounded": msgid("The value is too small or too large. Correct it."),
    "too_long": msgids(
        "The text is too long. Shorten it to {maximum} character.",
        "The text is too long. Shorten it to at most {maximum} characters.",
        by="maximum",
    ),
    "too_short": msgids(
        "The text is empty. Write something.",
        "The text is too short. Write at least {minimum} characters.",
        by="minimum",
    ),
    "wrong_choice": msgid("This is not one of the choices. Give one of these: {choices}."),
    "not_a_date": msgid("This is not a date. Give it as year-month-day, for example 2026-11-21."),
    "date_out_of_range": msgid("The day is out of range. Give a day from {first} to {last}."),
    "not_money": msgid("This is not a sum of money. Give euros with at most two decimals, for example 1200.00."),
    "float_money": msgid('Give the sum as text in quotation marks, for example "1200.00", so that it stays exact.'),
    "not_a_day": msgid("This is not a date. Write it with day, month and year, for example 21.11.2026."),
    "not_a_sum": msgid("This is not a sum of money. Write euros with at most two decimals, for example 1200,50."),
    "not_chosen": msgid("Choose one of the alternatives."),
    "not_a_number": msgid("This is not a number. Write it in digits, for example 2."),
    "form_expired": msgid(
        "The page had stood open too long or came from another log-in. Open it again and send it anew."
    ),
    "form_malformed": msgid("The form could not be read. Open the page again and fill it in anew."),
    "not_email": msgid("This is not an e-mail address. Check it; the form is name@example.org."),
    "language_unknown": msgid("The service does not know this language. Choose fi, sv or en."),
}

LISTS: dict[str, Text] = {
    "cursor_invalid": msgid("The place in the list is not valid. Start again from the beginning of the list."),
    "sort_unknown": msgid("The list cannot be sorted like this. Give one of these: {choices}."),
    "too_many_rows": msgid("An Excel sheet holds at most {maximum} rows. Narrow the list down, or take it as CSV."),
}
