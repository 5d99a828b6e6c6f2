package app

import (
	"fmt"
	"testing"

	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// said is a refusal as a sentence would take it: numbers are numbers, and texts are texts.
func said(e *refusal.Error) string {
	return fmt.Sprintf("%s %s %d %q", e.Kind, e.Reason, e.Args, e.Args)
}

// A repeated call tells of each use what the first one told: the same sentence with the same
// arguments, and the same amount that was dropped.
func TestAPartIsRememberedAsItWasTold(t *testing.T) {
	t.Parallel()
	half := money.Int(5).Shift(-1)
	done := []Tracked{
		{Counted: []entitlement.Counted{{FeatureID: "messages", Recorded: money.One}}},
		{Refused: entitlement.ErrInsufficientBalance("messages")},
		{Refused: refusal.Invalid(entitlement.ReasonUsageTooLarge, "words", money.MaxDigits)},
		{Refused: errDuplicateTrack},
		{Counted: []entitlement.Counted{{FeatureID: "messages", Dropped: half}, {FeatureID: "words", Recorded: money.One}}},
	}
	got, err := readOutcome(outcomeText(done))
	if err != nil || len(got) != len(done) {
		t.Fatal(got, err)
	}
	for i, d := range done {
		if (d.Refused == nil) != (got[i].Refused == nil) {
			t.Fatalf("%d: %v, want %v", i, got[i].Refused, d.Refused)
		}
		if d.Refused == nil {
			continue
		}
		if was, is := said(d.Refused), said(got[i].Refused); was != is {
			t.Errorf("%d: %s, want %s", i, is, was)
		}
	}
	if len(got[0].Counted) != 0 || len(got[4].Counted) != 1 || !got[4].Counted[0].Dropped.Equal(half) || got[4].Counted[0].FeatureID != "messages" {
		t.Errorf("what was dropped: %+v", got)
	}
	if _, err := readOutcome("{"); err == nil {
		t.Error("a damaged outcome was read")
	}
}
