package dynamo

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/reward"
)

const countSK = "COUNT"

// How often a reward was used, by all and by one customer. The counts move in the
// transaction that gives. The reward's own limits stand beside its count, as they
// are now: a use is decided on a catalog that may be some seconds old. What copies of
// its codes hold at Stripe is taken off the limit there.
func init() {
	declare(kind{
		name: "uses of a reward", pk: "<env>#REWARD#<internal id>", sk: countSK, version: 1,
	})
}

func (t *transaction) UseReward(w app.UseReward) {
	t.add(t.update(usesKey(t.env, w.Reward), "ADD used :one", isThere+" AND attribute_not_exists(gone)"+
		" AND (attribute_not_exists(most) OR used < most OR attribute_not_exists(used) AND most > :none) AND (attribute_not_exists(ends) OR ends > :now)",
		values{":one": integer(1), ":none": integer(0), ":now": millis(w.Now)}))
}

func (t *transaction) CountReward(w app.CountReward) {
	k := key{rewardPK(t.env, w.InternalID), countSK}
	v := values{":form": newRow(k)[formVersion], ":one": integer(1)}
	switch {
	case w.Held && w.Unlimited:
		v[":less"] = integer(-1)
		t.add(t.update(k, "SET v = :form ADD used :one, held :less", isThere+" AND attribute_not_exists(most)", v))
		return
	case w.Held:
		v[":less"] = integer(-1)
		t.add(t.update(k, "SET v = :form ADD used :one, most :one, held :less", isThere+" AND attribute_exists(most)", v))
		return
	}
	t.add(t.unconditional(k, "SET v = :form ADD used :one", v))
}

func (t *transaction) HoldReward(w app.HoldReward) {
	k := key{rewardPK(t.env, w.InternalID), countSK}
	if w.Unlimited {
		t.add(t.update(k, "ADD held :held", isThere+" AND attribute_not_exists(most)", values{":held": integer(int64(w.Held))}))
		return
	}
	v := values{":held": integer(int64(w.Held)), ":less": integer(int64(-w.Held))}
	condition := isThere + " AND attribute_exists(most)"
	if w.Uses != nil {
		condition += stillAt(v, "used", int64(w.Uses.All)) + stillAt(v, "held", int64(w.Uses.Held))
	}
	t.add(t.update(k, "ADD held :held, most :less", condition, v))
}

func (t *transaction) UseByCustomer(w app.UseByCustomer) {
	t.add(t.count(usesByKey(t.env, w.RewardID, w.Code, w.CustomerID), "n", w.Max))
}

// A use that came to nothing is taken back from every count.
func (t *transaction) ReturnUse(w app.ReturnUse) {
	g, v := w.Given, values{":less": integer(-1)}
	back := func(k key, name string) types.TransactWriteItem { return t.update(k, "ADD "+name+" :less", isThere, v) }
	out := items{back(key{rewardPK(t.env, g.InternalID), countSK}, "used"), back(usesByKey(t.env, g.InternalID, "", g.CustomerID), "n")}
	if g.CodeCounted {
		out = append(out, back(usesByKey(t.env, g.InternalID, g.Code, g.CustomerID), "n"))
	}
	if w.CodeVersion > 0 {
		code := reward.PromoCode{Code: g.Code, CustomerID: g.CodeOf}
		again, v := t.dueAtOnce(code, w.Due) // Stripe may have it, too
		v[":less"], v[":was"] = integer(-1), integer(w.CodeVersion)
		out = append(out, marked(t.update(promoCodeKey(t.env, code), "SET "+again+" ADD used :less", "ver = :was", v)))
	}
	t.add(out...)
}

func usesKey(env catalog.Env, r catalog.Reward) key {
	return key{rewardPK(env, r.InternalID), countSK}
}

// limitUses writes the limits of a reward beside its count, and what codes it gets.
func (t table) limitUses(w app.SaveReward) types.TransactWriteItem {
	r := w.Reward
	k := usesKey(t.env, r)
	v := values{":form": newRow(k)[formVersion]}
	set, remove := "SET v = :form", ""
	if r.Max > 0 {
		set, v[":most"], v[":none"] = set+", most = :most - if_not_exists(held, :none)", integer(int64(r.Max)), integer(0)
	} else {
		remove = " REMOVE most"
	}
	switch {
	case !r.RedeemBy.IsZero():
		set, v[":ends"] = set+", ends = :ends", millis(r.RedeemBy)
	case remove == "":
		remove = " REMOVE ends"
	default:
		remove += ", ends"
	}
	w.Made.Before.Counted = w.Made.Before.Counted || r.Version == 0
	return t.unconditional(k, set+codesMade(v, w.Made)+remove, v)
}

