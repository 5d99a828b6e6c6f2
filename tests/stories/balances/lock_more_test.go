package balances

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

func TestLOCK09APlanChange(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("big", "main", Price(40), Merge(Messages(800), JSON{"reset_usage_when_enabled": false}))
	w.CustomerWithCard("c", "pro")
	w.Track("c", "messages", 100)
	w.Lock("c", "messages", "kept", 50)
	w.Lock("c", "messages", "freed", 20)
	w.Attach("c", "big")
	w.HasUsed("c", "messages", 630, 170)
	w.Confirm("kept")
	w.Release("freed")
	w.HasUsed("c", "messages", 650, 150)
	w.Lock("c", "messages", "old", 50)
	w.Attach("c", "ultra") // its usage begins anew
	w.HasUsed("c", "messages", 5000, 0)
	w.Confirm("old")
	w.HasUsed("c", "messages", 5000, 0)
	w.HasEvents("c", 50, 50, 100)
}

func TestLOCK10ConfirmedAfterTheSubscriptionEnded(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.Track("c", "messages", 130)
	w.Lock("c", "messages", "first", 10)
	w.Lock("c", "messages", "second", 5)
	w.Cancel("c", "pro_use", JSON{"cancel_immediately": true})
	w.WaitIdle()
	w.Billed("c", 2000, 300)
	w.Confirm("first")
	w.Advance("10m")
	w.Billed("c", 2000, 300, 100)
	w.Confirm("second")
	w.Advance("10m")
	w.Billed("c", 2000, 300, 100, 50)
	w.NothingUnbilled("c")
}

// What is confirmed late goes on in the tiers where the period ended.
func TestLOCK11TiersGoOn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Product("tiers", "main", Price(5), Merge(Overage("words", 10, 0, 10), JSON{"price": nil,
		"tiers": []JSON{{"to": 20, "amount": 1}, {"to": "inf", "amount": 0.1}}}))
	w.CustomerWithCard("c", "tiers")
	w.Track("c", "words", 25) // 15 over: two packs
	w.AdvanceTo(T1.Add(-2 * time.Hour))
	w.Lock("c", "words", "job", 18)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 500, 500+200)
	w.Confirm("job") // 33 over: four packs, the first two at 1 and the others at 0.1
	w.AdvancePastRenewal(T2)
	w.Billed("c", 500, 700, 500+20)
}

func TestLOCK12Credits(t *testing.T) {
	t.Parallel()
	w := New(t)
	for _, id := range []string{"action1", "action2"} {
		w.Feature(id, "single_use")
	}
	w.Feature("credits", "credit_system", JSON{"config": JSON{"schema": []JSON{{"metered_feature_id": "action1", "credit_cost": 0.3}, {"metered_feature_id": "action2", "credit_cost": 2}}}})
	w.Product("free", "main", Consumable("action1", 10), Consumable("credits", 100)).Default()
	got := w.Lock("c", "action1", "job", 30) // 10 of its own, and 20 for 6 credits
	w.Want("allowed", got["allowed"], true)
	w.HasUsed("c", "action1", 0, 10)
	w.HasUsed("c", "credits", 94, 6)
	w.Confirm("job", JSON{"override_value": 15})
	w.HasUsed("c", "credits", 98.5, 1.5)
	w.Lock("c", "action2", "other", 40)
	w.HasUsed("c", "credits", 18.5, 81.5)
	w.Confirm("other", JSON{"override_value": 44})
	w.HasUsed("c", "credits", 10.5, 89.5)
	w.HasEvents("c", 44, 15)
}

func TestLOCK13ATrackWithALock(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use", JSON{"event_names": []string{"sent"}})
	w.Feature("words", "single_use", JSON{"event_names": []string{"sent"}})
	w.Product("free", "main", Messages(100), Consumable("words", 50)).Default()
	got := w.Post("/v1/balances.track", JSON{"customer_id": "c", "event_name": "sent", "value": 20, "properties": JSON{"a": 1, "b": 1}, "lock": JSON{"enabled": true, "lock_id": "job"}})
	w.Want("left", got["balances"].(JSON)["words"].(JSON)["remaining"], 30)
	w.HasUsed("c", "messages", 80, 20)
	w.Confirm("job", JSON{"override_value": 25, "properties": JSON{"b": 2}})
	w.HasUsed("c", "messages", 75, 25)
	w.HasUsed("c", "words", 25, 25)
	w.HasEvents("c", 25, 25)
	event := w.Post("/v1/events/list", JSON{"customer_id": "c"})["list"].([]any)[0].(JSON)
	w.Want("properties", event["properties"], JSON{"a": 1, "b": 2})
}

