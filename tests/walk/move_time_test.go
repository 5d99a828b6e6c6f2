package walk

import (
	"time"

	"windfall/tests/world"
)

// moments of a renewal: before, at and after it, while its invoice is a draft,
// and when that is issued.
var moments = []time.Duration{-time.Second, 0, 0, time.Second, time.Minute, 30 * time.Minute, 30 * time.Minute, time.Hour - time.Second, time.Hour, time.Hour + time.Second}

// turn moves the clock to a moment of the customer's next renewal; without one,
// into the next hour.
func (k *walker) turn(d *deed, v view) {
	to := v.now.Add(time.Hour)
	for _, s := range v.subs {
		if end := time.Unix(s.CurrentPeriodEnd, 0).UTC(); s.EndedAt == 0 && end.After(v.now) && end.Sub(v.now) < 70*24*time.Hour {
			to = end.Add(moments[d.much])
			if d.what%2 == 0 {
				break
			}
		}
	}
	if to.After(v.now) {
		k.clockTo(d, world.JSON{"to": to.Format(time.RFC3339)})
	}
}

// clockTo moves the clock, as a step of the clock does.
func (k *walker) clockTo(d *deed, to world.JSON) {
	d.do = "clock"
	k.clock(k.t, d, to)
}
