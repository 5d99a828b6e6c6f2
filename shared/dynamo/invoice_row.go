package dynamo

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/order"
)

const invoicePrefix = "INVOICE#"

func init() {
	declare(kind{
		name: "invoice", pk: "<env>#LOG#<internal id>", sk: invoicePrefix + "<ms>#<id>", version: 1,
	})
}

func (t *transaction) SaveInvoice(w app.SaveInvoice) { t.add(t.saveInvoice(w)) }

func (t *transaction) ForgetInvoice(w app.ForgetInvoice) {
	t.add(t.remove(invoiceKey(t.env, w.InternalID, w.Invoice.CreatedAt, w.Invoice.StripeID), whenever, nil))
}

// invoiceKey sorts by the invoice's own date, which never changes, so that any
// event about it finds the same row.
func invoiceKey(env catalog.Env, internalID string, at time.Time, id string) key {
	return key{logPK(env, internalID), fmt.Sprintf("%s%015d#%s", invoicePrefix, at.UnixMilli(), id)}
}

func (t table) saveInvoice(w app.SaveInvoice) types.TransactWriteItem {
	k := invoiceKey(t.env, w.InternalID, w.Invoice.CreatedAt, w.Invoice.StripeID)
	made := newRow(k)
	made.setJSON("data", w.Invoice)
	set, v := "SET v = :form, #data = :data, stage = :stage, noted = if_not_exists(noted, :noted)", values{":form": made[formVersion], ":data": made["data"], ":stage": integer(int64(w.Invoice.Stage())), ":noted": text(w.Noted)}
	if of := w.Invoice.EntityID; of != "" { // which is known while its product is, and stays
		set, v[":ent"] = set+", ent = :ent", text(of)
	}
	condition := isNew + " OR stage <= :stage"
	if w.Earned {
		set, v[":yes"], condition = set+", earned = :yes", flag(true), "("+condition+") AND attribute_not_exists(earned)"
	}
	item := t.update(k, set, condition, v)
	item.Update.ExpressionAttributeNames = map[string]string{"#data": "data"}
	return item
}

// Invoices implements app.Store. Stripe dates invoices by the second; those of
// one second are ordered by when they were first noted.
func (s *Store) Invoices(ctx context.Context, env catalog.Env, internalID string) ([]billing.Invoice, error) {
	rows, err := s.query(ctx, logPK(env, internalID), invoicePrefix, true)
	if err != nil {
		return nil, err
	}
	out, noted := make([]billing.Invoice, len(rows)), map[string]string{}
	for i, r := range rows {
		if err := r.json("data", &out[i]); err != nil {
			return nil, err
		}
		out[i].EntityID = cmp.Or(r.text("ent"), out[i].EntityID)
		noted[out[i].StripeID] = r.text("noted")
	}
	order.Stable(out, func(a, b *billing.Invoice) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), strings.Compare(noted[b.StripeID], noted[a.StripeID]))
	})
	return out, nil
}

const returnedPrefix = "RETURNED#"

// A payment of which the customer has something back.
func init() {
	declare(kind{
		name: "returned payment", pk: "<env>#LOG#<internal id>", sk: returnedPrefix + "<charge>", version: 1,
	})
}

func (t *transaction) SaveReturnedPayment(w app.SaveReturnedPayment) {
	r := newRow(returnedKey(t.env, w.InternalID, w.Payment.ChargeID))
	r.setJSON("data", w.Payment)
	r.setFlag("counted", true) // in the revenue of its month
	t.add(t.put(r, asCounted(w.Uncounted), nil))
}

// asCounted is the condition of a note that was read: an upgrade may have counted it since.
func asCounted(uncounted bool) string {
	if uncounted {
		return "attribute_not_exists(counted)"
	}
	return whenever
}

func (t *transaction) ForgetReturnedPayment(w app.ForgetReturnedPayment) {
	t.add(t.remove(returnedKey(t.env, w.InternalID, w.ChargeID), asCounted(w.Uncounted), nil))
}

func returnedKey(env catalog.Env, internalID, chargeID string) key {
	return key{logPK(env, internalID), returnedPrefix + chargeID}
}

// ReturnedPayment implements app.Store.
func (s *Store) ReturnedPayment(ctx context.Context, env catalog.Env, internalID, chargeID string) (billing.ReturnedPayment, error) {
	r, err := s.get(ctx, returnedKey(env, internalID, chargeID))
	if err != nil || len(r) == 0 {
		return billing.ReturnedPayment{}, err
	}
	p := billing.ReturnedPayment{Uncounted: r["counted"] == nil}
	return p, r.json("data", &p)
}

// ReturnedPayments implements app.Store.
func (s *Store) ReturnedPayments(ctx context.Context, env catalog.Env, internalID string) ([]billing.ReturnedPayment, error) {
	rows, err := s.query(ctx, logPK(env, internalID), returnedPrefix, false)
	if err != nil {
		return nil, err
	}
	out := make([]billing.ReturnedPayment, len(rows))
	for i, r := range rows {
		if err := r.json("data", &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}
