package app

import (
	"context"
	"slices"
	"time"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/refusal"
	"windfall/shared/usage"
)

// MonthDays is how many days the usage of a customer is drawn for.
const MonthDays = 30

// A UsageMonth is what a customer used on each of the last days.
type UsageMonth struct {
	Customer billing.Customer
	Days     []time.Time                // their beginnings in UTC, the oldest first; today is the last
	Features []string                   // that were used, sorted
	Used     map[string][]money.Decimal // by feature, for each day
}

// UsageMonth reads what a customer used of all features: two requests, and one for each span
// of days that only the events tell. It returns too_many_events where those are too many.
func (a *App) UsageMonth(ctx context.Context, caller Caller, id string) (UsageMonth, error) {
	to := caller.Now.UTC().Truncate(entitlement.DayBins).Add(entitlement.DayBins)
	r := entitlement.UsageRange{From: to.Add(-MonthDays * entitlement.DayBins), To: to, Bin: entitlement.DayBins}
	read, found, err := a.finder().CustomerUsage(ctx, caller.Env, id, r.From, r.To)
	if err == nil && !found {
		var s billing.State
		if s, err = a.CustomerAt(ctx, caller, id); err == nil {
			if read, found, err = a.finder().CustomerUsage(ctx, caller.Env, s.Customer.Key(), r.From, r.To); err == nil && !found {
				err = refusal.ErrStale
			}
		}
	}
	if err != nil {
		return UsageMonth{}, err
	}
	since, err := a.remembered(ctx, caller, read.Customer)
	if err != nil {
		return UsageMonth{}, err
	}
	features, err := a.usedFeatures(ctx, caller, read.Days)
	if err != nil {
		return UsageMonth{}, err
	}
	if read.Mark.Pass == 0 {
		read.Days = nil
	}
	spans, left := keysOf(read.Customer, since), maxReported
	report := usage.NewReport(r, features, read.Mark, read.Days, spans[0].received, caller.Now)
	if err := a.addRest(ctx, caller, report, spans[0], &left); err != nil {
		return UsageMonth{}, err
	}
	var all UsageReport
	all.Bins, all.Total, all.Groups = report.Result()
	for _, former := range spans[1:] { // of a customer whose id was changed this month: a few requests more
		of, err := a.reportOf(ctx, caller, ReportCommand{}, former, features, r, &left)
		if err != nil {
			return UsageMonth{}, err
		}
		all = all.together(of)
	}
	return monthOf(all, read.Customer, features), nil
}

// usedFeatures are those of which there are sums, and those of the catalog that are counted.
func (a *App) usedFeatures(ctx context.Context, caller Caller, days []usage.Day) (ids []string, err error) {
	cat, err := a.Store.Catalog(ctx, caller.Env, false)
	if err != nil {
		return nil, err
	}
	for id := range cat.Features {
		ids = append(ids, id)
	}
	for _, d := range days {
		ids = append(ids, d.FeatureID)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

// addRest adds what only the events tell.
func (a *App) addRest(ctx context.Context, caller Caller, report *usage.Report, of keySpan, left *int) error {
	for _, span := range report.Rest() {
		if !span.To.After(of.received.From) {
			continue
		}
		events, next, err := a.usageStore().UsageEvents(ctx, caller.Env, of.key,
			UsagePage{From: span.From, To: span.To, Features: span.Features, Since: of.received.From, Limit: *left, Most: maxReported})
		switch {
		case err != nil:
			return err
		case next != "":
			return errTooManyEvents
		}
		*left -= len(events)
		report.AddEvents(events)
	}
	return nil
}

func monthOf(all UsageReport, c billing.Customer, features []string) UsageMonth {
	out := UsageMonth{Customer: c, Used: map[string][]money.Decimal{}}
	for _, f := range features {
		if all.Total[f].Count > 0 {
			out.Features = append(out.Features, f)
		}
	}
	for _, bin := range all.Bins {
		out.Days = append(out.Days, bin.Start)
		for _, f := range out.Features {
			out.Used[f] = append(out.Used[f], bin.Used[f].Sum)
		}
	}
	return out
}

// CustomerUsage is a customer with sums of their usage.
type CustomerUsage struct {
	Customer billing.Customer
	Mark     usage.Mark
	Days     []usage.Day
}
