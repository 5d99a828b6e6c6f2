package dynamo

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

const sidePrefix = "REDEMPTION#"

// A redemption is in the list index by its status, its `redeemed` row by its program, and
// the row in the redeemer's history among all.
func init() {
	declare(kind{
		name: "redemption", pk: "<env>#REDEMPTION#<id>", sk: "REDEMPTION", version: 1,
	})
}

func (t *transaction) NewRedemption(w app.NewRedemption) {
	r := w.Redemption
	redeemed, brought := newRow(redeemedKey(t.env, r.ProgramID, r.RedeemerInternalID)), newRow(broughtKey(t.env, r))
	redeemed.setText("redemption", r.ID)
	inList(redeemed, redemptionsPK(t.env, "", r.ProgramID), r)
	brought.setText("redemption", r.ID)
	brought.setText("referrer", r.ReferrerInternalID)
	side := newRow(sideKey(t.env, r.ReferrerInternalID, r))
	side.setText("facing", r.RedeemerID)
	t.add(append(t.newRedemption(r), t.put(redeemed, isNew, nil), t.put(brought, whenever, nil), t.put(side, whenever, nil))...)
}

func (t *transaction) NewCodeRedemption(w app.NewCodeRedemption) {
	t.add(t.newRedemption(w.Redemption)...)
}

func (t *transaction) SaveRedemption(w app.SaveRedemption) { t.add(t.saveRedemption(w.Redemption)) }

// The history of each side names it, and whose it is on the other one.
func init() {
	declareAlone("redemption of both", "<env>#LOG#<internal id>", sidePrefix+"<ms>#<id>")
}

// A customer redeems once in a program.
func init() {
	declareAlone("redeemed", "<env>#REDEEMED#<program>#<cus>", "REDEEMED")
}

func (t table) newRedemption(r referral.Redemption) items {
	side := newRow(sideKey(t.env, r.RedeemerInternalID, r))
	side.setText("facing", r.ReferrerID)
	inList(side, redemptionsPK(t.env, "", ""), r)
	side.setFlag("counted", true)
	return items{t.put(t.redemptionRow(r), isNew, nil), t.put(side, whenever, nil), t.redeemedOn(r.CreatedAt, r.ID)}
}

// saveRedemption puts the next version. A redemption of before there were versions has
// none.
func (t table) saveRedemption(r referral.Redemption) types.TransactWriteItem {
	if r.Version == 0 {
		return t.put(t.redemptionRow(r), isThere+" AND attribute_not_exists(ver)", nil)
	}
	return t.put(t.redemptionRow(r), "ver = :ver", values{":ver": integer(r.Version)})
}

func (t table) redemptionRow(r referral.Redemption) row {
	out := newRow(lookUp(t.env, "REDEMPTION", r.ID))
	out.setJSON("data", r)
	out.setInt("ver", r.Version+1)
	inList(out, redemptionsPK(t.env, r.Status, ""), r)
	return out
}

// sideKey notes a redemption in the history of one of its two sides.
func sideKey(env catalog.Env, internalID string, r referral.Redemption) key {
	return key{logPK(env, internalID), sidePrefix + redemptionSK(r)}
}

func redemptionSK(r referral.Redemption) string {
	return fmt.Sprintf("%015d#%s", r.CreatedAt.UnixMilli(), r.ID)
}

func redeemedKey(env catalog.Env, program, internalID string) key {
	return lookUp(env, "REDEEMED", program+"#"+internalID)
}

// Redeemed implements app.ReferralStore.
func (s *Store) Redeemed(ctx context.Context, env catalog.Env, programID, internalID string) (bool, error) {
	r, err := s.get(ctx, redeemedKey(env, programID, internalID))
	return len(r) > 0, err
}

// Redemption implements app.ReferralStore.
func (s *Store) Redemption(ctx context.Context, env catalog.Env, id string) (referral.Redemption, bool, error) {
	r, err := s.get(ctx, lookUp(env, "REDEMPTION", id))
	if err != nil || len(r) == 0 {
		return referral.Redemption{}, false, err
	}
	out, err := readRedemption(r)
	return out, err == nil, err
}

// readRedemption reads a redemption, also in the form that had no statuses: three marks,
// in the data or beside it.
func readRedemption(r row) (out referral.Redemption, err error) {
	if err = r.json("data", &out); err != nil {
		return out, err
	}
	if out.Version = r.int("ver"); out.Status != "" {
		return out, nil
	}
	var marks struct {
		Triggered       bool `json:"triggered"`
		Applied         bool `json:"applied"`
		RedeemerApplied bool `json:"redeemer_applied"`
	}
	if err = r.json("data", &marks); err != nil {
		return out, err
	}
	updated := out.UpdatedAt
	out = out.Marked(marks.Triggered || r.flag("triggered"), marks.Applied || r.flag("applied"), marks.RedeemerApplied || r.flag("redeemer_applied"))
	if out.UpdatedAt = updated; !r.time("updated").IsZero() {
		out.UpdatedAt = r.time("updated")
	}
	return out, nil
}

const redeemedPrefix = "REDEEMED#"

// A redemption waits with the redeemer for the purchase that sets it off, or until a hold
// is over.
func init() {
	declare(kind{
		name: "open redemption", pk: "<env>#CUS#<key>", sk: redeemedPrefix + "<redemption>", version: 1,
		state: func(s *billing.State, r row) error {
			open, err := readRedemption(r)
			s.Redeemed = append(s.Redeemed, open)
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, open := range w.Redeemed {
				out = append(out, t.remove(openKey(t.env, w.Key, open.ID), isThere, nil))
			}
			return out
		},
	})
}

func (t *transaction) OpenRedemption(w app.OpenRedemption) {
	r := newRow(openKey(t.env, w.Key, w.Redemption.ID))
	r.setJSON("data", w.Redemption)
	r.setInt("ver", w.Redemption.Version+1) // the redemption's own, which is saved with it
	r.setDue(t.env, w.Key, w.Due, w.Redemption.ID)
	if w.Redemption.Status == referral.Held {
		r.waits(t.env, app.Held, w.Redemption.CreatedAt, w.Redemption.ID)
	}
	if w.Again {
		t.add(t.put(r, isThere, nil))
		return
	}
	t.add(t.put(r, isNew, nil))
}

func (t *transaction) CloseRedemption(w app.CloseRedemption) {
	t.add(t.remove(openKey(t.env, w.Key, w.ID), isThere, nil))
}

func openKey(env catalog.Env, customerKey, redemption string) key {
	return key{customerPK(env, customerKey), redeemedPrefix + redemption}
}
