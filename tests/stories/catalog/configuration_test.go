package catalog

import (
	"testing"

	. "windfall/tests/world"
)

func TestCAT05AFirstPush(t *testing.T) {
	t.Parallel()
	w := New(t)
	f := file{
		[]JSON{{"feature_id": "credits", "name": "Credits", "type": "credit_system", "credit_schema": []JSON{{"metered_feature_id": "messages", "credit_cost": 2}}},
			{"feature_id": "messages", "name": "Messages", "type": "metered", "consumable": true, "event_names": []string{"sent"}}},
		[]JSON{{"plan_id": "pro", "name": "Pro", "licenses": []any{}, "group": "", "add_on": false, "auto_enable": false, "price": JSON{"amount": 20, "interval": "month"},
			"items": []JSON{{"feature_id": "credits", "included": 100, "reset": JSON{"interval": "month"}}}, "free_trial": nil}},
	}
	answer := push(w, f.body(), "credits create", "messages create", "pro created")
	w.Want("plans", answer["plans"].([]any)[0], w.Post("/v1/plans.get", JSON{"plan_id": "pro"}))
	w.Want("features", len(answer["features"].([]any)), 2)
	w.CustomerWithCard("c", "pro")
	w.HasBalance("c", "credits", true, 100)
	f.features[1]["event_names"] = []string{}
	push(w, f.body(), "messages update event_names")
}

func TestCAT06RenamedArchivedAndDeleted(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	f := pull(w)
	f.plan("premium")["name"] = "Premium!"
	f.plan("premium")["price"] = JSON{"amount": 60, "interval": "month"}
	f.plan("ultra")["items"] = []JSON{{"feature_id": "messages", "included": 6000, "reset": JSON{"interval": "month"}}}
	f.plan("free")["description"] = "To begin with."
	f.drop("pro", "g1_starter", "action1")
	push(w, f.body(), "action1 remove", "free updated description", "premium updated name price", "ultra updated deleted:messages created:messages",
		"g1_starter deleted", "pro deleted will_archive")
	w.HasProducts("c", "pro active")
	w.HasBalance("c", "messages", true, 500)
	w.Want("archived", w.Get("/v1/products/pro")["archived"], true)
	w.Refused(404, "product_not_found", "/v1/plans.get", JSON{"plan_id": "g1_starter"})
	w.Refused(404, "feature_not_found", "/v1/features.get", JSON{"feature_id": "action1"})
	w.AdvancePastRenewal(T1)
	w.Billed("c", 2000, 2000)

	f = pull(w)
	w.Want("the archive is in the file", f.plan("pro")["archived"], true)
	f.plan("pro")["archived"] = false
	f.plan("pro")["price"] = JSON{"amount": 25, "interval": "month"}
	push(w, f.body(), "pro updated versionable archived price")
	w.Want("next version", w.Get("/v1/products/pro")["version"], 2)
	w.AdvancePastRenewal(T2)
	w.Billed("c", 2000, 2000, 2000)
}

func TestCAT07APulledFileChangesNothing(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.PlanChangeCatalog()
	w.Product("mixed", "", JSON{"price": 40, "interval": "month", "interval_count": 2, "tax_behavior": "inclusive"}, OneTimePrice(3),
		JSON{"feature_id": "messages", "included_usage": 5, "usage_limit": 9, "interval": "week", "interval_count": 2},
		JSON{"feature_id": "words", "included_usage": "inf", "interval": nil})
	w.Call("POST", "/v1/features/words", JSON{"display": JSON{"singular": "word", "plural": "words"}, "group_by": []string{"model"}, "archived": true})
	w.Call("POST", "/v1/products/ultra", JSON{"archived": true})
	w.CustomerWithCard("c", "pro")
	before := w.TablesButGuesses()
	w.Want("preview", preview(w, pull(w).body()), []string(nil))
	w.Post("/v1/catalog.update", pull(w).body())
	w.Want("nothing is written", w.TablesButGuesses() == before, true)
}

func TestCAT08ADefaultMoves(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	f := pull(w)
	f.plan("free")["auto_enable"] = false
	f.plan("g2_free")["group"], f.plan("g2_free")["auto_enable"] = "main", true
	push(w, f.body(), "free updated auto_enable", "g2_free updated auto_enable group")
	f.drop("g2_free")
	f.plan("free")["auto_enable"] = true
	push(w, f.body(), "free updated auto_enable", "g2_free deleted")
	w.Post("/v1/customers", JSON{"id": "c"})
	w.HasProducts("c", "free active")
}

