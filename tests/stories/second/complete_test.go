package second

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// A both reads one thing in each dialect.
type both struct{ first, second JSON }

// unchanged checks that writing something back in one dialect, as the other one's reading or its own,
// left it as it is in both.
func (was both) unchanged(t *rapid.T, what string, is both) {
	t.Helper()
	if !reflect.DeepEqual(is.first, was.first) {
		t.Fatalf("%s, in the first dialect:\n got %v\nwant %v", what, is.first, was.first)
	}
	if !reflect.DeepEqual(is.second, was.second) {
		t.Fatalf("%s, in the second dialect:\n got %v\nwant %v", what, is.second, was.second)
	}
}

// only picks what of an answer can be sent back.
func only(from JSON, keys ...string) JSON {
	out := JSON{}
	for _, key := range keys {
		if value, there := from[key]; there {
			out[key] = value
		}
	}
	return out
}

// maybe draws one of the values, or that a field is left out.
func maybe(t *rapid.T, in JSON, key string, values ...any) {
	if n := rapid.IntRange(-1, len(values)-1).Draw(t, key); n >= 0 {
		in[key] = values[n]
	}
}

// What is said of a customer in one dialect is read in the other, and written back there it
// changes nothing.
func TestDIA01CustomersInBothDialects(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id := fmt.Sprint(rapid.SampledFrom([]string{"c", "ada@x.io-", "a:b-"}).Draw(t, "id"), n)
		body := JSON{}
		maybe(t, body, "name", "Ada", "Größe ✓", "")
		maybe(t, body, "email", fmt.Sprint("A", n, "@x.io"), "")
		maybe(t, body, "fingerprint", "device", fmt.Sprint("d", n))
		maybe(t, body, "metadata", JSON{}, JSON{"a": "b", "n": 1.5, "deep": JSON{"list": []any{1, nil, "x"}}, "yes": true})
		maybe(t, body, "currency", "usd", "eur")
		maybe(t, body, "send_email_receipts", true, false)
		maybe(t, body, "address", JSON{"country": "de", "postal_code": "10115", "city": "Berlin"}, JSON{"country": "US", "state": "NY", "line1": "1 Main", "line2": nil})
		if rapid.Bool().Draw(t, "in the second dialect") {
			w.Post("/v1/customers.get_or_create", Merge(JSON{}, body, JSON{"customer_id": id}))
		} else {
			w.Post("/v1/customers", Merge(JSON{}, body, JSON{"id": id}))
		}
		for _, plan := range []string{"booster", "g2_free"} {
			if rapid.Bool().Draw(t, plan) {
				w.Attach(id, plan)
			}
		}
		read := func() both {
			return both{w.Get("/v1/customers/" + id), w.Post("/v1/customers.get", JSON{"customer_id": id})}
		}
		was := read()
		for key, want := range body {
			switch key {
			case "name", "email":
				if want == "" {
					want = nil
				}
			case "address":
				continue // its country is in capitals
			}
			w.Want(key+" in the first dialect", was.first[key], want)
			w.Want(key+" in the second dialect", was.second[key], want)
		}
		said := []string{"name", "email", "fingerprint", "metadata", "currency", "send_email_receipts", "address"}
		w.Post("/v1/customers.update", Merge(only(was.first, said...), JSON{"customer_id": id}))
		was.unchanged(t, "written in the second dialect as the first reads it", read())
		w.Post("/v1/customers/"+id, only(was.second, said...))
		was.unchanged(t, "written in the first dialect as the second reads it", read())
		w.Post("/v1/customers.get_or_create", Merge(only(was.second, said...), JSON{"customer_id": id}))
		w.Post("/v1/customers", Merge(only(was.first, said...), JSON{"id": id}))
		was.unchanged(t, "asked for again in both", read())
	})
}

