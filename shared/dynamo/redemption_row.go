package dynamo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const sidePrefix = "REDEMPTION#"

func init() {
	declare(kind{
		name: "redemption", pk: "<env>#REDEMPTION#<id>", sk: "REDEMPTION", version: 1,
		writes: []handler{
			on(func(t table, w app.NewRedemption) items {
				id, redeemed := newRow(lookUp(t.env, "REDEMPTION", w.Redemption.ID)), newRow(redeemedKey(t.env, w.Redemption.ProgramID, w.Redemption.RedeemerInternalID))
				id.setJSON("data", w.Redemption)
				redeemed.setText("redemption", w.Redemption.ID)
				return items{t.put(redeemed, isNew, nil), t.put(id, isNew, nil),
					t.put(newRow(sideKey(t.env, w.Redemption.ReferrerInternalID, w.Redemption)), whenever, nil),
					t.put(newRow(sideKey(t.env, w.Redemption.RedeemerInternalID, w.Redemption)), whenever, nil)}
			}),
			on(func(t table, w app.NewCodeRedemption) items {
				id := newRow(lookUp(t.env, "REDEMPTION", w.Redemption.ID))
				id.setJSON("data", w.Redemption)
				return items{t.put(id, isNew, nil), t.put(newRow(sideKey(t.env, w.Redemption.RedeemerInternalID, w.Redemption)), whenever, nil)}
			}),
			on(func(t table, w app.TriggerRedemption) items {
				return items{t.noteRedemption(w.Redemption.ID, isThere+" AND attribute_not_exists(triggered)", w.Now, map[string]bool{
					"triggered": true, "applied": w.Redemption.Applied, "redeemer_applied": w.Redemption.RedeemerApplied})}
			}),
			on(func(t table, w app.ApplyRedemption) items {
				return items{t.noteRedemption(w.ID, isThere, w.Now, map[string]bool{
					"applied": w.Side == billing.BranchReferrer, "redeemer_applied": w.Side == billing.BranchRedeemer})}
			}),
		},
	})
}

// The history of each side names it.
func init() {
	declare(kind{name: "redemption of both", pk: "<env>#LOG#<internal id>", sk: sidePrefix + "<ms>#<id>", version: 1})
}

// A customer redeems once in a program.
func init() {
	declare(kind{name: "redeemed", pk: "<env>#REDEEMED#<program>#<cus>", sk: "REDEEMED", version: 1})
}

// sideKey notes a redemption in the history of one of its two sides.
func sideKey(env catalog.Env, internalID string, r catalog.Redemption) key {
	return key{logPK(env, internalID), fmt.Sprintf("%s%015d#%s", sidePrefix, r.CreatedAt.UnixMilli(), r.ID)}
}

func redeemedKey(env catalog.Env, program, internalID string) key {
	return lookUp(env, "REDEEMED", program+"#"+internalID)
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

// Redeemed implements app.Store.
func (s *Store) Redeemed(ctx context.Context, env catalog.Env, programID, internalID string) (bool, error) {
	r, err := s.get(ctx, redeemedKey(env, programID, internalID))
	return len(r) > 0, err
}

// Redemption implements app.Store. What happened since it was made stands
// beside it, as both sides may get their reward at the same moment.
func (s *Store) Redemption(ctx context.Context, env catalog.Env, id string) (catalog.Redemption, bool, error) {
	r, err := s.get(ctx, lookUp(env, "REDEMPTION", id))
	if err != nil || len(r) == 0 {
		return catalog.Redemption{}, false, err
	}
	out, err := readRedemption(r)
	return out, err == nil, err
}

func readRedemption(r row) (out catalog.Redemption, err error) {
	if err := r.json("data", &out); err != nil {
		return out, err
	}
	out.Triggered = out.Triggered || r.flag("triggered")
	out.Applied = out.Applied || r.flag("applied")
	out.RedeemerApplied = out.RedeemerApplied || r.flag("redeemer_applied")
	if at := r.time("updated"); !at.IsZero() {
		out.UpdatedAt = at
	}
	return out, nil
}
