package catalog

import (
	"slices"

	"windfall/shared/refusal"
)

const (
	maxEventNames = 100
	MaxEventName  = 200 // bytes
)

// checkFeature returns invalid_feature for a feature that can't be.
func checkFeature(c *Catalog, f Feature) error {
	switch f.Type {
	case Boolean, SingleUse, ContinuousUse, CreditSystem:
	default:
		return refusal.Invalid(ReasonFeatureTypeUnknown, f.Type)
	}
	for _, text := range []struct {
		field refusal.Field
		text  string
	}{{refusal.FieldName, f.Name}, {refusal.FieldSingular, f.Singular}, {refusal.FieldPlural, f.Plural}} {
		if problem := textProblem(text.field, text.text); problem != nil {
			return refusal.Invalid(ReasonFeatureText, problem)
		}
	}
	if err := checkEventNames(f); err != nil {
		return err
	}
	if err := CheckShards(f); err != nil {
		return err
	}
	if err := checkGroupBy(f); err != nil {
		return err
	}
	return checkCredits(c, f)
}

func checkEventNames(f Feature) error {
	if len(f.EventNames) == 0 {
		return nil
	}
	if f.Type != SingleUse && f.Type != ContinuousUse {
		return refusal.Invalid(ReasonEventsOfUnmeteredFeature, f.ID, f.Type)
	}
	if len(f.EventNames) > maxEventNames {
		return refusal.Invalid(ReasonEventNamesTooMany, maxEventNames)
	}
	for i, name := range f.EventNames {
		problem := textProblem(refusal.FieldEventNames, name)
		switch {
		case name == "" || len(name) > MaxEventName:
			return refusal.Invalid(ReasonEventNameLength, MaxEventName)
		case problem != nil:
			return refusal.Invalid(ReasonFeatureText, problem)
		case slices.Contains(f.EventNames[:i], name):
			return refusal.Invalid(ReasonEventNameGivenTwice, name)
		}
	}
	return nil
}

// Each property by which usage is grouped costs a read and a write of a row with each batch
// of events, and its name stands in the keys of rows.
const (
	maxGroupBy      = 3
	maxPropertyName = 60
)

func checkGroupBy(f Feature) error {
	switch {
	case len(f.GroupBy) == 0:
		return nil
	case f.Type != SingleUse && f.Type != ContinuousUse:
		return refusal.Invalid(ReasonGroupByOfType, f.ID, f.Type)
	case len(f.GroupBy) > maxGroupBy:
		return refusal.Invalid(ReasonGroupByTooMany, maxGroupBy, len(f.GroupBy))
	}
	for i, name := range f.GroupBy {
		switch {
		case len(name) > maxPropertyName || !isPropertyName(name):
			return refusal.Invalid(ReasonGroupByName, maxPropertyName, name)
		case slices.Contains(f.GroupBy[:i], name):
			return refusal.Invalid(ReasonGroupByTwice, name)
		}
	}
	return nil
}

func isPropertyName(name string) bool {
	for _, c := range []byte(name) {
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return name != ""
}

// CheckShards returns an error for a number of rows that a feature can't be
// counted on.
func CheckShards(f Feature) error {
	switch {
	case f.WriteShards == 0:
		return nil
	case f.WriteShards < 0 || f.WriteShards > MaxWriteShards:
		return refusal.Invalid(ReasonWriteShards, MaxWriteShards)
	case f.WriteShards > 1 && f.Type != SingleUse && f.Type != CreditSystem:
		return refusal.Invalid(ReasonWriteShardsOfType, f.ID, f.Type)
	}
	return nil
}

// MaxWriteShards bounds on how many rows a balance may be counted: each
// read of the balance reads all of them.
const MaxWriteShards = 16
