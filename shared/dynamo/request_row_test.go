package dynamo

import (
	"testing"

	local "windfall/local/dynamodb"
	"windfall/shared/app"
)

// The answer of a request is stored although others are writing: the caller
// who repeats it must not be told that it is still running.
func TestARequestIsBegunAndEndedWhileOthersWrite(t *testing.T) {
	t.Parallel()
	db, s := fresh(t)
	db.SetFault(strikes(3, "PutItem", local.Fault{Kind: local.FaultConflict}))
	answer, err := s.BeginRequest(t.Context(), env, "key", "hash", april)
	must(t, err)
	if answer != nil {
		t.Fatalf("a first request is answered %+v", answer)
	}
	db.SetFault(strikes(3, "PutItem", local.Fault{Kind: local.FaultConflict}))
	must(t, s.EndRequest(t.Context(), env, "key", &app.StoredAnswer{BodyHash: "hash", Status: 200, Body: "{}"}, april))
	answer, err = s.BeginRequest(t.Context(), env, "key", "hash", april)
	must(t, err)
	if answer == nil || answer.Status != 200 || answer.Body != "{}" {
		t.Errorf("a repeated request is answered %+v", answer)
	}
	db.SetFault(strikes(3, "DeleteItem", local.Fault{Kind: local.FaultConflict}))
	must(t, s.EndRequest(t.Context(), env, "key", nil, april))
	if answer, err = s.BeginRequest(t.Context(), env, "key", "hash", april); err != nil || answer != nil {
		t.Errorf("a freed key is answered %+v, %v", answer, err)
	}
}
