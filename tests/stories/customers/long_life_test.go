package customers

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"windfall/local/dynamodb"
	"windfall/shared/app"
	"windfall/shared/billing"
	. "windfall/tests/world"
)

// TestALongLifeStaysOneSmallRowSet has a customer change products 330 times in three
// years: between free ones, paid ones, terms of their own, add-ons and one-offs, at once
// and with the period, with use beyond the allowance. The rows of the customer stay few,
// and none is lost.
func TestALongLifeStaysOneSmallRowSet(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	w.PutGoodCard("c")
	changes := 0
	for month := range 33 {
		for range 5 {
			w.Attach("c", "spare_a")
			w.Attach("c", "spare_b")
			changes += 2
		}
		switch month % 6 {
		case 0:
			w.Attach("c", "pro_use")
			w.Track("c", "messages", 150) // 50 beyond
		case 1:
			w.Attach("c", "premium") // with the bill of what was used
			w.Attach("c", "topup", Quantity("messages", 250))
		case 2:
			w.Attach("c", "premium", JSON{"is_custom": true, "items": []JSON{Price(60), Messages(1200)}})
			w.Attach("c", "addon_words")
		case 3:
			w.Cancel("c", "addon_words", Immediately())
			w.Attach("c", "pro") // cheaper: it waits
		case 4:
			w.Cancel("c", "pro")
		}
		w.AdvancePastRenewal(T0.AddDate(0, month+1, 0))
		if n := len(state(w, "c").Products); n > 9 { // up to four run or wait; the last three that have ended, and what is asked for
			t.Fatalf("after %d months there are %d rows: %+v", month, n, state(w, "c").Products)
		}
	}
	rows, moved := state(w, "c").Products, movedOf(w, "c")
	if changes < 330 || len(moved) < changes {
		t.Errorf("after %d changes %d products are in the history", changes, len(moved))
	}
	seen := map[string]bool{}
	for _, cp := range append(rows, moved...) {
		if seen[cp.ID] {
			t.Errorf("%s is there twice", cp.ID)
		}
		seen[cp.ID] = true
	}
	w.Want("remembered", state(w, "c").Customer.Moved.Bought && state(w, "c").Customer.Moved.Custom, true)

	internal := state(w, "c").Customer.InternalID
	w.Post("/v1/customers/c", JSON{"id": "grace"})
	w.Attach("grace", "spare_a")
	w.Want("under the new id", len(state(w, "grace").Products) <= 9, true)
	w.RequireDeleted("grace", "?cancel=true")
	for line := range strings.Lines(w.Stack.Tables()) {
		if strings.Contains(line, `#CUS#grace"`) || strings.Contains(line, `#CUS#c"`) || strings.Contains(line, `PRODUCT#cp_`) {
			t.Errorf("the deletion leaves behind: %s", line)
		}
	}
	w.Want("history stays", strings.Contains(w.Stack.Tables(), "LOG#"+internal+`"},"SK":{"S":"ENDED#`), true)
}

// TestRowsOfBeforeMoveWithTheNextCommands finds 100 ended products as they were stored
// before any moved.
func TestRowsOfBeforeMoveWithTheNextCommands(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	before(w, "c", 100, "spare_a", "")
	w.Want("rows at first", len(state(w, "c").Products), 101)
	for range 4 { // some with each
		w.Attach("c", "spare_a")
		w.Attach("c", "spare_b")
	}
	if n := len(state(w, "c").Products); n > 5 {
		t.Errorf("%d rows are left", n)
	}
	old := 0
	for _, cp := range movedOf(w, "c") {
		if strings.HasPrefix(cp.ID, "cp_old_") {
			old++
		}
	}
	w.Want("of before in the history", old, 100)
}

// TestWhoBoughtLongAgoIsNotNew has purchases of which nothing is left but the history:
// their invoices are not known here.
func TestWhoBoughtLongAgoIsNotNew(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	w.Post("/v1/rewards", JSON{"id": "ten", "name": "Ten", "type": "percentage_discount", "promo_codes": []JSON{{"code": "FIRST", "first_time_transaction": true}},
		"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "apply_to_all": true}})
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "booster"})
	w.Post("/v1/reward_programs", JSON{"id": "new", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "new_customers_only": true})
	w.Post("/v1/customers", JSON{"id": "friend"})
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "friend", "program_id": "new"})["code"]
	redeem := func(customer string) Answer {
		return w.Do(w.Stack.Key, "POST", "/v1/referrals/redeem", JSON{"customer_id": customer, "code": code})
	}
	first := func(customer string) Answer {
		return w.Do(w.Stack.Key, "POST", "/v1/attach/preview", JSON{"customer_id": customer, "product_id": "pro", "promo_code": "FIRST"})
	}
	w.Post("/v1/customers", JSON{"id": "free"})
	for name, subscription := range map[string]string{"c": "sub_of_before", "free": ""} {
		before(w, name, 9, "pro", subscription)
		for range 3 {
			w.Attach(name, "spare_a")
			w.Attach(name, "spare_b")
		}
		for _, cp := range state(w, name).Products {
			w.Want("a purchase among the rows", cp.ProductID == "pro", false)
		}
	}
	w.Want("who bought", redeem("c").Body["code"], "customer_not_new")
	w.Want("who bought, a first purchase", first("c").Status, http.StatusBadRequest)
	w.Want("queries of the history for it", reads(w, func() { first("c") }), 1+reads(w, func() { first("free") })) // beside the invoices
	if a := first("free"); a.Status != http.StatusOK {                                                             // nothing of it was sold
		t.Errorf("who never bought: %d %s", a.Status, a.Text)
	}
	w.Want("who never bought is new", redeem("free").Status, http.StatusOK)
}

