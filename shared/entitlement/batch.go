package entitlement

import (
	"maps"
	"slices"
)

// A Batch carries uses out on balances, one call after another: each as DecideUsage does
// on what the calls before it left.
type Batch struct{ was, is map[string]Balance }

// NewBatch begins with the balances as they were read, by feature id.
func NewBatch(balances map[string]Balance) *Batch {
	b := &Batch{balances, map[string]Balance{}}
	maps.Copy(b.is, balances)
	return b
}

// Take carries one call out, or refuses it and changes nothing. What it returns
// of the balances afterwards is as of this call.
func (b *Batch) Take(requests ...UsageRequest) ([]Counted, error) {
	changed, counted, err := DecideUsage(b.is, requests...)
	for _, c := range changed {
		b.is[c.FeatureID] = c
	}
	return counted, err
}

// Changed lists the balances that differ from what was read, ordered by feature id.
func (b *Batch) Changed() (changed []Balance) {
	for _, id := range slices.Sorted(maps.Keys(b.is)) {
		if !b.is[id].Same(b.was[id]) {
			changed = append(changed, b.is[id])
		}
	}
	return changed
}
