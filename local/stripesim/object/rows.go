package object

func (*Customer) Kind() string  { return "customer" }
func (o *Customer) Key() string { return o.ID }
func (*Customer) Owner() string { return "" }
func (o *Customer) Hidden() any { return &o.State }
func (o *Customer) Copy() Row   { c := *o; return &c }

func (*BalanceTransaction) Kind() string    { return "customer_balance_transaction" }
func (o *BalanceTransaction) Key() string   { return o.ID }
func (o *BalanceTransaction) Owner() string { return o.Customer }
func (*BalanceTransaction) Hidden() any     { return nil }
func (o *BalanceTransaction) Copy() Row     { c := *o; return &c }

func (*PaymentMethod) Kind() string    { return "payment_method" }
func (o *PaymentMethod) Key() string   { return o.ID }
func (o *PaymentMethod) Owner() string { return string(o.Customer) }
func (o *PaymentMethod) Hidden() any   { return &o.State }
func (o *PaymentMethod) Copy() Row     { c := *o; return &c }

func (*SetupIntent) Kind() string    { return "setup_intent" }
func (o *SetupIntent) Key() string   { return o.ID }
func (o *SetupIntent) Owner() string { return string(o.Customer) }
func (*SetupIntent) Hidden() any     { return nil }
func (o *SetupIntent) Copy() Row     { c := *o; return &c }

func (*PaymentIntent) Kind() string    { return "payment_intent" }
func (o *PaymentIntent) Key() string   { return o.ID }
func (o *PaymentIntent) Owner() string { return string(o.Customer) }
func (*PaymentIntent) Hidden() any     { return nil }
func (o *PaymentIntent) Copy() Row     { c := *o; return &c }

func (*Charge) Kind() string    { return "charge" }
func (o *Charge) Key() string   { return o.ID }
func (o *Charge) Owner() string { return string(o.PaymentIntent) }
func (*Charge) Hidden() any     { return nil }
func (o *Charge) Copy() Row     { c := *o; return &c }

func (*Refund) Kind() string    { return "refund" }
func (o *Refund) Key() string   { return o.ID }
func (o *Refund) Owner() string { return string(o.Charge) }
func (*Refund) Hidden() any     { return nil }
func (o *Refund) Copy() Row     { c := *o; return &c }

func (*Dispute) Kind() string    { return "dispute" }
func (o *Dispute) Key() string   { return o.ID }
func (o *Dispute) Owner() string { return o.Charge }
func (*Dispute) Hidden() any     { return nil }
func (o *Dispute) Copy() Row     { c := *o; return &c }

func (*Product) Kind() string  { return "product" }
func (o *Product) Key() string { return o.ID }
func (*Product) Owner() string { return "" }
func (*Product) Hidden() any   { return nil }
func (o *Product) Copy() Row   { c := *o; return &c }

func (*Price) Kind() string    { return "price" }
func (o *Price) Key() string   { return o.ID }
func (o *Price) Owner() string { return o.Product }
func (o *Price) Hidden() any   { return &o.State }
func (o *Price) Copy() Row     { c := *o; return &c }

func (*Coupon) Kind() string  { return "coupon" }
func (o *Coupon) Key() string { return o.ID }
func (*Coupon) Owner() string { return "" }
func (o *Coupon) Hidden() any { return &o.State }
func (o *Coupon) Copy() Row   { c := *o; return &c }

func (*PromotionCode) Kind() string    { return "promotion_code" }
func (o *PromotionCode) Key() string   { return o.ID }
func (o *PromotionCode) Owner() string { return o.Coupon.ID }
func (o *PromotionCode) Hidden() any   { return &o.State }
func (o *PromotionCode) Copy() Row     { c := *o; return &c }

func (*Subscription) Kind() string    { return "subscription" }
func (o *Subscription) Key() string   { return o.ID }
func (o *Subscription) Owner() string { return o.Customer }
func (o *Subscription) Hidden() any   { return &o.State }

func (*Invoice) Kind() string    { return "invoice" }
func (o *Invoice) Key() string   { return o.ID }
func (o *Invoice) Owner() string { return string(o.Customer) }
func (o *Invoice) Hidden() any   { return &o.State }

