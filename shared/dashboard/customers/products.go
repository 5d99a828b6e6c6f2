package customers

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/ui"
	"windfall/shared/money"
	"windfall/shared/order"
)

// status is where a customer product stands, in words.
func status(cp billing.CustomerProduct, now time.Time) (string, ui.Tone) {
	switch at := cp.At(now); {
	case at == billing.Expired:
		return "Expired", ui.Plain
	case at == billing.Scheduled:
		return "Scheduled, starts on " + ui.Day(cp.StartsAt), ui.Plain
	case setToEnd(cp):
		return "Cancelled, ends on " + ui.Day(cp.EndsAt), ui.Warn
	case at == billing.PastDue:
		return "Past due", ui.Bad
	case at == billing.Trialing:
		return "Trialing, until " + ui.Day(cp.TrialEnds), ui.Good
	}
	return "Active", ui.Good
}

// setToEnd reports whether a product was cancelled for the end of its period: what is left is to end it now, or to undo that.
func setToEnd(cp billing.CustomerProduct) bool { return !cp.CanceledAt.IsZero() && !cp.EndsAt.IsZero() }

// heldName is a product with the entity that has it, and how often it was bought.
func heldName(cat *catalog.Catalog, cp billing.CustomerProduct) string {
	name := cmp.Or(app.ProductHeld(cat, cp).Name, cp.ProductID)
	if cp.Entity.ID != "" {
		name += " for " + cp.Entity.ID
	}
	if cp.Quantity > 1 {
		name += fmt.Sprintf(" × %d", cp.Quantity)
	}
	return name
}

// next is what becomes of a product next.
func next(cp billing.CustomerProduct, now time.Time) (string, time.Time) {
	switch at := cp.At(now); {
	case at == billing.Expired:
		return "", time.Time{}
	case at == billing.Scheduled:
		return "Starts on ", cp.StartsAt
	case !cp.EndsAt.IsZero():
		return "Ends on ", cp.EndsAt
	case cp.SubscriptionID != "" && !cp.Period.End.IsZero():
		return "Renews on ", cp.Period.End
	}
	return "", time.Time{}
}

// shown are a customer's products, those that run first and what has ended last.
func shown(products []billing.CustomerProduct, now time.Time) []billing.CustomerProduct {
	place := func(cp billing.CustomerProduct) int {
		switch {
		case cp.Running(now):
			return 0
		case cp.At(now) == billing.Scheduled:
			return 1
		}
		return 2
	}
	out := slices.Clone(products)
	order.Stable(out, func(a, b *billing.CustomerProduct) int {
		return cmp.Or(place(*a)-place(*b), a.StartsAt.Compare(b.StartsAt))
	})
	return out
}

// mostProducts keeps the page small; whoever has more is told so.
const mostProducts = 100

func (o overview) products() templ.Component {
	t := ui.Table{Caption: "Products", Columns: ui.Columns("Product", "Status", "Since", "Next", "Actions"), Empty: "No products."}
	now, all := o.r.Now, shown(o.Products, o.r.Now)
	for _, cp := range all[:min(len(all), mostProducts)] {
		word, tone := status(cp, now)
		text, at := next(cp, now)
		when := templ.Component(ui.T(text))
		if text != "" {
			when = ui.All(ui.T(text), ui.DayOf(at))
		}
		t.Rows = append(t.Rows, []templ.Component{ui.T(heldName(o.cat, cp)), ui.Status(word, tone), ui.DayOf(cp.StartsAt), when, o.actions(cp)})
	}
	parts := []templ.Component{ui.TablePart(t)}
	if len(all) > mostProducts {
		parts = append(parts, ui.Hint(ui.More(len(all)-mostProducts)))
	}
	return ui.Section("Products", nil, parts...)
}

// actions are what can be done with a product: viewers may preview an end.
func (o overview) actions(cp billing.CustomerProduct) templ.Component {
	name, now := heldName(o.cat, cp), o.r.Now
	switch {
	case cp.At(now) == billing.Expired:
		return nil
	case setToEnd(cp):
		return ui.Row(ui.PostButton("Undo cancel of "+name, pathOf(o.Customer, "products", cp.ID, "continue")), ui.A("End "+name+" now", pathOf(o.Customer, "products", cp.ID, "cancel")))
	}
	return ui.A("Cancel "+name, pathOf(o.Customer, "products", cp.ID, "cancel"))
}

// upcoming says what will happen by itself, in the order of its days.
func (o overview) upcoming() templ.Component {
	type event struct {
		at   time.Time
		text string
	}
	var events []event
	now := o.r.Now
	add := func(at time.Time, format string, args ...any) {
		events = append(events, event{at, fmt.Sprintf(format, args...)})
	}
	for _, cp := range o.Products {
		name := heldName(o.cat, cp)
		switch {
		case cp.At(now) == billing.Expired:
			continue
		case cp.At(now) == billing.Scheduled:
			add(cp.StartsAt, "%s starts on %s%s", name, ui.Day(cp.StartsAt), o.startPrice(cp))
		case !cp.EndsAt.IsZero():
			add(cp.EndsAt, "%s ends on %s", name, ui.Day(cp.EndsAt))
		}
		if now.Before(cp.TrialEnds) && cp.Running(now) {
			add(cp.TrialEnds, "Trial of %s ends on %s", name, ui.Day(cp.TrialEnds))
		}
	}
	for _, next := range o.Renewals(o.cat, o.running, now) {
		use := ""
		if next.Use {
			use = ", and what is used until then"
		}
		add(next.At, "%s renews on %s for %s%s", heldName(o.cat, next.CustomerProduct), ui.Day(next.At), ui.Price(next.Amount, next.Currency), use)
	}
	order.Stable(events, func(a, b *event) int { return a.at.Compare(b.at) })
	var texts []string
	for _, e := range events[:min(len(events), mostProducts)] {
		texts = append(texts, e.text)
	}
	if len(texts) == 0 {
		return ui.Section("Upcoming", nil, ui.Hint("Nothing is planned."))
	}
	return ui.Section("Upcoming", nil, ui.Sentences(texts...))
}

// startPrice is what the period costs with which a scheduled product begins.
func (o overview) startPrice(cp billing.CustomerProduct) string {
	amount := app.PeriodPrice(o.cat, cp, o.r.Now)
	if amount == 0 {
		return ""
	}
	return " for " + price(amount, o.cat.Currency())
}

func price(a money.Amount, c money.Currency) string { return ui.Price(a, c) }
