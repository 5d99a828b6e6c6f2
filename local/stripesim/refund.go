package stripesim

import (
	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

var refundRoutes = []endpoint{
	{"POST /v1/refunds", "amount:i charge payment_intent metadata:m reason:(duplicate,fraudulent,requested_by_customer)", createRefund},
	{"GET /v1/refunds", "charge created:r payment_intent" + pageParams, listRefunds},
	{"GET /v1/refunds/{id}", "", getRefund},
	{"POST /v1/refunds/{id}", "metadata:m", updateRefund},
}

func createRefund(c *call) (any, error) {
	id := c.p.Str("charge")
	if pi := c.p.Str("payment_intent"); pi != "" {
		intent, err := need[*object.PaymentIntent](c.tx, "payment_intent", pi, "payment_intent")
		if err != nil {
			return nil, err
		}
		if id = string(intent.LatestCharge); intent.Status != "succeeded" {
			return nil, invalid("payment_intent", "This PaymentIntent (%s) does not have a successful charge to refund.", pi)
		}
	}
	ch, err := need[*object.Charge](c.tx, "charge", id, "charge")
	if err != nil {
		return nil, err
	}
	if !ch.Paid {
		return nil, invalid("charge", "Charge %s has not been paid and cannot be refunded.", id)
	}
	if ch.Refunded {
		return nil, invalidCode("charge_already_refunded", "charge", "Charge %s has already been refunded.", id)
	}
	if c.tx.contested(id) {
		return nil, invalidCode("charge_disputed", "charge", "Charge %s has been charged back; cannot issue a refund.", id)
	}
	left := ch.Amount - ch.AmountRefunded
	amount := left
	if c.p.Given("amount") {
		amount = c.p.Int("amount")
	}
	if step := calc.Smallest(ch.Currency); amount%step != 0 {
		return nil, notPayable("amount", ch.Currency, step)
	}
	if amount < 1 || amount > left {
		return nil, invalid("amount", "Refund amount (%d) is greater than unrefunded amount on charge (%d)", amount, left)
	}
	meta, err := mergeMetadata(nil, c.p)
	if err != nil {
		return nil, err
	}
	return c.refund(id, amount, c.p.Str("reason"), meta), nil
}

// refund gives back a part of a charge.
func (t *tx) refund(charge string, amount int64, reason string, meta object.Metadata) *object.Refund {
	ch := edit[*object.Charge](t, charge)
	ch.AmountRefunded += amount
	ch.Refunded = ch.AmountRefunded == ch.Amount
	r := &object.Refund{
		ID: t.newID("re_"), Object: "refund", Amount: amount, BalanceTransaction: object.Text(t.newID("txn_")), Charge: object.Text(charge),
		Created: t.now, Currency: ch.Currency, Metadata: meta, PaymentIntent: ch.PaymentIntent, Reason: object.Text(reason), Status: "succeeded",
	}
	t.put(r)
	t.emit("charge.refunded", ch)
	return r
}

func getRefund(c *call) (any, error) { return need[*object.Refund](c.tx, "refund", c.id, "id") }

func updateRefund(c *call) (any, error) {
	if _, err := need[*object.Refund](c.tx, "refund", c.id, "id"); err != nil {
		return nil, err
	}
	r := edit[*object.Refund](c.tx, c.id)
	var err error
	r.Metadata, err = mergeMetadata(r.Metadata, c.p)
	return r, err
}

func listRefunds(c *call) (any, error) {
	return pageNewest(c, all[*object.Refund](c.tx), func(o *object.Refund) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("charge") || string(o.Charge) == c.p.Str("charge")) &&
			(!c.p.Given("payment_intent") || string(o.PaymentIntent) == c.p.Str("payment_intent"))
	})
}