func (*InvoiceItem) Kind() string    { return "invoiceitem" }
func (o *InvoiceItem) Key() string   { return o.ID }
func (o *InvoiceItem) Owner() string { return o.Customer }
func (o *InvoiceItem) Hidden() any   { return &o.State }
func (o *InvoiceItem) Copy() Row     { c := *o; return &c }

func (*CheckoutSession) Kind() string    { return "checkout.session" }
func (o *CheckoutSession) Key() string   { return o.ID }
func (o *CheckoutSession) Owner() string { return string(o.Customer) }
func (o *CheckoutSession) Hidden() any   { return &o.State }

func (*Event) Kind() string  { return "event" }
func (o *Event) Key() string { return o.ID }
func (*Event) Owner() string { return "" }
func (o *Event) Hidden() any { return &o.State }
func (o *Event) Copy() Row   { c := *o; return &c }

func (*WebhookEndpoint) Kind() string  { return "webhook_endpoint" }
func (o *WebhookEndpoint) Key() string { return o.ID }
func (*WebhookEndpoint) Owner() string { return "" }
func (*WebhookEndpoint) Hidden() any   { return nil }
func (o *WebhookEndpoint) Copy() Row   { c := *o; return &c }

func (*TestClock) Kind() string  { return "test_helpers.test_clock" }
func (o *TestClock) Key() string { return o.ID }
func (*TestClock) Owner() string { return "" }
func (o *TestClock) Hidden() any { return &o.State }
func (o *TestClock) Copy() Row   { c := *o; return &c }

func (*Schedule) Kind() string    { return "subscription_schedule" }
func (o *Schedule) Key() string   { return o.ID }
func (o *Schedule) Owner() string { return o.Customer }
func (o *Schedule) Hidden() any   { return &o.State }
func (o *Schedule) Copy() Row     { c := *o; return &c }

func (*CreditNote) Kind() string    { return "credit_note" }
func (o *CreditNote) Key() string   { return o.ID }
func (o *CreditNote) Owner() string { return o.Invoice }
func (*CreditNote) Hidden() any     { return nil }
func (o *CreditNote) Copy() Row     { c := *o; return &c }

func (*PortalSession) Kind() string    { return "billing_portal.session" }
func (o *PortalSession) Key() string   { return o.ID }
func (o *PortalSession) Owner() string { return o.Customer }
func (*PortalSession) Hidden() any     { return nil }
func (o *PortalSession) Copy() Row     { c := *o; return &c }

func (*PortalConfiguration) Kind() string  { return "billing_portal.configuration" }
func (o *PortalConfiguration) Key() string { return o.ID }
func (*PortalConfiguration) Owner() string { return "" }
func (*PortalConfiguration) Hidden() any   { return nil }
func (o *PortalConfiguration) Copy() Row   { c := *o; return &c }

func (*UsageRecord) Kind() string    { return "usage_record" }
func (o *UsageRecord) Key() string   { return o.ID }
func (o *UsageRecord) Owner() string { return o.SubscriptionItem }
func (*UsageRecord) Hidden() any     { return nil }
func (o *UsageRecord) Copy() Row     { c := *o; return &c }

// Copy also copies the items, which are changed in place.
func (o *Subscription) Copy() Row {
	c := *o
	c.Items.Data = make([]*SubscriptionItem, len(o.Items.Data))
	for i, item := range o.Items.Data {
		one := *item
		c.Items.Data[i] = &one
	}
	return &c
}

// Copy also copies the lines, which are changed in place.
func (o *Invoice) Copy() Row {
	c := *o
	c.Lines.Data = make([]*InvoiceLine, len(o.Lines.Data))
	for i, line := range o.Lines.Data {
		one := *line
		c.Lines.Data[i] = &one
	}
	return &c
}

// Copy also copies the lines, which are changed in place.
func (o *CheckoutSession) Copy() Row {
	c := *o
	c.State.Lines = make([]*CheckoutLine, len(o.State.Lines))
	for i, line := range o.State.Lines {
		one := *line
		c.State.Lines[i] = &one
	}
	return &c
}

func (*Discount) Kind() string    { return "discount" }
func (o *Discount) Key() string   { return o.ID }
func (o *Discount) Owner() string { return string(o.Customer) }
func (*Discount) Hidden() any     { return nil }
func (o *Discount) Copy() Row     { c := *o; return &c }

// Made is when an event was made.
func (o *Event) Made() int64 { return o.Created }
