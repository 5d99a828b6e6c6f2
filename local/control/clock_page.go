package control

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"windfall/local/stripesim"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
)

// The page of the clock, in the dashboard of this machine alone.

// mostHappened is how many events of a move the page shows.
const mostHappened = 50

// spans are the choices of Move by.
var spans = []string{"1 hour", "1 day", "1 week", "1 month"}

func (c *Control) clockPage() web.FormPage {
	return web.FormPage{Path: ui.Path("clock"), Show: c.showClock, Save: c.moveByPage}
}

func (c *Control) showClock(_ context.Context, r *web.Request) (web.View, error) {
	options := make([]ui.Option, len(spans))
	for i, s := range spans {
		options[i] = ui.Option{Value: s, Text: s}
	}
	v := web.View{Page: ui.Page{Title: "Clock", Nav: "Clock"},
		Above: ui.All(ui.P("It is "+ui.Minute(c.stack.Sim.Now())+"."), ui.Hint("The clock belongs to this machine: a move renews subscriptions, tries cards and resets balances, here and at the Stripe simulator.")),
		Form: ui.Form{Heading: "Move the clock", Button: "Move", Fields: []ui.Field{
			{Kind: ui.Select, Name: "by", Label: "Move by", Value: "1 day", Options: options},
			{Kind: ui.Moment, Name: "to", Label: "Move to", Hint: "A date and a time in UTC, instead of Move by. The clock never goes back."},
		}}}
	if from, err := strconv.ParseInt(r.Query("from"), 10, 64); err == nil {
		v.Below = c.happened(time.UnixMilli(from).UTC())
	}
	return v, nil
}

// moveByPage moves the clock, and keeps whoever moved it signed in: the time that passed is no time away.
func (c *Control) moveByPage(ctx context.Context, r *web.Request) (web.Answer, error) {
	from := c.stack.Sim.Now()
	to, err := pageTarget(r).after(from)
	if err == nil {
		err = c.AdvanceTo(context.WithoutCancel(ctx), to)
	}
	var known *failure
	if errors.As(err, &known) {
		return web.Answer{}, web.On("to", web.Refuse(known.status, "%s", known.Message))
	}
	if err != nil {
		return web.Answer{}, err
	}
	if err := c.stack.KeepSession(ctx, r.Session); err != nil {
		return web.Answer{}, err
	}
	return web.Done(ui.With(ui.Path("clock"), "from", strconv.FormatInt(from.UnixMilli(), 10)), "Clock moved."), nil
}

// pageTarget is what was typed: a moment goes before a span.
func pageTarget(r *web.Request) target {
	if to := r.Value("to"); to != "" {
		if at, err := time.Parse("2006-01-02T15:04", to); err == nil {
			to = at.Format(time.RFC3339)
		}
		return target{To: &to}
	}
	by := r.Value("by")
	return target{Advance: &by}
}

// happened lists what Stripe told since a moment, the latest first.
func (c *Control) happened(since time.Time) templ.Component {
	t := ui.Table{Caption: "What happened", Columns: ui.Columns("When", "What", "Object", "Delivered"), Empty: "Nothing happened at Stripe in this time."}
	count := 0
	for _, e := range slices.Backward(c.stack.Sim.Events()) {
		if e.Created.Before(since.Truncate(time.Second)) {
			break
		}
		if count++; count <= mostHappened {
			t.Rows = append(t.Rows, []templ.Component{ui.MinuteOf(e.Created), ui.T(cmp.Or(eventWords[e.Type], e.Type)), ui.Code(e.ObjectID), ui.T(delivered(e))})
		}
	}
	text := "1 event."
	if count != 1 {
		text = strconv.Itoa(count) + " events."
	}
	if count > mostHappened {
		text += " These are the latest " + strconv.Itoa(mostHappened) + "."
	}
	return ui.Section("What happened", nil, ui.Hint("Since "+ui.Minute(since)+": "+text), ui.TablePart(t))
}

func delivered(e stripesim.EventRecord) string {
	if n := len(e.Deliveries); n == 0 {
		return "Not sent"
	} else if status := e.Deliveries[n-1].Status; status != http.StatusOK {
		return "Failed: " + strconv.Itoa(status)
	}
	return "Yes"
}

// eventWords are the events that people ask about.
var eventWords = map[string]string{
	"invoice.created": "Invoice drafted", "invoice.finalized": "Invoice issued", "invoice.paid": "Invoice paid", "invoice.payment_failed": "Payment failed",
	"invoice.voided": "Invoice voided", "customer.subscription.created": "Subscription begun", "customer.subscription.updated": "Subscription changed",
	"customer.subscription.deleted": "Subscription ended", "checkout.session.completed": "Checkout completed", "checkout.session.expired": "Checkout expired",
	"charge.refunded": "Payment refunded", "charge.dispute.created": "Payment disputed",
}
