package app

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"windfall/shared/billing"
	"windfall/shared/entitlement"
	"windfall/shared/money"
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
	// Groups has, for each bin, what was used of a feature by the values of a property; nil
	// without one.
	Groups []map[string]map[string]entitlement.UsageTotal
}

// Figures is how many groups all the bins have.
func (r UsageReport) figures() (n int) {
	for _, bin := range r.Groups {
		for _, values := range bin {
			n += len(values)
		}
	}
	return n
}

// A ReportCommand asks for what a customer used of some features.
type ReportCommand struct {
	CustomerID string
	EntityID   string // what one entity used; "" is the customer with all of them
	Features   []string
	GroupBy    string // the property by whose values it is told, ByEntity, or ""
}

// ByEntity tells what each entity used.
const ByEntity = "$entity_id"

// oneByOne reports whether events alone tell: sums have all that a customer used.
func (cmd ReportCommand) oneByOne() bool { return cmd.EntityID != "" || cmd.GroupBy == ByEntity }

// UsageReport adds up what a customer used. span gives the range, once the customer's
// products are known.
func (a *App) UsageReport(ctx context.Context, caller Caller, cmd ReportCommand,
	span func(products []billing.CustomerProduct) (entitlement.UsageRange, error)) (UsageReport, error) {
	customerID, features, groupBy := cmd.CustomerID, cmd.Features, cmd.GroupBy
	for _, id := range features {
		if err := a.knows(ctx, caller, id); err != nil {
			return UsageReport{}, err
		}
		if cmd.oneByOne() {
			continue
		}
		if err := a.groups(ctx, caller, id, groupBy); err != nil {
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
	if since, err = a.entitySince(ctx, caller, s.Customer, cmd.EntityID, since); err != nil {
		return UsageReport{}, err
	}
	features = slices.Compact(slices.Sorted(slices.Values(features)))
	left := maxReported
	var out UsageReport
	for i, span := range keysOf(s.Customer, since) {
		of, err := a.reportOf(ctx, caller, cmd, span, features, r, &left)
		if err != nil {
			return UsageReport{}, err
		}
		if i == 0 {
			out = of
		} else {
			out = out.together(of)
		}
	}
	if n := out.figures(); n > mostGroups {
		return UsageReport{}, refusal.Invalid(ReasonTooManyGroups, n, groupBy, mostGroups)
	}
	return out, nil
}

// reportOf adds up what was used under one key of a customer. left is how many events may be
// read for it yet.
func (a *App) reportOf(ctx context.Context, caller Caller, cmd ReportCommand, of keySpan, features []string, r entitlement.UsageRange, left *int) (out UsageReport, err error) {
	var sums usageSums
	if !cmd.oneByOne() {
		sums, err = a.usageSums(ctx, caller, of.key, features, cmd.GroupBy, r)
	}
	if err != nil {
		return out, err
	}
	report := usage.NewReport(r, features, sums.mark, sums.days, of.received, caller.Now)
	if cmd.GroupBy != "" {
		report = usage.NewGroupedReport(r, features, cmd.GroupBy, ValueOf(cmd.GroupBy), sums.mark, sums.days, sums.groups, of.received, caller.Now)
	}
	for _, span := range report.Rest() {
		events, next, err := a.usageStore().UsageEvents(ctx, caller.Env, of.key, UsagePage{From: span.From, To: span.To, Features: span.Features, EntityID: cmd.EntityID,
			Since: of.received.From, Until: of.received.Until, Limit: *left, Most: maxReported})
		if err != nil {
			return out, err
		}
		if next != "" {
			return out, tooManyEvents(report, cmd)
		}
		*left -= len(events)
		report.AddEvents(events)
	}
	out.Bins, out.Total, out.Groups = report.Result()
	return out, nil
}

// ValueOf reads a property of an event, or its entity: a text as it is, a number or a truth value as JSON has
// it. Any other value is none.
func ValueOf(property string) usage.ValueOf {
	if property == ByEntity {
		return func(e entitlement.UsageEvent) string { return e.EntityID }
	}
	return func(e entitlement.UsageEvent) string {
		var all map[string]json.RawMessage
		if e.Properties == "" || json.Unmarshal([]byte(e.Properties), &all) != nil {
			return ""
		}
		value := string(all[property])
		if value == "" || strings.ContainsAny(value[:1], "{[n") {
			return ""
		}
		if value[0] == '"' && json.Unmarshal(all[property], &value) != nil {
			return ""
		}
		return value
	}
}

// mostGroups keeps the answer of a report far below the 6 MB of a Lambda.
const mostGroups = 20_000

// tooManyEvents refuses a report. By groups it says from when on sums tell them.
func tooManyEvents(r *usage.Report, cmd ReportCommand) error {
	switch {
	case cmd.oneByOne():
		return refusal.Invalid(ReasonTooManyOfEntities)
	case cmd.GroupBy == "":
		return errTooManyEvents
	}
	spans := r.Rest()
	return refusal.Invalid(ReasonTooManyUngrouped, cmd.GroupBy, spans[len(spans)-1].To.Format(time.RFC3339))
}

// groups refuses a property by which a feature's usage is not kept, also when read afresh.
func (a *App) groups(ctx context.Context, caller Caller, featureID, property string) error {
	if property == "" {
		return nil
	}
	for _, fresh := range []bool{false, true} {
		cat, err := a.Store.Catalog(ctx, caller.Env, fresh)
		if err != nil {
			return err
		}
		if slices.Contains(cat.Features[featureID].GroupBy, property) {
			return nil
		}
	}
	return refusal.Invalid(ReasonNotGrouped, featureID, property, featureID, property)
}

type usageSums struct {
	mark   usage.Mark
	days   []usage.Day
	groups []usage.DayGroups
}

// usageSums reads the sums of a range: the groups after them, so that they have all that
// the sums count. Without a mark there are none.
func (a *App) usageSums(ctx context.Context, caller Caller, customerID string, features []string, groupBy string, r entitlement.UsageRange) (usageSums, error) {
	mark, err := a.usageStore().UsageMark(ctx, caller.Env, customerID)
	if err != nil || mark.Pass == 0 {
		return usageSums{mark: mark}, err
	}
	from, detail := r.From.Truncate(entitlement.DayBins), UsageDetail{Hours: r.Bin < entitlement.DayBins && groupBy == "", GroupedBy: groupBy}
	read, grouped, errs := make([][]usage.Day, len(features)), make([][]usage.DayGroups, len(features)), make([]error, len(features))
	var running sync.WaitGroup
	slots := make(chan struct{}, featuresAtOnce)
	for i, f := range features {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			read[i], errs[i] = a.usageStore().UsageDays(ctx, caller.Env, customerID, f, from, r.To, detail)
			if errs[i] == nil && groupBy != "" {
				grouped[i], errs[i] = a.usageStore().UsageGroups(ctx, caller.Env, customerID, f, groupBy, from, r.To, r.Bin < entitlement.DayBins)
			}
		})
	}
	running.Wait()
	return usageSums{mark, slices.Concat(read...), slices.Concat(grouped...)}, errors.Join(errs...)
}

