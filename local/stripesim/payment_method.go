package stripesim

import (
	"strings"

	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const billingDetails = "billing_details:{" + addressParams + " email name phone}"

var paymentMethodRoutes = []endpoint{
	{"POST /v1/payment_methods", billingDetails + " card:{number exp_month:i exp_year:i cvc token} metadata:m type:(card) customer payment_method", createPaymentMethod},
	{"GET /v1/payment_methods", "customer type" + pageParams, listPaymentMethods},
	{"GET /v1/payment_methods/{id}", "", getPaymentMethod},
	{"POST /v1/payment_methods/{id}", billingDetails + " card:{exp_month:i exp_year:i} metadata:m", updatePaymentMethod},
	{"POST /v1/payment_methods/{id}/attach", "customer!", attachPaymentMethod},
	{"POST /v1/payment_methods/{id}/detach", "", detachPaymentMethod},
}

// newPaymentMethod is a saved card, not attached to anybody yet.
func (t *tx) newPaymentMethod(c card) *object.PaymentMethod {
	pm := &object.PaymentMethod{
		ID: t.newID("pm_"), Object: "payment_method", Type: "card", Created: t.now,
		State: object.PaymentMethodState{Behavior: c.behavior},
	}
	network := c.brand
	pm.Card = object.Card{
		Brand: c.brand, Checks: &object.CardChecks{CvcCheck: "pass"}, Country: "US", DisplayBrand: object.Text(network), ExpMonth: 12, ExpYear: 2034,
		Fingerprint: object.Text(word(t.s.seed, "fingerprint"+c.number, 0, 16)), Funding: "credit", Last4: c.number[len(c.number)-4:],
		Networks: &object.CardNetworks{Available: []string{network}}, ThreeDSecureUsage: &object.ThreeDSecureUsage{Supported: true},
	}
	t.put(pm)
	return pm
}

func createPaymentMethod(c *call) (any, error) {
	if c.p.Any("customer", "payment_method") {
		return nil, invalid("payment_method", "Cloning payment methods between accounts is not part of this simulator.")
	}
	if !c.p.Given("type") {
		return nil, invalidCode("parameter_missing", "type", "Missing required param: type.")
	}
	details := c.p.Sub("card")
	number := strings.ReplaceAll(details.Str("number"), " ", "")
	found, ok := cardByNumber(number)
	if token := details.Str("token"); token != "" {
		if found, ok = cardByToken("pm_card_" + strings.TrimPrefix(token, "tok_")); !ok {
			return nil, missing("token", token, "card[token]")
		}
	}
	if !ok {
		return nil, newError(402, "card_error", "incorrect_number", "number", "Your card number is incorrect.")
	}
	pm := c.newPaymentMethod(found)
	if err := setPaymentMethod(pm, c.p); err != nil {
		return nil, err
	}
	return pm, nil
}

func setPaymentMethod(pm *object.PaymentMethod, p *form.Params) error {
	b := p.Sub("billing_details")
	if err := setAddress(&pm.BillingDetails.Address, b); err != nil {
		return err
	}
	text(&pm.BillingDetails.Email, b, "email")
	text(&pm.BillingDetails.Name, b, "name")
	text(&pm.BillingDetails.Phone, b, "phone")
	if details := p.Sub("card"); details.Given("exp_month") {
		pm.Card.ExpMonth = details.Int("exp_month")
	}
	if details := p.Sub("card"); details.Given("exp_year") {
		pm.Card.ExpYear = details.Int("exp_year")
	}
	var err error
	pm.Metadata, err = mergeMetadata(pm.Metadata, p)
	return err
}

// attach saves a card for a customer and returns the id it has from then on: a
// test token such as pm_card_visa becomes a new payment method each time.
func (t *tx) attach(id, customer string) (string, error) {
	pm, err := t.usable(id)
	if err != nil {
		return "", err
	}
	if pm.Customer != "" && string(pm.Customer) != customer {
		return "", invalid("payment_method", "The payment method you provided has already been attached to a customer.")
	}
	if pm.Customer != "" {
		return pm.ID, nil
	}
	if refusesToAttach(pm.State.Behavior) {
		return "", declined(verdicts[pm.State.Behavior])
	}
	pm = edit[*object.PaymentMethod](t, pm.ID)
	pm.Customer = object.Text(customer)
	t.emit("payment_method.attached", pm)
	return pm.ID, nil
}

// usable is a payment method by id, or a new one for a test token.
func (t *tx) usable(id string) (*object.PaymentMethod, error) {
	if c, ok := cardByToken(id); ok {
		return t.newPaymentMethod(c), nil
	}
	return need[*object.PaymentMethod](t, "PaymentMethod", id, "payment_method")
}

// attachedTo refuses what is not a saved card of the customer; a token such as
// pm_card_visa is none.
func (t *tx) attachedTo(id, customer, param string) error {
	pm, ok := find[*object.PaymentMethod](t, id)
	if !ok || string(pm.Customer) != customer {
		return invalidCode("resource_missing", param,
			"The customer does not have a payment method with the ID %s. The payment method must be attached to the customer.", id)
	}
	return nil
}

func attachPaymentMethod(c *call) (any, error) {
	if _, err := c.customer(c.p.Str("customer"), "customer"); err != nil {
		return nil, err
	}
	if _, token := cardByToken(c.id); !token {
		if _, err := need[*object.PaymentMethod](c.tx, "PaymentMethod", c.id, "id"); err != nil {
			return nil, err
		}
	}
	id, err := c.attach(c.id, c.p.Str("customer"))
	if err != nil {
		return nil, err
	}
	pm, _ := find[*object.PaymentMethod](c.tx, id)
	return pm, nil
}

// detachPaymentMethod: a detached card cannot be used again.
func detachPaymentMethod(c *call) (any, error) {
	old, err := need[*object.PaymentMethod](c.tx, "PaymentMethod", c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.Customer == "" {
		return nil, invalid("", "The payment method you provided is not attached to a customer so detachment is impossible.")
	}
	customer := string(old.Customer)
	if cus, ok := find[*object.Customer](c.tx, customer); ok && string(cus.InvoiceSettings.DefaultPaymentMethod) == c.id {
		cus = edit[*object.Customer](c.tx, customer)
		cus.InvoiceSettings.DefaultPaymentMethod = ""
		c.emit("customer.updated", cus)
	}
	for _, sub := range c.openSubscriptions(customer) {
		if string(sub.DefaultPaymentMethod) == c.id {
			edit[*object.Subscription](c.tx, sub.ID).DefaultPaymentMethod = ""
		}
	}
	return c.detach(c.id), nil
}

func (t *tx) detach(id string) *object.PaymentMethod {
	pm := edit[*object.PaymentMethod](t, id)
	pm.Customer = ""
	t.emit("payment_method.detached", pm)
	return pm
}

func getPaymentMethod(c *call) (any, error) {
	return need[*object.PaymentMethod](c.tx, "PaymentMethod", c.id, "id")
}

func updatePaymentMethod(c *call) (any, error) {
	old, err := need[*object.PaymentMethod](c.tx, "PaymentMethod", c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.Customer == "" {
		return nil, invalid("", "You must save this PaymentMethod to a customer before you can update it.")
	}
	pm := edit[*object.PaymentMethod](c.tx, c.id)
	if err := setPaymentMethod(pm, c.p); err != nil {
		return nil, err
	}
	c.emit("payment_method.updated", pm)
	return pm, nil
}

func listPaymentMethods(c *call) (any, error) {
	if !c.p.Given("customer") {
		return pageNewest(c, []*object.PaymentMethod{}, nil)
	}
	if _, err := c.customer(c.p.Str("customer"), "customer"); err != nil {
		return nil, err
	}
	return c.cardsOf(c.p.Str("customer"))
}

func listCustomerPaymentMethods(c *call) (any, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	return c.cardsOf(c.id)
}

func (c *call) cardsOf(customer string) (any, error) {
	return pageNewest(c, ownedBy[*object.PaymentMethod](c.tx, customer), func(pm *object.PaymentMethod) bool {
		return !c.p.Given("type") || c.p.Str("type") == pm.Type
	})
}

func getCustomerPaymentMethod(c *call) (any, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	pm, ok := find[*object.PaymentMethod](c.tx, c.sub)
	if !ok || string(pm.Customer) != c.id {
		return nil, missing("PaymentMethod", c.sub, "id")
	}
	return pm, nil
}
