package v1

import (
	"cmp"
	"context"
	"strings"
	"time"

	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/entitlement"
)

type reportRequest struct {
	CustomerID string            `json:"customer_id"`
	EntityID   string            `json:"entity_id"`
	FeatureID  fields.OneOrMore  `json:"feature_id"`
	Range      string            `json:"range"`
	Custom     *fields.Span      `json:"custom_range"`
	BinSize    string            `json:"bin_size"`
	GroupBy    string            `json:"group_by"`
	FilterBy   map[string]string `json:"filter_by"` // the value of one property

	MaxGroups   fields.Unset `json:"max_groups"`
	AggregateOn fields.Unset `json:"aggregate_on"`
}

// ofProperties may stand before the name of a property.
const ofProperties = "properties."

// usualRange is the range of a report that names none.
const usualRange = "30d"

// bins are the sizes of a bin. A week begins on Monday, a month on its first day; both are
// added up of days.
var bins = map[string]time.Duration{"": 0, "day": entitlement.DayBins, "hour": entitlement.HourBins, "week": entitlement.DayBins, "month": entitlement.DayBins}

func (in reportRequest) check() error {
	_, known := bins[in.BinSize]
	switch {
	case in.CustomerID == "":
		return fields.ErrNoCustomer
	case len(in.FeatureID) == 0:
		return api.InvalidInputs("feature_id: required, a text or a list.")
	case !known:
		return api.InvalidInputs("bin_size: day, hour, week or month, not %.40q.", in.BinSize)
	case in.Range != "" && in.Custom != nil:
		return api.InvalidInputs("Pass either range or custom_range.")
	case in.GroupBy == ofProperties:
		return api.InvalidInputs("group_by: the name of a property, or %sNAME.", ofProperties)
	case len(in.FilterBy) > 1:
		return api.InvalidInputs("filter_by: one property; sums are kept by one at a time.")
	}
	if property, _ := in.filter(); property != "" && in.GroupBy != "" && property != strings.TrimPrefix(in.GroupBy, ofProperties) {
		return api.InvalidInputs("filter_by and group_by name different properties, and sums are kept by one at a time. Send one of them.")
	}
	return nil
}

// filter is the property and the value of filter_by, "" without one.
func (in reportRequest) filter() (property, value string) {
	for p, v := range in.FilterBy {
		property, value = strings.TrimPrefix(p, ofProperties), v
	}
	return property, value
}

// report adds up the usage that the request asks for.
func (e eventLists) report(ctx context.Context, req api.Request) (reportRequest, app.UsageReport, error) {
	decode := api.DecodeLenient[reportRequest]
	if e.strict {
		decode = api.Decode[reportRequest]
	}
	in, err := decode(req)
	if err == nil {
		err = in.check()
	}
	if err != nil {
		return in, app.UsageReport{}, err
	}
	property, value := in.filter()
	cmd := app.ReportCommand{CustomerID: in.CustomerID, EntityID: in.EntityID, Features: in.FeatureID, GroupBy: cmp.Or(property, strings.TrimPrefix(in.GroupBy, ofProperties))}
	out, err := e.app.UsageReport(ctx, req.Caller, cmd, func(products []billing.CustomerProduct) (entitlement.UsageRange, error) {
		return in.span(products, req.Now)
	})
	if err == nil && property != "" {
		out = out.Only(value)
	}
	switch {
	case err != nil:
	case in.BinSize == "week":
		out = out.By(func(t time.Time) time.Time { return t.AddDate(0, 0, -(int(t.Weekday())+6)%7) })
	case in.BinSize == "month":
		out = out.By(func(t time.Time) time.Time { return t.AddDate(0, 0, 1-t.Day()) })
	}
	return in, out, err
}

func (in reportRequest) span(products []billing.CustomerProduct, now time.Time) (entitlement.UsageRange, error) {
	bin := bins[in.BinSize]
	if in.Custom != nil {
		from, to, err := in.Custom.Times()
		if err != nil {
			return entitlement.UsageRange{}, err
		}
		if in.Custom.Start == nil {
			return entitlement.UsageRange{}, api.InvalidInputs("custom_range.start: required, in milliseconds.")
		}
		if from.IsZero() {
			from = time.UnixMilli(0).UTC() // the bins begin somewhere
		}
		if to.IsZero() {
			to = now.Add(time.Millisecond)
		}
		return entitlement.NewUsageRange(from, to, cmp.Or(bin, entitlement.DayBins))
	}
	r, err := billing.LastSpan(cmp.Or(in.Range, usualRange), products, now)
	if err != nil || bin == 0 || bin == r.Bin {
		return r, err
	}
	return entitlement.NewUsageRange(r.From, r.To, bin)
}

// query answers in the form of charts: one object per bin, with a key for each
// feature: a number, or by groups an object with a number for each value.
func (e eventLists) query(ctx context.Context, req api.Request) (any, error) {
	in, report, err := e.report(ctx, req)
	if err != nil {
		return nil, err
	}
	list := make([]map[string]any, len(report.Bins))
	for i, bin := range report.Bins {
		list[i] = map[string]any{}
		for _, f := range in.FeatureID {
			if list[i][f] = api.NumberOf(bin.Used[f].Sum); in.GroupBy != "" {
				list[i][f] = groupSums(report.Groups[i][f])
			}
		}
		list[i]["period"] = bin.Start.UnixMilli() // wins over a feature of the same name
	}
	return map[string]any{"list": list}, nil
}

// groupSums are the sums of the values.
func groupSums(groups map[string]entitlement.UsageTotal) map[string]api.Number {
	out := map[string]api.Number{}
	for value, of := range groups {
		out[value] = api.NumberOf(of.Sum)
	}
	return out
}

type binJSON struct {
	Period  int64                            `json:"period"`
	Values  map[string]api.Number            `json:"values"`
	Grouped map[string]map[string]api.Number `json:"grouped_values,omitempty"` // by feature and value, if group_by is sent
}

type totalJSON struct {
	Count int        `json:"count"`
	Sum   api.Number `json:"sum"`
}

type aggregateJSON struct {
	List  []binJSON            `json:"list"`
	Total map[string]totalJSON `json:"total"`
}

// AggregateEvents handles the sums of events, whose JSON is the same in both dialects. One
// that is strict refuses fields that it does not know.
func AggregateEvents(a *app.App, strict bool) func(context.Context, api.Request) (any, error) {
	return eventLists{a, strict}.aggregate
}

func (e eventLists) aggregate(ctx context.Context, req api.Request) (any, error) {
	in, report, err := e.report(ctx, req)
	if err != nil {
		return nil, err
	}
	out := aggregateJSON{List: make([]binJSON, len(report.Bins)), Total: map[string]totalJSON{}}
	for i, bin := range report.Bins {
		out.List[i] = binJSON{bin.Start.UnixMilli(), map[string]api.Number{}, map[string]map[string]api.Number{}}
		for _, f := range in.FeatureID {
			out.List[i].Values[f] = api.NumberOf(bin.Used[f].Sum)
			if in.GroupBy != "" {
				out.List[i].Grouped[f] = groupSums(report.Groups[i][f])
			}
		}
	}
	for _, f := range in.FeatureID {
		out.Total[f] = totalJSON{report.Total[f].Count, api.NumberOf(report.Total[f].Sum)}
	}
	return out, nil
}
