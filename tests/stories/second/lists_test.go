// Package second has stories of what only clients of the second dialect ask for.
package second

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "windfall/tests/world"
)

// rows names the entries of a page: the plan, its status and whose it is.
func rows(page JSON) string {
	var out []string
	for _, entry := range page["list"].([]any) {
		row := entry.(JSON)
		of := fmt.Sprint(row["customer_id"])
		if row["entity_id"] != nil {
			of += "/" + row["entity_id"].(string)
		}
		out = append(out, fmt.Sprint(row["plan_id"], " ", row["status"], " ", of))
	}
	return strings.Join(out, ", ")
}

// ids names the customers or entities of a page.
func ids(page JSON) string { return strings.Join(IDsOf(page), " ") }

// follow reads a list to its end, page by page.
func follow(w *World, path string, body JSON, name func(JSON) string) (all []string, pages int) {
	w.Helper()
	cursor := any("")
	for cursor != nil {
		page := w.Post(path, Merge(JSON{}, body, JSON{"start_cursor": cursor}))
		if text := name(page); text != "" {
			all = append(all, text)
		}
		cursor, pages = page["next_cursor"], pages+1
		if pages > 100 {
			w.Fatal("the list has no end")
		}
	}
	return all, pages
}

// What a customer has, had and will have, by status, plan and entity.
func TestLST01PlansOfACustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("gift", "", OneTimePrice(5), Lifetime("messages", 10)).AddOn()
	w.CustomerWithCard("c", "pro", "gift")
	w.Attach("c", "premium")
	w.WaitIdle()
	w.Attach("c", "pro") // a downgrade, which waits
	w.WaitIdle()
	of := JSON{"customer_id": "c"}
	page := w.Post("/v1/subscriptions.list", of)
	w.Want("has and will have", rows(page), "pro scheduled c, premium active c")
	w.Want("more", page["has_more"], false)
	w.Want("next", page["next_cursor"], nil)
	row := ValueAt(page, "list.1").(JSON)
	subscription := ValueAt(w.Post("/v1/customers.get", of), "subscriptions.0").(JSON)
	for key, value := range subscription {
		w.Want(key, row[key], value)
	}
	w.Want("created", row["created_at"], row["started_at"])
	for key := range row {
		if _, known := subscription[key]; !known && !strings.Contains("customer_id entity_id created_at", key) {
			t.Errorf("only a list has %s", key)
		}
	}
	w.Want("bought once", rows(w.Post("/v1/purchases.list", of)), "gift active c")
	for _, q := range []struct {
		body JSON
		want string
	}{
		{JSON{"statuses": []string{"expired"}}, "pro expired c, free expired c"},
		{JSON{"statuses": []string{"active", "expired"}}, "premium active c, pro expired c, free expired c"},
		{JSON{"statuses": []string{"scheduled"}}, "pro scheduled c"},
		{JSON{"statuses": []string{"past_due"}}, ""},
		{JSON{"plan_id": "premium"}, "premium active c"},
		{JSON{"plan_id": "premium", "statuses": []string{"scheduled"}}, ""},
	} {
		w.Want(fmt.Sprint(q.body), rows(w.Post("/v1/subscriptions.list", Merge(JSON{}, of, q.body))), q.want)
	}
	one, pages := follow(w, "/v1/subscriptions.list", JSON{"customer_id": "c", "limit": 1, "statuses": []string{"active", "scheduled", "expired"}}, rows)
	w.Want("one by one", strings.Join(one, ", "), "pro scheduled c, premium active c, pro expired c, free expired c")
	w.Want("pages", pages, 4)
	w.CustomerWithCard("d", "pro")
	w.PutFailingCard("d")
	w.AdvancePastRenewal(T0.AddDate(0, 1, 0))
	late := w.Post("/v1/subscriptions.list", JSON{"statuses": []string{"past_due"}})
	w.Want("past due", rows(late), "pro active d")
	w.Want("is past due", ValueAt(late, "list.0.past_due"), true)
	w.Want("it is active, too", rows(w.Post("/v1/subscriptions.list", JSON{"customer_id": "d", "statuses": []string{"active"}})), "pro active d")
}

