"""What API and pages share: session, user, today, repeated requests, and the one map from errors to HTTP."""
