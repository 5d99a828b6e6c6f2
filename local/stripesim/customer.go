package stripesim

import (
	"fmt"
	"strings"

	"windfall/local/stripesim/object"
)

const customerParams = addressParams + ` balance:i coupon description email invoice_prefix
	invoice_settings:{default_payment_method footer} metadata:m name next_invoice_sequence:i phone
	preferred_locales:[s] promotion_code shipping:{address!:{city country line1 line2 postal_code state} name! phone}
	tax_exempt:(exempt,none,reverse)`

var customerRoutes = []endpoint{
	{"POST /v1/customers", customerParams + " payment_method test_clock", createCustomer},
	{"GET /v1/customers", "email created:r test_clock" + pageParams, listCustomers},
	{"GET /v1/customers/{id}", "", getCustomer},
	{"POST /v1/customers/{id}", customerParams + " default_source source", updateCustomer},
	{"DELETE /v1/customers/{id}", "", deleteCustomer},
	{"DELETE /v1/customers/{id}/discount", "", deleteCustomerDiscount},
	{"GET /v1/customers/{id}/subscriptions", pageParams, listCustomerSubscriptions},
	{"GET /v1/customers/{id}/payment_methods", "type" + pageParams, listCustomerPaymentMethods},
	{"GET /v1/customers/{id}/payment_methods/{sub}", "", getCustomerPaymentMethod},
}

// customer is a customer that requests may use; its clock becomes the time.
func (t *tx) customer(id, param string) (*object.Customer, error) {
	c, ok := find[*object.Customer](t, id)
	if !ok || c.State.Deleted {
		return nil, missing("customer", id, param)
	}
	t.livesOn(string(c.TestClock))
	return c, nil
}

func createCustomer(c *call) (any, error) {
	clock := c.p.Str("test_clock")
	if clock != "" {
		if _, err := need[*object.TestClock](c.tx, "test clock", clock, "test_clock"); err != nil {
			return nil, err
		}
		if err := c.roomOnClock(clock); err != nil {
			return nil, err
		}
		c.livesOn(clock)
	}
	cus := &object.Customer{
		ID: c.newID("cus_"), Object: "customer", Created: c.now, TestClock: object.Text(clock),
		TaxExempt: "none", NextInvoiceSequence: 1, PreferredLocales: []string{}, Delinquent: ptr(false),
	}
	cus.InvoicePrefix = object.Text(strings.ToUpper(word(c.s.seed, "prefix", c.Seq, 8)))
	c.put(cus)
	token := c.p.Str("payment_method")
	if token != "" {
		pm, err := c.attach(token, cus.ID)
		if err != nil {
			return nil, err
		}
		if c.p.Sub("invoice_settings").Str("default_payment_method") == token {
			cus.InvoiceSettings.DefaultPaymentMethod = object.Text(pm)
		}
	}
	if err := c.setCustomer(cus.ID, "initial", token); err != nil {
		return nil, err
	}
	made := edit[*object.Customer](c.tx, cus.ID)
	c.emit("customer.created", made)
	return made, nil
}

// setCustomer applies the parameters that create and update share.
func (c *call) setCustomer(id, balanceType, token string) error {
	cus := edit[*object.Customer](c.tx, id)
	if err := setAddress(&cus.Address, c.p); err != nil {
		return err
	}
	text(&cus.Description, c.p, "description")
	text(&cus.Email, c.p, "email")
	text(&cus.Name, c.p, "name")
	text(&cus.Phone, c.p, "phone")
	text(&cus.InvoicePrefix, c.p, "invoice_prefix")
	if e := cus.Email; c.p.Given("email") && !strings.Contains(string(e), "@") {
		return invalidCode("email_invalid", "email", "Invalid email address: %s", e)
	}
	if c.p.Given("tax_exempt") {
		cus.TaxExempt = object.Text(c.p.Str("tax_exempt"))
	}
	if c.p.Has("preferred_locales") {
		cus.PreferredLocales = c.p.Strings("preferred_locales")
	}
	if c.p.Given("next_invoice_sequence") {
		cus.NextInvoiceSequence = c.p.Int("next_invoice_sequence")
	}
	var err error
	if cus.Metadata, err = mergeMetadata(cus.Metadata, c.p); err != nil {
		return err
	}
	if err := c.setInvoiceSettings(cus, token); err != nil {
		return err
	}
	if c.p.Given("balance") {
		c.post(cus.ID, balanceType, c.p.Int("balance")-cus.Balance, orUSD(string(cus.Currency)), func(*object.BalanceTransaction) {})
	}
	return c.setCustomerDiscount(id)
}

