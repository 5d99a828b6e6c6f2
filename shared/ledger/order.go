package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"windfall/shared/order"
)

// A turn is a place in the order of commands. Stripe's times are whole seconds, and
// it makes an invoice a moment after its command: within a second the ids of
// operations tell the order, because they rise.
type turn struct {
	at        time.Time
	operation string
}

func (t turn) compare(other turn) int {
	return cmp.Or(t.at.Compare(other.at), strings.Compare(t.operation, other.operation))
}

func (t turn) before(other turn) bool { return t.compare(other) < 0 }

// turn is that of a line of ours: its period begins when it takes effect. What a period
// is charged that a date begins comes before the commands of that second, whose ids it
// has none of.
func (l Line) turn() turn {
	if l.Dated {
		return turn{l.Period.Start, ""}
	}
	return turn{l.Period.Start, l.Operation}
}

// turn is that of the last line where all lines are ours. Any other invoice is as old
// as Stripe says.
func (in Invoice) turn() (last turn) {
	for _, line := range in.Lines {
		switch {
		case !line.Ours:
			return turn{in.CreatedAt, in.Operation}
		case last.before(line.turn()):
			last = line.turn()
		}
	}
	return last
}

func inOrder(invoices []Invoice) []Invoice {
	sorted := slices.Clone(invoices)
	order.Stable(sorted, func(a, b *Invoice) int { return a.turn().compare(b.turn()) })
	return sorted
}

// freedOn lists the credits of ours in the order in which they took effect, which may
// be long before their invoice: a seat may have been taken again by then.
func freedOn(invoices []Invoice) (freed []Line) {
	for _, in := range invoices {
		for _, line := range in.Lines {
			if line.Ours && line.Amount < 0 {
				freed = append(freed, line)
			}
		}
	}
	order.Stable(freed, func(a, b *Line) int { return a.turn().compare(b.turn()) })
	return freed
}

// freedBefore reports whether seats were freed before an invoice charged some: before
// those of the same item, if there are any.
func freedBefore(freed Line, in Invoice) bool {
	exchanges := func(line Line) bool {
		return line.Ours && line.Amount > 0 && line.Operation == freed.Operation && line.ItemID != freed.ItemID
	}
	if freed.Operation != "" && (freed.Operation == in.Operation || slices.ContainsFunc(in.Lines, exchanges)) {
		return true // a change credits what it exchanges
	}
	until := in.turn()
	for _, line := range in.Lines {
		if line.Ours && line.Amount > 0 && line.ItemID == freed.ItemID {
			until = line.turn()
		}
	}
	return freed.turn().before(until)
}

// withoutOthers leaves out the lines for other subscriptions, which may have the same
// items: another entity holds the same product, or it ended and has begun anew, and what
// was paid before is not for its seats.
func withoutOthers(invoices []Invoice, subscriptionID string) []Invoice {
	other := func(id string) bool { return id != "" && id != subscriptionID }
	return without(invoices, func(l Line) bool { return other(l.SubscriptionID) || l.Ours && other(l.For) })
}

func without(invoices []Invoice, left func(Line) bool) (rest []Invoice) {
	for _, in := range invoices {
		in.Lines = slices.DeleteFunc(slices.Clone(in.Lines), left)
		rest = append(rest, in)
	}
	return rest
}

// Before leaves out what an operation's credit knows nothing of: the charges of ours
// for an item that were decided later.
func (b Billed) Before(itemID string, at time.Time, operation string) Billed {
	now := turn{at.Truncate(time.Second), operation}
	later := func(l Line) bool {
		return l.Ours && l.Amount > 0 && l.ItemID == itemID && now.before(l.turn())
	}
	waiting := slices.DeleteFunc(slices.Clone(b.Waiting), func(w WaitingItem) bool { return later(w.Line) })
	return Billed{Invoices: without(b.Invoices, later), Waiting: waiting}
}
