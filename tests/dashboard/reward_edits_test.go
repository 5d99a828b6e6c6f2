package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"windfall/shared/app"
	. "windfall/tests/world"
)

// An edit that changes nothing changes nothing, whatever the API made; what was given stays.
func TestDASH63ARewardIsEdited(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	prices := []any{ValueAt(w.Get("/v1/products/pro"), "items.0.price_id")}
	for id, body := range map[string]JSON{
		"ten":    TenPercentOff(JSON{"max_redemptions_per_customer": 2, "redeem_by": T4.UnixMilli()}),
		"months": {"type": "invoice_credits", "discount_config": JSON{"discount_value": 30, "duration_type": "months", "duration_value": 4, "price_ids": prices}},
		"card":   {"type": "invoice_credits", "credits_expire_months": 6, "discount_config": JSON{"discount_value": 30, "duration_type": "one_off", "apply_to_all": true}},
		"whole":  {"type": "fixed_discount", "discount_config": JSON{"discount_value": 3, "duration_type": "forever", "product_ids": []string{"pro"}}},
		"gift":   {"type": "free_product", "free_product_id": "bonus"},
		"plan":   {"type": "free_product", "free_product_config": JSON{"product_id": "pro", "duration_type": "months", "duration_value": 2}},
		"grant":  {"type": "feature_grant", "grants": []JSON{{"feature_id": "messages", "included": 5}}},
	} {
		w.Post("/v1/rewards", Merge(JSON{"id": id, "name": id}, body))
		before := w.Get("/v1/rewards/" + id)
		b.Get("/dashboard/products/rewards/" + id + "/edit").Form("Edit reward").Press("Save").Said("Saved.")
		w.Want(id, w.Get("/v1/rewards/"+id), before)
	}
	w.CustomerWithCard("c")
	w.Attach("c", "pro", JSON{"reward": "whole"})
	b.Get("/dashboard/products/rewards/whole").Says("Takes $3.00 off pro, on every invoice, forever.").Click("Edit reward").Form("Edit reward").
		Fill("Name", "Five").Fill("Discount value", "5").Choose("Duration", "One off").Fill("Maximum redemptions", "9").Press("Save").Said("Saved.")
	b.Get("/dashboard/products/rewards/whole").Titled("Five").Says("Takes $5.00 off pro, on the next invoice.")
	w.Want("max", w.Get("/v1/rewards/whole")["max_redemptions"], 9)
	w.AdvanceTo(T1)
	w.Want("what was given stays", totals(w, "c"), []int64{1700, 1700})
	b.Get("/dashboard/products/rewards/whole/edit").Says("What it does Takes ").Form("Edit reward").Fill("Name", "").Press("Save").Refused(http.StatusUnprocessableEntity, "Enter a name.")
}

// While a reward is chosen the page says what it does, without JavaScript by a button.
func TestDASH64WhatIsChosenIsSaid(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	form := newReward(b).Fill("Name", "Typed").Choose("Type", "Percentage discount").Fill("Discount value", "20").Choose("Duration", "Months").Fill("Number of months", "3")
	p := form.Press("Show what it does").Says("Takes 20 % off every invoice for 3 months.")
	w.Want("what was typed", p.Form("New reward").Value("Name"), "Typed")
	for query, want := range map[string]string{
		"type=fixed_discount&value=5&duration=one_off":             "Takes $5.00 off the next invoice.",
		"type=fixed_discount&value=5&duration=one_off&rollover=on": "Gives $5.00 of credit, which pays invoices until it is used up.",
		"type=percentage_discount&value=5&duration=forever":        "Takes 5 % off every invoice, forever.",
		"type=free_product&free_product=bonus":                     "Gives bonus free of charge.",
		"type=percentage_discount&value=500&duration=forever":      "Choose a type and how much it gives.",
	} {
		if a := b.Raw(http.MethodGet, "/dashboard/products/sentence?"+query, nil); strings.TrimSpace(a.Body.String()) != want {
			t.Errorf("%s: %s", query, a.Body)
		}
	}
	w.Want("rewards", w.Get("/v1/rewards")["list"], []any{})
}

// A viewer sees all of it, has no link to a form and no button, and is refused by the server; who did what is in the history.
func TestDASH68WhoMayChangeTheCatalog(t *testing.T) {
	t.Parallel()
	w, _ := open(t)
	w.StandardCatalog()
	viewer, editor := userOf(t, w, "vera@example.com", app.Viewer), userOf(t, w, "ed@example.com", app.Editor)
	newReward(editor).Fill("Name", "Five").Fill("Discount value", "5").Press("Create").Said("Reward created.")
	for path, links := range map[string][]string{"/dashboard/products": {"+ Product"}, "/dashboard/products?tab=features": {"+ Feature"}, "/dashboard/products?tab=rewards": {"+ Reward"},
		"/dashboard/products?tab=referral-programs": {"+ Referral Program"}, "/dashboard/codes": {"+ Code"}, "/dashboard/products/rewards/five": {"+ Code", "Edit reward", "Delete reward"}} {
		theirs, hers := editor.Get(path), viewer.Get(path)
		for _, link := range links {
			if theirs.Href(link) == "" || hers.Href(link) != "" {
				t.Errorf("%s: the link %q leads an editor to %q, and a viewer to %q", path, link, theirs.Href(link), hers.Href(link))
			}
		}
	}
	form := viewer.Get("/dashboard/products/rewards/new").Form("New reward").Fill("Name", "Six").Fill("Discount value", "6")
	if form.Page.Has("button", "Create") {
		t.Error("a viewer has the button")
	}
	form.Post().Refused(http.StatusForbidden, "You are a viewer")
	viewer.Post("/dashboard/products/rewards/five/delete", url.Values{"csrf": form.Values["csrf"], "opened_in": {"sandbox"}, "preview": {"x"}}).Refused(http.StatusForbidden, "You are a viewer")
	w.Want("rewards", len(w.Get("/v1/rewards")["list"].([]any)), 1)
	if tables := w.Stack.Tables(); !strings.Contains(tables, `dashboard:ed@example.com`) || !strings.Contains(tables, `sandbox#ACTIONS`) {
		t.Error("the history does not say who made the reward")
	}
}
