"""What can be wrong with units and users, suppliers, procurements, contracts, positions and decisions."""

from app.language.catalogues import Text, msgid

UNITS_AND_USERS: dict[str, Text] = {
    "unit_unknown": msgid("There is no such unit among yours. Choose another unit."),
    "unit_parent_cycle": msgid("A unit cannot be below itself. Choose another parent unit."),
    "unit_other_root": msgid("A unit cannot move to another organisation. Choose a parent unit in its own."),
    "unit_too_deep": msgid("Units may lie at most {maximum} deep. Choose a parent unit further up."),
    "last_admin": msgid("The organisation would be left without an admin. Give the role to someone else first."),
    "email_taken": msgid("This e-mail address already has a user. Grant that user a role, or give another address."),
    "grant_exists": msgid("The user already has this role in this unit. Choose another role or unit."),
    "group_exists": msgid("The members of this group already get this role in this unit. Choose another."),
    "passwords_differ": msgid("The two passwords differ. Type the same one twice."),
    "password_wrong": msgid("This is not your current password. Check it."),
    "password_common": msgid(
        "Others would try this password first: it is common, or made of your name, the service's name or a few such "
        "words. Choose one that is harder to guess, for example four words that do not belong together."
    ),
    "token_name_taken": msgid("There is already a token by this name. Give another name."),
}

SUPPLIERS: dict[str, Text] = {
    "business_id_invalid": msgid(
        "This is not a valid business ID. Check its digits: seven, a hyphen and a check digit."
    ),
    "identifier_required": msgid(
        "Give the business ID or, for a supplier from abroad, both the identifier and its scheme (identifier_scheme)."
    ),
    "supplier_unidentified": msgid(
        "Give the supplier's business ID. For a supplier from abroad give its register and its identifier there."
    ),
    "identifier_conflict": msgid("The identifiers contradict each other. Give either a business ID or a foreign one."),
    "supplier_name_required": msgid("The service does not know this supplier yet. Give its name too."),
    "supplier_exists": msgid("The service already has a supplier with this identifier. Choose that one."),
}

PROCUREMENTS: dict[str, Text] = {
    "procurement_unknown": msgid(
        "There is no such procurement. Choose a procurement of your units or register it first."
    ),
    "reference_taken": msgid("This reference is already in use. Check whether the thing is registered already."),
    "no_clause": msgid("The procurement has no employment clause. Add one before you register a contract under it."),
    "clause_and_no_clause_reason": msgid("Give either the clause or the reason why there is none, not both."),
    "no_clause_reason_required": msgid("Tell why the procurement has no employment clause, or give the clause."),
    "clause_in_use": msgid(
        "The clause already has contracts, so its type cannot be changed. Correct its other terms, or register a new "
        "procurement."
    ),
    "threshold_not_positive": msgid("The purchase threshold must be more than zero euros. Correct the sum."),
    "committed_positions_required": msgid(
        "The clause is an award criterion. Tell how many positions the supplier promised (0 if none)."
    ),
    "committed_positions_not_allowed": msgid(
        "Only a contract under an award criterion has promised positions. Leave the number out."
    ),
}

CONTRACTS: dict[str, Text] = {
    "party_unknown": msgid(
        "The employer is no party to the contract. Choose the supplier, a member of the consortium or a subcontractor."
    ),
    "owner_unknown": msgid("There is no such contract owner. Give the owner's name and e-mail address."),
    "ends_before_starts": msgid("The last day is before the first day. Correct the days."),
    "counts_from_after_start": msgid(
        "Positions must count from the contract's first day at the latest. Give that day or an earlier one."
    ),
    "has_positions": msgid(
        "Positions have been recorded here, so this can no longer be changed. First void those recorded in error."
    ),
    "option_not_after_end": msgid("The option must end after the contract's last day. Correct the option's last day."),
    "option_order": msgid("Each option must end after the one before it. Correct the options' last days."),
    "option_already_exercised": msgid("The option has already been taken. Choose another option."),
    "exercised_after_today": msgid("An option can be recorded as taken only once it is. Give today or an earlier day."),
    "exercise_after_contract_end": msgid(
        "An option cannot be taken once the contract has ended. Check the day on which it was taken."
    ),
    "terminated_outside_period": msgid(
        "A contract that ends early must end within its own period. Correct the day on which it ends."
    ),
    "decided_without_termination": msgid(
        "The day of the decision needs a termination. Give also the day on which the contract ends (terminated_on)."
    ),
    "owner_email_taken": msgid("Another contract owner has this address. Hand the contract over to them instead."),
    "decided_after_termination": msgid("The decision is after the contract's last day. Correct the days."),
    "decided_after_today": msgid("A decision can be recorded only once it is made. Give today or an earlier day."),
    "nothing_chosen": msgid("Nothing is chosen. Choose at least one contract."),
    "handover_same_owner": msgid("This person is already the contract owner. Choose someone else."),
}

