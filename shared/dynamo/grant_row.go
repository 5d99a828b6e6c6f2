package dynamo

import (
	"strconv"
	"strings"

	"windfall/shared/entitlement"
	"windfall/shared/money"
)

func grantRow(g entitlement.Grant) row {
	r := row{}
	r.setText("i", g.ID)
	r.setText("p", g.ProductID)
	r.setTime("f", g.From)
	r.setTime("t", g.Until)
	r.setExact("n", g.Included)
	r.setExact("b", g.Prepaid)
	r.setExact("x", g.Extra)
	r.setExact("u", g.Used)
	r.setText("c", cycleText(g.Cycle))
	if !g.Anchor.Equal(g.From) {
		r.setTime("a", g.Anchor)
	}
	r.setTime("r", g.ResetsAt)
	r.setFlag("ad", g.AddOn)
	r.setFlag("ul", g.Unlimited)
	r.setFlag("bo", g.Boolean)
	r.setFlag("ov", g.Overage)
	r.setFlag("rs", g.ResetUsage)
	r.setFlag("su", g.Suspended)
	r.setFlag("he", g.Held)
	if g.Seats {
		r.setFlag("se", true)
		r.setExact("pd", g.Paid)
		r.setTime("pf", g.PaidFor.Start)
		r.setTime("pt", g.PaidFor.End)
		r.setTime("pw", g.PaidFor.Whole)
		r.setText("tc", cycleText(g.Turn))
		r.setTime("tt", g.TurnsTo)
	}
	if g.UsageLimit != nil {
		r["li"] = exact(*g.UsageLimit)
	}
	return r
}

func readGrant(r row) (g entitlement.Grant, err error) {
	g = entitlement.Grant{
		ID: r.text("i"), ProductID: r.text("p"), From: r.time("f"), Since: r.time("f"), Until: r.time("t"),
		Cycle: readCycle(r.text("c")), Anchor: r.time("a"), ResetsAt: r.time("r"), AddOn: r.flag("ad"),
		Held: r.flag("he"), Seats: r.flag("se"), PaidFor: money.Period{Start: r.time("pf"), End: r.time("pt"), Whole: r.time("pw")},
		Turn: readCycle(r.text("tc")), TurnsTo: r.time("tt"),
		Unlimited: r.flag("ul"), Boolean: r.flag("bo"), Overage: r.flag("ov"), ResetUsage: r.flag("rs"), Suspended: r.flag("su"),
	}
	g.CustomerProductID, _, _ = strings.Cut(g.ID, "/")
	if _, own := r["a"]; !own {
		g.Anchor = g.From
	}
	if g.Included, err = r.exact("n"); err != nil {
		return g, err
	}
	if g.Prepaid, err = r.exact("b"); err != nil {
		return g, err
	}
	if g.Extra, err = r.exact("x"); err != nil {
		return g, err
	}
	if _, limited := r["li"]; limited {
		limit, err := r.exact("li")
		if err != nil {
			return g, err
		}
		g.UsageLimit = &limit
	}
	if g.Paid, err = r.exact("pd"); err != nil {
		return g, err
	}
	g.Used, err = r.exact("u")
	return g, err
}

// cycleText is "month", or "2 week" where it takes several.
func cycleText(c money.Cycle) string {
	if c.Count > 1 {
		return strconv.Itoa(c.Count) + " " + string(c.Interval)
	}
	return string(c.Interval)
}

func readCycle(s string) money.Cycle {
	if count, interval, ok := strings.Cut(s, " "); ok {
		n, _ := strconv.Atoi(count)
		return money.Cycle{Interval: money.Interval(interval), Count: n}
	}
	return money.Cycle{Interval: money.Interval(s)}.Plain()
}
