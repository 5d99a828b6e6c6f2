package payments_test

import (
	"errors"
	"sync"
	"testing"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// Several processes may find the same operation unfinished. The second one gets
// the first one's answer, or is told to retry.
func TestTheSameStepInParallelHappensOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, card := w.customer("pm_card_visa")
	known := w.mustTake(billing.Results{CustomerID: id}, baseStep)
	step := subscribeStep(billing.NewSubscription{Lines: []billing.PriceLine{baseLine}, Card: card})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := w.take(known, step); err != nil && !errors.Is(err, refusal.ErrStripeUnavailable) {
				t.Error(err)
			}
		})
	}
	all.Wait()
	w.mustTake(known, step)
	if subs, charges := w.list("/v1/subscriptions"), w.list("/v1/charges"); len(subs) != 1 || len(charges) != 1 {
		t.Errorf("%d subscriptions, %d charges", len(subs), len(charges))
	}
}

// Two operations that need the same new price end with one.
func TestTheSamePriceInParallelIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var all sync.WaitGroup
	got := make([]string, 8)
	for i := range got {
		all.Go(func() {
			ref := ada
			ref.OperationID += string(rune('a' + i))
			r, err := w.takeAs(ref, billing.Results{}, baseStep)
			if err != nil {
				t.Error(err)
			}
			got[i] = r.Prices["pr_base"]
		})
	}
	all.Wait()
	for _, id := range got {
		if id == "" || id != got[0] {
			t.Errorf("prices %v", got)
		}
	}
}
