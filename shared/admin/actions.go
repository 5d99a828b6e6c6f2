package admin

import (
	"fmt"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// An edit is what is done to one thing that a company administers, as the history of the
// environment keeps it.
type edit struct {
	action string // create, edit or delete, and what: create_reward
	id     string // of the thing, "REWARD/CODE" of a code
	why    string // a sentence
}

// done completes the writes of an edit. What a person did in the dashboard is kept in the
// history of the environment; of a program that has a key the key's owner knows.
func (a *Admin) done(caller app.Caller, e edit, writes ...app.Write) []app.Write {
	entry := billing.Audit{At: caller.Now, Actor: caller.Actor, Action: e.action, Rule: e.id, Why: e.why}
	if !entry.ByHand() {
		return writes
	}
	entry.ID = a.newID()
	return append(writes, app.AddAudit{InternalID: app.CatalogLog, Audit: entry})
}

// A did is what an edit does to a thing.
type did struct{ verb, past string }

var (
	created = did{"create", "created"}
	edited  = did{"edit", "edited"}
	deleted = did{"delete", "deleted"}
)

// saved is created for a thing that is new.
func saved(isNew bool) did {
	if isNew {
		return created
	}
	return edited
}

// of names an edit of a thing, such as a "referral program".
func (d did) of(thing, id, name string) edit {
	called := id
	if name != "" && name != id {
		called = fmt.Sprintf("“%s” (%s)", name, id)
	}
	return edit{d.verb + "_" + strings.ReplaceAll(thing, " ", "_"), id, fmt.Sprintf("The %s %s was %s.", thing, called, d.past)}
}

// codeEdit names an edit of a promotion code.
func codeEdit(d did, r catalog.Reward, p reward.PromoCode) edit {
	return edit{d.verb + "_code", r.ID + "/" + p.Code, fmt.Sprintf("The code %s of the reward “%s” (%s) was %s.", p.Code, r.Name, r.ID, d.past)}
}

// switched is what became of a code.
func switched(old, now reward.PromoCode) did {
	switch {
	case !old.Inactive && now.Inactive:
		return did{"deactivate", "deactivated"}
	case old.Inactive && !now.Inactive:
		return did{"activate", "activated"}
	}
	return edited
}