// TestARenewalHeardOfAfterItsProductHasMoved holds a draft against what ran when its
// period ended, though one of the two has ended since, and moved.
func TestARenewalHeardOfAfterItsProductHasMoved(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	w.PutGoodCard("c")
	w.Post("/v1/attach", JSON{"customer_id": "c", "product_ids": []string{"pro", "addon_words"}})
	w.AdvanceWithoutEvents(T1.Add(2 * time.Hour))
	w.Cancel("c", "addon_words", Immediately())
	for range 3 {
		w.Attach("c", "spare_a")
		w.Attach("c", "spare_b")
	}
	for _, cp := range state(w, "c").Products {
		w.Want("the add-on among the rows", cp.ProductID == "addon_words", false)
	}
	if read := reads(w, func() { w.Post("/_local/delivery", JSON{"mode": "immediate"}) }); read == 0 {
		t.Error("the late event does not ask the history")
	}
	w.HasProducts("c", "pro active", "spare_b active") // a mismatch would fail the test
}

// TestTimelyEventsDoNotAskTheHistory renews a customer with a long life.
func TestTimelyEventsDoNotAskTheHistory(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	before(w, "c", 20, "pro", "sub_of_before")
	w.Attach("c", "spare_a")
	w.Attach("c", "spare_b")
	w.Want("moved", len(movedOf(w, "c")) >= 18, true)
	w.Want("reads of the history", reads(w, func() { w.AdvancePastRenewal(T1); w.Customer("c"); w.Check("c", "messages") }), 0)
}

// TestACreditKnowsTermsOfTheCustomersOwnThatMoved: what was paid for them counts.
func TestACreditKnowsTermsOfTheCustomersOwnThatMoved(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	w.PutGoodCard("c")
	w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Price(30), Seats("seats", 1, 12, "prorate_immediately", "prorate_next_cycle")}})
	w.Track("c", "seats", 3)
	w.Attach("c", "pro", JSON{"is_custom": true, "items": []JSON{Price(30), Messages(700), Seats("seats", 1, 12, "prorate_immediately", "prorate_immediately")}})
	for range 3 {
		w.Attach("c", "spare_a")
		w.Attach("c", "spare_b")
	}
	w.Want("terms of their own that moved", state(w, "c").Customer.Moved.Custom, true)
	w.Want("queries for the credit of a seat", reads(w, func() { w.Track("c", "seats", -1) }), 2) // the invoices, and what has moved
	if reads(w, func() { w.Attach("c", "premium") }) == 0 {
		t.Error("the credit of an upgrade does not ask the history")
	}
}

// TestALastBillThatIsDueKeepsItsProduct: a run of the schedule died between the end of a
// subscription and its last bill.
func TestALastBillThatIsDueKeepsItsProduct(t *testing.T) {
	t.Parallel()
	w := longLived(t)
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	w.Cancel("c", "pro", Immediately())
	var pro billing.CustomerProduct
	for _, cp := range state(w, "c").Products {
		if cp.ProductID == "pro" {
			pro = cp
		}
	}
	if err := w.Stack.Save(w.Context(), app.SaveCustomerProduct{Key: "c", Product: pro, Due: T0.Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	there := func() bool {
		for _, cp := range state(w, "c").Products {
			if cp.ID == pro.ID {
				return true
			}
		}
		return false
	}
	change := func() {
		for range 3 {
			w.Attach("c", "spare_a")
			w.Attach("c", "spare_b")
		}
	}
	change()
	w.Want("while it is due", there(), true)
	w.Post("/v1/customers/c", JSON{"id": "d"})
	w.Post("/v1/customers/d", JSON{"id": "c"})
	w.Want("under another id", there(), true)
	change()
	w.Want("and due", there(), true)
	w.Advance("2 hours")
	change()
	w.Want("once it is made", there(), false)
}

// longLived has two free products to change between, in a group of their own.
func longLived(t *testing.T) *World {
	w := New(t)
	w.StandardCatalog()
	w.Product("spare_a", "spare", Consumable("words", 5))
	w.Product("spare_b", "spare", Consumable("words", 5))
	w.Post("/v1/customers", JSON{"id": "c"})
	return w
}

// before stores ended products as an earlier version left them.
func before(w *World, customer string, n int, product, subscription string) {
	w.Helper()
	for i := range n {
		cp := billing.CustomerProduct{ID: fmt.Sprintf("cp_old_%02d", i), ProductID: product, Version: 1, Group: "old", Status: billing.Expired, Quantity: 1,
			StartsAt: T0.AddDate(0, 0, -i-2), EndsAt: T0.AddDate(0, 0, -i-1), SubscriptionID: subscription}
		if err := w.Stack.Save(w.Context(), app.SaveCustomerProduct{Key: customer, Product: cp}); err != nil {
			w.Fatal(err)
		}
	}
}

func state(w *World, customer string) billing.State {
	w.Helper()
	s, found, err := w.Stack.Customer(w.Context(), customer)
	if err != nil || !found {
		w.Fatal(found, err)
	}
	return s
}

func movedOf(w *World, customer string) []billing.CustomerProduct {
	w.Helper()
	moved, err := w.Stack.Moved(w.Context(), customer)
	if err != nil {
		w.Fatal(err)
	}
	return moved
}

// reads counts the queries of histories that calls make.
func reads(w *World, calls func()) (n int) {
	w.Helper()
	w.WaitIdle()
	w.Stack.DB.Observe(func(c dynamodb.Call, _ dynamodb.Capacity) {
		if c.Operation == "Query" && len(c.Keys) > 0 && strings.Contains(c.Keys[0].Partition, "#LOG#") {
			n++
		}
	})
	calls()
	w.WaitIdle()
	w.Stack.DB.Observe(nil)
	return n
}
