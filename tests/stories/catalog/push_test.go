package catalog

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	. "windfall/tests/world"
)

// A file is what the command line keeps in its configuration file, as it reads it and as
// it sends it.
type file struct{ features, plans []JSON }

// pull reads the file. What the command line doesn't keep is gone.
func pull(w *World) file {
	w.Helper()
	var f file
	for _, one := range w.Post("/v1/features.list", nil)["list"].([]any) {
		f.features = append(f.features, keptFeature(one.(JSON)))
	}
	for _, one := range w.Post("/v1/plans.list", JSON{"include_archived": true, "all_versions": false})["list"].([]any) {
		f.plans = append(f.plans, keptPlan(one.(JSON)))
	}
	return f
}

func only(m JSON, keys ...string) JSON {
	out := JSON{}
	for _, key := range keys {
		if v, there := m[key]; there {
			out[key] = v
		}
	}
	return out
}

func keptFeature(f JSON) JSON {
	out := only(f, "name", "type")
	out["feature_id"] = f["id"]
	if names := f["event_names"].([]any); len(names) > 0 {
		out["event_names"] = names
	}
	if f["type"] == "metered" {
		out["consumable"] = f["consumable"]
	}
	if f["type"] == "credit_system" {
		out["credit_schema"] = f["credit_schema"]
	}
	return out
}

func keptPlan(p JSON) JSON {
	out := only(p, "name", "archived")
	maps.Copy(out, JSON{"plan_id": p["id"], "licenses": []any{}, "group": text(p["group"]), "add_on": p["add_on"] == true, "auto_enable": p["auto_enable"] == true,
		"price": nil, "free_trial": nil, "include_versions": true, "include_variants": true})
	if p["description"] != nil {
		out["description"] = p["description"]
	}
	if price, priced := p["price"].(JSON); priced {
		out["price"] = only(price, "amount", "interval", "additional_currencies")
	}
	if trial, there := p["free_trial"].(JSON); there {
		out["free_trial"] = only(trial, "duration_type", "duration_length", "card_required")
	}
	items := []JSON{}
	for _, one := range p["items"].([]any) {
		items = append(items, keptItem(one.(JSON)))
	}
	out["items"] = items
	return out
}

func keptItem(i JSON) JSON {
	out := only(i, "feature_id", "proration", "entity_feature_id")
	if i["unlimited"] == true {
		out["unlimited"] = true
	} else {
		out["included"] = i["included"]
	}
	price, priced := i["price"].(JSON)
	if reset, there := i["reset"].(JSON); there && (!priced || reset["interval"] != price["interval"] || reset["interval_count"] != price["interval_count"]) {
		out["reset"] = reset
	}
	if priced {
		out["price"] = only(price, "amount", "additional_currencies", "tiers", "tier_behavior", "interval", "interval_count", "billing_units", "billing_method")
		if price["max_purchase"] != nil {
			out["price"].(JSON)["max_purchase"] = price["max_purchase"]
		}
	}
	return out
}

func (f file) body(more ...JSON) JSON {
	return Merge(JSON{"features": f.features, "plans": f.plans, "rewards": []any{}, "referral_programs": []any{}, "skip_deletions": false, "skip_feature_ids": []any{}, "skip_plan_ids": []any{}}, more...)
}

// preview says in short what a push would change, and sees that it says so to no effect.
func preview(w *World, body JSON) []string {
	w.Helper()
	before := w.TablesButGuesses()
	answer := w.Post("/v1/catalog.preview_update", body)
	w.Want("a preview writes nothing", w.TablesButGuesses() == before, true)
	var out []string
	for _, list := range []string{"feature_changes", "plan_changes", "reward_changes", "referral_program_changes"} {
		for _, one := range answer[list].([]any) {
			c := one.(JSON)
			if c["action"] == "none" {
				continue
			}
			words := []string{text(c["feature_id"]) + text(c["plan_id"]) + text(c["id"]), text(c["action"])}
			for _, flag := range []string{"will_archive", "versionable", "blocked"} {
				if c[flag] == true {
					words = append(words, flag)
				}
			}
			if was, there := c["previous_attributes"].(JSON); there && c["action"] != "deleted" && c["action"] != "remove" {
				words = append(words, slices.Sorted(maps.Keys(was))...)
			}
			if c["price_change"] != nil {
				words = append(words, "price")
			}
			if items, _ := c["item_changes"].([]any); len(items) > 0 && c["action"] == "updated" {
				for _, i := range items {
					words = append(words, text(i.(JSON)["action"])+":"+text(i.(JSON)["feature_id"]))
				}
			}
			out = append(out, strings.Join(words, " "))
		}
	}
	return out
}

// push pushes a file whose preview says so, and sees that a second push changes nothing.
func push(w *World, body JSON, previewed ...string) JSON {
	w.Helper()
	w.Want("preview", preview(w, body), previewed)
	answer := w.Post("/v1/catalog.update", body)
	w.Want("pushed again", preview(w, body), []string(nil))
	return answer
}

func (f file) plan(id string) JSON {
	for _, p := range f.plans {
		if p["plan_id"] == id {
			return p
		}
	}
	return nil
}

func (f *file) drop(ids ...string) {
	f.plans = slices.DeleteFunc(f.plans, func(p JSON) bool { return slices.Contains(ids, text(p["plan_id"])) })
	f.features = slices.DeleteFunc(f.features, func(p JSON) bool { return slices.Contains(ids, text(p["feature_id"])) })
}

// version sends a call in a version of the API.
func version(v string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("X-Api-Version", v) }
}

func contains(said, part string) bool { return strings.Contains(said, part) }
