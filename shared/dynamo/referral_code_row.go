package dynamo

import (
	"context"
	"strings"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const ownCodePrefix = "REFERRAL#"

// A code is found by its text, and with its owner by the program.
func init() {
	declare(kind{
		name: "referral code", pk: "<env>#CODE#<CODE>", sk: "REFERRAL", version: 1,
		writes: []handler{
			on(func(t table, w app.NewReferralCode) items {
				code, own := newRow(codeKey(t.env, w.Code.Code, "REFERRAL")), newRow(ownCodeKey(t.env, w.Code.OwnerID, w.Code.ProgramID))
				code.setJSON("data", w.Code)
				own.setJSON("data", w.Code)
				return items{t.put(own, isNew, nil), t.put(code, isNew, nil)}
			}),
			on(func(t table, w app.MoveReferralCode) items {
				own := newRow(ownCodeKey(t.env, w.Code.OwnerID, w.Code.ProgramID))
				own.setJSON("data", w.Code)
				return items{t.put(own, isNew, nil), t.update(codeKey(t.env, w.Code.Code, "REFERRAL"), "SET cus = :cus", isThere, values{":cus": text(w.Code.OwnerID)})}
			}),
			on(func(t table, w app.CountRedemption) items {
				k := codeKey(t.env, w.Code, "REFERRAL")
				if w.Max == 0 {
					return items{t.update(k, "ADD triggered :one", isThere, values{":one": integer(1)})}
				}
				return items{t.update(k, "ADD triggered :one", isThere+" AND (attribute_not_exists(triggered) OR triggered < :max)",
					values{":one": integer(1), ":max": integer(int64(w.Max))})}
			}),
		},
	})
}

func init() {
	declare(kind{
		name: "own referral code", pk: "<env>#CUS#<key>", sk: ownCodePrefix + "<program>", version: 1,
		state: func(s *billing.State, r row) error {
			var c catalog.ReferralCode
			err := r.json("data", &c)
			s.Codes = append(s.Codes, c)
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, c := range w.Codes {
				out = append(out, t.remove(ownCodeKey(t.env, w.Key, c.ProgramID), whenever, nil))
			}
			return out
		},
	})
}

func codeKey(env catalog.Env, code, kind string) key {
	return key{string(env) + "#CODE#" + strings.ToUpper(code), kind}
}

func ownCodeKey(env catalog.Env, customerKey, program string) key {
	return key{customerPK(env, customerKey), ownCodePrefix + program}
}

// ReferralCode implements app.Store. The counter and the owner's present key
// stand beside the code, since they change.
func (s *Store) ReferralCode(ctx context.Context, env catalog.Env, code string) (catalog.ReferralCode, bool, error) {
	r, err := s.get(ctx, codeKey(env, code, "REFERRAL"))
	if err != nil || len(r) == 0 {
		return catalog.ReferralCode{}, false, err
	}
	var c catalog.ReferralCode
	if err := r.json("data", &c); err != nil {
		return c, false, err
	}
	c.Triggered = int(r.int("triggered"))
	if moved := r.text("cus"); moved != "" {
		c.OwnerID = moved
	}
	return c, true, nil
}

// ReferralCodeOf implements app.Store.
func (s *Store) ReferralCodeOf(ctx context.Context, env catalog.Env, customerKey, programID string) (catalog.ReferralCode, bool, error) {
	r, err := s.get(ctx, ownCodeKey(env, customerKey, programID))
	if err != nil || len(r) == 0 {
		return catalog.ReferralCode{}, false, err
	}
	var c catalog.ReferralCode
	return c, true, r.json("data", &c)
}
