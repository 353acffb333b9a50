"""Every number and limit of the rules, each with why and the function that uses it."""

from decimal import Decimal

DEFAULT_MIN_DURATION_MONTHS = 9
"""Nine months fulfilled the work condition and moved the person off the municipal-share list when the clause was
established (the city's report of 2019). Default of a clause's `min_duration_months`; see positions.follow."""

DEFAULT_REPLACEMENT_WITHIN_MONTHS = 3
"""Time to find a replacement where the contract's end sets no limit; see positions.continuation_latest_start."""

DEFAULT_LEAD_DAYS = 90
"""Finding a suitable person is the biggest obstacle and takes about a quarter; see status.standing_on (at risk).
A unit may set its own."""

DEFAULT_EMPLOYMENT_FORMS = ("employment", "apprenticeship")
"""The forms Helsinki favoured, which a clause accepts unless it says otherwise; see positions.accepted."""

WINDOW_STEPS_DAYS = (7, 30, 90, 180)
"""Days before the last day to start at which the owner is told, nearest first; see reminders.window_closing."""

REPEAT_DAYS = 30
"""An obligation in trouble is told again after this many days; see reminders.limit_passed."""

BREACHED_TOLD_AT_MOST = 3
"""After so many mails a breach stays on the procurement officers' list only; see reminders.limit_passed."""

NO_NEWS_DAYS = 180
"""Silence on a contract for half a year is itself news: an agreed start that nobody confirmed must not count unseen;
see reminders.no_news."""

EVENT_TOLD_WITHIN_DAYS = 30
"""An event is told when it was recorded at most so many days ago, however old its day is (ledgers arrive late);
see reminders.events_due."""

ALERT_CHECK_AFTER_HOURS = 3
"""A check takes minutes, and one that fails is tried again every quarter of an hour: after three hours someone has to
look, and the day's mails still go out on the day; see watch.troubles."""

ALERT_MAIL_WAITS_HOURS = 8
"""Servers that want to see a mail twice take it within the hour, and the longest pause between attempts is six hours:
what waits for eight was tried at least once more; see watch.troubles."""

MAILBOX_CLOSED_DAYS = 4
"""A mailbox that is full on Friday is emptied on Monday. Four days are as long as mail servers try at least (RFC 5321,
4.5.4.1), and what is told seven days before still reaches someone in time; see owners.is_closed_for_long."""

REMINDERS_AHEAD_DAYS = 730
"""A reminder farther away than two years is not foretold; see reminders_ahead.next_reminder."""

PACE_MONTHS = 12
"""A year of purchases evens out seasons; see pace.pace."""

PACE_LEAST_MONTHS = 3
"""From fewer months of purchases nothing is foretold; see pace.pace."""

MAX_REQUIRED = 10_000
"""No contract obliges to more people: a threshold of a cent is a typing error, and must not exhaust the service; see
clauses.positions_for."""

TIME_TO_START_MONTHS = 6
"""Twice the quarter that finding someone takes: a contract that leaves no more to start says so to its author; see
warnings.clause_advice."""

RISK_DEGREES = 4
"""Likelihood and impact of a risk go from 1 to 4, as in the city's plans; see risks.risk_level."""

RISK_MODERATE_FROM = 4
"""Likelihood × impact from which a risk is moderate: what is unlikely (1) and would stop a project (4) is still more
than low; see risks.risk_level."""

RISK_HIGH_FROM = 8
"""Likelihood × impact from which a risk is high: what would stop a project (4) and is more than unlikely (2), as small
participation of clients is in the programme's own plan; see risks.risk_level."""

INTERVAL_Z = Decimal("1.959964")
"""Standard normal deviate of a 95 % interval, the one that readers of figures expect; see shares.wilson."""

CALLBACK_KEPT_MONTHS = 7
"""The call comes six months after the group's end, and may take a month to reach someone; then the number is erased;
see surveys.callback_kept_until."""

SMALL_COUNT = 5
"""Counts of fewer people by group, form or area are folded in all that leaves the city: few enough to tell who
is meant. Kela folds under 4 and others under 5; the stricter one holds; see folding.folded_counts, and
surveys.results: answers of fewer people are not shown at all."""

PUBLISHED_AFTER_DAYS = 30
"""Suppliers' logs of a quarter arrive within the month after it, and a table is never mended; see
public_tables.quarters_due."""

PUBLISHED_QUARTERS_BACK = 12
"""Three years of tables for a city whose contracts are older than its use of the service; see
public_tables.quarters_due."""

RETENTION_MONTHS = 24
"""Two years after a contract and everything under it is over, nobody disputes or audits single jobs any more; what was
owed and met is kept. An organisation may set its own; see retention.months_kept."""

ERASURE_NOTICE_DAYS = 30
"""So long before it the owner hears what will be erased: a month's holiday must not be enough to miss it; see
retention.clock_from."""

CLOCK_PAUSE_DAYS = 7
"""So many days in a row may be without a daily check: weekends, holidays, a machine that had to be mended. A clock that
leaves out more may have been set ahead, and is doubted; see time_passed.doubtful_pause."""

CLOCK_CHECKS = 30
"""A clock that was doubted is believed again after checks on so many days, which nobody can leave out: as many as the
days of a notice, within which somebody notices a wrong clock; see time_passed.doubtful_pause."""

SAME_LENGTH_WITHIN_PERCENT = 10
"""Periods that differ in length by a tenth at most are taken for equally long: months have 28 to 31 days; see
indicators.trend."""

CLAUSE_CONSIDERED_OVER_CENTS = 200_000_00
"""The suitability of a clause is to be considered in every procurement worth more (the city's report of 2019, 5.2); see
clauses.consideration_due."""

FITTING_N_MARGIN = 30
"""Where it is not known how many there were, other numbers that fit a table are looked for up to so many more than
reported: as far as a slip of a few tens goes; see doubtful_shares.searched_to."""

FITTING_N_MOST = 1_000
"""Among more than a thousand people every number fits, save for shares with several decimals; see
doubtful_shares.searched_to."""

LOST_ANSWERERS_PERCENT = 20
"""Where more than a fifth of a group is lost to follow-up, those who are missing may change the result (the
"five-and-twenty rule" of Sackett and others, Evidence-based medicine, 1997); see doubtful_groups.answerers_doubted."""

JUMP_LEAST_HISTORY = 4
"""Of fewer figures nobody can say what is usual: two of three are soon alike by chance; see doubtful_history.jumps."""

JUMP_MOST_HISTORY = 24
"""What is usual is seen from two years of months; what was usual before may have changed; see
doubtful_history.jumps."""

JUMP_DEVIATIONS = Decimal("3.5")
"""So many usual deviations from the median are an outlier (Iglewicz and Hoaglin, How to detect and handle outliers,
1993, the modified z-score, which DHIS2 uses too); see doubtful_history.jumps."""

MAD_TO_DEVIATION = Decimal("1.4826")
"""Makes the median absolute deviation of normally spread figures their standard deviation; see
doubtful_history.jumps."""

JUMP_FLOOR_SHARE = Decimal("0.1")
"""Counts and sums move by a tenth without anyone wondering, however even they were so far; see
doubtful_history.jumps."""

JUMP_FLOOR_PERCENT = Decimal(5)
"""Shares move by five percentage points without anyone wondering, however even they were; see
doubtful_history.jumps."""

JUMP_FLOOR_SCORE = Decimal("0.2")
"""Scores move by two tenths of a grade without anyone wondering; see doubtful_history.jumps."""