// anyPlan draws a plan in the words of the second dialect.
func anyPlan(t *rapid.T, id string) JSON {
	amount := func(name string) float64 { return float64(rapid.IntRange(1, 9999).Draw(t, name)) / 100 }
	interval := rapid.SampledFrom([]string{"week", "month", "quarter", "semi_annual", "year"}).Draw(t, "interval")
	plan := JSON{"plan_id": id, "name": rapid.SampledFrom([]string{"Pro", "Größe"}).Draw(t, "name"), "items": []JSON{}, "create_in_stripe": true}
	maybe(t, plan, "group", "", "main")
	maybe(t, plan, "description", nil, "For all.")
	maybe(t, plan, "add_on", true, false)
	maybe(t, plan, "metadata", JSON{}, JSON{"badge": "Popular <b>", "n": 1.50, "list": []any{1, "x", nil}})
	if rapid.Bool().Draw(t, "costs") {
		price := JSON{"amount": amount("price"), "interval": rapid.SampledFrom([]string{interval, "one_off"}).Draw(t, "of the price")}
		if price["interval"] != "one_off" {
			maybe(t, price, "interval_count", 1, 2)
		}
		plan["price"] = price
	}
	count := 1
	if price, costs := plan["price"].(JSON); costs && price["interval_count"] == 2 {
		count = 2
	}
	var items []JSON
	if rapid.Bool().Draw(t, "switch") {
		items = append(items, JSON{"feature_id": "dashboard"})
	}
	if rapid.Bool().Draw(t, "words") {
		item := JSON{"feature_id": "words", "included": rapid.SampledFrom([]float64{0, 1, 0.5, 900}).Draw(t, "words included"), "reset": JSON{"interval": rapid.SampledFrom([]string{"one_off", "hour", "day", "month"}).Draw(t, "reset")}}
		if rapid.Bool().Draw(t, "unlimited") {
			item = JSON{"feature_id": "words", "unlimited": true, "reset": item["reset"]}
		} else if rapid.Bool().Draw(t, "of each seat") {
			item["entity_feature_id"] = "seats"
		}
		items = append(items, item)
	}
	if rapid.Bool().Draw(t, "messages") {
		price := JSON{"interval": interval, "interval_count": count, "billing_method": rapid.SampledFrom([]string{"prepaid", "usage_based"}).Draw(t, "method")}
		maybe(t, price, "billing_units", 1, 100)
		if rapid.Bool().Draw(t, "tiers") {
			price["tiers"], price["tier_behavior"] = []JSON{{"to": 100, "amount": amount("first")}, {"to": "inf", "amount": amount("second")}}, "graduated"
		} else {
			price["amount"] = amount("each")
		}
		maybe(t, price, "max_purchase", 50, nil)
		items = append(items, JSON{"feature_id": "messages", "included": rapid.IntRange(0, 20).Draw(t, "included"), "price": price})
	}
	if rapid.Bool().Draw(t, "seats") {
		items = append(items, JSON{"feature_id": "seats", "included": 1, "price": JSON{"amount": amount("seat"), "interval": interval, "interval_count": count, "billing_method": "usage_based"},
			"proration": JSON{"on_increase": rapid.SampledFrom([]string{"bill_immediately", "prorate_immediately"}).Draw(t, "increase"), "on_decrease": "none"}})
	}
	plan["items"] = rapid.Permutation(items).Draw(t, "order")
	if rapid.Bool().Draw(t, "trial") {
		plan["free_trial"] = JSON{"duration_length": rapid.IntRange(1, 30).Draw(t, "length"), "duration_type": rapid.SampledFrom([]string{"day", "month"}).Draw(t, "duration"), "card_required": rapid.Bool().Draw(t, "card")}
	}
	return plan
}

// lacks names what of a request an answer does not have as it was sent; "" for nothing. A list
// of items is compared by feature.
func lacks(got, sent any) string {
	switch sent := sent.(type) {
	case JSON:
		of, is := got.(JSON)
		for key, value := range sent {
			if value == nil || value == "" { // none
				continue
			}
			if !is || lacks(of[key], value) != "" {
				return fmt.Sprint(key, ": ", value, ", and not ", of[key])
			}
		}
	case []JSON:
		of, _ := got.([]any)
		for n, one := range sent {
			i := n
			if id := one["feature_id"]; id != nil {
				i = slices.IndexFunc(of, func(o any) bool { return ValueAt(o, "feature_id") == id })
			}
			if i < 0 || i >= len(of) || lacks(of[i], one) != "" {
				return fmt.Sprint(one)
			}
		}
	default:
		if fmt.Sprint(got) != fmt.Sprint(sent) {
			return fmt.Sprint(sent)
		}
	}
	return ""
}

