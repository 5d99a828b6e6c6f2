// Package budgets limits the cost of a call: database requests, capacity units,
// Stripe calls. They are counted, not timed, so the limits hold on any machine.
// `make budgets` prints the table.
package budgets

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"windfall/local/dynamodb"
	. "windfall/tests/world"
)

// A cost is the cost of one call.
type cost struct {
	requests      int
	reads, writes float64 // capacity units
	stripe        int
}

// A budget is the highest cost of a call; 0 capacity is not limited.
type budget struct {
	call    string
	prepare func(w *World)
	run     func(w *World)
	most    cost
}

var budgets = []budget{
	{"check, own feature", warm, check, cost{requests: 1, reads: 1}},
	{"check, boolean feature", func(w *World) { warm(w); w.Buy("c", "pro") }, func(w *World) { w.Check("c", "dashboard") }, cost{requests: 1, reads: 1}},
	{"check, feature not held", warm, func(w *World) { w.Check("c", "words") }, cost{requests: 2}},
	{"track", warm, func(w *World) { w.Track("c", "messages", 1) }, cost{requests: 1, writes: 1}},
	{"track with idempotency_key", warm, func(w *World) {
		w.Post("/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "idempotency_key": "k"})
	}, cost{requests: 1, writes: 4}},
	{"check with a lock", warm, func(w *World) { w.Lock("c", "messages", "job", 1) }, cost{requests: 2, reads: 1, writes: 4}},
	{"check with a lock, not allowed", warm, func(w *World) { w.Lock("c", "messages", "job", 1000) }, cost{requests: 2, reads: 2}},
	{"check beside ten locks", locks, check, cost{requests: 1, reads: 1}},
	{"track beside ten locks", locks, func(w *World) { w.Track("c", "messages", 1) }, cost{requests: 1, writes: 2}},
	{"lock confirmed", locks, func(w *World) { w.Confirm("job3") }, cost{requests: 3, reads: 2, writes: 6}},
	{"lock released", locks, func(w *World) { w.Release("job3") }, cost{requests: 3, reads: 2, writes: 6}},
	{"balance given", warm, func(w *World) { w.GiveBalance("c", "messages", JSON{"included_grant": 5}) }, cost{requests: 2, reads: 2, writes: 10}},
	{"customer get", warm, func(w *World) { w.Get("/v1/customers/c") }, cost{requests: 1, reads: 4}},
	{"customer get, 50 rows", fifty, func(w *World) { w.Get("/v1/customers/c") }, cost{requests: 1, reads: 4}},
	{"customer get, 1,000 ended products", ended, func(w *World) { w.Get("/v1/customers/c") }, cost{requests: 1, reads: 1}},
	{"check, 1,000 ended products", ended, check, cost{requests: 1, reads: 1}},
	{"attach free product, 1,000 ended", ended, func(w *World) { w.Attach("c", "b") }, cost{requests: 3, writes: 20}},
	{"customer get, payment method", secondTime, func(w *World) { w.Get("/v1/customers/c?expand=payment_method") }, cost{requests: 1, reads: 4, stripe: 2}},
	{"customer create", warm, func(w *World) {
		w.Post("/v1/customers", JSON{"id": "new", "name": "New", "email": "new@x.io"})
	}, cost{requests: 3, writes: 12}},
	{"customers, a page of 10", eleven, func(w *World) { w.Get("/v1/customers") }, cost{requests: 2, reads: 12}},
	{"customers, a search for one", eleven, func(w *World) { w.Get("/v1/customers?search=u03") }, cost{requests: 4, reads: 4}},
	{"customers, a search for 10", eleven, func(w *World) { w.Get("/v1/customers?search=u") }, cost{requests: 4, reads: 12}},
	{"settings", warm, func(w *World) { w.Get("/v1/settings") }, cost{requests: 1, reads: 1}},
	{"settings, a change", warm, func(w *World) { w.Call("PATCH", "/v1/settings", JSON{"publishable_checkout": true}) }, cost{requests: 2, writes: 6}}, // settings, history, the version of the catalog
	{"attach free product", warm, func(w *World) { w.Attach("c", "booster") }, cost{requests: 3, reads: 2, writes: 12}},
	{"attach free product, of 1,000", thousand, func(w *World) { w.Attach("c", "booster") }, cost{requests: 3, reads: 2, writes: 12}},
	{"attach paid, card on file", secondTime, func(w *World) { w.Attach("c", "pro") }, cost{requests: 4, reads: 2, stripe: 3}},
	{"attach paid, card on file, of 1,000", func(w *World) { thousand(w); secondTime(w) }, func(w *World) { w.Attach("c", "pro") }, cost{requests: 4, reads: 2, stripe: 3}},
	{"attach paid, card on file, with a reward", discounted, func(w *World) { w.Attach("c", "pro", JSON{"reward": "fifth"}) }, cost{requests: 4, stripe: 5}},
	{"attach paid, card on file, with a code", discounted, func(w *World) { w.Attach("c", "pro", JSON{"promo_code": "FIFTH"}) }, cost{requests: 5, stripe: 5}},
	{"preview with a code", discounted, func(w *World) {
		w.Post("/v1/attach/preview", JSON{"customer_id": "c", "product_id": "pro", "promo_code": "FIFTH"})
	}, cost{requests: 4, stripe: 3}},
	{"attach paid, first time", func(w *World) { warm(w); w.PutGoodCard("c") }, func(w *World) { w.Attach("c", "pro") }, cost{requests: 4, stripe: 5}},
	{"attach paid, page, first time", warm, func(w *World) { w.Attach("c", "pro") }, cost{requests: 4, stripe: 5}},
	{"billing portal, again", secondTime, func(w *World) { w.Post("/v1/customers/c/billing_portal", JSON{}) }, cost{requests: 1, stripe: 2}},
	{"customer delete, known to Stripe", secondTime, func(w *World) { w.Call("DELETE", "/v1/customers/c", nil) }, cost{requests: 3, stripe: 2}},
	{"customer delete, delete_in_stripe", secondTime, func(w *World) { w.Call("DELETE", "/v1/customers/c?delete_in_stripe=true", nil) }, cost{requests: 5, stripe: 1}},
	{"audit, a page", secondTime, func(w *World) { w.Get("/v1/customers/c/audit") }, cost{requests: 2, reads: 6}},
	{"referral code, again", code, func(w *World) { codeOf(w) }, cost{requests: 1, reads: 1}},
	{"referral redeem, sign-up, both sides", redeemer, func(w *World) {
		w.Post("/v1/referrals/redeem", JSON{"customer_id": "d", "code": w.Notes["code"]})
	}, cost{requests: 4}},
	{"referral redeem, both sides, of 1,000", func(w *World) { thousand(w); redeemer(w) }, func(w *World) {
		w.Post("/v1/referrals/redeem", JSON{"customer_id": "d", "code": w.Notes["code"]})
	}, cost{requests: 4, reads: 3}},
	{"redemptions, a page", func(w *World) {
		redeemer(w)
		w.Post("/v1/referrals/redeem", JSON{"customer_id": "d", "code": w.Notes["code"]})
	}, func(w *World) { w.Get("/v1/redemptions") }, cost{requests: 2}},
	{"referral program, with its statistics", code, func(w *World) { w.Get("/v1/reward_programs/invite") }, cost{requests: 3}},
	{"redemption approved, both sides", func(w *World) {
		w.Post("/v1/reward_programs", JSON{"id": "later", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "hold_days": 1})
		redeemer(w)
		later := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "later"})["code"]
		w.Notes["held"] = w.Post("/v1/referrals/redeem", JSON{"customer_id": "d", "code": later})["id"].(string)
	}, func(w *World) { w.Post("/v1/redemptions/"+w.Notes["held"]+"/approve", JSON{}) }, cost{requests: 8}},
	{"promotion code redeemed", gifted, func(w *World) { w.Post("/v1/rewards/redeem", JSON{"customer_id": "c", "code": "BOOST"}) }, cost{requests: 3}},
	{"promotion code redeemed, of 1,000", func(w *World) { thousand(w); gifted(w) }, func(w *World) {
		w.Post("/v1/rewards/redeem", JSON{"customer_id": "c", "code": "BOOST"})
	}, cost{requests: 3, reads: 3}},
	{"promotion code refused", func(w *World) {
		gifted(w)
		w.Post("/v1/rewards/redeem", JSON{"customer_id": "c", "code": "BOOST"})
	}, func(w *World) {
		w.Do(w.Stack.Key, "POST", "/v1/rewards/redeem", JSON{"customer_id": "c", "code": "BOOST"})
	}, cost{requests: 7}},
	{"reward given, free product", gifted, func(w *World) { w.Post("/v1/customers/c/coupons/gift", JSON{}) }, cost{requests: 2}},
	{"reward given, discount", discounted, func(w *World) { w.Post("/v1/customers/c/coupons/fifth", JSON{}) }, cost{requests: 7, stripe: 3}},
	{"reward given, credits", discounted, func(w *World) { w.Post("/v1/customers/c/coupons/credits", JSON{}) }, cost{requests: 6, stripe: 2}},
	{"promotion code explained", gifted, func(w *World) { w.Post("/v1/rewards/explain", JSON{"customer_id": "c", "code": "BOOST"}) }, cost{requests: 4}},
	{"promotion codes, a page of 10", func(w *World) {
		warm(w)
		for range 10 {
			w.Post("/v1/rewards/gift/promo_codes", JSON{})
		}
	}, func(w *World) { w.Get("/v1/rewards/gift/promo_codes") }, cost{requests: 4}},
	{"referral redeem, sign-up, discount", func(w *World) {
		w.Post("/v1/rewards", JSON{"id": "ten", "name": "Ten", "type": "percentage_discount", "promo_codes": []any{},
			"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0}})
		w.Post("/v1/reward_programs", JSON{"id": "ten", "when": "customer_creation", "internal_reward_id": "ten", "received_by": "referrer"})
		redeemer(w)
		w.PutGoodCard("c") // the referrer is known to Stripe
		w.Notes["code"] = w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "ten"})["code"].(string)
	}, func(w *World) {
		w.Post("/v1/referrals/redeem", JSON{"customer_id": "d", "code": w.Notes["code"]})
	}, cost{requests: 9, stripe: 3}},
}