func TestLOCK14TheCustomerIsRenamedOrDeleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Lock("c", "messages", "moved", 30)
	w.Post("/v1/customers/c", JSON{"id": "d"})
	w.Confirm("moved")
	w.HasUsed("d", "messages", 70, 30)
	w.Lock("d", "messages", "lost", 30)
	w.Advance("1h")
	w.RequireDeleted("d", "")
	w.HasUsed("d", "messages", 100, 0) // a new customer
	w.Refused(404, "lock_not_found", "/v1/balances.finalize", JSON{"lock_id": "lost", "action": "confirm"})
	w.HasUsed("d", "messages", 100, 0)
	w.HasEvents("d")
}

func TestLOCK15WhatIsReservedIsNotGivenBackOrSet(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Track("c", "messages", 10)
	w.Lock("c", "messages", "job", 50)
	w.Want("given back beyond the used", w.Track("c", "messages", -40)["dropped"], -30)
	w.HasUsed("c", "messages", 50, 50)
	w.Post("/v1/usage", JSON{"customer_id": "c", "feature_id": "messages", "value": 5})
	w.HasUsed("c", "messages", 45, 55)
	w.Post("/v1/balances.update", JSON{"customer_id": "c", "feature_id": "messages", "remaining": 20})
	w.HasUsed("c", "messages", 20, 55)
	w.Release("job")
	w.HasUsed("c", "messages", 70, 5)
}

func TestLOCK16Refusals(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_seats")
	lock := func(more JSON) JSON { return JSON{"lock": Merge(JSON{"enabled": true, "lock_id": "job"}, more)} }
	for what, c := range map[string]struct {
		code string
		body JSON
	}{
		"nothing":          {"invalid_inputs", Merge(JSON{"feature_id": "messages", "required_balance": 0}, lock(nil))},
		"less than 0":      {"invalid_inputs", Merge(JSON{"feature_id": "messages", "required_balance": -1}, lock(nil))},
		"held":             {"invalid_inputs", Merge(JSON{"feature_id": "seats"}, lock(nil))},
		"on or off":        {"invalid_request", Merge(JSON{"feature_id": "dashboard"}, lock(nil))},
		"no id":            {"invalid_inputs", JSON{"feature_id": "messages", "lock": JSON{"enabled": true}}},
		"over already":     {"invalid_inputs", Merge(JSON{"feature_id": "messages"}, lock(ExpiresAt(T0)))},
		"more than a day":  {"invalid_inputs", Merge(JSON{"feature_id": "messages"}, lock(ExpiresAt(T0.Add(24*time.Hour+time.Millisecond))))},
		"beyond the limit": {"usage_too_large", Merge(JSON{"feature_id": "messages", "required_balance": 2e9}, lock(nil))},
		"overflow":         {"invalid_inputs", Merge(JSON{"feature_id": "messages"}, lock(JSON{"overage_behavior": "overflow"}))},
	} {
		t.Log(what)
		before := w.Stack.Tables()
		w.Refused(400, c.code, "/v1/balances.check", Merge(JSON{"customer_id": "c"}, c.body))
		w.Want("rows", w.Stack.Tables() == before, true)
	}
	w.Refused(400, "invalid_request", "/v1/check", JSON{"customer_id": "c", "feature_id": "messages", "lock": JSON{"enabled": true, "lock_id": "job"}})
	w.Refused(400, "invalid_request", "/v1/track", JSON{"customer_id": "c", "feature_id": "messages", "lock": JSON{"enabled": true, "lock_id": "job"}})
	got := w.Do(w.PublishableKey(), "POST", "/v1/balances.check", Merge(JSON{"customer_id": "c", "feature_id": "messages"}, lock(nil)))
	w.Want("a publishable key", got.Status, 401)
	w.Refused(400, "invalid_inputs", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "maybe"})
	w.Refused(400, "invalid_inputs", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "release", "override_value": 3})
	w.Refused(400, "invalid_inputs", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "confirm", "override_value": -3})
	w.Want("a lock that is not enabled is none", w.Post("/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "lock": JSON{"enabled": false, "lock_id": "job"}})["allowed"], false)
	w.Refused(404, "lock_not_found", "/v1/balances.finalize", JSON{"lock_id": "job", "action": "release"})
}

func TestLOCK17AtMostAHundred(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "ultra")
	for i := range 100 {
		w.Lock("c", "messages", "job"+string(rune('0'+i%10))+string(rune('0'+i/10)), 1)
	}
	w.Refused(409, "too_many_locks", "/v1/balances.check", JSON{"customer_id": "c", "feature_id": "messages", "lock": JSON{"enabled": true, "lock_id": "one more"}})
	w.HasUsed("c", "messages", 4900, 100)
	w.Release("job00")
	w.Want("one more", w.Lock("c", "messages", "one more", 1)["allowed"], true)
}