// A plan that the second dialect made is complete in the first one.
func TestDIA02PlansOfTheSecondDialect(t *testing.T) {
	t.Parallel()
	w := New(t)
	for id, kind := range map[string]string{"words": "single_use", "messages": "single_use", "seats": "continuous_use", "dashboard": "boolean"} {
		w.Feature(id, kind)
	}
	restore, made := w.Snapshot(), 0
	rapid.Check(t, func(t *rapid.T) {
		restore()
		asked := anyPlan(t, "one")
		if a := w.Do(w.Stack.Key, "POST", "/v1/plans.create", asked); a.Status != 200 {
			if a.Status != 400 {
				t.Fatalf("%v: %d %s", asked, a.Status, a.Text)
			}
			return // items that do not go together
		}
		made++
		read := func(id string) both {
			return both{w.Get("/v1/products/" + id), w.Post("/v1/plans.get", JSON{"plan_id": id})}
		}
		was := read("one")
		delete(asked, "plan_id")
		delete(asked, "create_in_stripe")
		if why := lacks(was.second, asked); why != "" {
			t.Fatalf("%v\nlacks of %v\n%s", was.second, asked, why)
		}
		w.Post("/v1/products/one", was.first)
		was.unchanged(t, "written in the first dialect", read("one"))
		sent := Merge(JSON{}, was.second, JSON{"plan_id": "one"})
		delete(sent, "id")
		w.Post("/v1/plans.update", sent)
		was.unchanged(t, "written in the second dialect", read("one"))
		w.Post("/v1/products", Merge(JSON{}, was.first, JSON{"id": "two"}))
		like := read("two")
		like.second["id"], like.second["created_at"] = "one", was.second["created_at"]
		if !reflect.DeepEqual(like.second, was.second) {
			t.Fatalf("made again in the first dialect:\n got %v\nwant %v", like.second, was.second)
		}
	})
	if made < 10 { // few are refused
		t.Errorf("only %d plans were made", made)
	}
}

// A program and the codes of its customers are the same in both dialects.
func TestDIA03ProgramsInBothDialects(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", TenPercentOff(JSON{"id": "ten"}))
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "gift", "type": "free_product", "free_product_id": "bonus"})
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id := fmt.Sprint("p", n)
		reward, received := rapid.SampledFrom([]string{"ten", "gift"}).Draw(t, "reward"), rapid.SampledFrom([]string{"referrer", "all"}).Draw(t, "received by")
		when := rapid.SampledFrom([]string{"customer_creation", "checkout"}).Draw(t, "when")
		terms, second := JSON{}, rapid.Bool().Draw(t, "in the second dialect")
		maybe(t, terms, "max_redemptions", 1, 40)
		if when == "checkout" {
			if plans := rapid.SampledFrom([][]string{{"pro"}, {"pro", "premium"}}).Draw(t, "plans"); second {
				terms["plan_ids"] = plans
			} else {
				terms["product_ids"] = plans
			}
			maybe(t, terms, "exclude_trial", true, false)
		}
		if second {
			w.Post("/v1/referral_programs.create", Merge(JSON{}, terms, JSON{"id": id, "reward_id": reward, "redeem_on": when, "received_by": received}))
		} else {
			maybe(t, terms, "hold_days", 0, 7)
			maybe(t, terms, "new_customers_only", true)
			maybe(t, terms, "guard", JSON{"same_email": "flag", "ring": "off"}, JSON{"velocity": JSON{"count": 3, "days": 2, "mode": "flag"}})
			a := w.Do(w.Stack.Key, "POST", "/v1/reward_programs", Merge(JSON{}, terms, JSON{"id": id, "internal_reward_id": reward, "when": when, "received_by": received}))
			if a.Status == 400 {
				delete(terms, "guard")
				w.Post("/v1/reward_programs", Merge(JSON{}, terms, JSON{"id": id, "internal_reward_id": reward, "when": when, "received_by": received}))
			}
		}
		read := func() both {
			return both{w.Get("/v1/reward_programs/" + id), w.Post("/v1/referral_programs.get", JSON{"referral_program_id": id})}
		}
		was := read()
		w.Want("reward", []any{was.first["reward_id"], was.second["reward_id"]}, []any{reward, reward})
		w.Want("limit", []any{was.first["max_redemptions"], was.second["max_redemptions"]}, []any{terms["max_redemptions"], terms["max_redemptions"]})
		w.Post("/v1/referral_programs.update", Merge(only(was.second, "reward_id", "redeem_on", "received_by", "max_redemptions", "plan_ids", "exclude_trial"), JSON{"referral_program_id": id}))
		was.unchanged(t, "written in the second dialect", read())
		w.Call("PUT", "/v1/reward_programs/"+id, only(was.first, "when", "internal_reward_id", "received_by", "max_redemptions", "product_ids", "exclude_trial", "new_customers_only", "hold_days", "guard"))
		was.unchanged(t, "written in the first dialect", read())
		w.Post("/v1/customers", JSON{"id": "c"})
		first := w.Post("/v1/referrals/code", JSON{"customer_id": "c", "program_id": id})
		w.Want("code", w.Post("/v1/referrals.create_code", JSON{"customer_id": "c", "program_id": id}), first)
	})
}

