package dynamo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const ownCodePrefix = "REFERRAL#"

// A code is found by its text, and with its owner by the program.
func init() {
	declare(kind{
		name: "referral code", pk: "<env>#CODE#<CODE>", sk: "REFERRAL", version: 1,
	})
}

func (t *transaction) NewReferralCode(w app.NewReferralCode) {
	code := newRow(codeKey(t.env, w.Code.Code, "REFERRAL"))
	code.setJSON("data", w.Code)
	t.add(t.put(t.ownCode(w.Code), isNew, nil), t.put(code, isNew, nil))
}

// ownCode is the owner's row of a code. It is the one in the list of codes, so that a code
// leaves the list with its owner.
func (t table) ownCode(c catalog.ReferralCode) row {
	own := newRow(ownCodeKey(t.env, c.OwnerID, c.ProgramID))
	own.setJSON("data", c)
	listCode(own, t.env, c.CreatedAt, c.Code, c.ProgramID)
	return own
}

func (t *transaction) MoveReferralCode(w app.MoveReferralCode) {
	t.add(t.put(t.ownCode(w.Code), isNew, nil), t.update(codeKey(t.env, w.Code.Code, "REFERRAL"), "SET cus = :cus", isThere, values{":cus": text(w.Code.OwnerID)}))
}

func (t *transaction) SetReferralCode(w app.SetReferralCode) {
	k := ownCodeKey(t.env, w.Code.OwnerID, w.Code.ProgramID)
	set, v, data := "REMOVE inactive", values(nil), newRow(k)
	if w.Code.Inactive {
		set, v = "SET inactive = :yes", values{":yes": flag(true)}
	}
	data.setJSON("data", w.Code)
	own := t.update(k, "SET #data = :data", isThere, values{":data": data["data"]})
	own.Update.ExpressionAttributeNames = map[string]string{"#data": "data"}
	t.add(own, t.update(codeKey(t.env, w.Code.Code, "REFERRAL"), set, isThere, v))
}

func (t *transaction) CountRedemption(w app.CountRedemption) {
	set, condition, v := "ADD triggered :some", isThere, values{":some": integer(int64(w.Places))}
	if w.Max > 0 && w.Places > 0 {
		condition += " AND (attribute_not_exists(triggered) OR triggered < :max)"
		v[":max"] = integer(int64(w.Max))
	}
	if w.Recent != nil {
		set, v[":recent"] = "SET recent = :recent "+set, text(timesText(w.Recent))
		if len(w.Before) == 0 {
			condition += " AND attribute_not_exists(recent)"
		} else {
			condition += " AND recent = :before"
			v[":before"] = text(timesText(w.Before))
		}
	}
	t.add(t.update(codeKey(t.env, w.Code, "REFERRAL"), set, condition, v))
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

// timesText is moments in milliseconds, in their order.
func timesText(times []time.Time) string {
	var out []string
	for _, at := range times {
		out = append(out, strconv.FormatInt(at.UnixMilli(), 10))
	}
	return strings.Join(out, " ")
}

func timesIn(stored string) (times []time.Time) {
	for _, ms := range strings.Fields(stored) {
		if n, err := strconv.ParseInt(ms, 10, 64); err == nil {
			times = append(times, time.UnixMilli(n).UTC())
		}
	}
	return times
}

// ReferralCode implements app.Store. The counter and the owner's present key
// stand beside the code, since they change.
func (s *Store) ReferralCode(ctx context.Context, env catalog.Env, code string) (catalog.ReferralCode, bool, error) {
	r, err := s.get(ctx, codeKey(env, code, "REFERRAL"))
	if err != nil || len(r) == 0 {
		return catalog.ReferralCode{}, false, err
	}
	c, err := readReferralCode(r)
	return c, err == nil, err
}

func readReferralCode(r row) (c catalog.ReferralCode, err error) {
	err = r.json("data", &c)
	c.Triggered, c.Recent, c.Inactive = int(r.int("triggered")), timesIn(r.text("recent")), r.flag("inactive")
	if moved := r.text("cus"); moved != "" {
		c.OwnerID = moved
	}
	return c, err
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
