package app

import (
	"encoding/json"
	"fmt"
	"strings"

	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// outcomeJSON is a part as its key remembers it: how many uses it has, and what became of
// those that do not count whole.
type outcomeJSON struct {
	Uses int           `json:"n"`
	Less []lessOutcome `json:"x,omitempty"`
}

type lessOutcome struct {
	Index   int                      `json:"i"`
	Kind    refusal.Kind             `json:"k,omitempty"`
	Reason  refusal.Reason           `json:"r,omitempty"`
	Args    []any                    `json:"a,omitempty"`
	Dropped map[string]money.Decimal `json:"d,omitempty"`
}

func outcomeText(done []Tracked) string {
	out := outcomeJSON{Uses: len(done)}
	for i, t := range done {
		less := lessOutcome{Index: i}
		if why := t.Refused; why != nil {
			less.Kind, less.Reason, less.Args = why.Kind, why.Reason, why.Args
		}
		for _, c := range t.Counted {
			if !c.Dropped.IsZero() {
				if less.Dropped == nil {
					less.Dropped = map[string]money.Decimal{}
				}
				less.Dropped[c.FeatureID] = c.Dropped
			}
		}
		if t.Refused != nil || less.Dropped != nil {
			out.Less = append(out.Less, less)
		}
	}
	text, _ := json.Marshal(out) // numbers and texts: it can't fail
	return string(text)
}

func readOutcome(text string) ([]Tracked, error) {
	var out outcomeJSON
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&out); err != nil {
		return nil, fmt.Errorf("read what is remembered of a batch: %w", err)
	}
	done := make([]Tracked, out.Uses)
	for _, less := range out.Less {
		t := &done[less.Index]
		if less.Reason != "" {
			for i, arg := range less.Args {
				if n, is := arg.(json.Number); is {
					less.Args[i], _ = n.Int64()
				}
			}
			t.Refused = &refusal.Error{Kind: less.Kind, Reason: less.Reason, Args: less.Args}
		}
		for id, dropped := range less.Dropped {
			t.Counted = append(t.Counted, entitlement.Counted{FeatureID: id, Dropped: dropped})
		}
	}
	return done, nil
}
