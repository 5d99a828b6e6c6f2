package billing

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"windfall/shared/catalog"
	"windfall/shared/money"
	"windfall/shared/reward"
)

// prorated turns the recurring lines into what the time left of a period
// costs, less a discount that runs. Lines that are paid once stay as they are.
func prorated(lines []Line, p money.Period, at time.Time, d *reward.Discount, c money.Currency) []Line {
	out := make([]Line, len(lines))
	for i, l := range lines {
		if out[i] = l; l.Recurring {
			out[i].Amount, out[i].Prorated = p.ProrateExact(d.Price(l.ItemID, l.Amount), at, c), true
			out[i].Lowered = p.Prorate(l.Amount, at, c) - out[i].Amount
			out[i].Description = "Remaining time on " + l.Description
		}
	}
	return out
}

// unused turns the recurring lines of a product into the credit for the time
// left of a period, less a discount that runs; what was paid once is not given
// back.
func unused(lines []Line, p money.Period, at time.Time, d *reward.Discount, c money.Currency) []Line {
	var out []Line
	for _, l := range lines {
		if l.Recurring {
			full := -p.Prorate(l.Amount, at, c)
			l.Amount, l.Prorated = -p.ProrateExact(d.Price(l.ItemID, l.Amount), at, c), true
			l.Lowered = full - l.Amount
			l.Description = "Unused time on " + l.Description
			out = append(out, l)
		}
	}
	return out
}

// lowered is what lines come to in a period under a discount, for the arithmetic
// in words.
func lowered(lines []Line, d *reward.Discount, c money.Currency) (sum money.Amount) {
	for _, l := range lines {
		if l.Recurring {
			sum += c.Round(d.Price(l.ItemID, l.Amount))
		}
	}
	return sum
}

// discounted takes a discount off the lines of an invoice that hold none yet:
// prorations do, and credits take no part. They are taken in the order in which Stripe
// has them, as the last one takes the rest of an amount.
func discounted(lines []Line, d *reward.Discount) []Line {
	order := make([]int, len(lines))
	for i := range lines {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lines[a].place(), lines[b].place()) })
	charges := make([]reward.Charge, len(lines))
	for n, i := range order {
		if charges[n].ItemID = lines[i].ItemID; !lines[i].Prorated && !lines[i].Full {
			charges[n].Amount = lines[i].Amount
		}
	}
	for n, off := range d.Off(charges) {
		lines[order[n]].Discount = off
	}
	return lines
}

// place is where Stripe has a line among those of its invoice: what waited is the first,
// then use and seats, which are made items before the change, then what comes with it,
// and behind all others the lines of a period.
func (l Line) place() int {
	switch {
	case l.Waited:
		return 0
	case l.Recurring && !l.Prorated:
		return 3
	case l.UsageModel == catalog.PayPerUse:
		return 1
	}
	return 2
}

// withoutPairs drops the prices that stay as they are from what leaves and
// what comes: Stripe makes no lines for them.
func withoutPairs(from, to []Line) (left, added []Line) {
	same := func(a, b Line) bool {
		return a.ItemID == b.ItemID && a.Recurring && b.Recurring && a.Quantity.Equal(b.Quantity)
	}
	has := func(lines []Line, l Line) bool {
		for _, other := range lines {
			if same(l, other) {
				return true
			}
		}
		return false
	}
	for _, l := range from {
		if !has(to, l) {
			left = append(left, l)
		}
	}
	for _, l := range to {
		if !has(from, l) {
			added = append(added, l)
		}
	}
	return left, added
}

// arithmetic says in one line how a change was computed, in major units:
// "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00".
func arithmetic(p money.Period, at time.Time, from, to, also, total money.Amount, c money.Currency) string {
	major := func(a money.Amount) string { return c.Major(a).StringFixed(c.Exponent()) }
	left, whole := p.Left(at)
	text := fmt.Sprintf("%s left: %s × (%s − %s)", timeLeft(left, whole), money.Int(left).DivRound(money.Int(max(1, whole)), 4), major(to), major(from))
	switch {
	case also > 0:
		text += " + " + major(also)
	case also < 0:
		text += " − " + major(-also)
	}
	return text + " = " + major(total)
}

// timeLeft words a part of a period in the largest unit that fits both.
func timeLeft(left, whole int64) string {
	for _, u := range []struct {
		seconds int64
		name    string
	}{{86400, "days"}, {3600, "hours"}, {60, "minutes"}} {
		if left%u.seconds == 0 && whole%u.seconds == 0 {
			return fmt.Sprintf("%d of %d %s", left/u.seconds, whole/u.seconds, u.name)
		}
	}
	return fmt.Sprintf("%d of %d seconds", left, whole)
}
