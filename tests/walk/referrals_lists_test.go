package walk

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// lists: by status, by program and by customer there are the same redemptions as in all.
func (k *referralWalker) lists(all []listedRedemption) {
	of := func(query string, is func(listedRedemption, *entry) bool) {
		want, got := []string{}, []string{}
		for i, r := range all {
			if is(r, k.entries[slices.IndexFunc(k.entries, func(e *entry) bool { return e.id == r.ID })]) {
				want = append(want, fmt.Sprint(all[i]))
			}
		}
		for _, r := range k.listed(query) {
			got = append(got, fmt.Sprint(r))
		}
		sort.Strings(want)
		if sort.Strings(got); !slices.Equal(got, want) {
			k.fail("lists", "%s has\n%s\nwant\n%s", query, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
	for status := range leads {
		if status != "" {
			of("&status="+status, func(r listedRedemption, _ *entry) bool { return r.Status == status })
		}
	}
	for _, p := range k.programs {
		if p != nil && !p.gone {
			of("&program_id="+p.id, func(_ listedRedemption, e *entry) bool { return e.code.of == p })
		}
	}
	for _, p := range k.people {
		if !p.gone {
			of("&customer_id="+p.id, func(_ listedRedemption, e *entry) bool { return e.redeemer == p || e.code.owner == p })
		}
	}
}

// stats: what a program has come to is what is listed.
func (k *referralWalker) stats(all []listedRedemption) {
	for _, p := range k.programs {
		if p == nil || p.gone {
			continue
		}
		want := map[string]int{"codes": p.codes, "redemptions": 0, "held": 0, "triggered": 0, "applied": 0, "refused": 0, "reversed": 0}
		sides := 1
		if p.all {
			sides = 2
		}
		for _, r := range all {
			if r.InternalProgram != p.internal {
				continue
			}
			want["redemptions"]++
			if r.Triggered {
				want["triggered"]++
			}
			if _, counted := want[r.Status]; counted && r.Status != "triggered" && r.Status != "applied" {
				want[r.Status]++
			}
		}
		for _, e := range k.entries {
			if e.code.of == p && e.everHad {
				want["applied"]++
			}
		}
		got, _ := k.w.Get("/v1/reward_programs/" + p.id)["stats"].(map[string]any)
		for name, n := range want {
			if got[name] != float64(n) {
				k.fail("stats", "%s of %s are %v, want %d: %v", name, p.id, got[name], n, got)
			}
		}
		if p.reward == "cash" && got["value"] != float64(7*sides*want["triggered"]) {
			k.fail("stats", "%s is worth %v, want %d: %v", p.id, got["value"], 7*sides*want["triggered"], got)
		}
	}
}
