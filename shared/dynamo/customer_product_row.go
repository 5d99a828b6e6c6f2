package dynamo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

const (
	heldPrefix  = "PRODUCT#"
	endedPrefix = "ENDED#"
)

func init() {
	declare(kind{
		name: "ended product", pk: "<env>#LOG#<internal id>", sk: endedPrefix + "<ms>#<id>", version: 1,
	})
	declare(kind{
		name: "customer product", pk: "<env>#CUS#<key>", sk: heldPrefix + "<id>", version: 1,
		state: func(s *billing.State, r row) error {
			p, err := readHeld(r)
			p.Awaited = p.Status == billing.Expired && r.text("due_pk") != ""
			s.Products = append(s.Products, p)
			return err
		},
		deleted: func(t table, w app.DeleteRows) (out items) {
			for _, p := range w.Products {
				out = append(out, t.remove(heldKey(t.env, w.Key, p.ID), whenever, nil))
			}
			return out
		},
	})
}

func (t *transaction) SaveCustomerProduct(w app.SaveCustomerProduct) {
	r := heldRow(t.env, w.Key, w.Product)
	if w.Due.IsZero() {
		w.Due = w.Product.Due()
	}
	r.setDue(t.env, w.Key, w.Due, w.Product.ID)
	if w.Product.Status == billing.PastDue {
		r.waits(t.env, app.PastDue, w.Product.Period.Start, w.Product.ID)
	}
	t.add(t.put(r, whenever, nil))
}

func (t *transaction) MoveEnded(w app.MoveEnded) {
	for _, p := range w.Products {
		r := newRow(endedKey(t.env, w.InternalID, p.EndsAt, p.ID))
		r.setHeld(p)
		t.add(t.put(r, whenever, nil), t.remove(heldKey(t.env, w.Key, p.ID), whenever, nil))
	}
}

func heldKey(env catalog.Env, customerKey, id string) key {
	return key{customerPK(env, customerKey), heldPrefix + id}
}

func endedKey(env catalog.Env, internalID string, at time.Time, id string) key {
	return key{logPK(env, internalID), fmt.Sprintf("%s%015d#%s", endedPrefix, at.UnixMilli(), id)}
}

// MovedProducts implements app.Store: one request for each megabyte.
func (s *Store) MovedProducts(ctx context.Context, env catalog.Env, internalID string) ([]billing.CustomerProduct, error) {
	rows, err := s.query(ctx, logPK(env, internalID), endedPrefix, false)
	if err != nil {
		return nil, err
	}
	products := make([]billing.CustomerProduct, len(rows))
	for i, r := range rows {
		if products[i], err = readHeld(r); err != nil {
			return nil, err
		}
	}
	return products, nil
}

func heldRow(env catalog.Env, customerKey string, p billing.CustomerProduct) row {
	r := newRow(heldKey(env, customerKey, p.ID))
	r.setHeld(p)
	return r
}

func (r row) setHeld(p billing.CustomerProduct) {
	r.setText("prod", p.ProductID)
	r.setInt("pver", int64(p.Version))
	r.setText("grp", p.Group)
	r.setFlag("addon", p.AddOn)
	r.setText("st", string(p.Status))
	r.setTime("from", p.StartsAt)
	r.setTime("canceled", p.CanceledAt)
	r.setTime("ends", p.EndsAt)
	r.setTime("card_check", p.CardCheckAt)
	r.setTime("usage_at", p.UsageAt)
	r.setTime("trial", p.TrialEnds)
	r.setTime("pstart", p.Period.Start)
	r.setTime("pend", p.Period.End)
	r.setTime("pwhole", p.Period.Whole)
	r.setTime("anchor", p.Period.Anchor.At)
	r.setInt("anchor_day", int64(p.Period.Anchor.Day))
	r.setInt("qty", int64(p.Quantity))
	r.setText("sub", p.SubscriptionID)
	r.setFlag("taxed", p.Taxed)
	r.setText("op", p.CreatedBy)
	r.setText("changed", string(p.ChangedAtStripe))
	if len(p.Quantities) > 0 {
		r.setJSON("opts", p.Quantities)
	}
	if p.Entity.ID != "" {
		r.setJSON("entity", p.Entity)
	}
	if p.Custom != nil {
		r.setJSON("custom", p.Custom)
	}
}

func readHeld(r row) (billing.CustomerProduct, error) {
	id := strings.TrimPrefix(r.text("SK"), heldPrefix)
	if place, ended := strings.CutPrefix(id, endedPrefix); ended {
		_, id, _ = strings.Cut(place, "#")
	}
	p := billing.CustomerProduct{
		ID: id, ProductID: r.text("prod"), Version: int(r.int("pver")),
		Group: r.text("grp"), AddOn: r.flag("addon"), Status: billing.Status(r.text("st")),
		StartsAt: r.time("from"), CanceledAt: r.time("canceled"), EndsAt: r.time("ends"), CardCheckAt: r.time("card_check"), UsageAt: r.time("usage_at"), TrialEnds: r.time("trial"),
		Period:         money.Period{Start: r.time("pstart"), End: r.time("pend"), Whole: r.time("pwhole"), Anchor: money.Anchor{At: r.time("anchor"), Day: int(r.int("anchor_day"))}},
		Quantity:       int(r.int("qty")),
		SubscriptionID: r.text("sub"), Taxed: r.flag("taxed"), CreatedBy: r.text("op"), ChangedAtStripe: billing.StripeChange(r.text("changed")),
	}
	if err := r.json("opts", &p.Quantities); err != nil {
		return p, err
	}
	if err := r.json("entity", &p.Entity); err != nil {
		return p, err
	}
	return p, r.json("custom", &p.Custom)
}
