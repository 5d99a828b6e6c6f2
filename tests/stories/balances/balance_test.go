package balances

import (
	"testing"
	"time"

	. "windfall/tests/world"
)

func part(w *World, customer, feature, id string) JSON {
	w.Helper()
	for _, p := range w.Post("/v1/balances.list", JSON{"customer_id": customer, "feature_id": feature})["list"].([]any) {
		if p := p.(JSON); p["id"] == id {
			return p
		}
	}
	return nil
}

func TestBAL01AGrantOfItsOwn(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.GiveBalance("c", "messages", JSON{"included_grant": 50, "balance_id": "gift"})
	w.HasUsed("c", "messages", 150, 0)
	gift := part(w, "c", "messages", "gift")
	for key, want := range map[string]any{"plan_id": nil, "included_grant": 50, "remaining": 50, "reset": nil, "expires_at": nil, "price": nil, "status": "active", "created_at": T0.UnixMilli()} {
		w.Want(key, gift[key], want)
	}
	w.Track("c", "messages", 120) // what resets goes first
	w.Want("left of the gift", part(w, "c", "messages", "gift")["remaining"], 30)
	w.AdvanceTo(T1)
	w.HasUsed("c", "messages", 130, 20)
	w.Refused(409, "duplicate_balance_id", "/v1/balances.create", JSON{"customer_id": "c", "feature_id": "messages", "included_grant": 5, "balance_id": "gift"})
	w.Post("/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "messages", "balance_id": "gift"})
	w.HasUsed("c", "messages", 100, 0)
	w.Refused(404, "balance_not_found", "/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "messages", "balance_id": "gift"})
}

func TestBAL02ResetsAndEnds(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.GiveBalance("c", "words", JSON{"included_grant": 10, "reset": JSON{"interval": "week"}, "expires_at": T0.AddDate(0, 0, 10).UnixMilli(), "balance_id": "weekly"})
	w.Track("c", "words", 8)
	w.HasUsed("c", "words", 2, 8)
	w.AdvanceTo(T0.AddDate(0, 0, 7))
	w.HasUsed("c", "words", 10, 0)
	w.AdvanceTo(T0.AddDate(0, 0, 10))
	w.Want("it is over", w.Check("c", "words")["allowed"], false)
	w.Want("listed", len(w.Post("/v1/balances.list", JSON{"customer_id": "c", "feature_id": "words"})["list"].([]any)), 0)
}

func TestBAL03PlanChangesKeepIt(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.GiveBalance("c", "messages", JSON{"included_grant": 50, "balance_id": "gift"})
	w.Track("c", "messages", 510)
	w.Attach("c", "premium")
	w.HasUsed("c", "messages", 1040, 10)
	w.Cancel("c", "premium", JSON{"cancel_immediately": true})
	w.WaitIdle()
	w.HasUsed("c", "messages", 140, 10) // the free plan and the gift
	w.Want("left of the gift", part(w, "c", "messages", "gift")["remaining"], 40)
}

func TestBAL04ItIsUsedBeforeOverage(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro_use")
	w.GiveBalance("c", "messages", JSON{"included_grant": 50})
	w.Track("c", "messages", 170)
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2200) // 100 of the plan, 50 given: 20 are overage
	w.HasUsed("c", "messages", 100, 50)
}

func TestBAL05UnlimitedAndFlags(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.GiveBalance("c", "words", JSON{"unlimited": true})
	w.Want("all of it", w.Track("c", "words", 1e6)["dropped"], 0)
	w.GiveBalance("c", "dashboard", JSON{"expires_at": T0.Add(time.Hour).UnixMilli()})
	w.Want("on", w.Check("c", "dashboard")["allowed"], true)
	w.AdvanceTo(T0.Add(time.Hour))
	w.Want("off", w.Check("c", "dashboard")["allowed"], false)
	w.GiveBalance("c", "seats", JSON{"included_grant": 3})
	w.Track("c", "seats", 2)
	w.Refused(409, "balance_in_use", "/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "seats"})
	w.Track("c", "seats", -2)
	w.Post("/v1/balances.delete", JSON{"customer_id": "c", "feature_id": "seats"})
	w.Want("none", w.Check("c", "seats")["allowed"], false)
}

func TestBAL06Update(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.GiveBalance("c", "messages", JSON{"included_grant": 50, "balance_id": "gift", "reset": JSON{"interval": "year"}})
	set := func(more JSON) {
		w.Helper()
		w.Post("/v1/balances.update", Merge(JSON{"customer_id": "c", "feature_id": "messages"}, more))
	}
	set(JSON{"add_to_balance": 25, "balance_id": "gift"})
	w.Want("added", part(w, "c", "messages", "gift")["remaining"], 75)
	set(JSON{"remaining": 10, "interval": "month"})
	w.HasUsed("c", "messages", 85, 0)
	set(JSON{"usage": 20})
	w.HasUsed("c", "messages", 65, 20)
	set(JSON{"included_grant": 40, "balance_id": "gift", "expires_at": T2.UnixMilli(), "next_reset_at": T0.AddDate(0, 0, 3).UnixMilli()})
	w.HasUsed("c", "messages", 30, 20)
	w.AdvanceTo(T0.AddDate(0, 0, 3))
	w.HasUsed("c", "messages", 40, 10)
	set(JSON{"add_to_balance": -40})
	w.HasUsed("c", "messages", 0, 10)
	w.AdvanceTo(T2)
	w.HasUsed("c", "messages", 100, 0)
}

func TestBAL07Refusals(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.GiveBalance("c", "messages", JSON{"included_grant": 50, "balance_id": "one"})
	w.GiveBalance("c", "messages", JSON{"included_grant": 50, "balance_id": "two"})
	w.GiveBalance("c", "words", JSON{"unlimited": true, "balance_id": "endless"})
	for what, c := range map[string]struct {
		status     int
		code, verb string
		body       JSON
	}{
		"no amount":                {400, "invalid_inputs", "create", JSON{"feature_id": "messages"}},
		"an amount below 0":        {400, "invalid_inputs", "create", JSON{"feature_id": "messages", "included_grant": -1}},
		"unlimited and an amount":  {400, "invalid_inputs", "create", JSON{"feature_id": "messages", "included_grant": 1, "unlimited": true}},
		"an interval that is none": {400, "invalid_inputs", "create", JSON{"feature_id": "messages", "included_grant": 1, "reset": JSON{"interval": "fortnight"}}},
		"no interval at all":       {400, "invalid_inputs", "create", JSON{"feature_id": "messages", "included_grant": 1, "reset": JSON{"interval": "month", "interval_count": 0}}},
		"over already":             {400, "invalid_inputs", "create", JSON{"feature_id": "messages", "included_grant": 1, "expires_at": T0.UnixMilli()}},
		"seats that reset":         {400, "invalid_inputs", "create", JSON{"feature_id": "seats", "included_grant": 1, "reset": JSON{"interval": "month"}}},
		"a flag with an amount":    {400, "invalid_inputs", "create", JSON{"feature_id": "dashboard", "included_grant": 1}},
		"rollover":                 {400, "invalid_request", "create", JSON{"feature_id": "messages", "included_grant": 1, "rollover": JSON{"length": 1}}},
		"an unknown feature":       {404, "feature_not_found", "create", JSON{"feature_id": "nothing", "included_grant": 1}},
		"an unknown customer":      {404, "customer_not_found", "create", JSON{"customer_id": "d", "feature_id": "messages", "included_grant": 1}},
		"an unknown field":         {400, "invalid_inputs", "create", JSON{"feature_id": "messages", "included_grant": 1, "color": "red"}},
		"which of two":             {400, "invalid_inputs", "delete", JSON{"feature_id": "messages"}},
		"of a plan":                {400, "invalid_request", "delete", JSON{"feature_id": "dashboard"}},
		"two changes":              {400, "invalid_inputs", "update", JSON{"feature_id": "messages", "remaining": 1, "usage": 2}},
		"no change":                {400, "invalid_inputs", "update", JSON{"feature_id": "messages"}},
		"an unlimited one":         {400, "invalid_request", "update", JSON{"feature_id": "words", "remaining": 1}},
		"below 0":                  {400, "invalid_inputs", "update", JSON{"feature_id": "messages", "balance_id": "one", "add_to_balance": -51}},
		"of no such id":            {404, "balance_not_found", "update", JSON{"feature_id": "messages", "balance_id": "three", "remaining": 1}},
		"never resets":             {400, "invalid_inputs", "update", JSON{"feature_id": "messages", "balance_id": "one", "next_reset_at": T1.UnixMilli()}},
		"one change too many":      {400, "invalid_inputs", "update", JSON{"feature_id": "messages", "balance_id": "one", "interval": "month", "remaining": 3}},
	} {
		t.Log(what)
		before := w.Stack.Tables()
		w.Refused(c.status, c.code, "/v1/balances."+c.verb, Merge(JSON{"customer_id": "c"}, c.body))
		w.Want("rows", w.Stack.Tables() == before, true)
	}
}

// A feature is deleted although somebody has units of it that are of no product: an answer
// does not have it any more, in either dialect.
func TestBAL01AGrantOfADeletedFeature(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.Feature("messages", "single_use")
	w.Feature("words", "single_use")
	w.Post("/v1/customers", JSON{"id": "c"})
	w.GiveBalance("c", "messages", JSON{"included_grant": 50})
	w.GiveBalance("c", "words", JSON{"included_grant": 5})
	w.Post("/v1/features.delete", JSON{"feature_id": "messages"})
	v1 := w.Customer("c")["features"].(map[string]any)
	w.Want("first dialect", len(v1), 1)
	w.Want("words", ValueAt(v1, "words.type"), "single_use")
	w.Want("second dialect", len(ValueAt(w.Post("/v1/customers.get", JSON{"customer_id": "c"}), "balances").(map[string]any)), 1)
	w.Want("list", ValueAt(w.Post("/v1/balances.list", JSON{"customer_id": "c", "feature_id": "words"}), "list.0.remaining"), 5)
}

func TestBAL09WhatEndsFirstIsUsedFirst(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.GiveBalance("c", "words", JSON{"included_grant": 100, "balance_id": "ever"})
	for id, days := range map[string]int{"ten": 10, "three": 3, "twenty": 20} {
		w.GiveBalance("c", "words", JSON{"included_grant": 100, "balance_id": id, "expires_at": T0.AddDate(0, 0, days).UnixMilli()})
	}
	w.GiveBalance("c", "words", JSON{"included_grant": 100, "balance_id": "daily", "reset": JSON{"interval": "day"}})
	used := func(what string, want ...int) {
		w.Helper()
		for i, id := range []string{"daily", "three", "ten", "twenty", "ever"} {
			w.Want(what+": "+id, part(w, "c", "words", id)["usage"], want[i])
		}
	}
	w.Track("c", "words", 250)
	used("at first", 100, 100, 50, 0, 0)
	w.Post("/v1/balances.update", JSON{"customer_id": "c", "feature_id": "words", "balance_id": "ten", "expires_at": T0.AddDate(0, 0, 30).UnixMilli()})
	w.Track("c", "words", 130)
	used("one ends later now", 100, 100, 80, 100, 0)
	w.Track("c", "words", -90)
	used("given back", 100, 100, 0, 90, 0)
	w.AdvanceTo(T0.AddDate(0, 0, 3))
	w.HasUsed("c", "words", 310, 90) // the day is new; what ended took along what was used of it
}
