package usage

import (
	"testing"

	. "windfall/tests/world"
)

func TestCHK11CheckWithSendEvent(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("k", "k", Consumable("words", 1000)).Default()
	take := func(n float64) []any {
		got := w.Check("c", "words", JSON{"required_balance": n, "send_event": true})
		return []any{got["allowed"], got["balance"]}
	}
	w.Want("150 of 1000", take(150), []any{true, 850})
	w.Want("900 of 850", take(900), []any{false, 850})
	w.HasBalance("c", "words", true, 850)
	w.Want("850 of 850", take(850), []any{true, 0})
	w.Want("1 of 0", take(1), []any{false, 0})
	w.Refused(400, "invalid_inputs", "/v1/check", JSON{"customer_id": "c", "feature_id": "words", "required_balance": -1, "send_event": true})
	w.Refused(400, "invalid_request", "/v1/check", JSON{"customer_id": "c", "feature_id": "dashboard", "send_event": true})
}

// A publishable key can't use up a balance.
func TestSendEventIsIgnoredForPublishableKeys(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Check("c", "messages")
	before := w.Stack.Tables()
	a := w.Do("am_pk_test_local", "POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "send_event": true})
	w.Want("answer", []any{a.Status, a.Body["allowed"], a.Body["balance"]}, []any{200, true, 100})
	if w.Stack.Tables() != before {
		t.Error("a publishable key wrote to the table")
	}
}

func TestSendEventThroughCredits(t *testing.T) {
	t.Parallel()
	w := New(t)
	creditSystem(w)
	w.Product("own", "own", Consumable("action1", 10)).Default()
	take := func(n float64) []any {
		got := w.Check("c", "action1", JSON{"required_balance": n, "send_event": true})
		return []any{got["allowed"], got["feature_id"], got["balance"]}
	}
	w.Want("of both", take(15), []any{true, "credits", 99})
	w.Want("of credits", take(5), []any{true, "credits", 98})
	w.Want("too much", take(491), []any{false, "credits", 98})
	w.Want("to the end", take(490), []any{true, "credits", 0})
}

func TestCHK15PrepaidBeforePayPerUse(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("both", "both", Price(5), Prepaid("words", 1, 10, "month"), Overage("words", 0, 0.1, 1))
	w.Buy("c", "both", Quantity("words", 60))
	w.HasBalance("c", "words", true, 60)
	parts := func() []any {
		got := w.Check("c", "words")
		return []any{ValueAt(got, "breakdown.0.balance"), ValueAt(got, "breakdown.1.balance"), got["allowed"]}
	}
	w.Track("c", "words", 60)
	w.Want("prepaid and pay-per-use", parts(), []any{0, 0, true})
	w.Track("c", "words", 10)
	w.Want("prepaid and pay-per-use", parts(), []any{0, -10, true})
}

func TestCHK16UsageLimit(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("capped", "capped", Price(5), Merge(Overage("words", 100, 0.1, 1), JSON{"usage_limit": 500}))
	w.Buy("c", "capped")
	w.Track("c", "words", 1600)
	w.HasBalance("c", "words", false, -400)
	w.Want("usage_limit", w.Check("c", "words")["usage_limit"], 500)
	w.Track("c", "words", -1)
	w.HasBalance("c", "words", true, -399)
	w.Refused(400, "insufficient_balance", "/v1/track", JSON{"customer_id": "c", "feature_id": "words", "value": 2, "overage_behavior": "reject"})
	w.HasBalance("c", "words", true, -399)
}

// What no balance covers is not set, and the answer says how much: a caller who
// reports a total would take it for counted.
func TestSettingMoreUsageThanThereIsSaysSo(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"}) // the free product includes 100 messages
	set := func(value any) []any {
		done := w.Post("/v1/usage", JSON{"customer_id": "c", "feature_id": "messages", "value": value})
		return []any{done["success"], done["recorded"], done["dropped"]}
	}
	w.Want("all of it", set(40), []any{true, nil, nil})
	w.Want("more than there is", set(150), []any{true, 100.0, 50.0})
	w.Want("more again", set(100.5), []any{true, 100.0, 0.5})
	w.Want("as many as there are", set(100), []any{true, nil, nil})
	w.Want("less", set(30), []any{true, nil, nil})
	w.HasBalance("c", "messages", true, 70)
}

func TestCHK21SetUsage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("team", "team", JSON{"feature_id": "seats", "included_usage": 5}).Default()
	set := func(v any) JSON { return JSON{"customer_id": "c", "feature_id": "seats", "value": v} }
	w.Want("answer", w.Post("/v1/usage", set(3)), JSON{"success": true, "code": "event_received", "customer_id": "c", "feature_id": "seats"})
	w.HasBalance("c", "seats", true, 2)
	w.Post("/v1/usage", set(1))
	w.HasBalance("c", "seats", true, 4)
	w.Post("/v1/usage", set(0))
	w.HasBalance("c", "seats", true, 5)
	before := w.Stack.Tables()
	w.Refused(400, "invalid_inputs", "/v1/usage", set(-1))
	w.Refused(400, "invalid_inputs", "/v1/usage", set("3"))
	w.Refused(400, "invalid_inputs", "/v1/usage", JSON{"customer_id": "c", "feature_id": "seats"})
	w.Refused(400, "invalid_request", "/v1/usage", JSON{"customer_id": "c", "feature_id": "words", "value": 1})
	w.Refused(400, "invalid_request", "/v1/usage", JSON{"customer_id": "c", "feature_id": "dashboard", "value": 1})
	w.Refused(404, "feature_not_found", "/v1/usage", JSON{"customer_id": "c", "feature_id": "nothing", "value": 1})
	if w.Stack.Tables() != before {
		t.Error("a refused call wrote to the table")
	}
}

