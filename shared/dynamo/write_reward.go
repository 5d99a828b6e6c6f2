package dynamo

import (
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
		return items{t.put(redeemed, isNew, nil), t.put(id, isNew, nil)}
	case app.QueueReward:
		r := newRow(queuedKey(t.env, w.Key, w.Queued))
		r.setJSON("data", w.Queued)
		r.setDue(t.env, w.Key, w.Queued.LookAt, w.Queued.RedemptionID)
		return items{t.put(r, whenever, nil)}
	case app.UnqueueReward:
		return items{t.remove(queuedKey(t.env, w.Key, w.Queued), isThere, nil)}
	case app.ApplyRedemption:
		side := "applied"
		if w.Side == billing.BranchRedeemer {
			side = "redeemer_applied"
		}
		return items{t.update(lookUp(t.env, "REDEMPTION", w.ID), "SET "+side+" = :yes, updated = :now", isThere,
			values{":yes": flag(true), ":now": millis(w.Now)})}
	}
	return nil
}

// newOrThere is the condition of a row that is made once and then changed: a
// change must not bring back what was deleted meanwhile.
func newOrThere(first bool) string {
	if first {
		return isNew
	}
	return isThere
}
