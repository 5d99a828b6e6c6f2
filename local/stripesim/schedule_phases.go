package stripesim

import (
	"windfall/local/stripesim/form"
	"windfall/local/stripesim/object"
)

const mostPhases = 10

func newPhase(currency string, start, end int64) object.Phase {
	return object.Phase{AddInvoiceItems: []object.PhaseInvoiceItem{}, Currency: currency, StartDate: start, EndDate: end, ProrationBehavior: "create_prorations", Items: []object.PhaseItem{}}
}

func phaseItems(items []*object.SubscriptionItem) []object.PhaseItem {
	out := make([]object.PhaseItem, len(items))
	for i, it := range items {
		out[i] = object.PhaseItem{Metadata: it.Metadata, Price: it.Price.ID, Quantity: it.Quantity}
	}
	return out
}

// setSchedule applies the parameters of create and update. start is when the
// first phase begins.
func (c *call) setSchedule(s *object.Schedule, start int64) error {
	var err error
	if s.Metadata, err = mergeMetadata(s.Metadata, c.p); err != nil {
		return err
	}
	s.EndBehavior = c.p.StrOr("end_behavior", s.EndBehavior)
	if s.EndBehavior == "none" || s.EndBehavior == "renew" {
		return invalid("end_behavior", "Only `release` and `cancel` are part of this simulator.")
	}
	d := c.p.Sub("default_settings")
	s.DefaultSettings.BillingCycleAnchor = d.StrOr("billing_cycle_anchor", s.DefaultSettings.BillingCycleAnchor)
	setTax(&s.DefaultSettings.AutomaticTax, d)
	text(&s.DefaultSettings.CollectionMethod, d, "collection_method")
	text(&s.DefaultSettings.Description, d, "description")
	if id := d.Str("default_payment_method"); id != "" {
		if err := c.attachedTo(id, s.Customer, "default_settings[default_payment_method]"); err != nil {
			return err
		}
	}
	text(&s.DefaultSettings.DefaultPaymentMethod, d, "default_payment_method")
	if n := d.Sub("invoice_settings").IntPtr("days_until_due"); n != nil {
		s.DefaultSettings.InvoiceSettings.DaysUntilDue = n
	}
	if !c.p.Given("phases") {
		return nil
	}
	list := c.p.List("phases")
	if len(list) > mostPhases {
		return invalid("phases", "A schedule can have at most %d current and future phases.", mostPhases)
	}
	s.Phases, s.State.Open = nil, false
	for i, p := range list {
		phase, err := c.readPhase(s, p, start, i == len(list)-1)
		if err != nil {
			return err
		}
		s.Phases = append(s.Phases, phase)
		start = phase.EndDate
	}
	return nil
}

func (c *call) readPhase(s *object.Schedule, p *form.Params, start int64, last bool) (object.Phase, error) {
	phase := newPhase("", start, 0)
	if p.Given("start_date") && !p.Now("start_date") && p.Int("start_date") != start {
		return phase, invalid(p.Path("start_date"), "The phase must start at %d, when the one before it ends.", start)
	}
	first, err := c.readPhaseItems(&phase, p)
	if err != nil {
		return phase, err
	}
	every := intervalOf(first)
	switch {
	case p.Given("end_date") && p.Given("iterations"):
		return phase, invalid(p.Path("iterations"), "You may only specify one of these parameters: end_date, iterations.")
	case p.Now("end_date"):
		phase.EndDate = c.now
	case p.Given("end_date"):
		phase.EndDate = p.Int("end_date")
	case p.Given("iterations"):
		phase.EndDate = every.Add(start, p.Int("iterations"))
	case last:
		phase.EndDate, s.State.Open = every.Add(start, 1), true
	default:
		return phase, invalidCode("parameter_missing", p.Path("end_date"), "Only the last phase may leave out both `end_date` and `iterations`.")
	}
	if phase.EndDate <= start {
		return phase, invalid(p.Path("end_date"), "The end of a phase must come after its start.")
	}
	return phase, c.readPhaseTerms(&phase, s, p)
}

// readPhaseItems are the prices of a phase; the first one tells its interval.
func (c *call) readPhaseItems(phase *object.Phase, p *form.Params) (*object.Price, error) {
	var items []*object.SubscriptionItem
	for _, one := range p.List("items") {
		item, err := c.newItem(one, "")
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if err := checkItems(items, "", p.Path("items")); err != nil {
		return nil, err
	}
	phase.Items, phase.Currency = phaseItems(items), items[0].Price.Currency
	for _, one := range p.List("add_invoice_items") {
		price, err := c.priceOf(one, false)
		if err != nil {
			return nil, err
		}
		q := int64(1)
		if one.Given("quantity") {
			q = one.Int("quantity")
		}
		phase.AddInvoiceItems = append(phase.AddInvoiceItems, object.PhaseInvoiceItem{Price: price.ID, Quantity: &q})
	}
	return items[0].Price, nil
}

func (c *call) readPhaseTerms(phase *object.Phase, s *object.Schedule, p *form.Params) error {
	phase.ProrationBehavior, phase.AutomaticTax = p.StrOr("proration_behavior", "create_prorations"), s.DefaultSettings.AutomaticTax
	setTax(&phase.AutomaticTax, p)
	if err := c.checkLocation(phase.AutomaticTax.Enabled, s.Customer); err != nil {
		return err
	}
	phase.BillingCycleAnchor = object.Text(p.Str("billing_cycle_anchor"))
	phase.CollectionMethod, phase.Description = object.Text(p.Str("collection_method")), object.Text(p.Str("description"))
	if id := p.Str("default_payment_method"); id != "" {
		if err := c.attachedTo(id, s.Customer, p.Path("default_payment_method")); err != nil {
			return err
		}
		phase.DefaultPaymentMethod = object.Text(id)
	}
	if id := p.Str("coupon"); id != "" {
		if _, err := c.coupon(id, p.Path("coupon")); err != nil {
			return err
		}
		phase.Coupon = object.Text(id)
	}
	if n := p.Sub("invoice_settings").IntPtr("days_until_due"); n != nil {
		phase.InvoiceSettings = &object.PhaseInvoiceSettings{DaysUntilDue: n}
	}
	switch {
	case p.Given("trial_end") && !p.Now("trial_end"):
		phase.TrialEnd = object.Stamp(p.Int("trial_end"))
	case p.Bool("trial"):
		phase.TrialEnd = object.Stamp(phase.EndDate)
	}
	if int64(phase.TrialEnd) > phase.EndDate {
		return invalid(p.Path("trial_end"), "The trial must end within its phase.")
	}
	var err error
	phase.Metadata, err = mergeMetadata(nil, p)
	return err
}