// locks is a customer with ten open locks.
func locks(w *World) {
	warm(w)
	for i := range 10 {
		w.Lock("c", "messages", fmt.Sprint("job", i), 1)
	}
}

func TestEveryCallKeepsToItsBudget(t *testing.T) {
	t.Parallel()
	var lines sync.Map
	t.Run("calls", func(t *testing.T) {
		for i, b := range budgets {
			t.Run(b.call, func(t *testing.T) {
				t.Parallel()
				got := b.measure(t)
				lines.Store(i, fmt.Sprintf("%-38s %3d of %d requests  %5.1f RCU%s  %5.1f WCU%s  %d Stripe calls%s", b.call, got.requests, b.most.requests,
					got.reads, of(b.most.reads), got.writes, of(b.most.writes), got.stripe, of(float64(b.most.stripe))))
				if got.requests > b.most.requests || b.most.reads > 0 && got.reads > b.most.reads ||
					b.most.writes > 0 && got.writes > b.most.writes || got.stripe > b.most.stripe {
					t.Errorf("took %+v, the most is %+v", got, b.most)
				}
				if got.requests == 0 {
					t.Error("nothing was counted")
				}
			})
		}
	})
	var table strings.Builder
	for i := range budgets {
		line, _ := lines.Load(i)
		fmt.Fprintln(&table, line)
	}
	t.Log("\n" + table.String())
}

