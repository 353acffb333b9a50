"""The next reminder, told beforehand with its reason."""

from app.language.catalogues import Text, msgid, msgids
from app.language.labels import label
from app.language.sentences import made
from app.rules.reminders import ReminderKind
from app.rules.reminders_ahead import ReminderAhead

NEXT: Text = msgid("Next reminder {on}: {reason}.")
NEXT_MAIL: Text = msgid("In the next reminder: {reason}.")
DAYS_LEFT: Text = msgids("{count} day to the last day to start", "{count} days to the last day to start", by="count")
LAST_DAY: Text = msgid("the last day to start")


def next_reminder_sentence(ahead: ReminderAhead, waits: bool, language: str) -> str:
    """When the next reminder goes out and why; `waits`: it is due already and waits for the next mail."""
    reminder = ahead.reminder
    left = (reminder.on - ahead.on).days
    if reminder.kind is not ReminderKind.WINDOW_CLOSING:
        reason = label("reminder", reminder.kind, language)
    elif left == 0:
        reason = made(LAST_DAY, {}, language)
    else:
        reason = made(DAYS_LEFT, {"count": left}, language)
    reason = reason[:1].lower() + reason[1:]
    return made(NEXT_MAIL if waits else NEXT, {"on": ahead.on, "reason": reason}, language)
