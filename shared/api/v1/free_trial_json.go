package v1

import (
	"encoding/json"
	"strconv"
	"strings"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// freeTrialField tells a free_trial of null, which removes the trial, from a
// missing one.
type freeTrialField struct {
	given bool
	trial *freeTrialJSON
}

func (f *freeTrialField) UnmarshalJSON(b []byte) error {
	if b[0] != '{' && string(b) != "null" {
		return api.InvalidInputs("expected object or null.")
	}
	f.given = true
	return json.Unmarshal(b, &f.trial)
}

func (freeTrialField) Reads() any { return freeTrialJSON{} }

// freeTrialJSON is a trial, in and out. trial_available is true unless the call
// names a customer.
type freeTrialJSON struct {
	Duration          api.OrNull `json:"duration"` // day, month or year
	Length            wholeText  `json:"length"`
	UniqueFingerprint bool       `json:"unique_fingerprint"`
	CardRequired      *bool      `json:"card_required"` // true unless given
	TrialAvailable    *bool      `json:"trial_available"`
}

// wholeText is a whole number that older clients send as text.
type wholeText int

func (w *wholeText) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(b), `"`))
	if err != nil {
		return api.InvalidInputs("expected whole number.")
	}
	*w = wholeText(n)
	return nil
}

// rule converts a trial to the type of package catalog; nil stays nil.
func (t *freeTrialJSON) rule() *catalog.FreeTrial {
	if t == nil {
		return nil
	}
	trial := &catalog.FreeTrial{Length: int(t.Length), Duration: money.Interval(t.Duration),
		UniqueFingerprint: t.UniqueFingerprint, CardRequired: t.CardRequired == nil || *t.CardRequired}
	if t.Duration == "" {
		trial.Duration = money.Day
	}
	return trial
}

// trialChoice is the trial of an attach: false is none, an object is a trial of
// its own; true, null and absent are the product's.
type trialChoice struct {
	none bool
	own  *freeTrialJSON
}

func (t *trialChoice) UnmarshalJSON(b []byte) error {
	switch {
	case b[0] == '{':
		return json.Unmarshal(b, &t.own)
	case string(b) == "false":
		t.none = true
	case string(b) != "true" && string(b) != "null":
		return api.InvalidInputs("expected boolean or object.")
	}
	return nil
}

func (trialChoice) Reads() any { return freeTrialJSON{} }