// codesMade goes on with an expression that sets something. The codes of a reward of before codes were counted are counted
// apart, until the upgrade has counted all.
func codesMade(v values, m app.CodesMade) string {
	if !m.Before.Counted && len(m.Texts) == 0 {
		return ""
	}
	if !m.Before.Counted {
		v[":no_codes"], v[":made"] = integer(0), integer(int64(len(m.Texts)))
		return ", late_codes = if_not_exists(late_codes, :no_codes) + :made"
	}
	var first []types.AttributeValue
	for _, code := range m.First() {
		first = append(first, text(code))
	}
	v[":no_codes"], v[":made"], v[":first"] = integer(0), integer(int64(len(m.Texts))), list(first)
	return ", codes = if_not_exists(codes, :no_codes) + :made, first_codes = :first"
}

func (t *transaction) CountCodes(w app.CountCodes) {
	k := key{rewardPK(t.env, w.RewardID), countSK}
	v := values{":form": newRow(k)[formVersion]}
	t.add(t.unconditional(k, "SET v = :form"+codesMade(v, w.Made), v))
}

// RewardCounts implements app.RewardStore.
func (s *Store) RewardCounts(ctx context.Context, env catalog.Env, rewardIDs ...string) (map[string]app.RewardCount, error) {
	keys := make([]map[string]types.AttributeValue, len(rewardIDs))
	for i, id := range rewardIDs {
		keys[i] = key{rewardPK(env, id), countSK}.attributes()
	}
	rows, err := s.batch(ctx, keys)
	counts := map[string]app.RewardCount{}
	for _, r := range rows {
		counts[strings.TrimPrefix(r.text("PK"), rewardPK(env, ""))] = app.RewardCount{Used: int(r.int("used")), Counted: r["codes"] != nil, Codes: int(r.int("codes") + r.int("late_codes")), First: r.texts("first_codes")}
	}
	return counts, err
}

// endUses ends the uses of a reward that is deleted.
func (t table) endUses(r catalog.Reward) types.TransactWriteItem {
	k := usesKey(t.env, r)
	return t.unconditional(k, "SET v = :form, gone = :yes", values{":form": newRow(k)[formVersion], ":yes": flag(true)})
}

func (t table) unconditional(k key, expression string, v values) types.TransactWriteItem {
	item := t.update(k, expression, "", v)
	item.Update.ConditionExpression = nil
	return item
}

// usesByKey is the count of a customer's uses of a reward, or of one code of it.
func usesByKey(env catalog.Env, rewardID, code, customerID string) key {
	if code != "" {
		rewardID += "." + code
	}
	return redeemedKey(env, rewardID, customerID)
}

// count adds one to a count, below its limit; 0 is no limit.
func (t table) count(k key, name string, limit int) types.TransactWriteItem {
	v := values{":one": integer(1), ":form": newRow(k)[formVersion]}
	add := "SET v = :form ADD " + name + " :one"
	if limit == 0 {
		return t.unconditional(k, add, v)
	}
	v[":max"] = integer(int64(limit))
	return t.update(k, add, "attribute_not_exists("+name+") OR "+name+" < :max", v)
}

// UsesBy implements app.RewardStore.
func (s *Store) UsesBy(ctx context.Context, env catalog.Env, rewardID, code, customerID string) (u reward.Uses, err error) {
	all, by, of := key{rewardPK(env, rewardID), countSK}, usesByKey(env, rewardID, "", customerID), usesByKey(env, rewardID, code, customerID)
	keys := []map[string]types.AttributeValue{all.attributes(), by.attributes()}
	if code != "" {
		keys = append(keys, of.attributes())
	}
	rows, err := s.batch(ctx, keys)
	for _, r := range rows {
		switch r.text("PK") {
		case all.PK:
			u.All, u.Held = int(r.int("used")), int(r.int("held"))
		case by.PK:
			u.ByCustomer = int(r.int("n"))
		case of.PK:
			u.OfCode = int(r.int("n"))
		}
	}
	return u, err
}
