package v2

import (
	"encoding/json"

	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// planTrialJSON is a trial, in and out.
type planTrialJSON struct {
	Length       int        `json:"duration_length"`
	Duration     api.OrNull `json:"duration_type"` // day, month or year; month unless given
	CardRequired *bool      `json:"card_required"` // true unless given
	OnEnd        api.OrNull `json:"on_end"`        // bill, of one that needs a card; revert, of one that needs none

	UniqueFingerprint *bool `json:"unique_fingerprint,omitempty"` // of this API alone
}

// planTrialField tells a free_trial of null, which removes the trial, from a missing one.
type planTrialField struct {
	given bool
	trial *planTrialJSON
}

func (f *planTrialField) UnmarshalJSON(b []byte) error {
	if b[0] != '{' && string(b) != "null" {
		return api.InvalidInputs("expected object or null.")
	}
	f.given = true
	return json.Unmarshal(b, &f.trial)
}

func (planTrialField) Reads() any { return planTrialJSON{} }

const (
	endBills   = "bill"
	endReverts = "revert"
)

// rule converts a trial to the type of package catalog; nil stays nil.
func (t *planTrialJSON) rule() (*catalog.FreeTrial, error) {
	if t == nil {
		return nil, nil
	}
	trial := &catalog.FreeTrial{Length: t.Length, Duration: money.Interval(t.Duration), CardRequired: t.CardRequired == nil || *t.CardRequired,
		UniqueFingerprint: t.UniqueFingerprint != nil && *t.UniqueFingerprint}
	if t.Duration == "" {
		trial.Duration = money.Month
	}
	if t.OnEnd != "" && t.OnEnd != endOf(trial) {
		return nil, api.InvalidInputs("free_trial.on_end: a trial that needs a card ends with a bill, and one that needs none without the plan, so it is %s here. Leave it out.", endOf(trial))
	}
	return trial, nil
}

func endOf(t *catalog.FreeTrial) api.OrNull {
	if t.CardRequired {
		return endBills
	}
	return endReverts
}

func planTrialOf(t *catalog.FreeTrial) *planTrialJSON {
	if t == nil {
		return nil
	}
	out := &planTrialJSON{Length: t.Length, Duration: api.OrNull(t.Duration), CardRequired: &t.CardRequired, OnEnd: endOf(t)}
	if t.UniqueFingerprint {
		out.UniqueFingerprint = &t.UniqueFingerprint
	}
	return out
}
