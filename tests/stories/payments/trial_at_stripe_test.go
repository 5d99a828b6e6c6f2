package payments

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

// What was used beyond the allowance before staff begin a trial is billed once:
// with the renewal at its end, or with whatever ends the subscription before. What
// is used in the trial is free.
func TestOverageOfAPeriodThatATrialCutShort(t *testing.T) {
	t.Parallel()
	credits := map[string]int64{"none": 0, "create_prorations": -1333, "always_invoice": -1333}
	for behavior, credit := range credits {
		for how, end := range map[string]func(w *World){
			"the trial ends": func(w *World) { w.AdvancePastRenewal(T0.AddDate(0, 0, 17)) },
			"moved, and ends": func(w *World) {
				w.ChangeSubscription("c", JSON{"trial_end": T0.AddDate(0, 0, 20).Unix(), "proration_behavior": "none"})
				w.AdvancePastRenewal(T0.AddDate(0, 0, 20))
			},
			"ended by staff":    func(w *World) { w.ChangeSubscription("c", JSON{"trial_end": "now", "proration_behavior": "none"}) },
			"cancelled at once": func(w *World) { w.Cancel("c", "use", Immediately()) },
			"deleted at Stripe": func(w *World) { w.Call("DELETE", "/_local/subscriptions/"+w.FirstSubscription("c"), nil) },
			"free at once":      func(w *World) { w.Attach("c", "free", JSON{"plan_schedule": "immediate"}) },
		} {
			t.Run(behavior+", "+how, func(t *testing.T) {
				t.Parallel()
				w := usedUp(t)
				w.AdvanceTo(T0.AddDate(0, 0, 10))
				w.ChangeSubscription("c", JSON{"trial_end": T0.AddDate(0, 0, 17).Unix(), "proration_behavior": behavior})
				w.HasProducts("c", "use trialing")
				w.Track("c", "words", 40)
				w.Redeliver("customer.subscription.updated")
				w.AdvanceTo(T0.AddDate(0, 0, 12))
				end(w)
				w.AdvanceTo(T0.AddDate(0, 0, 25))
				want := 2000 + 5000 + credit
				switch how {
				case "the trial ends", "moved, and ends":
					want += 2000
				case "ended by staff": // Stripe issues that invoice at once: use comes with the next
					w.AdvancePastRenewal(T0.AddDate(0, 1, 12))
					want += 2000 + 2000
				}
				netInAll(w, "c", want)
				w.NothingUnbilled("c")
			})
		}
	}
}

// A change within such a trial does not bill it once more.
func TestChangeInATrialThatCutAPeriodShort(t *testing.T) {
	t.Parallel()
	for _, product := range []string{"big", "small"} {
		w := usedUp(t)
		w.Product("big", "main", Price(60), Overage("words", 100, 1, 1))
		w.Product("small", "main", Price(10), Overage("words", 100, 1, 1))
		w.AdvanceTo(T0.AddDate(0, 0, 10))
		w.ChangeSubscription("c", JSON{"trial_end": T0.AddDate(0, 0, 15).Unix(), "proration_behavior": "none"})
		w.HasBalance("c", "words", true, 0)
		w.AdvanceTo(T0.AddDate(0, 0, 11))
		w.Attach("c", product, JSON{"plan_schedule": "immediate"})
		w.AdvanceTo(T0.AddDate(0, 1, 12))
		fee := map[string]int64{"big": 6000, "small": 1000}[product]
		netInAll(w, "c", 2000+5000+2*fee)
		w.NothingUnbilled("c")
	}
}

// A period that staff begin anew after a trial of theirs is a fresh one, and stays
// so when its event is told again.
func TestPeriodBegunAnewAfterATrialAtStripe(t *testing.T) {
	t.Parallel()
	w := usedUp(t)
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.ChangeSubscription("c", JSON{"trial_end": T0.AddDate(0, 0, 15).Unix(), "proration_behavior": "none"})
	w.AdvanceTo(T0.AddDate(0, 0, 20))
	w.Track("c", "words", 110)
	w.AdvanceTo(T0.AddDate(0, 0, 21))
	w.ChangeSubscription("c", JSON{"billing_cycle_anchor": "now", "proration_behavior": "none"})
	w.HasBalance("c", "words", true, 100)
	w.Redeliver("customer.subscription.updated")
	w.Track("c", "words", 103)
	w.HasBalance("c", "words", true, -3)
	w.AdvanceTo(T0.AddDate(0, 1, 22))
	netInAll(w, "c", 2000+5000+2000+2000+1000+2000+300)
	w.NothingUnbilled("c")
}

// The same in the draft hour: the use of the period that has just begun counts.
func TestOverageBeforeATrialInTheDraftHour(t *testing.T) {
	t.Parallel()
	w := usedUp(t)
	w.AdvanceTo(T1.Add(halfHour))
	w.Track("c", "words", 107)
	w.ChangeSubscription("c", JSON{"trial_end": T1.AddDate(0, 0, 5).Unix(), "proration_behavior": "none"})
	w.AdvanceTo(T1.AddDate(0, 0, 6).Add(2 * time.Hour))
	netInAll(w, "c", 2000+7000+700+2000)
	w.NothingUnbilled("c")
}
