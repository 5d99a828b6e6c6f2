package app

import (
	"context"
	"time"

	"windfall/shared/refusal"
)

// Anybody may hold a publishable key. Where the setting publishable_checkout
// lets it open pages, it does so for a product as it is sold: it claims no
// customer, fills in nothing about an existing one, closes no page that a
// secret key opened, and opens a limited number of them.

// pagesPerMinute is how many pages one publishable key may ask for.
const pagesPerMinute = 60

var (
	errTooManyPages = refusal.Throttled(ReasonTooManyPages)
	errPageOpen     = refusal.Conflict(ReasonPageOpen)
	errBlanks       = refusal.Invalid(ReasonBlanksOfACustomer)
)

// admitPage lets a publishable key go on to a page that can be opened, and
// counts it. It returns the refusal of the attach, errBlanks, or errTooManyPages
// beyond the limit of this minute; nothing is saved then.
func (w work) admitPage(ctx context.Context, cmd AttachCommand) error {
	if !w.caller.Publishable {
		return nil
	}
	found, err := w.preview(ctx, cmd)
	if err != nil {
		return err
	}
	if found.State.Customer.FillBlanks(cmd.Data) {
		return errBlanks
	}
	within, err := w.Store.CountWithin(ctx, w.caller.Env, Limit{Name: "pages", Of: w.caller.KeyHash, Most: pagesPerMinute, Window: time.Minute}, w.caller.Now)
	if err == nil && !within {
		err = errTooManyPages
	}
	return err
}
