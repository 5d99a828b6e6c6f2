package app

import (
	"context"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/reward"
)

// RewardStore is the part of the table that holds promotion codes and the uses of
// rewards.
type RewardStore interface {
	// Codes reads what a text means to a customer, by the internal id, and to
	// anybody: Text.Of has at most that customer's code. One request.
	Codes(ctx context.Context, env catalog.Env, code, customerID string) (reward.Text, error)

	// AllCodes reads every code of a text.
	AllCodes(ctx context.Context, env catalog.Env, code string) (reward.Text, error)

	// CodesOf lists the codes of a reward by its internal id: those that hold
	// their text, by text, and then those that lost it to another. cursor is ""
	// for the first page, and next is "" after the last; a page may be shorter
	// than limit before that. Any other text that no page gave is invalid_cursor.
	CodesOf(ctx context.Context, env catalog.Env, rewardID, cursor string, limit int) (page []reward.PromoCode, next string, err error)

	// RewardCounts reads how often rewards were used and which codes they have, by
	// their internal ids: at most 100. Those without a count are missing from the
	// result. One request.
	RewardCounts(ctx context.Context, env catalog.Env, rewardIDs ...string) (map[string]RewardCount, error)

	// CopiesLook reads which look at the copies of a reward's codes is under way.
	CopiesLook(ctx context.Context, env catalog.Env, rewardID string) (l LookAtCopies, found bool, err error)

	// UsesBy reads how often a customer used a reward, and one code of it, "" for
	// none, and how often all customers used the reward. One request.
	UsesBy(ctx context.Context, env catalog.Env, rewardID, code, customerID string) (reward.Uses, error)
}

// Writes of promotion codes and uses.
type (
	// SavePromoCode puts a code in its place, if what Placement names is as it was
	// read: a new code, with those that it replaces kept in their reward's list.
	// Due is when the schedule looks at its copy at Stripe, should the stream not.
	SavePromoCode struct {
		reward.Placement
		Due time.Time
	}

	// CountCodes counts new codes of a reward, which is not saved with them.
	CountCodes struct {
		RewardID string // internal id
		Made     CodesMade
	}

	// EditPromoCode changes whether a code is active, or its notes, if its terms
	// are as they were read; Due as for SavePromoCode.
	EditPromoCode struct {
		Code reward.PromoCode
		Due  time.Time
	}

	// UsePromoCode counts a use of a code, below its limit less what Stripe may use of
	// it, while its terms and that are as they were read.
	UsePromoCode struct{ Code reward.PromoCode }

	// CountTyped counts a use that Stripe made of a code, while its terms are as they
	// were read; one that was held with Held. Due is when its copy is looked at, if that
	// may have been the last use of it; zero is never.
	CountTyped struct {
		Code reward.PromoCode
		Held bool
		Due  time.Time
	}

	// SaveCopy notes the copy of a code at Stripe, nil for none, if it is as it was
	// read; Held is added to what Stripe may use. With Takes nobody may have used the
	// code meanwhile. Due is when the copy is looked at again; zero is never.
	SaveCopy struct {
		Code  reward.PromoCode
		Copy  *reward.Copy
		Held  int
		Takes bool
		Due   time.Time
	}

	// MarkCode has the copy of a code looked at that must be there; Due as above.
	MarkCode struct {
		Code reward.PromoCode
		Due  time.Time
	}

	// LookAtCopies has the copies of all codes of a reward looked at, from a cursor of
	// CodesOf on. Another Look is another reason to, and begins anew; a cursor belongs to
	// the one that is under way.
	LookAtCopies struct {
		RewardID, Look, Cursor string
		Due                    time.Time
	}

	// CopiesLookedAt ends a look that no other one has begun anew.
	CopiesLookedAt struct{ RewardID, Look string }

	// UseReward counts a use of a reward, while it is there, below its limit and
	// before its end, as they are then.
	UseReward struct {
		Reward catalog.Reward
		Now    time.Time
	}

	// CountReward counts a use that Stripe made of a reward: one that was held, or
	// else whatever its limits are.
	CountReward struct {
		InternalID string
		Held       bool
		Unlimited  bool // the reward has no limit any more
	}

	// HoldReward holds uses of a reward with a limit for Stripe; with Uses while nobody has
	// used or held any since that was read. Below 0 it gives them free.
	HoldReward struct {
		InternalID string
		Held       int
		Uses       *reward.Uses
		Unlimited  bool // the reward has no limit any more
	}

	// UseByCustomer counts a customer's use of a reward, and with Code of that
	// code, below Max; 0 is no limit.
	UseByCustomer struct {
		RewardID, Code, CustomerID string
		Max                        int
	}
)

