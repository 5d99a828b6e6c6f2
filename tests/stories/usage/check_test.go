package usage

import (
	"sync"
	"testing"

	. "windfall/tests/world"
)

func TestCHK01Boolean(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Want("dashboard on free", w.Check("c", "dashboard")["allowed"], false)
	w.Buy("c", "pro")
	w.HasBalance("c", "dashboard", true, nil)
	before := w.Stack.Tables()
	w.Refused(400, "invalid_request", "/v1/track", JSON{"customer_id": "c", "feature_id": "dashboard", "value": 1})
	if w.Stack.Tables() != before {
		t.Error("tracking a boolean feature changed something")
	}
	w.HasBalance("c", "dashboard", true, nil)
}

func TestCHK02DefaultValue(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages"})
	w.HasBalance("c", "messages", true, 99)
	w.Track("c", "messages", 23.47)
	w.HasBalance("c", "messages", true, 75.53)
}

func TestCHK03Required(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Want("100 of 100", w.Check("c", "messages", JSON{"required_balance": 100})["allowed"], true)
	w.Want("101 of 100", w.Check("c", "messages", JSON{"required_balance": 101})["allowed"], false)
	w.HasBalance("c", "messages", true, 100)
}

func TestCHK04Unlimited(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("all", "all", Unlimited("words"))
	w.Attach("c", "all")
	w.Want("allowed", w.Check("c", "words", JSON{"required_balance": 1e9})["allowed"], true)
	w.Track("c", "words", 1000000)
	got := w.Check("c", "words")
	w.Want("allowed, unlimited, balance", []any{got["allowed"], got["unlimited"], got["balance"]}, []any{true, true, nil})
}

func TestCHK05NothingAttachedAndUnknownFeature(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.HasBalance("c", "words", false, 0)
	w.Refused(404, "feature_not_found", "/v1/check", JSON{"customer_id": "c", "feature_id": "nothing"})
	w.Refused(404, "feature_not_found", "/v1/track", JSON{"customer_id": "c", "feature_id": "nothing"})
}

func TestCHK06Floor(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.HasBalance("c", "messages", true, 100)
	w.Track("c", "messages", 105)
	w.HasBalance("c", "messages", false, 0)
}

func TestCHK07PayPerUse(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "pro_use")
	w.Track("c", "messages", 100)
	w.HasBalance("c", "messages", true, 0)
	w.Track("c", "messages", 5)
	w.HasBalance("c", "messages", true, -5)
}

func TestCHK08Concurrent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("ten", "ten", Price(5), Overage("words", 10, 0.1, 1))
	w.Buy("c", "ten")
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { w.Track("c", "words", 1) })
	}
	all.Wait()
	w.HasBalance("c", "words", true, -40)
}

func TestCHK10GiveBack(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for _, step := range []struct{ value, left float64 }{{30, 70}, {-10, 80}, {-50, 100}} {
		w.Track("c", "messages", step.value)
		w.HasBalance("c", "messages", true, step.left)
	}
}

func TestCHK12EventNameShared(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("action1", "single_use", JSON{"event_names": []string{"job"}})
	w.Feature("storage", "single_use", JSON{"event_names": []string{"job"}})
	w.Product("both", "main", Consumable("action1", 200), Consumable("storage", 150)).Default()
	w.Post("/v1/track", JSON{"customer_id": "c", "event_name": "job", "value": 37.89})
	w.HasBalance("c", "action1", true, 162.11)
	w.HasBalance("c", "storage", true, 112.11)
	w.Refused(400, "invalid_event_name", "/v1/track", JSON{"customer_id": "c", "event_name": "nothing"})
}

func TestCHK13MonthReset(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 30)
	w.Track("d", "messages", 30)
	w.HasBalance("c", "messages", true, 70)
	w.Advance("1 month")
	got := w.Check("c", "messages")
	w.Want("balance and usage", []any{got["balance"], got["usage"]}, []any{100, 0})
	w.Track("d", "messages", 20)
	w.HasBalance("d", "messages", true, 80)
}

func TestCHK14SumOfSources(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "pro")
	w.Buy("c", "topup", Quantity("messages", 500))
	w.HasBalance("c", "messages", true, 1000)
	w.Track("c", "messages", 600)
	got := w.Check("c", "messages")
	w.Want("monthly part", ValueAt(got, "breakdown.0.balance"), 0)
	w.Want("lifetime part", ValueAt(got, "breakdown.1.balance"), 400)
	w.Want("interval", got["interval"], "multiple")
}

func TestCHK17Idempotency(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	once := JSON{"customer_id": "c", "feature_id": "messages", "value": 3, "idempotency_key": "k"}
	w.Refused(404, "feature_not_found", "/v1/track", Merge(JSON{}, once, JSON{"feature_id": "nothing"}))
	w.Post("/v1/track", once)
	w.Refused(409, "duplicate_idempotency_key", "/v1/track", once)
	w.HasBalance("c", "messages", true, 97)
	w.Post("/v1/track", Merge(JSON{}, once, JSON{"customer_id": "d"}))
	w.HasBalance("d", "messages", true, 97)
}

func TestCHK22CheckByProduct(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	ask := func(product string) []any {
		got := w.Post("/v1/check", JSON{"customer_id": "c", "product_id": product})
		return []any{got["allowed"], got["status"], got["code"]}
	}
	w.Want("not attached", ask("pro"), []any{false, nil, "product_found"})
	w.Buy("c", "pro")
	w.Want("active", ask("pro"), []any{true, "active", "product_found"})
	sub := ValueAt(w.AtStripe("c"), "subscriptions.0.id").(string)
	w.Post("/_local/subscriptions/"+sub, JSON{"cancel_at_period_end": true})
	w.Want("cancelled", ask("pro"), []any{true, "canceled", "product_found"})
	w.Product("trial", "trial", Price(5), Consumable("words", 5))
	w.Post("/v1/products/trial", JSON{"free_trial": JSON{"length": 7, "duration": "day"}})
	w.Buy("c", "trial")
	w.Want("trialing", ask("trial"), []any{true, "trialing", "product_found"})
	w.Refused(404, "product_not_found", "/v1/check", JSON{"customer_id": "c", "product_id": "nothing"})
}

func TestCHK23ConcurrentFirstCalls(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { w.HasBalance("c", "messages", true, 100) })
	}
	all.Wait()
	w.HasProducts("c", "free active")
	list := w.Get("/v1/customers")["list"].([]any)
	w.Want("customers", len(list), 1)
}
