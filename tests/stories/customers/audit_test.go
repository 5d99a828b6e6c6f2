package customers

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"testing"
	"time"

	. "windfall/tests/world"
)

// auditHistory reads all pages of a customer's audit, of n entries each.
func auditHistory(w *World, customer string, n int) (all []any) {
	w.Helper()
	for cursor := ""; ; {
		page := w.Get(fmt.Sprintf("/v1/customers/%s/audit?limit=%d&cursor=%s", customer, n, url.QueryEscape(cursor)))
		list := page["list"].([]any)
		next, more := page["next_cursor"].(string)
		if page["has_more"] != more || len(list) > n || len(list) == 0 || more && len(list) != n {
			w.Fatalf("a page of %d for limit %d: has_more %v, next_cursor %v", len(list), n, page["has_more"], page["next_cursor"])
		}
		all = append(all, list...)
		if cursor = next; !more {
			return all
		}
	}
}

// customerWithPast gives a customer a history of seven entries.
func customerWithPast(w *World) {
	w.Helper()
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c") // makes the customer at Stripe
	w.Advance("1h")
	w.Attach("c", "pro")
	w.Attach("c", "topup", Quantity("messages", 500))
	w.Post("/v1/customers/c/balances", JSON{"balances": []JSON{{"feature_id": "messages", "balance": 7}}})
	w.Attach("c", "booster")
	w.Post("/v1/customers/c", JSON{"id": "d"})
}

func TestAuditTellsTheWholeHistoryNewestFirst(t *testing.T) {
	t.Parallel()
	w := New(t)
	customerWithPast(w)
	whole := auditHistory(w, "d", 100)
	var actions []string
	for _, e := range whole {
		actions = append(actions, fmt.Sprint(ValueAt(e, "action"), " ", ValueAt(e, "rule")))
	}
	w.Want("actions", actions, []string{"rename <nil>", "attach add_on", "set_balances <nil>", "attach one_off", "attach main_is_free",
		"link_stripe stripe_customer", "create defaults"})
	for _, n := range []int{1, 2, 3, 6, 7, 8} {
		w.Want(fmt.Sprint("pages of ", n), auditHistory(w, "d", n), whole)
	}
}

func TestAuditSaysWhatHappenedAndWhy(t *testing.T) {
	t.Parallel()
	w := New(t)
	customerWithPast(w)
	entries := auditHistory(w, "d", 100)
	renamed, balances, pack, bought, created := entries[0], entries[2], entries[3], entries[4], entries[6]
	hour := T0.UnixMilli() + 3600_000
	w.Want("rename", []any{ValueAt(renamed, "changes"), ValueAt(renamed, "amount"), ValueAt(renamed, "currency")},
		[]any{[]JSON{{"field": "id", "old": "c", "new": "d"}}, nil, nil})
	w.Want("balances", ValueAt(balances, "changes"), []JSON{{"field": "balance of messages", "old": "1000", "new": "7"}})
	w.Want("pack", []any{ValueAt(pack, "amount"), ValueAt(pack, "arithmetic"), ValueAt(pack, "lines.0.quantity"), ValueAt(pack, "lines.0.feature_id")},
		[]any{18, "18 (topup: messages × 500) = 18 usd", 2, "messages"})
	w.Want("purchase", []any{ValueAt(bought, "at"), ValueAt(bought, "actor"), ValueAt(bought, "started"), ValueAt(bought, "ended"), ValueAt(bought, "amount"), ValueAt(bought, "currency"), ValueAt(bought, "arithmetic")},
		[]any{hour, "am_sk_test_loc", []string{"pro"}, []string{"free"}, 20, "usd", "20 (pro) = 20 usd"})
	at := w.AtStripe("d")
	w.Want("at Stripe", []any{ValueAt(bought, "stripe.customer"), ValueAt(bought, "stripe.subscription")}, []any{ValueAt(at, "customer.id"), ValueAt(at, "subscriptions.0.id")})
	w.Want("creation", []any{ValueAt(created, "at"), ValueAt(created, "why"), ValueAt(created, "started"), ValueAt(created, "ended"), ValueAt(created, "lines"), ValueAt(created, "changes"), ValueAt(created, "operation_id")},
		[]any{T0.UnixMilli(), "A new customer gets the default product of every group.", []string{"free"}, []string{}, []any{}, []any{}, nil})
	if id, _ := ValueAt(bought, "operation_id").(string); id == "" {
		t.Error("a purchase names its operation")
	}
}

