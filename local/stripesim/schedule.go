package stripesim

import (
	"windfall/local/stripesim/object"
)

const scheduleDefaults = `default_settings:{billing_cycle_anchor:(automatic,phase_start) collection_method:(charge_automatically,send_invoice) default_payment_method description invoice_settings:{days_until_due:i} ` + taxParams + `}`

const phaseParams = `phases:[{add_invoice_items:[{price ` + oneTimePriceData + ` quantity:i}] billing_cycle_anchor:(automatic,phase_start) collection_method:(charge_automatically,send_invoice)
	coupon default_payment_method description end_date:tn ` + taxParams + ` invoice_settings:{days_until_due:i} items!:[{metadata:m price ` + recurringPriceData + ` quantity:i}]
	iterations:i metadata:m proration_behavior:(always_invoice,create_prorations,none) trial:b trial_end:tn`

const endBehavior = "end_behavior:(cancel,none,release,renew) metadata:m "

var scheduleRoutes = []endpoint{
	{"POST /v1/subscription_schedules", "customer from_subscription start_date:tn " + endBehavior + scheduleDefaults + " " + phaseParams + " currency}]", createSchedule},
	{"GET /v1/subscription_schedules", "canceled_at:r completed_at:r created:r customer released_at:r scheduled:b" + pageParams, listSchedules},
	{"GET /v1/subscription_schedules/{id}", "", getSchedule},
	{"POST /v1/subscription_schedules/{id}", endBehavior + prorationBehavior + " " + scheduleDefaults + " " + phaseParams + " start_date:tn}]", updateSchedule},
	{"POST /v1/subscription_schedules/{id}/cancel", "invoice_now:b prorate:b", cancelSchedule},
	{"POST /v1/subscription_schedules/{id}/release", "preserve_cancel_date:b", releaseSchedule},
}

// schedule is a schedule that a request names; its clock becomes the time.
func (c *call) schedule() (*object.Schedule, error) {
	s, err := need[*object.Schedule](c.tx, "subscription_schedule", c.id, "id")
	if err != nil {
		return nil, err
	}
	c.livesOn(string(s.TestClock))
	return s, nil
}

func getSchedule(c *call) (any, error) { return c.schedule() }

func listSchedules(c *call) (any, error) {
	return pageNewest(c, all[*object.Schedule](c.tx), func(o *object.Schedule) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("customer") || o.Customer == c.p.Str("customer")) &&
			(!c.p.Bool("scheduled") || o.Status == "not_started")
	})
}

func createSchedule(c *call) (any, error) {
	if c.p.Given("from_subscription") {
		return c.scheduleFrom(c.p.Str("from_subscription"))
	}
	cus, err := c.customer(c.p.Str("customer"), "customer")
	if err != nil {
		return nil, err
	}
	s := c.newSchedule(cus)
	s.State.Phase = -1
	start := c.now
	if c.p.Given("start_date") && !c.p.Now("start_date") {
		start = c.p.Int("start_date")
	}
	if start < c.now {
		return nil, invalid("start_date", "Schedules that begin in the past are not part of this simulator.")
	}
	if err := c.setSchedule(s, start); err != nil {
		return nil, err
	}
	if len(s.Phases) == 0 {
		return nil, invalidCode("parameter_missing", "phases", "Missing required param: phases.")
	}
	c.put(s)
	c.emit("subscription_schedule.created", s)
	if start == c.now {
		if err := c.startSchedule(s.ID); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (t *tx) newSchedule(cus *object.Customer) *object.Schedule {
	return &object.Schedule{
		ID: t.newID("sub_sched_"), Object: "subscription_schedule", Created: t.now, Customer: cus.ID, EndBehavior: "release", Status: "not_started",
		DefaultSettings: object.ScheduleDefaults{BillingCycleAnchor: "automatic", CollectionMethod: "charge_automatically", InvoiceSettings: object.ScheduleInvoiceSettings{Issuer: object.Issuer{Type: "self"}}},
		Phases:          []object.Phase{}, TestClock: cus.TestClock,
	}
}

// scheduleFrom puts a running subscription under a schedule with one phase,
// its current period.
//
// assumption: no other parameter goes with from_subscription.
func (c *call) scheduleFrom(id string) (any, error) {
	for _, name := range c.p.Names() {
		if name != "from_subscription" && name != "expand" {
			return nil, invalid(name, "You cannot set `%s` if `from_subscription` is set.", name)
		}
	}
	old, err := c.subscription(id, "from_subscription")
	if err != nil {
		return nil, err
	}
	if old.Schedule != "" {
		return nil, invalid("from_subscription", "You cannot migrate a subscription that is already attached to a schedule: `%s`.", old.Schedule)
	}
	if ended(old) || old.Status == "incomplete" {
		return nil, invalid("from_subscription", "You cannot migrate a subscription that is in the `%s` status.", old.Status)
	}
	cus, _ := find[*object.Customer](c.tx, old.Customer)
	s := c.newSchedule(cus)
	s.Status, s.Subscription = "active", object.Text(id)
	s.DefaultSettings.CollectionMethod, s.DefaultSettings.DefaultPaymentMethod = object.Text(old.CollectionMethod), old.DefaultPaymentMethod
	s.DefaultSettings.InvoiceSettings.DaysUntilDue, s.DefaultSettings.AutomaticTax = old.DaysUntilDue, old.AutomaticTax
	phase := newPhase(old.Currency, old.CurrentPeriodStart, old.CurrentPeriodEnd)
	phase.Items, phase.TrialEnd, phase.ProrationBehavior, phase.AutomaticTax = phaseItems(old.Items.Data), old.TrialEnd, "create_prorations", old.AutomaticTax
	if old.Discount != nil {
		phase.Coupon = object.Text(old.Discount.Coupon.ID)
	}
	s.Phases = []object.Phase{phase}
	if old.CancelAt != 0 {
		// the end that was planned belongs to the schedule from now on
		s.EndBehavior = "cancel"
	}
	s.CurrentPhase = &object.CurrentPhase{StartDate: phase.StartDate, EndDate: phase.EndDate}
	c.put(s)
	sub := edit[*object.Subscription](c.tx, id)
	sub.Schedule = object.Text(s.ID)
	c.mirrorEnd(s, sub)
	c.emit("subscription_schedule.created", s)
	c.emit("customer.subscription.updated", sub)
	return s, nil
}

// mirrorEnd shows on the subscription when its schedule will end it.
func (t *tx) mirrorEnd(s *object.Schedule, sub *object.Subscription) {
	end := int64(0)
	if s.EndBehavior == "cancel" {
		end = s.Phases[len(s.Phases)-1].EndDate
	}
	if int64(sub.CancelAt) != end || sub.CancelAtPeriodEnd {
		t.cancelAt(sub, end, false)
	}
}

// freeOfSchedule refuses to plan the end of a subscription past its schedule.
func (t *tx) freeOfSchedule(sub *object.Subscription, param string) error {
	if sub.Schedule == "" {
		return nil
	}
	return invalid(param, "The subscription is managed by the subscription schedule `%s`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.", sub.Schedule)
}
