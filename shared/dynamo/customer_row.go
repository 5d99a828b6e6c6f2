package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

const customerSK = "CUSTOMER"

func init() {
	declare(kind{
		name: "customer", pk: "<env>#CUS#<key>", sk: customerSK, version: 1,
		state: func(s *billing.State, r row) (err error) {
			s.Customer, err = readCustomer(r)
			return err
		},
		deleted: func(table, app.DeleteRows) items { return nil }, // goes last, by DeleteCustomer
	})
}

func (t *transaction) SaveCustomer(w app.SaveCustomer) {
	condition, v := atVersion(w.Customer.Version)
	t.add(t.put(customerRow(t.env, w.Customer), condition, v))
}

func (t *transaction) DeleteCustomer(w app.DeleteCustomer) {
	condition, v := atVersion(w.Customer.Version)
	t.add(t.remove(customerKey(t.env, w.Customer.Key()), condition, v))
}

func customerKey(env catalog.Env, customerKey string) key {
	return key{customerPK(env, customerKey), customerSK}
}

// customerRow writes the customer at the version after the one read.
func customerRow(env catalog.Env, c billing.Customer) row {
	r := newRow(customerKey(env, c.Key()))
	r.setText("id", c.ID)
	r.setText("iid", c.InternalID)
	r.setText("name", c.Name)
	r.setText("email", c.Email)
	r.setText("fp", c.Fingerprint)
	r.setText("stripe", c.StripeID)
	r.setText("currency", string(c.Currency))
	r.setText("pending", c.PendingOperation)
	r.setFlag("receipts", c.Receipts)
	r.setTime("created", c.CreatedAt)
	r.setInt("ver", c.Version+1)
	r.setInt("commands", c.Commands)
	if len(c.Metadata) > 0 {
		r.setJSON("meta", c.Metadata)
	}
	r.setFlag("untold", c.AddressUntold)
	if c.Address != nil {
		r.setJSON("address", c.Address)
	}
	if len(c.TrialsUsed) > 0 {
		r.setJSON("trials", c.TrialsUsed)
	}
	if len(c.Brought) > 0 {
		r.setJSON("brought", c.Brought)
	}
	if len(c.Codes) > 0 {
		r.setJSON("codes", c.Codes)
	}
	if c.Entities.Made > 0 {
		r.setJSON("entities", c.Entities)
	}
	if len(c.Former) > 0 {
		r.setJSON("former", c.Former)
	}
	if c.Holds != nil || c.Version == 0 {
		r.setJSON("holds", append([]billing.Holding{}, c.Holds...))
	}
	if c.LastCommand != (billing.LastCommand{}) {
		r.setJSON("charged", c.LastCommand)
	}
	if c.Moved != (billing.MovedProducts{}) {
		r.setJSON("moved", c.Moved)
	}
	r.setText("list_pk", listPK(env))
	r.setText("device_pk", devicePK(env, c.Fingerprint))
	for _, index := range customerIndexes {
		r.setText(index.sortKey, index.place(c))
	}
	return r
}

func readCustomer(r row) (billing.Customer, error) {
	c := billing.Customer{
		ID: r.text("id"), InternalID: r.text("iid"), Name: r.text("name"), Email: r.text("email"),
		Fingerprint: r.text("fp"), StripeID: r.text("stripe"), Currency: money.Currency(r.text("currency")), PendingOperation: r.text("pending"),
		Receipts: r.flag("receipts"), AddressUntold: r.flag("untold"), CreatedAt: r.time("created"), Version: r.int("ver"), Commands: r.int("commands"),
	}
	if err := r.json("meta", &c.Metadata); err != nil {
		return c, err
	}
	if err := r.json("address", &c.Address); err != nil {
		return c, err
	}
	if err := r.json("brought", &c.Brought); err != nil {
		return c, err
	}
	if err := r.json("codes", &c.Codes); err != nil {
		return c, err
	}
	if err := r.json("charged", &c.LastCommand); err != nil {
		return c, err
	}
	if err := r.json("holds", &c.Holds); err != nil {
		return c, err
	}
	if err := r.json("entities", &c.Entities); err != nil {
		return c, err
	}
	if err := r.json("moved", &c.Moved); err != nil {
		return c, err
	}
	if err := r.json("former", &c.Former); err != nil {
		return c, err
	}
	return c, r.json("trials", &c.TrialsUsed)
}

// Customers without id are found by e-mail address.
func init() {
	declare(kind{
		name: "e-mail", pk: "<env>#EMAIL#<address>", sk: "EMAIL", version: 1,
	})
}

func (t *transaction) ReserveEmail(w app.ReserveEmail) {
	r := newRow(lookUp(t.env, "EMAIL", billing.EmailKey(w.Email)))
	r.setText("cus", w.InternalID)
	t.add(t.put(r, isNew, nil))
}

func (t *transaction) ReleaseEmail(w app.ReleaseEmail) {
	t.add(t.remove(lookUp(t.env, "EMAIL", billing.EmailKey(w.Email)), "cus = :cus", values{":cus": text(w.InternalID)}))
}

// KeyByEmail implements app.Store.
func (s *Store) KeyByEmail(ctx context.Context, env catalog.Env, email string) (string, error) {
	r, err := s.get(ctx, lookUp(env, "EMAIL", billing.EmailKey(email)))
	return r.text("cus"), err
}