// PromoCodeTable is the part of Tables with codes, and the counts of their uses.
type PromoCodeTable interface {
	SavePromoCode(SavePromoCode)
	CountCodes(CountCodes)
	EditPromoCode(EditPromoCode)
	UsePromoCode(UsePromoCode)
	CountTyped(CountTyped)
	CountReward(CountReward)
	HoldReward(HoldReward)
	SaveCopy(SaveCopy)
	MarkCode(MarkCode)
	LookAtCopies(LookAtCopies)
	CopiesLookedAt(CopiesLookedAt)
	UseReward(UseReward)
	UseByCustomer(UseByCustomer)
}

func (w SavePromoCode) To(t Table) { t.(interface{ SavePromoCode(SavePromoCode) }).SavePromoCode(w) }
func (w CountCodes) To(t Table)    { t.(interface{ CountCodes(CountCodes) }).CountCodes(w) }
func (w EditPromoCode) To(t Table) { t.(interface{ EditPromoCode(EditPromoCode) }).EditPromoCode(w) }
func (w UsePromoCode) To(t Table)  { t.(interface{ UsePromoCode(UsePromoCode) }).UsePromoCode(w) }
func (w CountTyped) To(t Table)    { t.(interface{ CountTyped(CountTyped) }).CountTyped(w) }
func (w CountReward) To(t Table)   { t.(interface{ CountReward(CountReward) }).CountReward(w) }
func (w HoldReward) To(t Table)    { t.(interface{ HoldReward(HoldReward) }).HoldReward(w) }
func (w SaveCopy) To(t Table)      { t.(interface{ SaveCopy(SaveCopy) }).SaveCopy(w) }
func (w MarkCode) To(t Table)      { t.(interface{ MarkCode(MarkCode) }).MarkCode(w) }
func (w LookAtCopies) To(t Table)  { t.(interface{ LookAtCopies(LookAtCopies) }).LookAtCopies(w) }
func (w CopiesLookedAt) To(t Table) {
	t.(interface{ CopiesLookedAt(CopiesLookedAt) }).CopiesLookedAt(w)
}
func (w UseReward) To(t Table)     { t.(interface{ UseReward(UseReward) }).UseReward(w) }
func (w UseByCustomer) To(t Table) { t.(interface{ UseByCustomer(UseByCustomer) }).UseByCustomer(w) }

// codeMeant is the code that a customer means by a text, or with none whether there
// is one of other customers. Codes of deleted rewards are gone like them. One more
// request where nobody's code is found but customers had some, and with counts where
// two are found.
func (w work) codeMeant(ctx context.Context, u reward.Use, found reward.Text, counts bool) (code *reward.PromoCode, ofOthers bool, err error) {
	gone := func(p reward.PromoCode) bool { return w.rewardOf(&p, "") == nil }
	given := found.Given > 0
	found = found.Without(gone)
	var used map[string]RewardCount
	if counts && len(found.Of) > 0 && found.Anybody != nil {
		rewards := slices.Compact([]string{found.Of[0].RewardID, found.Anybody.RewardID})
		if used, err = w.Store.RewardCounts(ctx, w.caller.Env, rewards...); err != nil {
			return nil, false, err
		}
	}
	code = found.Find(u.CustomerID, func(p reward.PromoCode) bool {
		return p.Status(w.rewardOf(&p, ""), used[p.RewardID].Used, w.caller.Now) == reward.Active
	})
	if code != nil || !given {
		return code, false, nil
	}
	all, err := w.Store.AllCodes(ctx, w.caller.Env, u.Text)
	return nil, len(all.Without(gone).Of) > 0, err
}
