package app

import (
	"context"
	"errors"
	"slices"
	"sync"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/refusal"
	"windfall/shared/usage"
)

// maxReported is how many events one report adds up where sums do not tell: about a second's work.
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
	features = slices.Compact(slices.Sorted(slices.Values(features)))
	mark, days, err := a.usageSums(ctx, caller, customerID, features, r)
	if err != nil {
		return UsageReport{}, err
	}
	report := usage.NewReport(r, features, mark, days, since, caller.Now)
	left := maxReported
	for _, span := range report.Rest() {
		events, next, err := a.usageStore().UsageEvents(ctx, caller.Env, customerID,
			UsagePage{From: span.From, To: span.To, Features: span.Features, Since: since, Limit: left})
		if err != nil {
			return UsageReport{}, err
		}
		if next != "" {
			return UsageReport{}, errTooManyEvents
		}
		left -= len(events)
		report.AddEvents(events)
	}
	bins, total := report.Result()
	return UsageReport{bins, total}, nil
}

// usageSums reads the sums of a range. Without a mark there are none.
func (a *App) usageSums(ctx context.Context, caller Caller, customerID string, features []string, r entitlement.UsageRange) (usage.Mark, []usage.Day, error) {
	mark, err := a.usageStore().UsageMark(ctx, caller.Env, customerID)
	if err != nil || mark.Pass == 0 {
		return mark, nil, err
	}
	from := r.From.Truncate(entitlement.DayBins)
	read, errs := make([][]usage.Day, len(features)), make([]error, len(features))
	var running sync.WaitGroup
	slots := make(chan struct{}, featuresAtOnce)
	for i, f := range features {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			read[i], errs[i] = a.usageStore().UsageDays(ctx, caller.Env, customerID, f, from, r.To, r.Bin < entitlement.DayBins)
		})
	}
	running.Wait()
	return mark, slices.Concat(read...), errors.Join(errs...)
}

const featuresAtOnce = 8