// Seats are continuous: they do not come back by themselves, and a limit
// refuses the whole call.
func TestSeatsCountUpAndDown(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("team", "team", JSON{"feature_id": "seats", "included_usage": 5, "usage_limit": 5}).Default()
	w.Track("c", "seats", 3)
	w.Track("c", "seats", -1)
	w.HasBalance("c", "seats", true, 3)
	w.Refused(400, "insufficient_balance", "/v1/track", JSON{"customer_id": "c", "feature_id": "seats", "value": 4})
	w.Refused(400, "insufficient_balance", "/v1/usage", JSON{"customer_id": "c", "feature_id": "seats", "value": 6})
	w.Advance("2 month")
	w.HasBalance("c", "seats", true, 3)
	w.Track("c", "seats", 3)
	w.HasBalance("c", "seats", false, 0)
}

func TestSetBalances(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Buy("c", "booster")
	w.Track("c", "messages", 30)
	set := func(balances ...JSON) { w.Post("/v1/customers/c/balances", JSON{"balances": balances}) }
	see := func(balance, usage, included float64) {
		w.Helper()
		got := w.Check("c", "messages")
		w.Want("balance, usage, included", []any{got["balance"], got["usage"], got["included_usage"]}, []any{balance, usage, included})
	}
	set(JSON{"feature_id": "messages", "balance": 500})
	see(500, 30, 530)
	w.Track("c", "messages", 50)
	see(450, 80, 530)
	set(JSON{"feature_id": "messages", "balance": 0, "interval": "month"})
	see(0, 80, 80)
	w.Want("allowed", w.Check("c", "messages")["allowed"], false)
	w.Advance("1 month")
	see(200, 0, 200)
	before := w.Stack.Tables()
	refuse := func(code string, balances any) {
		t.Helper()
		w.Refused(400, code, "/v1/customers/c/balances", JSON{"balances": balances})
	}
	refuse("invalid_inputs", JSON{})
	refuse("invalid_request", []JSON{})
	refuse("invalid_request", []JSON{{"feature_id": "messages"}})
	refuse("invalid_request", []JSON{{"feature_id": "words", "balance": 1}})
	refuse("invalid_request", []JSON{{"feature_id": "messages", "balance": 1}, {"feature_id": "messages", "balance": 1, "interval": "year"}})
	refuse("invalid_inputs", []JSON{{"feature_id": "messages", "balance": "1"}})
	refuse("invalid_inputs", []JSON{{"feature_id": "messages", "balance": -1}})
	w.Refused(404, "customer_not_found", "/v1/customers/nobody/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 1}}})
	if w.Stack.Tables() != before {
		t.Error("a refused call wrote to the table")
	}
	set(JSON{"feature_id": "messages", "unlimited": true})
	w.Want("unlimited", w.Check("c", "messages", JSON{"required_balance": 1e9})["allowed"], true)
	refuse("invalid_request", []JSON{{"feature_id": "messages", "balance": 1}})
}

func TestPaywall(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	ask := func(feature string, required int) any {
		return w.Check("c", feature, JSON{"with_preview": true, "required_balance": required})["preview"]
	}
	w.Want("while allowed", ask("messages", 1), nil)
	p := ask("dashboard", 1)
	w.Want("flag", []any{ValueAt(p, "scenario"), ValueAt(p, "feature_id"), ValueAt(p, "feature_name"), ValueAt(p, "products.0.id"), ValueAt(p, "products.1.id"), ValueAt(p, "products.2")},
		[]any{"feature_flag", "dashboard", "dashboard", "pro", "premium", nil})
	p = ask("messages", 101)
	w.Want("limit", []any{ValueAt(p, "scenario"), ValueAt(p, "products.0.id")}, []any{"usage_limit", "pro"})
	if ValueAt(p, "title") == "" || ValueAt(p, "message") == "" {
		t.Errorf("a paywall has a title and a message: %v", p)
	}
}
