package admin

import (
	"context"
	"slices"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/shared/reward"
)

// mostRows is how many rows one transaction takes, and rewardRows how many of them a
// reward takes itself.
//
// Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
const (
	mostRows   = 100
	rewardRows = 3
)

var (
	errCodesTooMany       = refusal.Invalid(reward.ReasonCodesTooMany, reward.MaxCodes)
	errCodesTooManyAtOnce = refusal.Invalid(reward.ReasonCodesTooManyAtOnce)
)

// all makes a reward's codes those that are wanted. A code that is there keeps its
// limits, however long ago they were allowed, and a dead one stays dead.
func (ch codeChange) all(ctx context.Context, wanted []WantedCode, create bool) ([]app.Write, error) {
	if len(wanted) > reward.MaxCodes {
		return nil, errCodesTooMany
	}
	if create && len(wanted) > reward.MaxNewCodes {
		return nil, errCodesTooManyAtOnce
	}
	list := reward.ListOf(nil)
	if !create {
		page, next, err := ch.store.CodesOf(ctx, ch.caller.Env, ch.reward.InternalID, "", shownCodes)
		if err != nil {
			return nil, err
		}
		if next != "" {
			return nil, errCodesTooMany
		}
		list = reward.ListOf(page)
	}
	people, err := ch.people(ctx, wanted...)
	if err != nil {
		return nil, err
	}
	out := codeWrites{rows: rewardRows, people: map[string]bool{}, touched: map[string]bool{}}
	for _, w := range wanted {
		old, err := list.Name(w.mention(people[w.Customer].InternalID))
		if err != nil {
			return nil, err
		}
		write, err := app.Write(nil), error(nil)
		if old != nil && w.Seen.fits(ch.reward) {
			write, err = ch.keep(ctx, *old, w)
		} else if w.Seen != nil {
			return nil, refusal.Invalid(reward.ReasonCodeNotThere, catalog.NormalCode(w.Code), ch.reward.ID)
		} else {
			write, err = ch.make(ctx, w, people)
		}
		if err == nil {
			err = out.add(write)
		}
		if err != nil {
			return nil, err
		}
	}
	for _, p := range list.Unnamed() {
		if !p.Inactive && !p.Lost() && p.Status(&ch.reward, ch.used, ch.caller.Now) != reward.Dead {
			p.Inactive = true
			if err := out.add(app.EditPromoCode{Code: p, Due: ch.copyDue()}); err != nil {
				return nil, err
			}
		}
	}
	if out.rows > mostRows || out.made > reward.MaxNewCodes {
		return nil, errCodesTooManyAtOnce
	}
	also, err := ch.noted(ctx, people, out.writes...)
	return append(out.writes, also...), err
}

func (w WantedCode) mention(customerID string) reward.Mention {
	m := reward.Mention{Code: catalog.NormalCode(w.Code), Customer: w.Customer, CustomerID: customerID}
	if !w.Bare && !w.Brief {
		m.Terms = &w.NewCode
	}
	if w.Seen != nil {
		m.CreatedAt = w.Seen.CreatedAt
	}
	return m
}

// fits reports whether what was seen can be of a code of the reward.
func (s *SeenCode) fits(r catalog.Reward) bool {
	return s == nil || s.RewardID == "" || s.RewardID == r.ID || s.RewardID == r.InternalID
}

// keep leaves a code with its limits, and switches or annotates it as is asked. One
// that lost its text is history.
func (ch codeChange) keep(ctx context.Context, old reward.PromoCode, w WantedCode) (app.Write, error) {
	dead := old.Status(&ch.reward, ch.used, ch.caller.Now) == reward.Dead
	if w.Brief {
		w.NewCode = old.Terms(w.Max, w.FirstTimeOnly)
		if on := true; old.Inactive && !dead {
			w.Active = &on
		}
	}
	switch {
	case old.Lost() && !dead && w.Active == nil:
		return nil, refusal.Invalid(reward.ReasonDuplicateCode, old.Code)
	case !w.Bare && !old.Allows(w.NewCode):
		return nil, refusal.Invalid(reward.ReasonCodeTermsFixed, old.Code)
	case dead && w.Active != nil && !*w.Active:
		w.Active = nil
	}
	p, write, err := ch.changed(ctx, old, w.Active, w.Notes)
	if err == nil && write != nil && old.Lost() {
		return nil, refusal.Invalid(reward.ReasonDuplicateCode, p.Code)
	}
	return write, err
}

// make is a code that was not there.
func (ch codeChange) make(ctx context.Context, w WantedCode, people map[string]billing.Customer) (app.Write, error) {
	p, err := ch.decide(w, people)
	if err != nil {
		return nil, err
	}
	placed, err := ch.place(ctx, p)
	return ch.saved(placed), err
}

// codeWrites are changes of codes for one transaction, which writes a row once.
type codeWrites struct {
	writes  []app.Write
	rows    int
	made    int             // codes that are new
	people  map[string]bool // customers whom new codes are for, by internal id
	touched map[string]bool // codes of a text and of a customer, "" for anybody
}

func (c *codeWrites) add(w app.Write) error {
	var touched []string
	code := ""
	switch w := w.(type) {
	case nil:
		return nil
	case app.EditPromoCode:
		code, touched = w.Code.Code, []string{w.Code.CustomerID}
		c.rows++
	case app.SavePromoCode:
		code, touched = w.Code.Code, slices.Compact([]string{"", w.Code.CustomerID}) // a text counts those of customers
		c.rows += w.Rows()
		if w.Code.CustomerID != "" && !w.Due.IsZero() && !c.people[w.Code.CustomerID] {
			c.rows++ // it is noted with the customer
			c.people[w.Code.CustomerID] = true
		}
		if w.New {
			c.made++
		}
	}
	for _, of := range touched {
		if c.touched[code+"#"+of] {
			return refusal.Invalid(reward.ReasonCodeMeets, code)
		}
		c.touched[code+"#"+of] = true
	}
	c.writes = append(c.writes, w)
	return nil
}
