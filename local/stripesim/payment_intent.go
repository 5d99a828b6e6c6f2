package stripesim

import (
	"strings"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

const intentParams = `description metadata:m payment_method payment_method_types:[s] receipt_email
	setup_future_usage:(off_session,on_session) statement_descriptor statement_descriptor_suffix transfer_group`

var paymentIntentRoutes = []endpoint{
	{"POST /v1/payment_intents", `amount!:i currency! customer confirm:b off_session:b return_url error_on_requires_action:b
		automatic_payment_methods:{enabled!:b allow_redirects:(always,never)} capture_method:(automatic,automatic_async)
		confirmation_method:(automatic,manual) ` + intentParams, createPaymentIntent},
	{"GET /v1/payment_intents", "created:r customer" + pageParams, listPaymentIntents},
	{"GET /v1/payment_intents/{id}", "client_secret", getPaymentIntent},
	{"POST /v1/payment_intents/{id}", "amount:i currency customer " + intentParams, updatePaymentIntent},
	{"POST /v1/payment_intents/{id}/confirm", "payment_method off_session:b return_url receipt_email setup_future_usage:(off_session,on_session) error_on_requires_action:b", confirmPaymentIntent},
	{"POST /v1/payment_intents/{id}/cancel", "cancellation_reason:(abandoned,duplicate,fraudulent,requested_by_customer)", cancelPaymentIntent},
}

// smallest amounts that can be charged, in minor units.
//
// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
var smallest = map[string]int64{"usd": 50, "eur": 50, "gbp": 30, "cad": 50, "aud": 50, "chf": 50, "jpy": 50, "dkk": 250, "nok": 300, "sek": 300,
	"aed": 200, "brl": 50, "czk": 1500, "hkd": 400, "huf": 17500, "inr": 50, "krw": 50, "mxn": 1000, "myr": 200, "nzd": 50, "pln": 200, "ron": 200, "sgd": 50, "thb": 1000, "zar": 50}

func (t *tx) newIntent(amount int64, currency string, customer object.Text) *object.PaymentIntent {
	id := t.newID("pi_")
	pi := &object.PaymentIntent{
		ID: id, Object: "payment_intent", Amount: amount, Currency: currency, Customer: customer, Created: t.now,
		CaptureMethod: "automatic", ConfirmationMethod: "automatic", PaymentMethodTypes: []string{"card"}, Status: "requires_payment_method",
		ClientSecret:         object.Text(id + "_secret_" + word(t.s.seed, "secret", t.Seq, 25)),
		PaymentMethodOptions: object.Raw(`{"card":{"installments":null,"mandate_options":null,"network":null,"request_three_d_secure":"automatic"}}`),
	}
	t.put(pi)
	return pi
}

func createPaymentIntent(c *call) (any, error) {
	if who := c.p.Str("customer"); who != "" {
		if _, err := c.customer(who, "customer"); err != nil {
			return nil, err
		}
	}
	currency := strings.ToLower(c.p.Str("currency"))
	if err := chargeable(c.p.Int("amount"), currency); err != nil {
		return nil, err
	}
	pi := c.newIntent(c.p.Int("amount"), currency, object.Text(c.p.Str("customer")))
	if err := c.setIntent(pi); err != nil {
		return nil, err
	}
	c.emit("payment_intent.created", pi)
	if !c.p.Bool("confirm") {
		return pi, nil
	}
	return c.confirm(pi)
}

func chargeable(amount int64, currency string) error {
	if !currencyForm(currency) {
		return invalid("currency", "Invalid currency: %s", currency)
	}
	if amount < 1 {
		return invalidCode("parameter_invalid_integer", "amount", "This value must be greater than or equal to 1.")
	}
	if amount < smallest[currency] {
		return invalidCode("amount_too_small", "amount", "Amount must be at least %d in the minor unit of %s", smallest[currency], currency)
	}
	if step := calc.Smallest(currency); amount%step != 0 {
		return notPayable("amount", currency, step)
	}
	if amount > largest {
		return tooLarge("amount", currency)
	}
	return nil
}

// notPayable refuses an amount that nobody can pay in a currency.
//
// https://docs.stripe.com/currencies#three-decimal, #special-cases
func notPayable(param, currency string, step int64) *apiError {
	return invalid(param, "Invalid amount. Amounts in %s must be evenly divisible by %d. See https://docs.stripe.com/currencies#special-cases for more information.", strings.ToUpper(currency), step)
}

func (c *call) setIntent(pi *object.PaymentIntent) error {
	text(&pi.Description, c.p, "description")
	text(&pi.ReceiptEmail, c.p, "receipt_email")
	text(&pi.SetupFutureUsage, c.p, "setup_future_usage")
	text(&pi.StatementDescriptor, c.p, "statement_descriptor")
	text(&pi.StatementDescriptorSuffix, c.p, "statement_descriptor_suffix")
	text(&pi.TransferGroup, c.p, "transfer_group")
	if c.p.Has("payment_method_types") {
		pi.PaymentMethodTypes = c.p.Strings("payment_method_types")
	}
	var err error
	if pi.Metadata, err = mergeMetadata(pi.Metadata, c.p); err != nil {
		return err
	}
	if id := c.p.Str("payment_method"); id != "" {
		pm, err := c.usable(id)
		if err != nil {
			return err
		}
		if pm.Customer != "" && pm.Customer != pi.Customer {
			return invalid("payment_method", "The provided PaymentMethod cannot be used with this PaymentIntent: it belongs to another Customer.")
		}
		pi.PaymentMethod, pi.Status = object.Text(pm.ID), "requires_confirmation"
	}
	return nil
}

// confirm charges the card of an intent. A decline is a 402 whose traces stay.
func (c *call) confirm(pi *object.PaymentIntent) (any, error) {
	if pi.PaymentMethod == "" {
		return nil, invalidCode("payment_intent_unexpected_state", "payment_method",
			"You cannot confirm this PaymentIntent because it's missing a payment method.")
	}
	if v := c.collect(pi.ID, string(pi.PaymentMethod), c.p.Bool("off_session")); v != nil && pi.Status != "requires_action" {
		return nil, c.intentDeclined(pi, *v)
	}
	if pi.Status == "succeeded" && pi.SetupFutureUsage != "" && pi.Customer != "" {
		if _, err := c.attach(string(pi.PaymentMethod), string(pi.Customer)); err != nil {
			return nil, err
		}
	}
	c.intentSettled(pi.ID)
	return pi, nil
}

// intentDeclined is the 402 for an intent, with the intent in it.
func (t *tx) intentDeclined(pi *object.PaymentIntent, v verdict) *apiError {
	e := declined(v)
	e.keep = true
	e.body.Charge = string(pi.LatestCharge)
	e.body.PaymentIntent = pi
	if pm, ok := find[*object.PaymentMethod](t, string(pi.LastPaymentError.PaymentMethod.ID)); ok {
		e.body.PaymentMethod = pm
	}
	return e
}

// collect charges a card for an intent and moves it to its next status. A card
// that asks for authentication gets it only while the customer is present.
func (t *tx) collect(intent, method string, offSession bool) *verdict {
	pi := edit[*object.PaymentIntent](t, intent)
	pm, _ := find[*object.PaymentMethod](t, method)
	pi.PaymentMethod, pi.NextAction = object.Text(method), nil
	if pm.State.Behavior == "authentication_required" && !offSession && !t.present {
		pi.Status = "requires_action"
		pi.NextAction = object.Raw(`{"type":"use_stripe_sdk","use_stripe_sdk":{"type":"three_d_secure_redirect"}}`)
		t.emit("payment_intent.requires_action", pi)
		v := verdicts["authentication_required"]
		return &v
	}
	ch, v := t.charge(pi, pm)
	pi.LatestCharge = object.Text(ch.ID)
	if v == nil {
		pi.Status, pi.AmountReceived, pi.LastPaymentError = "succeeded", pi.Amount, nil
		t.emit("payment_intent.succeeded", pi)
		return nil
	}
	pi.Status, pi.PaymentMethod = "requires_payment_method", ""
	pi.LastPaymentError = &object.APIError{
		Charge: ch.ID, Code: v.code, DeclineCode: v.decline, DocURL: docs + strings.ReplaceAll(v.code, "_", "-"),
		Message: v.message, PaymentMethod: pm, Type: "card_error",
	}
	t.emit("payment_intent.payment_failed", pi)
	return v
}

func getPaymentIntent(c *call) (any, error) {
	return need[*object.PaymentIntent](c.tx, "payment_intent", c.id, "id")
}

func (c *call) openIntent(verb string, statuses ...string) (*object.PaymentIntent, error) {
	pi, err := need[*object.PaymentIntent](c.tx, "payment_intent", c.id, "id")
	if err != nil {
		return nil, err
	}
	for _, s := range statuses {
		if pi.Status == s {
			return edit[*object.PaymentIntent](c.tx, c.id), nil
		}
	}
	e := invalidCode("payment_intent_unexpected_state", "", "You cannot %s this PaymentIntent because it has a status of %s.", verb, pi.Status)
	e.body.PaymentIntent = pi
	return nil, e
}

func updatePaymentIntent(c *call) (any, error) {
	pi, err := c.openIntent("update", "requires_payment_method", "requires_confirmation", "requires_action")
	if err != nil {
		return nil, err
	}
	if c.p.Given("amount") {
		if pi.Invoice != "" {
			return nil, invalid("amount", "The amount of a PaymentIntent created by an invoice cannot be changed.")
		}
		pi.Amount = c.p.Int("amount")
	}
	if c.p.Given("customer") {
		pi.Customer = object.Text(c.p.Str("customer"))
	}
	return pi, c.setIntent(pi)
}

func confirmPaymentIntent(c *call) (any, error) {
	pi, err := c.openIntent("confirm", "requires_payment_method", "requires_confirmation", "requires_action")
	if err != nil {
		return nil, err
	}
	if err := c.setIntent(pi); err != nil {
		return nil, err
	}
	return c.confirm(pi)
}

func cancelPaymentIntent(c *call) (any, error) {
	pi, err := c.openIntent("cancel", "requires_payment_method", "requires_confirmation", "requires_action")
	if err != nil {
		return nil, err
	}
	if pi.Invoice != "" {
		return nil, invalidCode("payment_intent_unexpected_state", "", "You cannot cancel a PaymentIntent that belongs to an invoice; void the invoice instead.")
	}
	c.cancelIntent(pi.ID, c.p.Str("cancellation_reason"))
	return pi, nil
}

func (t *tx) cancelIntent(id, reason string) {
	pi := edit[*object.PaymentIntent](t, id)
	pi.Status, pi.CanceledAt, pi.CancellationReason = "canceled", object.Stamp(t.now), object.Text(reason)
	t.emit("payment_intent.canceled", pi)
}

func listPaymentIntents(c *call) (any, error) {
	return pageNewest(c, candidates[*object.PaymentIntent](c, "customer"), func(o *object.PaymentIntent) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("customer") || string(o.Customer) == c.p.Str("customer"))
	})
}
