package attach

import (
	"strings"
	"testing"

	. "windfall/tests/world"
)

// What only Stripe can refuse: this one shows no text but its own.
var withText = JSON{"checkout_session_params": JSON{"custom_text": JSON{"submit": JSON{"message": "Thank you"}}}}

// A page that Stripe refuses closes none: the one that is open can be paid, and
// the same call gets it again.
func TestARefusedPageLeavesTheOpenOneOpen(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path       string
		open, with JSON
		url        string
		holds      []string
	}{
		"attach, the same product": {"/v1/attach", JSON{"product_id": "pro"}, withText, "checkout_url", []string{"pro active"}},
		"attach, of the group":     {"/v1/attach", JSON{"product_id": "pro"}, Merge(JSON{"product_id": "premium"}, withText), "checkout_url", []string{"pro active"}},
		"attach, paid once":        {"/v1/attach", JSON{"product_id": "topup", "options": []JSON{{"feature_id": "messages", "quantity": 250}}}, withText, "checkout_url", []string{"free active", "topup active"}},
		"checkout":                 {"/v1/checkout", JSON{"product_id": "pro"}, Merge(JSON{"product_id": "premium"}, withText), "url", []string{"pro active"}},
		"a page for a card":        {"/v1/setup_payment", JSON{}, withText, "url", []string{"free active"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			open := Merge(JSON{"customer_id": "c"}, c.open)
			page := w.Post(c.path, open)[c.url].(string)
			w.Refused(400, "stripe_error", c.path, Merge(JSON{}, open, c.with))
			w.Want("asked again", w.Post(c.path, open)[c.url], page)
			w.Pay(page)
			w.HasProducts("c", c.holds...)
			s, _, err := w.Stack.Customer(w.Context(), "c")
			if err != nil || len(s.Operations) != 0 {
				t.Errorf("%d operations are left, %v", len(s.Operations), err)
			}
		})
	}
}

// The open page is paid at the moment another replaces it: what was paid for is
// there, and the new page, which nobody has seen, can't be paid.
func TestAPagePaidWhileItIsReplacedIsTheOnlyOne(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path       string
		open, next JSON
		url        string
		holds      []string
	}{
		"attach":            {"/v1/attach", JSON{"product_id": "pro"}, JSON{"product_id": "premium"}, "checkout_url", []string{"pro active"}},
		"a page for a card": {"/v1/setup_payment", JSON{}, JSON{"success_url": "https://shop.example/other"}, "url", []string{"free active"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			page := w.Post(c.path, Merge(JSON{"customer_id": "c"}, c.open))[c.url].(string)
			id := page[strings.LastIndex(page, "/")+1:]
			w.Post("/_local/delivery", JSON{"mode": "hold"})
			paid := false
			w.Stack.Sim.Observe(func(method, path string) {
				if method == "POST" && strings.HasSuffix(path, "/checkout/sessions/"+id+"/expire") && !paid {
					paid = true
					a := w.Do("", "POST", strings.TrimPrefix(page, w.Stack.BaseURL)+"/complete", JSON{"payment_method": "pm_card_visa"})
					w.Want("paid", a.Status, 200)
				}
			})
			w.Refused(409, "checkout_completed", c.path, Merge(JSON{"customer_id": "c"}, c.next))
			w.Stack.Sim.Observe(nil)
			w.Post("/_local/delivery", JSON{"mode": "immediate"})
			w.WaitIdle()
			w.HasProducts("c", c.holds...)
			for _, s := range w.CallStripe("GET", "/v1/checkout/sessions", "limit=100&customer="+w.StripeID("c"))["data"].([]any) {
				if want := map[bool]string{true: "complete", false: "expired"}[ValueAt(s, "id") == id]; ValueAt(s, "status") != want {
					t.Errorf("page %v is %v, want %s", ValueAt(s, "id"), ValueAt(s, "status"), want)
				}
			}
			if !paid {
				t.Error("the page was not to be closed")
			}
			s, _, err := w.Stack.Customer(w.Context(), "c")
			if err != nil || len(s.Operations) != 0 || s.Customer.PendingOperation != "" {
				t.Errorf("%d operations are left, %v", len(s.Operations), err)
			}
		})
	}
}
