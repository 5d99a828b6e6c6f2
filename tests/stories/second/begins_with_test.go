package second

import (
	"fmt"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// A new customer may begin with a plan that costs nothing, instead of the defaults. Only who is
// new: a call that is made again gives nothing, and takes nothing away.
func TestBEG01APlanInsteadOfTheDefaults(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog() // whose default is free
	w.Product("guest", "main", Messages(7))
	body := JSON{"customer_id": "c", "auto_enable_plan_id": "guest"}
	for range 2 {
		made := w.Post("/v1/customers.get_or_create", body)
		w.Want("plans", []any{ValueAt(made, "subscriptions.0.plan_id"), ValueAt(made, "subscriptions.1")}, []any{"guest", nil})
		w.Want("status", ValueAt(made, "subscriptions.0.status"), "active")
		w.Want("auto enabled", ValueAt(made, "subscriptions.0.auto_enable"), false)
		w.Want("balance", ValueAt(made, "balances.messages.remaining"), 7)
	}
	w.Want("without", ValueAt(w.Post("/v1/customers.get_or_create", JSON{"customer_id": "d"}), "subscriptions.0.plan_id"), "free")
	w.Want("known already", ValueAt(w.Post("/v1/customers.get_or_create", JSON{"customer_id": "d", "auto_enable_plan_id": "guest"}), "subscriptions.0.plan_id"), "free")
	w.PutGoodCard("c")
	w.Attach("c", "pro")
	w.WaitIdle()
	w.Cancel("c", "pro", Immediately())
	w.WaitIdle()
	w.HasProducts("c", "free active") // what ends is followed by the default, as for all
	w.Want("by e-mail", ValueAt(w.Post("/v1/customers.get_or_create", JSON{"customer_id": nil, "email": "e@x.io", "auto_enable_plan_id": "guest"}), "subscriptions.0.plan_id"), "guest")
	w.Want("claimed", ValueAt(w.Post("/v1/customers.get_or_create", JSON{"customer_id": "e", "email": "e@x.io", "auto_enable_plan_id": "g2_free"}), "subscriptions.0.plan_id"), "guest")
}

// A trial that needs no card ends, and is followed as any other; a device has one of each.
func TestBEG02ATrialInsteadOfTheDefaults(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("trial", "main", Price(20), Messages(50)).Trial(7, JSON{"card_required": false, "unique_fingerprint": true})
	first := w.Post("/v1/customers.get_or_create", JSON{"customer_id": "c", "fingerprint": "device", "auto_enable_plan_id": "trial"})
	w.Want("first", ValueAt(first, "subscriptions.0.plan_id"), "trial")
	w.Want("ends", ValueAt(first, "subscriptions.0.trial_ends_at"), T0.AddDate(0, 0, 7).UnixMilli())
	second := w.Post("/v1/customers.get_or_create", JSON{"customer_id": "d", "fingerprint": "device", "auto_enable_plan_id": "trial"})
	w.Want("the same device again", ValueAt(second, "subscriptions.0.plan_id"), "free")
	w.Advance("8d")
	w.HasProducts("c", "free active")
	w.Billed("c")
}

func TestBEG03WhatNobodyCanBeginWith(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for plan, want := range map[string]string{
		"pro":     `auto_enable_plan_id: "pro"`,     // costs something
		"booster": `auto_enable_plan_id: "booster"`, // an add-on
		"nothing": `"nothing"`,
	} {
		status, code := 400, "invalid_inputs"
		if plan == "nothing" {
			status, code = 404, "product_not_found"
		}
		got := w.Refused(status, code, "/v1/customers.get_or_create", JSON{"customer_id": "c", "auto_enable_plan_id": plan})
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s", plan, got)
		}
		w.Refused(404, "customer_not_found", "/v1/customers.get", JSON{"customer_id": "c"})
	}
	got := w.Refused(400, "invalid_request", "/v1/customers.update", JSON{"customer_id": "c", "auto_enable_plan_id": "free"})
	if !strings.Contains(got, "auto_enable_plan_id") || !strings.Contains(got, "billing.attach") {
		t.Error(fmt.Sprint("update: ", got))
	}
}

// Receipts are asked for at once, or of a customer who has none; nobody takes them away by
// making the same call without.
func TestBEG04ReceiptsFromTheBeginning(t *testing.T) {
	t.Parallel()
	w := New(t)
	first, second := "/v1/customers", "/v1/customers.get_or_create"
	w.Want("asked for", w.Post(second, JSON{"customer_id": "c", "send_email_receipts": true})["send_email_receipts"], true)
	w.Want("not said again", w.Post(second, JSON{"customer_id": "c"})["send_email_receipts"], true)
	w.Want("in the first dialect", w.Post(first, JSON{"id": "d", "send_email_receipts": true})["send_email_receipts"], true)
	w.Want("not asked for", w.Post(first, JSON{"id": "e"})["send_email_receipts"], false)
	w.Want("asked for later", w.Post(second, JSON{"customer_id": "e", "send_email_receipts": true})["send_email_receipts"], true)
	w.Want("kept", w.Post("/v1/customers.get", JSON{"customer_id": "e"})["send_email_receipts"], true)
}
