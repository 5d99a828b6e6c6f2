package fields

import (
	"windfall/shared/api"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// A Granted is what a reward gives of one feature, in and out.
type Granted struct {
	FeatureID string      `json:"feature_id"`
	Included  *api.Number `json:"included"` // null of a feature that is on or off
	Expiry    *Expiry     `json:"expiry"`   // null for good
}

// An Expiry is how long something lasts: so many days, weeks, months or years.
type Expiry struct {
	Type   string `json:"type"`
	Length int    `json:"length"`
}

// Grants converts grants to the type of package catalog; nil stays nil.
func Grants(in *[]Granted) *[]catalog.Granted {
	if in == nil {
		return nil
	}
	out := []catalog.Granted{}
	for _, g := range *in {
		one := catalog.Granted{FeatureID: g.FeatureID}
		if g.Included != nil {
			one.Included = g.Included.Decimal
		}
		if g.Expiry != nil {
			one.Lasts = money.Cycle{Interval: money.Interval(g.Expiry.Type), Count: g.Expiry.Length}
		}
		out = append(out, one)
	}
	return &out
}

// GrantsOf returns the grants of a reward as answers have them.
func GrantsOf(r catalog.Reward) []Granted {
	out := []Granted{}
	for _, g := range r.Grants {
		one := Granted{FeatureID: g.FeatureID}
		if !g.Included.IsZero() {
			included := api.NumberOf(g.Included)
			one.Included = &included
		}
		if g.Lasts.Repeats() {
			one.Expiry = &Expiry{string(g.Lasts.Interval), g.Lasts.Count}
		}
		out = append(out, one)
	}
	return out
}