func TestCAT09WhatCannotBeIsNotBegun(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	f := pull(w)
	f.plan("premium")["name"] = "Premium!"
	for name, tt := range map[string]struct {
		edit func(*file) JSON
		code string
		says string
	}{
		"a feature of a plan": {func(f *file) JSON { f.drop("messages"); return nil }, "invalid_feature", "messages: "},
		"another type": {func(f *file) JSON {
			f.drop("messages")
			f.features = append(f.features, JSON{"feature_id": "messages", "name": "x", "type": "boolean"})
			return nil
		}, "invalid_feature", "messages: "},
		"a plan that can't be": {func(f *file) JSON { f.plan("topup")["auto_enable"] = true; return nil }, "invalid_inputs", "topup: "},
		"in place": {func(f *file) JSON {
			f.plan("pro")["disable_version"], f.plan("pro")["price"] = true, nil
			return nil
		}, "invalid_inputs", "pro: Customers hold version 1"},
		"given twice":   {func(f *file) JSON { f.plans = append(f.plans, f.plans[0]); return nil }, "invalid_inputs", "is given twice"},
		"all versions":  {func(f *file) JSON { f.plan("pro")["all_versions"] = true; return nil }, "invalid_request", "Send one for each"},
		"a spelling":    {func(*file) JSON { return JSON{"plan": []any{}} }, "invalid_inputs", "plan: "},
		"no feature id": {func(f *file) JSON { delete(f.features[0], "feature_id"); return nil }, "invalid_inputs", "features[0]"},
	} {
		restore := w.Snapshot()
		f := pull(w)
		f.plan("premium")["name"] = "Premium!"
		more := tt.edit(&f)
		before := w.TablesButGuesses()
		if said := w.Refused(400, tt.code, "/v1/catalog.update", f.body(more)); !contains(said, tt.says) {
			t.Errorf("%s: %s", name, said)
		}
		w.Want(name+": nothing is written", w.TablesButGuesses() == before, true)
		restore()
	}
	f = pull(w)
	f.drop("messages")
	changes := w.Post("/v1/catalog.preview_update", f.body())["feature_changes"].([]any)
	blocked := changes[len(changes)-1].(JSON)
	w.Want("blocked", []any{blocked["feature_id"], blocked["action"], blocked["blocked"], blocked["blocked_reason"]}, []any{"messages", "remove", true, "used_in_products"})
	if !contains(text(blocked["message"]), `"messages"`) {
		t.Errorf("blocked: %v", blocked["message"])
	}
}

func TestCAT11WhatIsSkippedStays(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	f := pull(w)
	f.drop("pro", "action1")
	f.plan("premium")["name"] = "Premium!"
	push(w, f.body(JSON{"skip_deletions": true}), "premium updated name")
	f.plan("premium")["name"] = "Premium"
	w.Want("skipped", preview(w, f.body(JSON{"skip_plan_ids": []string{"pro", "premium"}, "skip_feature_ids": []string{"action1"}})), []string{"premium skipped"})
	body := f.body()
	delete(body, "features")
	w.Want("a list that is missing", preview(w, body), []string{"premium updated name", "pro deleted"})
}

func TestCAT13OutOfTheArchive(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	f := pull(w)
	f.drop("words", "addon_words", "g1_starter", "g1_pro", "g1_premium")
	w.CustomerWithCard("c", "g1_pro")
	push(w, f.body(), "words remove will_archive", "addon_words deleted", "g1_premium deleted", "g1_pro deleted will_archive", "g1_starter deleted")
	second := func(method, path string, body any) JSON {
		return w.Do(w.Stack.Key, method, path, body, version("2.1.0")).Body
	}
	w.Want("feature", second("POST", "/v1/features/words", JSON{"archived": false})["archived"], false)
	w.Want("plan", second("POST", "/v1/products/g1_pro", JSON{"archived": false})["archived"], false)
	w.Want("another", second("POST", "/v1/products/g1_pro", JSON{"plan_id": "pro", "archived": false})["code"], "invalid_inputs")
	w.Want("a feature of customers", second("DELETE", "/v1/features/words", nil)["code"], "invalid_feature")
	w.Want("a feature", second("DELETE", "/v1/features/action1", nil), JSON{"success": true})
	w.Want("a plan", second("DELETE", "/v1/products/ultra?all_versions=true", nil), JSON{"success": true})
}