// What is reserved beyond the allowance costs what it would have, used at that time: the price of the plan under
// which it was reserved, also where the next one takes usage over.
func TestLOCK20OverageOfThePlanBefore(t *testing.T) {
	t.Parallel()
	// 100 are included, and more cost 0.10; then 50 are, and more cost 1.00.
	next := Merge(Overage("messages", 50, 1, 1), JSON{"reset_usage_when_enabled": false})
	changes := map[string]func(w *World){
		"upgrade": func(w *World) { w.Attach("c", "dear") },
		"its own items": func(w *World) {
			w.Post("/v1/billing.update", JSON{"customer_id": "c", "plan_id": "cheap", "customize": JSON{"items": []JSON{
				{"feature_id": "messages", "included": 50, "price": JSON{"amount": 1, "billing_units": 1, "interval": "month", "billing_method": "usage_based"}}}}})
		},
	}
	for how, change := range changes {
		for _, used := range []int{0, 40, 100, 180, 300} { // of 300
			var bills []int64
			for _, reserve := range []bool{false, true} {
				w := New(t)
				w.StandardCatalog()
				w.Product("cheap", "main", Price(15), Overage("messages", 100, 0.1, 1))
				w.Product("dear", "main", Price(40), next)
				w.CustomerWithCard("c", "cheap")
				if used > 0 {
					w.Track("c", "messages", used)
				}
				switch {
				case used == 300:
				case reserve:
					w.Lock("c", "messages", "l", 300-used)
				default:
					w.Track("c", "messages", 300-used)
				}
				w.Advance("1h")
				change(w)
				w.WaitIdle()
				if reserve && used < 300 {
					w.Confirm("l")
				}
				w.AdvancePastRenewal(T0.AddDate(0, 1, 0))
				sum := int64(0)
				for _, i := range w.Invoices("c") {
					sum += i.Total
				}
				bills = append(bills, sum)
				w.NothingUnbilled("c")
			}
			if bills[0] != bills[1] {
				t.Errorf("%s, %d used: tracked %d, reserved %d", how, used, bills[0], bills[1])
			}
			if how == "upgrade" && bills[1] != 14996 {
				t.Errorf("%d used: %d, want 149.96", used, bills[1])
			}
		}
	}
}

// Released, expired, confirmed in part, or after the renewal: 300 reserved, of which 200 stay at 0.10 with the plan
// before, and count first.
func TestLOCK20HowItEnds(t *testing.T) {
	t.Parallel()
	may := T0.AddDate(0, 1, 0)
	base := 1500 + 2496 + 4000 // both plans in April, and the next in May
	for how, c := range map[string]struct {
		end  func(w *World)
		want int
	}{
		"released":          {func(w *World) { w.Release("l") }, base},
		"expired":           {func(w *World) { w.Advance("25h") }, base},
		"in part":           {func(w *World) { w.Confirm("l", JSON{"override_value": 230}) }, base + 2000},
		"all":               {func(w *World) { w.Confirm("l") }, base + 2000 + 5000},
		"more":              {func(w *World) { w.Confirm("l", JSON{"override_value": 310}) }, base + 2000 + 6000},
		"after the renewal": {func(w *World) { w.AdvancePastRenewal(may); w.Confirm("l") }, base + 2000 + 5000},
	} {
		w := New(t)
		w.StandardCatalog()
		w.Product("cheap", "main", Price(15), Overage("messages", 100, 0.1, 1))
		w.Product("dear", "main", Price(40), Merge(Overage("messages", 50, 1, 1), JSON{"reset_usage_when_enabled": false}))
		w.CustomerWithCard("c", "cheap")
		if how == "after the renewal" {
			w.AdvanceTo(may.Add(-13 * time.Hour))
		} else {
			w.Advance("1h")
		}
		w.Lock("c", "messages", "l", 300)
		w.Attach("c", "dear")
		w.WaitIdle()
		due := w.Invoices("c")[1].Total
		if c.end(w); how != "after the renewal" {
			w.AdvancePastRenewal(may)
		}
		w.AdvancePastRenewal(may.AddDate(0, 1, 0))
		sum := int64(0)
		for _, i := range w.Invoices("c") {
			sum += i.Total
		}
		w.Want(how, sum, int64(c.want+4000-2496)+due) // and June
		w.NothingUnbilled("c")
	}
}
