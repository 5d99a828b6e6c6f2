package credit

import (
	"slices"
	"time"

	"windfall/shared/money"
)

// MostLive is how many grants a customer may have that are not used up, and MostBytes
// how large all of them may be, about: they are one row, and a row has 400 KB. Our
// choice.
const (
	MostLive  = 100
	MostBytes = 200_000
)

// Full reports whether the customer has as many grants as one may be given.
func (a Account) Full() bool { return a.Live() >= MostLive || a.Size() > MostBytes }

// keptYears is how long what is over stays in the account. By then no bank takes back
// what was paid (Visa's and Mastercard's longest time is 540 days), and Stripe refunds
// no charge that old. The history has it for good.
//
// Source: https://docs.stripe.com/disputes/how-disputes-work,
// https://docs.stripe.com/refunds
const keptYears = 2

// LongOver reports whether the account may have forgotten what was at a moment.
func LongOver(at, now time.Time) bool { return at.Before(now.AddDate(-keptYears, 0, 0)) }

// Pruned is the account without what is long over: of the entries of a grant their sum,
// and nothing of a grant that is used up, expired or taken back. The last grant stays.
func (a Account) Pruned(now time.Time) Account {
	if !slices.ContainsFunc(a.Grants, func(g Grant) bool { return LongOver(g.At, now) }) {
		return a
	}
	a = a.clone()
	for i := range a.Grants {
		g := &a.Grants[i]
		g.Entries = slices.DeleteFunc(g.Entries, func(e Entry) bool {
			over := LongOver(e.At, now) && !e.Reserved && e.Twice == 0 && e.owed() == e.Returned
			if over {
				g.Before += e.Amount - e.Returned
			}
			return over
		})
	}
	last := a.Grants[len(a.Grants)-1].ID
	a.Grants = slices.DeleteFunc(a.Grants, func(g Grant) bool {
		return g.ID != last && g.Remaining == 0 && len(g.Entries) == 0 && LongOver(g.At, now) && LongOver(g.Expires, now)
	})
	return a
}

// Merged is the account with room for one grant more: while it is full, two grants of
// the same terms become one. They keep the later of their ends, and those whose ends
// are nearest to each other come first. Those of which Stripe or an invoice is still to
// be told stay apart, and so do those of other terms.
func (a Account) Merged(now time.Time) Account { return a.merged(Account.Full, now) }

func (a Account) merged(full func(Account) bool, now time.Time) Account {
	if full(a) {
		a = a.clone()
	}
	for full(a) {
		first, second := a.nearest(now)
		if first < 0 {
			break
		}
		a.Grants[first].add(a.Grants[second])
		a.Grants = slices.Delete(a.Grants, second, second+1)
	}
	return a
}

// nearest finds the two grants that become one, the older one first; -1 for none.
func (a Account) nearest(now time.Time) (first, second int) {
	first, second = -1, -1
	var gap time.Duration
	var pair [2]*Grant
	last := map[string]*Grant{}
	busy := a.untold(now)
	byEnd := make([]*Grant, len(a.Grants))
	for i := range byEnd {
		byEnd[i] = &a.Grants[i]
	}
	slices.SortStableFunc(byEnd, func(x, y *Grant) int { return never(x).Compare(never(y)) })
	for _, g := range byEnd {
		if g.Remaining <= 0 || g.over(now) || busy[g.ID] || g.ForAll() && !g.Posted {
			continue
		}
		before := last[g.terms()]
		last[g.terms()] = g
		if before == nil {
			continue
		}
		if apart := never(g).Sub(never(before)); pair[0] == nil || apart < gap {
			pair, gap = [2]*Grant{before, g}, apart
		}
	}
	for i := range a.Grants {
		switch g := &a.Grants[i]; {
		case g != pair[0] && g != pair[1]:
		case first < 0:
			first = i
		default:
			second = i
		}
	}
	return first, second
}

// untold are the grants of which Stripe is to be told something, or an invoice may have
// a line that was not seen yet.
func (a Account) untold(now time.Time) map[string]bool {
	out := map[string]bool{}
	for _, p := range a.Posts(a.StripeID, now) {
		out[p.GrantID] = true
	}
	for _, g := range a.Grants {
		for _, e := range g.Entries {
			if e.Reserved {
				out[g.ID] = true
			}
		}
	}
	return out
}

// terms are equal for grants that differ in what was given, and when it ends.
func (g Grant) terms() string {
	key := g.RewardID + " " + g.Code + " " + string(g.Currency)
	if g.Scoped {
		key += " for"
	}
	for _, id := range g.Items {
		key += " " + id
	}
	return key
}

// add takes another grant of the same terms in.
func (g *Grant) add(other Grant) {
	g.Granted, g.Remaining, g.Expired, g.Before = g.Granted+other.Granted, g.Remaining+other.Remaining, g.Expired+other.Expired, g.Before+other.Before
	if g.Expires = never(g); never(&other).After(g.Expires) {
		g.Expires = never(&other)
	}
	if g.Expires.Equal(never(&Grant{})) {
		g.Expires = time.Time{}
	}
	g.Ends = max(g.Ends, other.Ends)
	for _, o := range other.Entries {
		e := g.entry(o.Invoice)
		if e == nil {
			g.Entries = append(g.Entries, o)
			for i := len(g.Entries) - 1; i > 0 && g.Entries[i].At.Before(g.Entries[i-1].At); i-- {
				g.Entries[i], g.Entries[i-1] = g.Entries[i-1], g.Entries[i]
			}
			continue
		}
		e.Amount, e.Returned, e.Refunded = e.Amount+o.Amount, e.Returned+o.Returned, e.Refunded+o.Refunded
		e.Balance, e.ByStripe, e.Twice = e.Balance+o.Balance, e.ByStripe+o.ByStripe, e.Twice+o.Twice
		e.Posts, e.Unpaid = max(e.Posts, o.Posts), e.Unpaid || o.Unpaid
	}
}

// applied is what a grant paid, less what came back.
func applied(entries []Entry) (sum money.Amount) {
	for _, e := range entries {
		sum += e.Amount - e.Returned
	}
	return sum
}
