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
	"windfall/shared/usage"
)

// UsageRecord is a track call as history keeps it: one event for each feature it
// used.
type UsageRecord struct {
	ID         string
	CustomerID string
	EntityID   string // that the call named, or ""
	Features   []string
	Name       string    // event_name
	At         time.Time // time of the use, sent by the caller
	ReceivedAt time.Time
	Value      money.Decimal
	Properties string // a JSON object, or ""
	KeptFor    time.Duration
}

// UsageStore keeps the history of use. It is no part of Store: check and track,
// which have no use for it, stay small without it.
type UsageStore interface {
	// UsageIn reads the uses in an image of the table's stream, if a track made
	// the last write of that row. Their positions are not there, nor KeptFor.
	UsageIn(image []byte) ([]UsageNote, error)

	// FileUsage puts the events of uses, in the order in which the stream has them, and adds
	// them to their sums. Repeating it changes nothing. It returns an error for each use
	// that is to come again; then all later ones must, too.
	FileUsage(ctx context.Context, notes []UsageNote, now time.Time) []error

	// UsageEvents reads a customer's events, newest first. next is "" after the
	// last page.
	UsageEvents(ctx context.Context, env catalog.Env, key string, page UsagePage) (events []entitlement.UsageEvent, next string, err error)

	// RebuildUsage begins to make a customer's sums anew, from the events.
	RebuildUsage(ctx context.Context, env catalog.Env, key string, now time.Time) error

	// ScanUsage adds some of the events that belong to no sum yet, and returns how far the
	// sums go then. It does nothing where the mark is not due.
	ScanUsage(ctx context.Context, env catalog.Env, key string, now time.Time) (usage.Mark, error)

	// UsageMark reads how far a customer's sums go.
	UsageMark(ctx context.Context, env catalog.Env, key string) (usage.Mark, error)

	// UsageDays reads the sums of one feature on the days that begin from From, included,
	// to To, excluded.
	UsageDays(ctx context.Context, env catalog.Env, key, featureID string, from, to time.Time, detail UsageDetail) ([]usage.Day, error)

	// UsageGroups reads the groups of the same days by one property. Without hours all of a
	// day is in its first one.
	UsageGroups(ctx context.Context, env catalog.Env, key, featureID, property string, from, to time.Time, hours bool) ([]usage.DayGroups, error)
}

// UsageDetail says what of sums is read: their hours, or nothing but how many events they have,
// and how many of those are in groups by a property.
type UsageDetail struct {
	Hours     bool
	GroupedBy string
}

// usageStore is the store of a function that files or reports.
func (a *App) usageStore() UsageStore { return a.Store.(UsageStore) }

// A UsageNote is a use as the table's stream brings it.
type UsageNote struct {
	UsageRecord
	Env      catalog.Env
	Source   UsageSource
	Position usage.Position // among the changes of the source
	Filed    bool           // it comes from the row of its event: the record has no more than customer and feature
}

// A UsageSource is the row that carries a use to the stream.
type UsageSource struct{ PK, SK string }

// A UsagePage selects a customer's events, newest first: from From, included, to To,
// excluded.
type UsagePage struct {
	From, To time.Time
	Features []string  // none is all
	EntityID string    // "" is the customer with all entities
	Since    time.Time // events received before belong to another customer who had this id …
	Until    time.Time // … and so do those from then on; zero is open
	Cursor   string    // where the page before ended, or ""
	Limit    int
	Most     int // events that are read for it, wanted or not; 0 reads any number
}

// Wants reports whether an event belongs on the page.
func (p UsagePage) Wants(e entitlement.UsageEvent) bool {
	return !e.ReceivedAt.Before(p.Since) && (p.Until.IsZero() || e.ReceivedAt.Before(p.Until)) && (p.EntityID == "" || p.EntityID == e.EntityID) && (len(p.Features) == 0 || slices.Contains(p.Features, e.FeatureID))
}

// A Change is one of the table's stream.
type Change struct {
	Image    []byte // the row after it; none if it was removed
	Sequence string // its number
}

