package walk

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// A listedRedemption is a redemption in a list.
type listedRedemption struct {
	ID                   string
	Status               string
	Triggered, Applied   bool
	RedeemerApplied      bool   `json:"redeemer_applied"`
	Referrer             string `json:"referrer_status"`
	Redeemer             string `json:"redeemer_status"`
	InternalCustomer     string `json:"internal_customer_id"`
	InternalProgram      string `json:"internal_reward_program_id"`
	CustomerID, PromoKey string
	Code                 string `json:"referral_code_id"`
}

// listed reads a whole list of redemptions.
func (k *referralWalker) listed(query string) (all []listedRedemption) {
	for cursor := ""; ; {
		path := "/v1/redemptions?limit=100" + query
		if cursor != "" {
			path += "&cursor=" + url.QueryEscape(cursor)
		}
		a := k.w.Do(k.w.Stack.Key, "GET", path, nil)
		var page struct {
			List []listedRedemption
			Next string `json:"next_cursor"`
		}
		if err := json.Unmarshal([]byte(a.Text), &page); err != nil || a.Status != 200 {
			k.fail("lists", "%s: %d %s", path, a.Status, a.Text)
		}
		if all, cursor = append(all, page.List...), page.Next; cursor == "" {
			return all
		}
	}
}

// leads are the ways from one status to others within one step.
var leads = map[string]string{
	"":        "pending held triggered applied",
	"pending": "pending held triggered applied refused closed",
	"held":    "held triggered applied refused closed", "triggered": "triggered applied reversed", "applied": "applied reversed",
	"refused": "refused", "reversed": "reversed", "closed": "closed",
}

// check holds what is stored to the rules; what is listed by status, program and customer,
// and counted, to what is listed in all, now and then.
func (k *referralWalker) check(thorough bool) {
	all := k.listed("")
	seen, pairs, places := map[string]listedRedemption{}, map[string]string{}, map[string]int{}
	for _, r := range all {
		seen[r.ID] = r
		pair := r.InternalCustomer + " in " + r.InternalProgram
		if pairs[pair] != "" {
			k.fail("I-26", "%s redeemed twice: %s and %s", pair, pairs[pair], r.ID)
		}
		if pairs[pair] = r.ID; r.Applied && !r.Triggered || r.RedeemerApplied && !r.Triggered {
			k.fail("I-25", "%s is applied and was not triggered", r.ID)
		}
		if r.Triggered || r.Status == "held" {
			places[r.Code]++
		}
	}
	if len(all) != len(k.entries) {
		k.fail("lists", "%d redemptions are listed of %d", len(all), len(k.entries))
	}
	for _, t := range k.tickets {
		if t.of.max > 0 && places[t.text] > t.of.max {
			k.fail("I-25", "code %s gave or holds %d rewards, of %d", t.text, places[t.text], t.of.max)
		}
	}
	for _, e := range k.entries {
		k.entry(e, seen[e.id])
	}
	for _, p := range k.everyone {
		if p.gone {
			continue
		}
		s, _, err := k.w.Stack.Customer(k.w.Context(), p.id)
		if err != nil {
			k.w.Fatal(err)
		}
		k.gifts(p, s, seen)
		k.creditsOf(p, s, seen)
		k.trialsOf(p, s)
	}
	if thorough {
		k.lists(all)
		k.stats(all)
		for _, t := range k.tickets {
			if !t.of.gone && !t.owner.gone {
				k.code(t.owner, t.of)
			}
		}
	}
}

// entry compares one redemption with the model, and with how it was before.
func (k *referralWalker) entry(e *entry, r listedRedemption) {
	is := r.Status
	if is == "triggered" || is == "applied" {
		is = "given"
	}
	if !slices.Contains(strings.Fields(leads[e.shown]), r.Status) {
		k.fail("states", "%s was %q and is %q", e.name(), e.shown, r.Status)
	}
	if e.shown = r.Status; is != e.status {
		k.fail("states", "%s is %s, want %s", e.name(), r.Status, e.status)
	}
	e.everHad = e.everHad || r.Status == "applied"
	who, owner := e.redeemer, e.code.owner
	if r.InternalCustomer != who.internal || r.Code != e.code.text || r.InternalProgram != e.code.of.internal {
		k.fail("states", "%s is %+v", e.name(), r)
	}
	if who == owner || who.device != "" && who.device == owner.device {
		k.fail("I-26", "%s: both are one, or have one device", e.name())
	}
	discount := e.code.of.reward == "once" || e.code.of.reward == "months"
	if is == "given" && !discount && r.Status != "applied" {
		k.fail("states", "%s gives at once and is %s", e.name(), r.Status)
	}
	if (r.Redeemer != "") != e.code.of.all || r.Referrer == "" {
		k.fail("states", "%s has the sides %q and %q", e.name(), r.Referrer, r.Redeemer)
	}
	whole := r.Referrer == "applied" && (r.Redeemer == "applied" || r.Redeemer == "")
	if is == "given" && whole != (r.Status == "applied") {
		k.fail("states", "%s is %s with the sides %q and %q", e.name(), r.Status, r.Referrer, r.Redeemer)
	}
}
