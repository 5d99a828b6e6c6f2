package chaos

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// discounted prepares a code for two uses of 20 % and waits until Stripe has it.
func discounted(then func(w *World)) func(w *World) {
	return func(w *World) {
		w.Post("/v1/rewards", JSON{"id": "fifth", "name": "fifth", "type": "percentage_discount", "discount_config": Merge(JSON{"discount_value": 20, "duration_type": "months", "duration_value": 2}, ofAll),
			"promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 2}}})
		w.WaitIdle()
		then(w)
	}
}

// types has a customer type the code on the page of a product.
func types(product string) func(w *World) {
	return func(w *World) {
		w.WaitIdle()
		hold(w)
		w.Pay(w.Attach("c", product)["checkout_url"].(string), JSON{"promotion_code": "once"})
	}
}

func init() {
	completed := events("checkout.session.completed")
	flows = append(flows, []flow{
		{"codes", "a discount is typed", discounted(types("pro")), completed, swept},
		{"codes", "credits are typed", credited(ofAll, types("pro")), completed, swept},
		{"codes", "credits are typed, a trial has no use for them", credited(ofAll, types("tried_high")), completed, swept},
		{"codes", "a code that Stripe may use is used by card", discounted(card), act{do: rewards("pro").do, sweep: true}, swept},
		{"codes", "a code that Stripe may use is used on a page", discounted(func(*World) {}), act{do: rewards("pro").do}, func(w *World) { payOpenPage(w); swept(w) }},
	}...)
}

// TestCopiesSurviveACrashAnywhere dies before and after each external call of the
// stream's function that gives Stripe copies of codes, and takes them back. The
// schedule finishes what it began: Stripe has one copy of each live code, with its
// room, and nobody else uses what is held.
func TestCopiesSurviveACrashAnywhere(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(w *World){
		"made":     func(w *World) { w.Post("/v1/rewards/fifth/promo_codes", JSON{"code": "MORE", "max_redemptions": 5}) },
		"switched": func(w *World) { w.Post("/v1/rewards/fifth/promo_codes/ONCE", JSON{"active": false}) },
		"edited": func(w *World) {
			w.Post("/v1/rewards/fifth", JSON{"discount_config": Merge(JSON{"discount_value": 30, "duration_type": "one_off"}, ofAll)})
		},
		"deleted": func(w *World) { w.Call("DELETE", "/v1/rewards/fifth", nil) },
		"limited to a product": func(w *World) {
			w.Post("/v1/rewards", JSON{"id": "some", "name": "some", "type": "fixed_discount", "discount_config": JSON{"discount_value": 5, "duration_type": "one_off", "product_ids": []string{"pro"}}, "promo_codes": []JSON{{"code": "SOME"}}})
		},
		"of a customer": func(w *World) {
			w.Attach("c", "pro")
			w.Post("/v1/rewards/fifth/promo_codes", JSON{"code": "MINE", "customer_id": "c"})
		},
		"the text of another": func(w *World) {
			w.Post("/v1/rewards/fifth/promo_codes/ONCE", JSON{"active": false})
			w.Post("/v1/rewards", JSON{"id": "next", "name": "next", "type": "percentage_discount", "discount_config": Merge(JSON{"discount_value": 10, "duration_type": "one_off"}, ofAll), "promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 7}}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dieEverywhere(t, "codes", func(t *testing.T, n int, what trouble) (string, []string) { return copies(t, act, n, what) })
		})
	}
}

func copies(t *testing.T, act func(w *World), n int, what trouble) (end string, calls []string) {
	t.Helper()
	w, k := mortal(t)
	smallCatalog(w)
	w.Post("/v1/customers", JSON{"id": "c", "email": "c@x.io"})
	discounted(func(w *World) { w.Stack.HoldStream(true); act(w) })(w)
	ctx, dead := context.WithCancel(t.Context())
	defer dead()
	k.died, k.soft = dead, true
	k.strike(n, what)
	w.Stack.HoldStream(false)
	_ = w.Stack.Quiet(ctx) // ended by the death of the process
	w.Stack.HoldStream(true)
	calls = k.seen()
	k.live()
	w.Stack.DropStream() // the schedule alone goes on
	if err := w.Stack.Restart(); err != nil {
		t.Fatal(err)
	}
	w.Stack.HoldStream(false)
	w.Advance("10m")
	w.Advance("10m")
	return describeCodes(w), calls
}

// describeCodes lists what Stripe would take, and how often each code was used.
func describeCodes(w *World) string {
	w.Helper()
	w.WaitIdle()
	var all []string
	for _, c := range w.CallStripe("GET", "/v1/promotion_codes?active=true&limit=100", "")["data"].([]any) {
		all = append(all, fmt.Sprint(ValueAt(c, "code"), " ", ValueAt(c, "max_redemptions"), " ", ValueAt(c, "coupon.percent_off"), " ", ValueAt(c, "coupon.amount_off"), " ", ValueAt(c, "customer") != nil))
	}
	slices.Sort(all)
	due := strings.Count(w.Stack.Tables(), `"SK":{"S":"COPIES"}`)
	return fmt.Sprint(all, " ", due, " looks left")
}
