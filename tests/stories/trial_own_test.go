package stories

import (
	"testing"

	. "windfall/tests/world"
)

// days is a trial of the call's own.
func days(n int, more ...JSON) JSON {
	return JSON{"free_trial": Merge(JSON{"length": n, "duration": "day"}, more...)}
}

func TestTrialOfTheCallsOwn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c")
	preview := w.Post("/v1/attach/preview", Merge(JSON{"customer_id": "c", "product_id": "pro"}, days(30)))
	w.Want("preview", []any{Path(preview, "due_today.total"), Path(preview, "free_trial.length"), Path(preview, "due_next_cycle.due_at")},
		[]any{0, 30, T0.AddDate(0, 0, 30).UnixMilli()})
	w.Attach("c", "pro", days(30))
	w.Holds("c", "pro trialing")
	w.Want("trial ends", w.Held("c", "pro")["trial_ends_at"], T0.AddDate(0, 0, 30).UnixMilli())
	w.Billed("c", 0)
	w.Renewal(T0.AddDate(0, 0, 30))
	w.Holds("c", "pro active")
	w.Billed("c", 0, 2000)
}

func TestTrialOfTheCallsOwnInsteadOfTheProducts(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Attach("c", "pro_trial", days(3, JSON{"card_required": false}))
	w.Holds("c", "pro_trial trialing")
	w.Want("trial ends", w.Held("c", "pro_trial")["trial_ends_at"], T0.AddDate(0, 0, 3).UnixMilli())
	w.Renewal(T0.AddDate(0, 0, 3))
	w.Holds("c", "free active")
}

// The terms of a trial are the call's, but who may have one is not: otherwise
// an application that always sends one would give it after each cancel.
func TestTrialOfTheCallsOwnIsOncePerProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c")
	w.Attach("c", "pro", days(7))
	w.Cancel("c", "pro", Now())
	w.Attach("c", "pro", days(7))
	w.Holds("c", "pro active")
	w.Billed("c", 0, 2000)
	for _, id := range []string{"a", "b"} {
		w.Post("/v1/customers", JSON{"id": id, "fingerprint": "device"})
		w.Card(id)
		w.Attach(id, "g1_pro", days(7, JSON{"unique_fingerprint": true}))
	}
	w.Billed("a", 0)
	w.Billed("b", 3000)
}

func TestTrialOfTheCallsOwnWithCustomItems(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c")
	w.Attach("c", "pro", Merge(custom(Price(15), Messages(750)), days(10)))
	w.Holds("c", "pro trialing")
	w.Has("c", "messages", true, 750)
	w.Renewal(T0.AddDate(0, 0, 10))
	w.Billed("c", 0, 1500)
	w.Payer("d")
	w.Attach("d", "pro", Merge(JSON{"is_custom": true}, days(10)))
	w.Holds("d", "pro trialing")
}

func TestTrialOfTheCallsOwnWithAnUpgradeAndADowngrade(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Changes()
	w.Payer("c", "pro")
	w.Refused(400, "invalid_request", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "pro"}, days(5), JSON{"version": 1}, custom(Price(21))))
	w.Refused(400, "invalid_request", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "free"}, days(5)))
	w.Attach("c", "premium", days(5))
	w.Holds("c", "premium trialing")
	w.Billed("c", 2000, -2000)
	w.Renewal(T0.AddDate(0, 0, 5))
	w.Holds("c", "premium active")
	w.Refused(400, "invalid_inputs", "/v1/attach", Merge(JSON{"customer_id": "c", "product_id": "topup"}, Quantity("messages", 250), days(5)))
}
