package dynamo

import (
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
)

func (t table) rewardItems(w app.Write) items {
	switch w := w.(type) {
	case app.SaveReward:
		r := newRow(catalogKey(t.env, rewardPrefix, w.Reward.ID))
		r.setJSON("data", w.Reward)
		return items{t.put(r, newOrThere(w.New), nil)}
	case app.DeleteReward:
		out := items{t.remove(catalogKey(t.env, rewardPrefix, w.Reward.ID), isThere, nil)}
		for _, c := range w.Reward.PromoCodes {
			out = append(out, t.remove(codeKey(t.env, c.Code, "PROMOTION"), whenever, nil))
		}
		return out
	case app.ReservePromoCode:
		r := newRow(codeKey(t.env, w.Code, "PROMOTION"))
		r.setText("reward", w.RewardID)
		return items{t.put(r, isNew+" OR reward = :reward", values{":reward": text(w.RewardID)})}
	case app.ReleasePromoCode:
		return items{t.remove(codeKey(t.env, w.Code, "PROMOTION"), isNew+" OR reward = :reward", values{":reward": text(w.RewardID)})}
	case app.SaveProgram:
		r := newRow(catalogKey(t.env, programPrefix, w.Program.ID))
		r.setJSON("data", w.Program)
		return items{t.put(r, newOrThere(w.New), nil)}
	case app.DeleteProgram:
		return items{t.remove(catalogKey(t.env, programPrefix, w.ID), isThere, nil)}
	}
	return t.referralItems(w)
}

func (t table) referralItems(w app.Write) items {
	switch w := w.(type) {
	case app.NewReferralCode:
		code, own := newRow(codeKey(t.env, w.Code.Code, "REFERRAL")), newRow(ownCodeKey(t.env, w.Code.OwnerID, w.Code.ProgramID))
		code.setJSON("data", w.Code)
		own.setJSON("data", w.Code)
		return items{t.put(own, isNew, nil), t.put(code, isNew, nil)}
	case app.MoveReferralCode:
		own := newRow(ownCodeKey(t.env, w.Code.OwnerID, w.Code.ProgramID))
		own.setJSON("data", w.Code)
		return items{t.put(own, isNew, nil), t.update(codeKey(t.env, w.Code.Code, "REFERRAL"), "SET cus = :cus", isThere, values{":cus": text(w.Code.OwnerID)})}
	case app.CountRedemption:
		k := codeKey(t.env, w.Code, "REFERRAL")
		if w.Max == 0 {
			return items{t.update(k, "ADD triggered :one", isThere, values{":one": integer(1)})}
		}
		return items{t.update(k, "ADD triggered :one", isThere+" AND (attribute_not_exists(triggered) OR triggered < :max)",
			values{":one": integer(1), ":max": integer(int64(w.Max))})}
	case app.NewRedemption:
		id, redeemed := newRow(lookUp(t.env, "REDEMPTION", w.Redemption.ID)), newRow(redeemedKey(t.env, w.Redemption.ProgramID, w.Redemption.RedeemerInternalID))
		id.setJSON("data", w.Redemption)
		redeemed.setText("redemption", w.Redemption.ID)
		return items{t.put(redeemed, isNew, nil), t.put(id, isNew, nil),
			t.put(newRow(sideKey(t.env, w.Redemption.ReferrerInternalID, w.Redemption)), whenever, nil),
			t.put(newRow(sideKey(t.env, w.Redemption.RedeemerInternalID, w.Redemption)), whenever, nil)}
	case app.OpenRedemption:
		r := newRow(openKey(t.env, w.Key, w.Redemption.ID))
		r.setJSON("data", w.Redemption)
		return items{t.put(r, isNew, nil)}
	case app.CloseRedemption:
		return items{t.remove(openKey(t.env, w.Key, w.ID), isThere, nil)}
	}
	return t.rewardedItems(w)
}

// rewardedItems are what the two sides of a redemption get.
func (t table) rewardedItems(w app.Write) items {
	switch w := w.(type) {
	case app.TriggerRedemption:
		return items{t.noteRedemption(w.Redemption.ID, isThere+" AND attribute_not_exists(triggered)", w.Now, map[string]bool{
			"triggered": true, "applied": w.Redemption.Applied, "redeemer_applied": w.Redemption.RedeemerApplied})}
	case app.QueueReward:
		r := newRow(queuedKey(t.env, w.Key, w.Queued))
		r.setJSON("data", w.Queued)
		r.setDue(t.env, w.Key, w.Queued.NextCheckAt, w.Queued.RedemptionID)
		return items{t.put(r, whenever, nil)}
	case app.UnqueueReward:
		return items{t.remove(queuedKey(t.env, w.Key, w.Queued), isThere, nil)}
	case app.ApplyRedemption:
		return items{t.noteRedemption(w.ID, isThere, w.Now, map[string]bool{
			"applied": w.Side == billing.BranchReferrer, "redeemer_applied": w.Side == billing.BranchRedeemer})}
	}
	return nil
}

// noteRedemption sets those marks of a redemption that are true; none is ever
// taken back.
func (t table) noteRedemption(id, condition string, now time.Time, marks map[string]bool) types.TransactWriteItem {
	set := "SET updated = :now"
	for _, name := range slices.Sorted(maps.Keys(marks)) {
		if marks[name] {
			set += ", " + name + " = :yes"
		}
	}
	return t.update(lookUp(t.env, "REDEMPTION", id), set, condition, values{":yes": flag(true), ":now": millis(now)})
}

// newOrThere is the condition of a row that is made once and then changed: a
// change must not bring back what was deleted meanwhile.
func newOrThere(first bool) string {
	if first {
		return isNew
	}
	return isThere
}