func (c *call) setInvoiceSettings(cus *object.Customer, token string) error {
	settings := c.p.Sub("invoice_settings")
	text(&cus.InvoiceSettings.Footer, settings, "footer")
	if !settings.Has("default_payment_method") {
		return nil
	}
	id := settings.Str("default_payment_method")
	if id != "" && id != token {
		if err := c.attachedTo(id, cus.ID, "invoice_settings[default_payment_method]"); err != nil {
			return err
		}
	}
	if id != token || token == "" {
		cus.InvoiceSettings.DefaultPaymentMethod = object.Text(id)
	}
	return nil
}

// setCustomerDiscount puts a coupon on the customer.
func (c *call) setCustomerDiscount(id string) error {
	if !c.p.Any("coupon", "promotion_code") {
		return nil
	}
	cus := edit[*object.Customer](c.tx, id)
	if c.p.Cleared("coupon") || c.p.Cleared("promotion_code") {
		c.dropCustomerDiscount(cus)
		return nil
	}
	r, err := c.redeemable(redemption{coupon: c.p.Str("coupon"), promotion: c.p.Str("promotion_code"), customer: id, on: "customer"})
	if err != nil {
		return err
	}
	c.dropCustomerDiscount(cus)
	cus.Discount = c.redeem(r, id, "", "")
	c.emit("customer.discount.created", cus.Discount)
	return nil
}

func (t *tx) dropCustomerDiscount(cus *object.Customer) {
	if cus.Discount == nil {
		return
	}
	t.emit("customer.discount.deleted", cus.Discount)
	cus.Discount = nil
}

func getCustomer(c *call) (any, error) {
	cus, err := need[*object.Customer](c.tx, "customer", c.id, "id")
	if err != nil {
		return nil, err
	}
	return shown(cus), nil
}

func updateCustomer(c *call) (any, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	if c.p.Any("source", "default_source") {
		return nil, invalid("source", "Sources are not part of this simulator; attach a payment method instead.")
	}
	cus := edit[*object.Customer](c.tx, c.id)
	if err := c.setCustomer(c.id, "adjustment", ""); err != nil {
		return nil, err
	}
	c.emit("customer.updated", cus)
	return cus, nil
}

func deleteCustomer(c *call) (any, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	c.closeCustomer(c.id)
	cus := edit[*object.Customer](c.tx, c.id)
	c.emit("customer.deleted", cus)
	cus.State.Deleted = true
	return shown(cus), nil
}

// closeCustomer prepares a deletion: it cancels the subscriptions, at once and
// for good, and detaches the payment methods.
func (t *tx) closeCustomer(id string) {
	for _, sub := range t.openSubscriptions(id) {
		t.endSubscription(sub.ID, "")
	}
	for _, pm := range ownedBy[*object.PaymentMethod](t, id) {
		t.detach(pm.ID)
	}
	edit[*object.Customer](t, id).InvoiceSettings.DefaultPaymentMethod = ""
}

func deleteCustomerDiscount(c *call) (any, error) {
	old, err := c.customer(c.id, "id")
	if err != nil {
		return nil, err
	}
	if old.Discount == nil {
		return nil, newError(404, "invalid_request_error", "resource_missing", "", fmt.Sprintf("No active discount for customer: %s", c.id))
	}
	cus := edit[*object.Customer](c.tx, c.id)
	gone := object.DeletedDiscount(cus.Discount)
	c.dropCustomerDiscount(cus)
	return gone, nil
}

func listCustomers(c *call) (any, error) {
	return pageNewest(c, all[*object.Customer](c.tx), func(o *object.Customer) bool {
		return !o.State.Deleted && c.p.InRange("created", o.Created) && (!c.p.Given("email") || string(o.Email) == c.p.Str("email")) &&
			(!c.p.Given("test_clock") || string(o.TestClock) == c.p.Str("test_clock"))
	})
}

func orUSD(currency string) string {
	if currency == "" {
		return "usd"
	}
	return currency
}

// listCustomerSubscriptions is where the list inside a customer goes on.
func listCustomerSubscriptions(c *call) (any, error) {
	if _, err := c.customer(c.id, "id"); err != nil {
		return nil, err
	}
	return pageOfRows(c, c.openSubscriptions(c.id), func(s *object.Subscription) string { return s.ID })
}