DECISIONS: dict[str, Text] = {
    "as_of_after_today": msgid("That day is still to come. Give today or an earlier day."),
    "on_date_after_today": msgid("The day of the purchase is in the future. Give today or an earlier day."),
    "delta_zero": msgid("A change of 0 positions changes nothing. Give how many positions are added or taken away."),
    "amount_zero": msgid("A purchase of 0 euros counts for nothing. Give the sum, with a minus for a credit note."),
    "already_voided": msgid("This has already been voided. Record a new one if you need it."),
    "retention_of_root_only": msgid(
        "How long jobs are kept is the same in the whole organisation. Set it on the unit at the top."
    ),
    "jobs_are_erased": msgid(
        "The time for which this contract's jobs are kept is over, and they are erased. Nothing can be recorded on it "
        "any more."
    ),
    "already_disputed": msgid("The contract is already kept because of a dispute. Check the contract's page."),
    "not_disputed": msgid("No dispute keeps the contract. Check the contract's page."),
    "already_closed": msgid("The obligation has already been closed. Check the contract's history."),
    "not_closed": msgid("The obligation is not closed, so there is no closing to cancel. Check the contract."),
    "nothing_missing": msgid("No position is missing from the contract, so there is no reminder to snooze."),
    "snooze_too_late": msgid(
        "A snooze until {until} would hide the last day to start. Choose {latest} or an earlier day."
    ),
    "snooze_in_past": msgid("The snooze would already be over. Choose a later day."),
    "window_passed": msgid(
        "The last day to start has passed, so the reminders can no longer be snoozed. Acknowledge them instead."
    ),
    "deputy_is_owner": msgid("Nobody is their own deputy. Name someone else, or leave the deputy empty."),
    "deputy_of_one_organisation": msgid(
        "A deputy can be named only for an owner whose contracts are all of one organisation. Hand the others over "
        "first."
    ),
    "message_not_retryable": msgid("Only a message that was not delivered can be sent again. Check its status."),
}

POSITIONS: dict[str, Text] = {
    "agreed_after_start": msgid("A job is agreed on its first day at the latest. Correct the day of the agreement."),
    "planned_end_before_start": msgid("The planned last day is before the first day. Correct the days."),
    "end_reason_without_end": msgid("There is a reason for the end, but no last day. Give the last day too."),
    "end_before_start": msgid("The last day is before the first day. Correct the days."),
    "end_after_today": msgid(
        "An end can be recorded only once it has happened. Give today or an earlier day, or set the planned last day."
    ),
    "end_after_planned_end": msgid(
        "The job ended after its planned last day. If it was extended, move the planned last day first."
    ),
    "replacement_not_allowed": msgid(
        "The clause does not let one person continue another's job. Record this as a job of its own."
    ),
    "replaced_position_unknown": msgid(
        "The contract has no such job to continue. Choose one of its jobs, or record this as a job of its own."
    ),
    "already_replaced": msgid("Someone already continues this job. Choose the last one in the row."),
    "replaced_position_goes_on": msgid("The job to be continued has no last day. Record that day first."),
    "replacement_starts_before_end": msgid(
        "The job to be continued lasts until {end}. Whoever continues it must start after that day."
    ),
    "end_after_replacement_starts": msgid(
        "Someone continues this job from {start} on. Its last day must be before that."
    ),
}
