package dynamo

import (
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
)

const creditsSK = "CREDITS"

// The credits of a customer are one row, so that one condition protects all of them.
func init() {
	declare(kind{
		name: "credits", pk: "<env>#CUS#<key>", sk: creditsSK, version: 1,
		state: func(s *billing.State, r row) error {
			err := r.json("data", &s.Credits)
			s.Credits.Version = r.int("ver")
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			if w.Credits.Empty() {
				return nil
			}
			condition, v := atVersion(w.Credits.Version)
			return items{t.remove(creditsKey(t.env, w.Key), condition, v)}
		},
	})
}

func (t *transaction) SaveCredits(w app.SaveCredits) {
	condition, v := atVersion(w.Credits.Version)
	r := newRow(creditsKey(t.env, w.Key))
	r.setJSON("data", w.Credits)
	r.setInt("ver", w.Credits.Version+1)
	r.setDue(t.env, w.Key, w.Due, "credits")
	t.add(t.put(r, condition, v))
}

func creditsKey(env catalog.Env, customerKey string) key {
	return key{customerPK(env, customerKey), creditsSK}
}