// A reward that the second dialect made, with its codes, is complete in the first one.
func TestDIA04RewardsOfTheSecondDialect(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		id, codes := fmt.Sprint("r", n), []JSON{}
		kind, form := "coupon", JSON{"id": id, "name": "Reward"}
		if rapid.Bool().Draw(t, "grant") {
			kind = "feature_grant"
			grant := JSON{"feature_id": "messages", "included": rapid.SampledFrom([]float64{1, 0.5, 500}).Draw(t, "included")}
			maybe(t, grant, "expiry", JSON{"type": "week", "length": 2}, nil)
			form["grants"] = []JSON{grant, {"feature_id": "dashboard"}}
		} else {
			form["type"], form["value"] = rapid.SampledFrom([]string{"percentage_discount", "fixed_discount", "invoice_credits"}).Draw(t, "type"), rapid.IntRange(1, 100).Draw(t, "value")
			form["duration"] = rapid.SampledFrom([]JSON{{"type": "one_off", "length": nil}, {"type": "forever", "length": nil}, {"type": "months", "length": 3}}).Draw(t, "duration")
			maybe(t, form, "plan_ids", []string{"pro"}, []string{"pro", "premium"}, nil)
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "codes") {
			code := JSON{"code": fmt.Sprint("D", n, "X", i)}
			if kind == "coupon" {
				maybe(t, code, "global_max_redemption", 5, nil)
				maybe(t, code, "first_time_transaction", true, false)
			} else {
				maybe(t, code, "max_uses", 5, nil)
			}
			codes = append(codes, code)
		}
		form["promo_codes"] = codes
		if a := w.Do(w.Stack.Key, "POST", "/v1/rewards.create", JSON{kind: form}); a.Status != 200 {
			t.Fatalf("%v: %d %s", form, a.Status, a.Text)
		}
		read := func() both { return both{w.Get("/v1/rewards/" + id), w.Post("/v1/rewards.get", JSON{"reward_id": id})} }
		was := read()
		w.Post("/v1/rewards/"+id, only(was.first, "name", "type", "discount_config", "promo_codes", "grants", "max_redemptions"))
		was.unchanged(t, "written in the first dialect", read())
		change := only(was.second[kind].(JSON), "name", "plan_ids", "grants", "promo_codes")
		w.Post("/v1/rewards.update", JSON{"reward_id": id, kind: change})
		was.unchanged(t, "written in the second dialect", read())
	})
}
