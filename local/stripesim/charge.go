package stripesim

import "windfall/local/stripesim/object"

var chargeRoutes = []endpoint{
	{"GET /v1/charges", "created:r customer payment_intent" + pageParams, listCharges},
	{"GET /v1/charges/{id}", "", getCharge},
	{"POST /v1/charges/{id}", "description metadata:m receipt_email", updateCharge},
}

// charge tries a card for a payment intent. The verdict is nil when it worked.
func (t *tx) charge(pi *object.PaymentIntent, pm *object.PaymentMethod) (*object.Charge, *verdict) {
	ch := &object.Charge{
		ID: t.newID("ch_"), Object: "charge", Amount: pi.Amount, BillingDetails: pm.BillingDetails, Created: t.now,
		Currency: pi.Currency, Customer: pi.Customer, Description: pi.Description, FraudDetails: object.Raw("{}"),
		Invoice: pi.Invoice, Metadata: pi.Metadata, PaymentIntent: object.Text(pi.ID), PaymentMethod: object.Text(pm.ID), Status: "succeeded",
		PaymentMethodDetails: &object.PaymentMethodDetails{Type: "card", Card: object.CardDetails{
			Brand: object.Text(pm.Card.Brand), Country: pm.Card.Country, ExpMonth: pm.Card.ExpMonth, ExpYear: pm.Card.ExpYear,
			Fingerprint: pm.Card.Fingerprint, Funding: object.Text(pm.Card.Funding), Last4: object.Text(pm.Card.Last4), Network: object.Text(pm.Card.Brand),
		}},
	}
	ch.Outcome = &object.ChargeOutcome{NetworkStatus: "approved_by_network", RiskLevel: "normal", RiskScore: 20, SellerMessage: "Payment complete.", Type: "authorized"}
	v, fails := verdicts[pm.State.Behavior]
	if !fails || t.present && v.code == "authentication_required" {
		ch.Paid, ch.Captured, ch.AmountCaptured = true, true, ch.Amount
		ch.BalanceTransaction = object.Text(t.newID("txn_"))
		t.put(ch)
		t.emit("charge.succeeded", ch)
		t.disputeByCard(ch, pm.State.Behavior)
		return ch, nil
	}
	ch.Status, ch.FailureCode, ch.FailureMessage = "failed", object.Text(v.code), object.Text(v.message)
	ch.Outcome = &object.ChargeOutcome{
		NetworkStatus: "declined_by_network", Reason: object.Text(v.decline), RiskLevel: "normal", RiskScore: 20,
		SellerMessage: "The bank did not return any further details with this decline.", Type: "issuer_declined",
	}
	t.put(ch)
	t.emit("charge.failed", ch)
	return ch, &v
}

func getCharge(c *call) (any, error) { return need[*object.Charge](c.tx, "charge", c.id, "id") }

func updateCharge(c *call) (any, error) {
	if _, err := need[*object.Charge](c.tx, "charge", c.id, "id"); err != nil {
		return nil, err
	}
	ch := edit[*object.Charge](c.tx, c.id)
	text(&ch.Description, c.p, "description")
	text(&ch.ReceiptEmail, c.p, "receipt_email")
	var err error
	if ch.Metadata, err = mergeMetadata(ch.Metadata, c.p); err != nil {
		return nil, err
	}
	c.emit("charge.updated", ch)
	return ch, nil
}

func listCharges(c *call) (any, error) {
	return pageNewest(c, candidates[*object.Charge](c, "payment_intent"), func(o *object.Charge) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("customer") || string(o.Customer) == c.p.Str("customer")) &&
			(!c.p.Given("payment_intent") || string(o.PaymentIntent) == c.p.Str("payment_intent"))
	})
}
