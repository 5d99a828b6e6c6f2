package stripesim

import (
	"time"

	"windfall/local/stripesim/calc"
	"windfall/local/stripesim/object"
)

// anchorConfig reads billing_cycle_anchor_config: full periods begin on the next
// day of the month that is meant, or on the last day of a month that is too short. The
// time of day is that of now unless it is said.
//
// assumption: a day that is today, at this very second, begins a full period now. Where
// the day moves with a restart or a trial, the configuration is gone.
//
// https://docs.stripe.com/billing/subscriptions/billing-cycle
func (c *call) anchorConfig(o *opening) error {
	p, every := c.p.Sub("billing_cycle_anchor_config"), intervalOf(o.items[0].Price)
	config := &object.BillingCycleAnchorConfig{DayOfMonth: p.Int("day_of_month"), Hour: p.IntPtr("hour"), Minute: p.IntPtr("minute"), Month: p.IntPtr("month"), Second: p.IntPtr("second")}
	out := func(n *int64, least, most int64) bool { return n != nil && (*n < least || *n > most) }
	switch {
	case c.p.Given("billing_cycle_anchor"):
		return invalid("billing_cycle_anchor_config", "You may only specify one of these parameters: billing_cycle_anchor, billing_cycle_anchor_config.")
	case o.trialEnd > 0:
		return invalid("billing_cycle_anchor_config", "You cannot set `billing_cycle_anchor_config` together with a trial in this simulator.")
	case every.Unit != "month" && every.Unit != "year":
		return invalid("billing_cycle_anchor_config", "`billing_cycle_anchor_config` can only be used with prices that have a monthly or yearly interval.")
	case config.DayOfMonth < 1 || config.DayOfMonth > 31:
		return invalid("billing_cycle_anchor_config[day_of_month]", "This value must be between 1 and 31.")
	case out(config.Month, 1, 12), out(config.Hour, 0, 23), out(config.Minute, 0, 59), out(config.Second, 0, 59):
		return invalid("billing_cycle_anchor_config", "A part of `billing_cycle_anchor_config` is out of its range.")
	}
	now := time.Unix(c.now, 0).UTC()
	part := func(given *int64, now int) int {
		if given != nil {
			return int(*given)
		}
		return now
	}
	day := time.Date(now.Year(), now.Month(), 1, part(config.Hour, now.Hour()), part(config.Minute, now.Minute()), part(config.Second, now.Second()), 0, time.UTC)
	for n := 0; ; n++ {
		month := day.AddDate(0, n, 0)
		at := calc.OnDay(month.Unix(), int(config.DayOfMonth))
		if at < c.now || config.Month != nil && int64(month.Month()) != *config.Month {
			continue
		}
		if o.day = config; at > c.now {
			o.anchor = at
		}
		return nil
	}
}
