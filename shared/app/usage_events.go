package app

import (
	"context"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// UsageRecord is a track call as history keeps it: one event for each feature it
// used.
type UsageRecord struct {
	ID         string
	CustomerID string
	Features   []string
	Name       string    // event_name
	At         time.Time // time of the use, sent by the caller
	ReceivedAt time.Time
	Value      money.Decimal
	Properties string // a JSON object, or ""
	KeptFor    time.Duration
}

// UsageStore is the part of Store that keeps the history of use.
type UsageStore interface {
	// UsageIn reads the use in an image of the table's stream, if a track made
	// the last write of that row.
	UsageIn(image []byte) (env catalog.Env, used UsageRecord, found bool, err error)

	// SaveUsageEvents puts the events of a use. Repeating it changes nothing.
	SaveUsageEvents(ctx context.Context, env catalog.Env, used UsageRecord) error

	// UsageEvents reads a customer's events, newest first. next is "" after the
	// last page.
	UsageEvents(ctx context.Context, env catalog.Env, key string, page UsagePage) (events []entitlement.UsageEvent, next string, err error)
}

// A UsagePage selects a customer's events, newest first: from From, included, to To,
// excluded.
type UsagePage struct {
	From, To time.Time
	Features []string  // none is all
	Since    time.Time // events received before belong to another customer who had this id
	Cursor   string    // where the page before ended, or ""
	Limit    int
}

// Wants reports whether an event belongs on the page.
func (p UsagePage) Wants(e entitlement.UsageEvent) bool {
	return !e.ReceivedAt.Before(p.Since) && (len(p.Features) == 0 || slices.Contains(p.Features, e.FeatureID))
}

// KeepUsage stores the use in a change of the table. told is false when the change
// has none, or none that can be read. It may be called any number of times for one
// change.
func (a *App) KeepUsage(ctx context.Context, image []byte) (told bool, err error) {
	if len(image) == 0 {
		return false, nil // a row was removed
	}
	env, used, found, err := a.Store.UsageIn(image)
	if err != nil || !found {
		return false, err
	}
	cat, err := a.Store.Catalog(ctx, env, false)
	if err != nil {
		return true, err
	}
	used.KeptFor = cat.Settings.EventsKeptFor()
	return true, a.Store.SaveUsageEvents(ctx, env, used)
}

// usageEvent is what history keeps of a track: nothing for one that uses no feature.
func (a *App) usageEvent(ctx context.Context, caller Caller, cmd TrackCommand, requests []entitlement.UsageRequest) (UsageRecord, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return UsageRecord{}, err
	}
	e := UsageRecord{ID: "evt_" + a.NewID(), CustomerID: cmd.CustomerID, Name: cmd.EventName, At: cmd.At, ReceivedAt: caller.Now,
		Value: cmd.Value, Properties: cmd.Properties, KeptFor: cat.Settings.EventsKeptFor()}
	if e.At.IsZero() {
		e.At = caller.Now
	}
	for _, u := range requests {
		e.Features = append(e.Features, u.Feature.ID)
	}
	return e, nil
}

// A UsageCommand asks for events of one customer.
type UsageCommand struct {
	CustomerID string
	Features   []string  // none is all, in a list
	From, To   time.Time // zero: from the beginning, or to the end
	Cursor     string
	Limit      int
}

// UsageEvents lists a customer's events, newest first.
func (a *App) UsageEvents(ctx context.Context, caller Caller, cmd UsageCommand) ([]entitlement.UsageEvent, string, error) {
	for _, id := range cmd.Features {
		if err := a.knows(ctx, caller, id); err != nil {
			return nil, "", err
		}
	}
	s, err := a.existing(ctx, caller, cmd.CustomerID)
	if err != nil {
		return nil, "", err
	}
	since, err := a.remembered(ctx, caller, s.Customer)
	if err != nil {
		return nil, "", err
	}
	page := UsagePage{From: cmd.From, To: cmd.To, Features: cmd.Features, Since: since, Cursor: cmd.Cursor, Limit: cmd.Limit}
	if page.From.IsZero() {
		page.From = time.UnixMilli(0)
	}
	if page.To.IsZero() {
		page.To = caller.Now.AddDate(1, 0, 0) // an event may be dated a month ahead
	}
	if !page.From.Before(page.To) {
		return nil, "", refusal.Invalid(ReasonRangeInTheFuture)
	}
	return a.Store.UsageEvents(ctx, caller.Env, cmd.CustomerID, page)
}

// maxReported is how many events one report adds up: about a second's work.
const maxReported = 100_000

var errTooManyEvents = refusal.Invalid(ReasonTooManyEvents)

// A UsageReport is what a customer used over a range.
type UsageReport struct {
	Bins  []entitlement.UsageBin
	Total map[string]entitlement.UsageTotal
}

// UsageReport adds up what a customer used of some features. span gives the
// range, once the customer's products are known.
func (a *App) UsageReport(ctx context.Context, caller Caller, customerID string, features []string,
	span func(products []billing.CustomerProduct) (entitlement.UsageRange, error)) (UsageReport, error) {
	for _, id := range features {
		if err := a.knows(ctx, caller, id); err != nil {
			return UsageReport{}, err
		}
	}
	s, err := a.existing(ctx, caller, customerID)
	if err != nil {
		return UsageReport{}, err
	}
	r, err := span(s.Products)
	if err != nil {
		return UsageReport{}, err
	}
	if err := r.CheckFigures(len(features)); err != nil {
		return UsageReport{}, err
	}
	since, err := a.remembered(ctx, caller, s.Customer)
	if err != nil {
		return UsageReport{}, err
	}
	events, next, err := a.Store.UsageEvents(ctx, caller.Env, customerID,
		UsagePage{From: r.From, To: r.To, Features: features, Since: since, Limit: maxReported})
	if err != nil {
		return UsageReport{}, err
	}
	if next != "" {
		return UsageReport{}, errTooManyEvents
	}
	bins, total := r.Report(events)
	return UsageReport{bins, total}, nil
}

// remembered is since when a customer's events are shown: since it was made,
// and no longer than events are kept, as the database deletes them days late.
func (a *App) remembered(ctx context.Context, caller Caller, c billing.Customer) (time.Time, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return time.Time{}, err
	}
	since := caller.Now.Add(-cat.Settings.EventsKeptFor())
	if c.CreatedAt.After(since) {
		since = c.CreatedAt
	}
	return since, nil
}

// knows refuses a feature that the catalog does not hold, also when read afresh.
func (a *App) knows(ctx context.Context, caller Caller, featureID string) error {
	for _, fresh := range []bool{false, true} {
		cat, err := a.Store.Catalog(ctx, caller.Env, fresh)
		if err != nil {
			return err
		}
		if _, ok := cat.Features[featureID]; ok {
			return nil
		}
	}
	return refusal.ErrFeatureNotFound(featureID)
}
