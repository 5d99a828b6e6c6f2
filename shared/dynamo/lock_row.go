package dynamo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// lockKept is how long a lock is remembered after it has ended.
const lockKept = 30 * 24 * time.Hour

func init() {
	declareAlone("lock", "<env>#LOCK#<hash>", "LOCK")
}

func lockKey(env catalog.Env, id string) key { return lookUp(env, "LOCK", hashed(id)) }

// A lock is kept by its own id, as that is all that its end is asked with. What it reserves
// is in the rows of the balances.
func (t *transaction) NewLock(w app.NewLock) {
	r := lockRow(t.env, w.Lock)
	t.add(t.put(r, isNew+" OR #ttl <= :sec", values{":sec": integer(w.Now.Unix())}))
	t.items[len(t.items)-1].Put.ExpressionAttributeNames = map[string]string{"#ttl": "ttl"}
}

func (t *transaction) EndLock(w app.EndLock) {
	t.add(t.put(lockRow(t.env, w.Lock), "cus = :cus AND attribute_not_exists(ended)", values{":cus": text(w.Lock.CustomerKey)}))
}

func (t *transaction) MoveLock(w app.MoveLock) {
	t.add(t.update(lockKey(t.env, w.ID), "SET cus = :cus", isThere+" AND attribute_not_exists(ended)", values{":cus": text(w.Key)}))
}

func lockRow(env catalog.Env, l app.Lock) row {
	r := newRow(lockKey(env, l.ID))
	r.setText("cus", l.CustomerKey)
	r.setJSON("data", l)
	r.setText("ended", string(l.Ended))
	r.setInt("ttl", l.Expires.Add(lockKept).Unix())
	return r
}

// Lock implements app.LockStore.
func (s *Store) Lock(ctx context.Context, env catalog.Env, id string, now time.Time) (l app.Lock, found bool, err error) {
	r, err := s.get(ctx, lockKey(env, id))
	if err != nil || len(r) == 0 || r.int("ttl") <= now.Unix() {
		return l, false, err
	}
	if err := r.json("data", &l); err != nil {
		return l, false, err
	}
	l.CustomerKey = r.text("cus")
	return l, true, nil
}

// reservedMap writes a reservation: lock, feature, units, end.
func reservedMap(v entitlement.Reservation) row {
	r := row{}
	r.setText("k", v.LockID)
	r.setText("f", v.FeatureID)
	r.setExact("u", v.Units)
	r.setTime("x", v.Expires)
	return r
}

func readReservation(r row) (entitlement.Reservation, error) {
	units, err := r.exact("u")
	return entitlement.Reservation{LockID: r.text("k"), FeatureID: r.text("f"), Units: units, Expires: r.time("x")}, err
}

func reservedList(all []entitlement.Reservation) types.AttributeValue {
	return listOf(len(all), func(i int) row { return reservedMap(all[i]) })
}

// lateList writes reservations of past periods: the same, with grant and end of the period.
func lateList(all []entitlement.LateReservation) types.AttributeValue {
	return listOf(len(all), func(i int) row {
		r := reservedMap(all[i].Reservation)
		r.setText("i", all[i].GrantID)
		r.setTime("o", all[i].Over)
		return r
	})
}

// pastList writes past periods: grant, start, end, granted, used, last closing.
func pastList(all []entitlement.PastPeriod) types.AttributeValue {
	return listOf(len(all), func(i int) row {
		p, r := all[i], row{}
		r.setText("i", p.GrantID)
		r.setTime("f", p.Period.Start)
		r.setTime("t", p.Period.End)
		r.setExact("n", p.Granted)
		r.setExact("u", p.Used)
		r.setTime("l", p.Last)
		return r
	})
}

func listOf(n int, of func(int) row) types.AttributeValue {
	list := make([]types.AttributeValue, n)
	for i := range list {
		list[i] = &types.AttributeValueMemberM{Value: of(i)}
	}
	return &types.AttributeValueMemberL{Value: list}
}

// rowsIn reads a list of maps; none if it is not there.
func rowsIn(r row, name string) (rows []row, err error) {
	list, _ := r[name].(*types.AttributeValueMemberL)
	if list == nil {
		return nil, nil
	}
	for _, v := range list.Value {
		m, ok := v.(*types.AttributeValueMemberM)
		if !ok {
			return nil, fmt.Errorf("an entry of %s is %T", name, v)
		}
		rows = append(rows, m.Value)
	}
	return rows, nil
}

func readReserved(r row, name string) (all []entitlement.Reservation, err error) {
	rows, err := rowsIn(r, name)
	for _, r := range rows {
		v, err := readReservation(r)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, err
}

func readLate(r row) (late []entitlement.LateReservation, past []entitlement.PastPeriod, err error) {
	rows, err := rowsIn(r, "late")
	if err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		v, err := readReservation(r)
		if err != nil {
			return nil, nil, err
		}
		late = append(late, entitlement.LateReservation{Reservation: v, GrantID: r.text("i"), Over: r.time("o")})
	}
	if rows, err = rowsIn(r, "past"); err != nil {
		return nil, nil, err
	}
	for _, r := range rows {
		p := entitlement.PastPeriod{GrantID: r.text("i"), Period: money.Period{Start: r.time("f"), End: r.time("t")}, Last: r.time("l")}
		if p.Granted, err = r.exact("n"); err != nil {
			return nil, nil, err
		}
		if p.Used, err = r.exact("u"); err != nil {
			return nil, nil, err
		}
		past = append(past, p)
	}
	return late, past, nil
}
