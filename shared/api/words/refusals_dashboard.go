package words

import (
	"windfall/shared/app"
	"windfall/shared/refusal"
)

// refusalsOfDashboard are those of commands that only the dashboard and the operator's
// commands have: no call of the API answers them, so the contract has none of their codes.
var refusalsOfDashboard = map[refusal.Reason]wording{
	app.ReasonEventNotFailed: {"event_not_failed", "The webhook event %q is not among those that failed: it was processed meanwhile."},
	app.ReasonKeyNameTaken:   {"duplicate_key_name", "A key with the name %q exists already. Choose another name, or revoke that one first."},
	app.ReasonKeyUnknown:     {"key_not_found", "There is no API key that begins with %q in this environment."},
}