const featuresAtOnce = 8

// Only is the report of those events whose property has a value, of a report by that
// property.
func (r UsageReport) Only(value string) UsageReport {
	out := UsageReport{Total: map[string]entitlement.UsageTotal{}}
	for i, bin := range r.Bins {
		only := entitlement.UsageBin{Start: bin.Start, Used: map[string]entitlement.UsageTotal{}}
		groups := map[string]map[string]entitlement.UsageTotal{}
		for f, values := range r.Groups[i] {
			if of, has := values[value]; has {
				only.Used[f], groups[f] = of, map[string]entitlement.UsageTotal{value: of}
				out.Total[f] = sumOf(out.Total[f], of)
			}
		}
		out.Bins, out.Groups = append(out.Bins, only), append(out.Groups, groups)
	}
	return out
}

// By is the report in longer bins: begins is when the one began that a bin belongs to.
func (r UsageReport) By(begins func(time.Time) time.Time) UsageReport {
	out := UsageReport{Total: r.Total}
	for i, bin := range r.Bins {
		at := begins(bin.Start)
		n := len(out.Bins) - 1
		if n < 0 || !out.Bins[n].Start.Equal(at) {
			out.Bins, n = append(out.Bins, entitlement.UsageBin{Start: at, Used: map[string]entitlement.UsageTotal{}}), n+1
			if r.Groups != nil {
				out.Groups = append(out.Groups, map[string]map[string]entitlement.UsageTotal{})
			}
		}
		addTotals(out.Bins[n].Used, bin.Used)
		if r.Groups == nil {
			continue
		}
		for f, values := range r.Groups[i] {
			if out.Groups[n][f] == nil {
				out.Groups[n][f] = map[string]entitlement.UsageTotal{}
			}
			addTotals(out.Groups[n][f], values)
		}
	}
	return out
}

func addTotals(to, more map[string]entitlement.UsageTotal) {
	for name, of := range more {
		to[name] = sumOf(to[name], of)
	}
}

func sumOf(a, b entitlement.UsageTotal) entitlement.UsageTotal {
	return entitlement.UsageTotal{Count: a.Count + b.Count, Sum: money.Plus(a.Sum, b.Sum)}
}