func of(most float64) string {
	if most == 0 {
		return ""
	}
	return fmt.Sprintf(" of %g", most)
}

// measure runs the call in a world of its own, with key and catalog cached, and
// counts its cost. Webhooks and the table's stream are held back: they are
// calls of their own.
func (b budget) measure(t *testing.T) cost {
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "booster", "promo_codes": []any{}})
	w.Post("/v1/reward_programs", JSON{"id": "invite", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "max_redemptions": 5})
	b.prepare(w)
	w.Post("/_local/delivery", JSON{"mode": "hold"})
	w.Stack.HoldStream(true)
	check(w) // the catalog was just changed: read it now
	var mu sync.Mutex
	var got cost
	w.Stack.DB.Observe(func(_ dynamodb.Call, used dynamodb.Capacity) {
		mu.Lock()
		defer mu.Unlock()
		got.requests++
		got.reads += used.Read
		got.writes += used.Write
	})
	w.Stack.Sim.Observe(func(string, string) {
		mu.Lock()
		defer mu.Unlock()
		got.stripe++
	})
	b.run(w)
	w.Stack.DB.Observe(nil)
	w.Stack.Sim.Observe(nil)
	return got
}

func check(w *World) { w.Check("c", "messages") }

func warm(w *World) {
	w.Post("/v1/customers", JSON{"id": "c", "name": "C", "email": "c@x.io"})
	check(w)
}