// What has expired and has left the customer's rows for the history is listed with the rest.
func TestLST02WhatEndedLongAgo(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.CustomerWithCard("c")
	for n := range 6 {
		w.Attach("c", []string{"pro", "premium"}[n%2])
		w.WaitIdle()
		w.Cancel("c", []string{"pro", "premium"}[n%2], Immediately())
		w.WaitIdle()
		w.Advance("1d")
	}
	if len(w.Customer("c")["products"].([]any)) > 3 {
		t.Error("nothing has left the customer's rows")
	}
	all, _ := follow(w, "/v1/subscriptions.list", JSON{"customer_id": "c", "statuses": []string{"expired"}, "limit": 4}, rows)
	text := strings.Join(all, ", ")
	w.Want("each once", []any{strings.Count(text, "pro expired c"), strings.Count(text, "premium expired c"), strings.HasPrefix(text, "premium expired c, ")}, []any{3, 3, true})
}

// Plans of all customers come page by page, each once, although a page ends within a customer.
func TestLST03PlansOfAllCustomers(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Feature("reports", "boolean")
	for _, id := range []string{"one", "two", "three", "four"} {
		w.Product(id, "", BooleanFeature("reports")).AddOn()
	}
	var want []string
	for i, customer := range []string{"a", "b", "c", "d", "e"} {
		w.Post("/v1/customers", JSON{"id": customer})
		its := []string{"team_free active " + customer}
		w.Advance("1s")
		for n, plan := range []string{"one", "two", "three", "four"}[:i] {
			w.Attach(customer, plan)
			w.Advance(fmt.Sprint(n+1, "s"))
			its = append([]string{plan + " active " + customer}, its...)
		}
		want = append(its, want...)
		w.Advance("1h")
	}
	for limit := 1; limit <= 11; limit++ {
		all, _ := follow(w, "/v1/subscriptions.list", JSON{"limit": limit}, rows)
		w.Want(fmt.Sprint("limit ", limit), strings.Join(all, ", "), strings.Join(want, ", "))
	}
	all, _ := follow(w, "/v1/subscriptions.list", JSON{"plan_id": "three", "limit": 1}, rows)
	w.Want("of one plan", strings.Join(all, ", "), "three active e, three active d")
	w.Want("purchases", rows(w.Post("/v1/purchases.list", JSON{})), "")
	for body, message := range map[string]string{
		`{"statuses":["expired"]}`: "customer_id",
		`{"statuses":["over"]}`:    "past_due",
		`{"statuses":[]}`:          "one at least",
		`{"entity_id":"x"}`:        "customer_id: required",
		`{"limit":201}`:            "1 to 200",
		`{"limit":0}`:              "1 to 200",
	} {
		code := "invalid_inputs"
		if strings.Contains(body, "expired") {
			code = "invalid_request"
		}
		if got := w.Refused(400, code, "/v1/subscriptions.list", body); !strings.Contains(got, message) {
			t.Errorf("%s: %s", body, got)
		}
	}
	w.Refused(404, "product_not_found", "/v1/subscriptions.list", JSON{"plan_id": "nothing"})
	w.Refused(404, "customer_not_found", "/v1/purchases.list", JSON{"customer_id": "nobody"})
	w.Refused(400, "invalid_cursor", "/v1/purchases.list", JSON{"start_cursor": w.Post("/v1/subscriptions.list", JSON{"limit": 1})["next_cursor"]})
	w.Refused(400, "invalid_cursor", "/v1/subscriptions.list", JSON{"customer_id": "a", "start_cursor": w.Post("/v1/subscriptions.list", JSON{"limit": 1})["next_cursor"]})
}