// KeepUsage stores the uses in a batch of changes. told is false for a change that has none,
// or none that can be read. It may be called any number of times for one change.
func (a *App) KeepUsage(ctx context.Context, batch []Change, now time.Time) (told []bool, errs []error) {
	told, errs = make([]bool, len(batch)), make([]error, len(batch))
	var notes []UsageNote
	var of []int // the change of each note
	for i, c := range batch {
		if len(c.Image) == 0 {
			continue // a row was removed
		}
		carried, err := a.usageStore().UsageIn(c.Image)
		if errs[i] = err; err != nil || len(carried) == 0 {
			continue
		}
		told[i] = true
		cat, err := a.Store.Catalog(ctx, carried[0].Env, false)
		if errs[i] = err; err != nil {
			break // what comes behind it waits, too
		}
		for n, note := range carried {
			note.KeptFor, note.Position = cat.Settings.EventsKeptFor(), usage.PositionOf(c.Sequence)
			if len(carried) > 1 {
				note.Position = note.Position.Part(n)
			}
			notes, of = append(notes, note), append(of, i)
		}
	}
	for n, err := range a.usageStore().FileUsage(ctx, notes, now) {
		if err != nil && errs[of[n]] == nil {
			errs[of[n]] = err
		}
	}
	return told, errs
}

// RebuildUsage begins to make a customer's sums of usage anew from the events, with the groups
// that are declared now. The schedule does it, beginning five minutes later.
func (a *App) RebuildUsage(ctx context.Context, caller Caller, customerID string) error {
	if _, err := a.existing(ctx, caller, customerID); err != nil {
		return err
	}
	return a.usageStore().RebuildUsage(ctx, caller.Env, customerID, caller.Now)
}

// stepsAtOnce is how many steps of a scan, of 500 events each, one run of the schedule does
// for a customer.
const stepsAtOnce = 200

// scanUsage goes on with the scan of a customer's events.
func (a *App) scanUsage(ctx context.Context, caller Caller, customerID string) error {
	for range stepsAtOnce {
		m, err := a.usageStore().ScanUsage(ctx, caller.Env, customerID, caller.Now)
		if err != nil || !m.Due(caller.Now) {
			return err
		}
	}
	return nil
}

// usageEvent is what history keeps of a track: nothing for one that uses no feature.
func (a *App) usageEvent(ctx context.Context, caller Caller, cmd TrackCommand, requests []entitlement.UsageRequest) (UsageRecord, error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return UsageRecord{}, err
	}
	e := UsageRecord{ID: "evt_" + a.NewID(), CustomerID: cmd.CustomerID, EntityID: cmd.EntityID, Name: cmd.EventName, At: cmd.At, ReceivedAt: caller.Now,
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
	EntityID   string    // "" is the customer with all entities
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
	if since, err = a.entitySince(ctx, caller, s.Customer, cmd.EntityID, since); err != nil {
		return nil, "", err
	}
	page := UsagePage{From: cmd.From, To: cmd.To, Features: cmd.Features, EntityID: cmd.EntityID, Since: since, Cursor: cmd.Cursor, Limit: cmd.Limit, Most: mostRead}
	if page.From.IsZero() {
		page.From = time.UnixMilli(0)
	}
	if page.To.IsZero() {
		page.To = caller.Now.AddDate(1, 0, 0) // an event may be dated a month ahead
	}
	if !page.From.Before(page.To) {
		return nil, "", refusal.Invalid(ReasonRangeInTheFuture)
	}
	return a.eventsOf(ctx, caller, s.Customer, page)
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

// mostRead is how many events one page of a list looks at: it may be short, and the next one goes on.
const mostRead = 20_000

// entitySince is since when the events of an entity are shown, if that is later: those before
// are of another one that had its id.
func (a *App) entitySince(ctx context.Context, caller Caller, c billing.Customer, entityID string, since time.Time) (time.Time, error) {
	if entityID == "" {
		return since, nil
	}
	e, err := a.Entity(ctx, caller, c, entityID)
	if err == nil && e.CreatedAt.After(since) {
		since = e.CreatedAt
	}
	return since, err
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