// secondTime: the product was sold before, and the customer has a Stripe id.
func secondTime(w *World) {
	warm(w)
	w.PutGoodCard("c")
	w.Buy("other", "pro")
}

// discounted has a reward with a code, too.
func discounted(w *World) {
	secondTime(w)
	w.Post("/v1/rewards", JSON{"id": "fifth", "name": "Fifth", "type": "percentage_discount", "discount_config": JSON{"discount_value": 20, "duration_type": "one_off", "apply_to_all": true},
		"promo_codes": []JSON{{"code": "FIFTH"}}})
	w.Post("/v1/rewards", JSON{"id": "credits", "name": "Credits", "type": "invoice_credits", "discount_config": JSON{"discount_value": 20, "duration_type": "one_off", "apply_to_all": true}})
	check(w)
}

// fifty gives the customer 50 rows.
func fifty(w *World) {
	var items []JSON
	for i := range 47 {
		id := fmt.Sprintf("feature_%02d", i)
		w.Feature(id, "single_use")
		items = append(items, Consumable(id, 100))
	}
	w.Product("wide", "wide", items...)
	warm(w)
	w.Attach("c", "wide")
}

// ended gives the customer a life of 1,000 changes between free products.
func ended(w *World) {
	warm(w)
	w.Product("a", "main", Messages(100))
	w.Product("b", "main", Messages(100))
	for range 500 {
		w.Attach("c", "b")
		w.Attach("c", "a")
	}
}

// eleven customers, so that a page of 10 is not the last.
func eleven(w *World) {
	warm(w)
	for i := range 10 {
		w.Post("/v1/customers", JSON{"id": fmt.Sprintf("u%02d", i), "name": "Sam", "email": fmt.Sprintf("u%02d@x.io", i)})
	}
}

// thousand products are for sale. They are made once; every other world has the tables of
// the first.
func thousand(w *World) {
	ofThousand.Lock()
	defer ofThousand.Unlock()
	if ofThousand.made {
		if err := w.Stack.DB.Restore(ofThousand.tables); err != nil {
			w.Fatal(err)
		}
	} else {
		for i := range 1000 {
			w.Post("/v1/products", JSON{"id": fmt.Sprintf("p%03d", i), "items": []JSON{Price(5), Messages(5)}})
		}
		ofThousand.made, ofThousand.tables = true, w.Stack.DB.Snapshot()
	}
	warm(w)
}

var ofThousand struct {
	sync.Mutex
	made   bool
	tables dynamodb.Snapshot
}

func code(w *World) { warm(w); codeOf(w) }

func codeOf(w *World) string {
	return w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": "invite"})["code"].(string)
}

func gifted(w *World) {
	warm(w)
	w.Post("/v1/rewards/gift/promo_codes", JSON{"code": "BOOST"})
}

func redeemer(w *World) {
	warm(w)
	w.Notes["code"] = codeOf(w)
	w.Post("/v1/customers", JSON{"id": "d"})
}