func TestCAT14RewardsAndPrograms(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", JSON{"id": "gift", "name": "Gift", "type": "free_product", "free_product_id": "bonus"})
	w.Post("/v1/rewards", JSON{"id": "credit", "name": "Credit", "type": "invoice_credits", "discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0}})
	w.Post("/v1/reward_programs", JSON{"id": "both", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "hold_days": 3})
	f := pull(w)
	summer := JSON{"coupon": JSON{"id": "summer", "name": "Summer", "type": "percentage_discount", "value": 20, "duration": JSON{"type": "months", "length": 3}, "plan_ids": []string{"pro"},
		"promo_codes": []JSON{{"code": "SUMMER20", "global_max_redemption": 100, "first_time_transaction": false}}}}
	beta := JSON{"feature_grant": JSON{"id": "beta", "name": "Beta", "grants": []JSON{{"feature_id": "words", "included": 500, "expiry": nil}}, "promo_codes": []JSON{{"code": "BETA", "max_uses": nil}}}}
	both := JSON{"id": "both", "reward_id": "gift", "redeem_on": "customer_creation", "received_by": "all", "max_redemptions": nil, "plan_ids": nil, "exclude_trial": true}
	bring := JSON{"id": "bring", "reward_id": "summer", "redeem_on": "checkout", "received_by": "referrer", "max_redemptions": 5, "plan_ids": []string{"pro"}, "exclude_trial": false}
	body := func(rewards, programs []JSON) JSON {
		return f.body(JSON{"rewards": rewards, "referral_programs": programs})
	}
	answer := push(w, body([]JSON{summer, beta}, []JSON{both, bring}), "summer created", "beta created", "bring created")
	w.Want("listed", len(answer["rewards"].([]any))+len(answer["referral_programs"].([]any)), 4)
	second := func(path string) JSON { return w.Do(w.Stack.Key, "POST", path, JSON{}, version("2.2.0")).Body }
	w.Want("what a file can't say is not listed for it", len(second("/v1/rewards.list")["coupons"].([]any)), 1)
	w.Want("all", len(w.Post("/v1/rewards.list", nil)["coupons"].([]any)), 2)

	summer["coupon"].(JSON)["promo_codes"] = []JSON{{"code": "SUMMER20", "global_max_redemption": 100, "first_time_transaction": false}, {"code": "SUN", "global_max_redemption": nil, "first_time_transaction": true}}
	bring["max_redemptions"], both["max_redemptions"] = 6, 9
	push(w, body([]JSON{summer, beta}, []JSON{both, bring}), "summer updated", "both updated", "bring updated")
	w.Want("hold_days stay", w.Get("/v1/reward_programs/both")["hold_days"], 3)

	one, two := JSON{"coupon": Merge(JSON{}, summer["coupon"].(JSON), JSON{"id": "one", "promo_codes": []JSON{{"code": "TWICE"}}})}, JSON{"coupon": Merge(JSON{}, summer["coupon"].(JSON), JSON{"id": "two", "promo_codes": []JSON{{"code": "twice"}}})}
	w.Refused(400, "duplicate_promo_code", "/v1/catalog.update", body([]JSON{summer, beta, one, two}, []JSON{both, bring}))
	w.Want("neither was made", w.Do(w.Stack.Key, "GET", "/v1/rewards/one", nil).Status, 404)

	autumn := JSON{"coupon": Merge(JSON{}, summer["coupon"].(JSON), JSON{"id": "autumn", "name": "Autumn"})}
	said := w.Refused(400, "duplicate_promo_code", "/v1/catalog.update", body([]JSON{summer, autumn, beta}, []JSON{both, bring}))
	w.Want("nothing was made", said != "" && w.Do(w.Stack.Key, "GET", "/v1/rewards/autumn", nil).Status == 404, true)
	w.Refused(400, "invalid_request", "/v1/catalog.preview_update", body([]JSON{beta}, []JSON{both, bring})) // a program gives it
	bring["reward_id"] = "autumn"
	w.Refused(400, "duplicate_promo_code", "/v1/catalog.update", body([]JSON{autumn, beta}, []JSON{both, bring})) // the program has to let it go first
	autumn["coupon"].(JSON)["promo_codes"] = []JSON{{"code": "FALL", "global_max_redemption": nil, "first_time_transaction": false}}
	push(w, body([]JSON{autumn}, []JSON{both, bring}), "autumn created", "beta deleted", "summer deleted", "bring updated")
	winter := JSON{"coupon": Merge(JSON{}, autumn["coupon"].(JSON), JSON{"id": "winter"})}
	push(w, body([]JSON{winter}, []JSON{both}), "winter created", "autumn deleted", "bring deleted")
	w.Want("the code has moved", w.Get("/v1/rewards/winter")["promo_codes"].([]any)[0].(JSON)["code"], "FALL")
	push(w, body([]JSON{winter}, []JSON{}), "both deleted")
	w.Want("the gift stays", w.Get("/v1/rewards/gift")["id"], "gift")
	f.drop("pro")
	push(w, body([]JSON{winter}, []JSON{}), "pro deleted will_archive")
}

func TestCAT15OlderVersionsInTheFile(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	w.Post("/v1/plans.update", JSON{"plan_id": "pro", "price": JSON{"amount": 25, "interval": "month"}, "name": "Pro 2"})
	f := pull(w)
	f.plans = nil
	for _, one := range w.Post("/v1/plans.list", JSON{"include_archived": true, "all_versions": true})["list"].([]any) {
		plan := keptPlan(one.(JSON))
		plan["version"] = one.(JSON)["version"]
		if plan["plan_id"] == "pro" && plan["version"] == 1.0 {
			plan["disable_version"] = true
		}
		f.plans = append(f.plans, plan)
	}
	w.Want("unchanged", preview(w, f.body()), []string(nil))
	first := f.plan("pro")
	w.Want("older first", first["version"], 1)
	first["price"] = JSON{"amount": 22, "interval": "month"}
	said := w.Refused(400, "invalid_inputs", "/v1/catalog.update", f.body())
	w.Want("sentence", said, `pro: version 1 of plan "pro" can't be changed: customers hold it or did, and version 2 is the latest. Change that one.`)
	first["version"] = 3
	w.Refused(404, "product_not_found", "/v1/catalog.update", f.body())
	w.Refused(404, "product_not_found", "/v1/catalog.update", file{plans: []JSON{{"plan_id": "new", "version": 2, "name": "New"}}}.body(JSON{"skip_deletions": true}))
}
