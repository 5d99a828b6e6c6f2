package budgets

import (
	"fmt"
	"testing"

	"windfall/shared/dynamo"

	. "windfall/tests/world"
)

// TestASweepKeepsToItsBudget: a run reads every shard of both environments
// once, and in each shard with rows the catalog; a downgrade that only the
// schedule carries out takes a read and a write.
func TestASweepKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	const customers, perDowngrade, run = 24, 2, 2*dynamo.Shards + dynamo.Shards
	trial := budget{call: "sweep", prepare: func(w *World) {
		w.Product("gift", "main", Messages(700)).Trial(14, JSON{"card_required": false})
		for i := range customers {
			w.Attach(fmt.Sprint("c", i), "gift")
		}
	}}
	sweep := func(n int) cost {
		trial.run = func(w *World) {
			if err := w.Stack.Due(w.Context(), T0.AddDate(0, 0, n)); err != nil {
				t.Fatal(err)
			}
		}
		return trial.measure(t)
	}
	idle, full := sweep(13), sweep(14)
	t.Logf("sweep without anything due: %d requests of %d, %g RCU", idle.requests, 2*dynamo.Shards, idle.reads)
	t.Logf("sweep of %d downgrades: %d requests of %d (%d each, %d for the run), %.1f of 10 WCU each, %d Stripe calls", customers,
		full.requests, run+perDowngrade*customers, perDowngrade, run, full.writes/customers, full.stripe)
	if idle.requests != 2*dynamo.Shards || idle.writes > 0 || idle.stripe > 0 {
		t.Errorf("idle: %+v", idle)
	}
	if full.requests > run+perDowngrade*customers || full.requests < perDowngrade*customers || full.writes > 10*customers || full.stripe > 0 {
		t.Errorf("full: %+v", full)
	}
}
