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
	return trial, checkEnd(t.OnEnd, trial.CardRequired)
}

// checkEnd checks what is to happen at the end of a trial. A bill follows where there is a
// card, and clients say so of every trial; without a card the plan ends with its trial.
func checkEnd(end api.OrNull, cardRequired bool) error {
	switch {
	case end == "", end == endBills, end == endReverts && !cardRequired:
		return nil
	case end == endReverts:
		return api.InvalidInputs("free_trial.on_end: a trial that needs a card ends with a bill. Send card_required: false with revert, or bill.")
	}
	return api.InvalidInputs("free_trial.on_end: bill or revert, not %.40q.", end)
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