// Overage, and the customer's choices on a page, are in the history as charged.
func TestAuditExplainsWhatWasCharged(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.PutGoodCard("c")
	w.Attach("c", "pro_use")
	w.Pay(w.Attach("c", "topup", JSON{"force_checkout": true}, Quantity("messages", 250))["checkout_url"].(string), JSON{"quantities": JSON{"messages": 750}})
	w.Track("c", "messages", 900)
	w.AdvanceTo(T0.AddDate(0, 1, 0).Add(2 * time.Hour))
	w.Billed("c", 2000, 2700, 2500) // the renewal, and 50 used beyond what was granted
	var told []string
	for _, e := range auditHistory(w, "c", 100) {
		if sum, _ := ValueAt(e, "arithmetic").(string); sum != "" {
			told = append(told, fmt.Sprint(ValueAt(e, "action"), " by ", ValueAt(e, "actor"), ": ", sum))
		}
	}
	w.Want("told", told, []string{
		"bill_usage by stripe: 5 (pro_use: messages × 50) = 5 usd",
		"attach by am_sk_test_loc: 27 (topup: messages × 750) = 27 usd",
		"attach by am_sk_test_loc: 20 (pro_use) = 20 usd",
	})
}

func TestAuditRefusesAndWritesNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	before := w.Stack.Tables()
	encode := base64.RawURLEncoding.EncodeToString
	for _, call := range []struct {
		key, query string
		status     int
		code       string
	}{
		{w.Stack.Key, "limit=0", 400, "invalid_inputs"},
		{w.Stack.Key, "limit=101", 400, "invalid_inputs"},
		{w.Stack.Key, "limit=-1", 400, "invalid_inputs"},
		{w.Stack.Key, "limit=many", 400, "invalid_inputs"},
		{w.Stack.Key, "limit=2.5", 400, "invalid_inputs"},
		{w.Stack.Key, "cursor=x", 400, "invalid_cursor"},
		{w.Stack.Key, "cursor=%00", 400, "invalid_cursor"},
		{w.Stack.Key, "cursor=" + encode([]byte("INVOICE#01ABC")), 400, "invalid_cursor"},
		{w.Stack.Key, "cursor=" + encode([]byte("AUDIT#")), 400, "invalid_cursor"},
		{w.Stack.Key, "cursor=" + encode([]byte("AUDIT#\xff")), 400, "invalid_cursor"},
		{w.Stack.Key, "cursor=" + encode([]byte("AUDIT#"+string(make([]byte, 2000)))), 400, "invalid_cursor"},
		{w.Stack.Key, "cursor=" + encode(fmt.Appendf(nil, "AUDIT#%02000d", 1)), 400, "invalid_cursor"},
		{"am_pk_test_local", "", 401, "endpoint_not_public"},
		{"", "", 401, "no_secret_key"},
	} {
		a := w.Do(call.key, "GET", "/v1/customers/c/audit?"+call.query, nil)
		if a.Status != call.status || a.Body["code"] != call.code {
			t.Errorf("%.80s: got %d %s, want %d %s", call.query, a.Status, a.Text, call.status, call.code)
		}
	}
	if a := w.Do(w.Stack.Key, "GET", "/v1/customers/nobody/audit", nil); a.Status != 404 || a.Body["code"] != "customer_not_found" {
		t.Errorf("an unknown customer: %d %s", a.Status, a.Text)
	}
	if w.Stack.Tables() != before {
		t.Error("reading wrote to the table")
	}
}
