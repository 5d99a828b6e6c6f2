package dynamo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/entitlement"
)

func (t table) customerItems(w app.Write) items {
	switch w := w.(type) {
	case app.SaveCustomer:
		condition, v := atVersion(w.Customer.Version)
		return items{t.put(customerRow(t.env, w.Customer), condition, v)}
	case app.DeleteCustomer:
		condition, v := atVersion(w.Customer.Version)
		return items{t.remove(customerKey(t.env, w.Customer.Key()), condition, v)}
	case app.SaveCustomerProduct:
		r := heldRow(t.env, w.Key, w.Product)
		if w.Due.IsZero() {
			w.Due = w.Product.Due()
		}
		r.setDue(t.env, w.Key, w.Due, w.Product.ID)
		return items{t.put(r, whenever, nil)}
	case app.SaveBalance:
		return t.balanceItems(w.Key, w.Balance, w.Now, app.UsageRecord{})
	case app.SettleUsage:
		return items{t.settleUsage(w)}
	case app.DeleteRows:
		return t.deleteRows(w)
	case app.SaveOperation:
		r := newRow(operationKey(t.env, w.Key, w.Operation.ID))
		r.setJSON("data", w.Operation)
		r.setDue(t.env, w.Key, w.Due, w.Operation.ID)
		if w.Begin {
			r.setText("begin", w.Operation.ID)
		}
		return items{t.put(r, whenever, nil)}
	case app.EndOperation:
		return items{t.remove(operationKey(t.env, w.Key, w.ID), isThere, nil)}
	case app.Postpone:
		return items{t.postpone(w)}
	case app.AddAudit:
		r := newRow(auditKey(t.env, w.InternalID, w.Audit.ID))
		r.setJSON("data", w.Audit)
		return items{t.put(r, isNew, nil)}
	case app.SaveInvoice:
		return items{t.saveInvoice(w)}
	case app.ForgetInvoice:
		return items{t.remove(invoiceKey(t.env, w.InternalID, w.Invoice.CreatedAt, w.Invoice.StripeID), whenever, nil)}
	}
	return nil
}

// balanceItems saves a balance, and a use as what it is saved for.
func (t table) balanceItems(customerKey string, b entitlement.Balance, now time.Time, event app.UsageRecord) items {
	condition, v := atVersion(b.Version)
	r := balanceRow(t.env, customerKey, b, now)
	r.setEvent(event)
	return append(items{t.put(r, condition, v)}, t.shardItems(customerKey, b, now)...)
}

func (t table) deleteRows(w app.DeleteRows) (out items) {
	for _, p := range w.Products {
		out = append(out, t.remove(heldKey(t.env, w.Key, p.ID), whenever, nil))
	}
	for _, b := range w.Balances {
		condition, v := atVersion(b.Version)
		out = append(out, t.remove(balanceKey(t.env, w.Key, b.FeatureID), condition, v))
		for i := range b.Shards.Count {
			out = append(out, t.removeShard(w.Key, b, i))
		}
	}
	for _, op := range w.Operations {
		out = append(out, t.remove(operationKey(t.env, w.Key, op.ID), isThere, nil))
	}
	for _, c := range w.Codes {
		out = append(out, t.remove(ownCodeKey(t.env, w.Key, c.ProgramID), whenever, nil))
	}
	for _, open := range w.Redeemed {
		out = append(out, t.remove(openKey(t.env, w.Key, open.ID), isThere, nil))
	}
	for _, q := range w.Queue {
		out = append(out, t.remove(queuedKey(t.env, w.Key, q), isThere, nil))
	}
	return out
}

func (t table) saveInvoice(w app.SaveInvoice) types.TransactWriteItem {
	data := row{}
	data.setJSON("data", w.Invoice)
	item := t.update(invoiceKey(t.env, w.InternalID, w.Invoice.CreatedAt, w.Invoice.StripeID),
		"SET #data = :data, stage = :stage, noted = if_not_exists(noted, :noted)", isNew+" OR stage <= :stage",
		values{":data": data["data"], ":stage": integer(int64(w.Invoice.Stage())), ":noted": text(w.Noted)})
	item.Update.ExpressionAttributeNames = map[string]string{"#data": "data"}
	return item
}