// An entity's plans are told from its customer's.
func TestLST04PlansOfAnEntity(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team", "a", "b")
	w.Advance("1s")
	w.Attach("c", "desk", Of("a"))
	w.WaitIdle()
	w.Want("of all", rows(w.Post("/v1/subscriptions.list", JSON{"customer_id": "c"})), "desk active c/a, team active c")
	w.Want("of an entity", rows(w.Post("/v1/subscriptions.list", JSON{"customer_id": "c", "entity_id": "a"})), "desk active c/a")
	w.Want("of one without", rows(w.Post("/v1/subscriptions.list", JSON{"customer_id": "c", "entity_id": "b"})), "")
	w.Refused(404, "entity_not_found", "/v1/subscriptions.list", JSON{"customer_id": "c", "entity_id": "nobody"})
	for _, q := range []struct {
		body JSON
		want string
	}{
		{JSON{"plans": []JSON{{"id": "desk"}}}, "a"},
		{JSON{"plans": []JSON{{"id": "team"}}}, "a b"}, // which they have with their customer
		{JSON{"plans": []JSON{{"id": "team"}, {"id": "desk"}}, "limit": 1}, "a b"},
		{JSON{"plans": []JSON{{"id": "team", "versions": []int{2}}}}, ""},
		{JSON{"subscription_status": "scheduled"}, ""},
		{JSON{"processors": []string{"stripe"}}, "a b"},
		{JSON{"processors": []string{"vercel"}}, ""},
	} {
		all, _ := follow(w, "/v1/entities.list", Merge(JSON{"customer_id": "c"}, q.body), ids)
		w.Want(fmt.Sprint(q.body), strings.Join(all, " "), q.want)
	}
	w.Refused(404, "product_not_found", "/v1/entities.list", JSON{"customer_id": "c", "plans": []JSON{{"id": "nothing"}}})
	shown := w.Post("/v1/entities.get", JSON{"customer_id": "c", "entity_id": "a", "expand": []string{"subscriptions.plan"}})
	w.Want("plan of its customer", ValueAt(shown, "subscriptions.0.plan.name"), "team")
	w.Want("its plan", ValueAt(shown, "subscriptions.1.plan.id"), "desk")
}

// Customers are found by what they have, and by when they were made.
func TestLST05CustomersByWhatTheyHave(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	for i, plans := range [][]string{nil, {"pro"}, {"premium", "pro"}, {"premium"}, nil} {
		w.AdvanceTo(T0.Add(time.Duration(i) * time.Hour))
		customer := string(rune('a' + i))
		w.Post("/v1/customers", JSON{"id": customer})
		for _, plan := range plans {
			w.PutGoodCard(customer)
			w.Attach(customer, plan)
			w.WaitIdle()
		}
	}
	at := func(hours int) int64 { return T0.Add(time.Duration(hours) * time.Hour).UnixMilli() }
	for _, q := range []struct {
		body JSON
		want string
	}{
		{JSON{}, "e d c b a"},
		{JSON{"sort_order": "asc"}, "a b c d e"},
		{JSON{"plans": []JSON{{"id": "pro"}}}, "c b"},
		{JSON{"plans": []JSON{{"id": "pro"}}, "sort_order": "asc"}, "b c"},
		{JSON{"plans": []JSON{{"id": "pro"}}, "subscription_status": "active"}, "b"},
		{JSON{"plans": []JSON{{"id": "pro"}}, "subscription_status": "scheduled"}, "c"},
		{JSON{"plans": []JSON{{"id": "pro"}, {"id": "premium"}}}, "d c b"},
		{JSON{"plans": []JSON{{"id": "pro", "versions": []int{1}}, {"id": "premium", "versions": []int{2}}}}, "c b"},
		{JSON{"subscription_status": "scheduled"}, "c"},
		{JSON{"processors": []string{"stripe"}}, "d c b"},
		{JSON{"processors": []string{"revenuecat"}}, ""},
		{JSON{"created_at_range": JSON{"start": at(1), "end": at(3)}}, "d c b"},
		{JSON{"created_at_range": JSON{"start": at(1) + 1}}, "e d c"},
		{JSON{"created_at_range": JSON{"end": at(1) - 1}}, "a"},
		{JSON{"created_at_range": JSON{"start": at(1), "end": at(3)}, "sort_order": "asc"}, "b c d"},
		{JSON{"created_at_range": JSON{"start": at(1), "end": at(2)}, "plans": []JSON{{"id": "premium"}}}, "c"},
		{JSON{"created_at_range": JSON{"start": at(9)}}, ""},
		{JSON{"search": "c", "plans": []JSON{{"id": "pro"}}}, "c"},
		{JSON{"search": "a", "plans": []JSON{{"id": "pro"}}}, ""},
		{JSON{"search": "b", "created_at_range": JSON{"start": at(2)}}, ""},
		{JSON{"search": "b", "created_at_range": JSON{"start": at(1)}}, "b"},
	} {
		for _, limit := range []int{1, 2, 50} {
			all, _ := follow(w, "/v1/customers.list", Merge(JSON{"limit": limit}, q.body), ids)
			w.Want(fmt.Sprint(q.body, " by ", limit), strings.Join(all, " "), q.want)
		}
	}
	w.Refused(404, "product_not_found", "/v1/customers.list", JSON{"plans": []JSON{{"id": "nothing"}}})
	for body, message := range map[string]string{
		`{"subscription_status":"over"}`:           "active or scheduled",
		`{"processors":["paypal"]}`:                "stripe, revenuecat or vercel",
		`{"plans":[{"versions":[1]}]}`:             "plans[0].id: required",
		`{"created_at_range":{"start":5,"end":4}}`: "end is before start",
		`{"created_at_range":{"start":-1}}`:        "milliseconds",
		`{"created_at_range":{"from":1}}`:          "from",
		`{"sort_order":"name"}`:                    "desc or asc",
		`{"sort_order":"asc","search":"a"}`:        "search",
	} {
		if got := w.Refused(400, "invalid_inputs", "/v1/customers.list", body); !strings.Contains(got, message) {
			t.Errorf("%s: %s", body, got)
		}
	}
	asc := w.Post("/v1/customers.list", JSON{"limit": 1, "sort_order": "asc"})["next_cursor"]
	w.Refused(400, "invalid_cursor", "/v1/customers.list", JSON{"limit": 1, "start_cursor": asc})
}

// A plan as the customer holds it is part of the answer where it is asked for.
func TestLST06PlansInAnswers(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("gift", "", OneTimePrice(5), Lifetime("messages", 10)).AddOn()
	w.CustomerWithCard("c", "pro", "gift")
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "price": JSON{"amount": 99, "interval": "month"}})
	got := w.Post("/v1/customers.get", JSON{"customer_id": "c", "expand": []string{"subscriptions.plan", "purchases.plan"}})
	w.Want("version", ValueAt(got, "subscriptions.0.plan.version"), 1)
	w.Want("price", ValueAt(got, "subscriptions.0.plan.price.amount"), 20)
	w.Want("gift", ValueAt(got, "purchases.0.plan.price"), JSON{"amount": 5, "interval": "one_off"})
	if plain := w.Post("/v1/customers.get", JSON{"customer_id": "c"}); ValueAt(plain, "subscriptions.0.plan") != nil {
		t.Errorf("nobody asked for %v", ValueAt(plain, "subscriptions.0.plan"))
	}
	if got := w.Refused(400, "invalid_expand", "/v1/customers.get", JSON{"customer_id": "c", "expand": "invoice_previews"}); !strings.Contains(got, "billing.preview_update") {
		t.Error(got)
	}
	next := w.Post("/v1/billing.preview_update", JSON{"customer_id": "c", "plan_id": "pro"})
	w.Want("what it says instead", ValueAt(next, "next_cycle.total"), 20)
}
