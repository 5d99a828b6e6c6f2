package customers

import (
	"context"
	"errors"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
	"windfall/shared/refusal"
)

// usage draws what the customer used on each of the last days, a chart for each feature.
func (p pages) usage(ctx context.Context, r *web.Request) (web.Answer, error) {
	month, err := p.app.UsageMonth(ctx, r.Caller(), r.Param("id"))
	var refused *refusal.Error
	if errors.As(err, &refused) && refused.Reason == app.ReasonTooManyEvents {
		s, err := p.customer(ctx, r)
		if err != nil {
			return web.Answer{}, err
		}
		page := of(s.Customer, r, "usage")
		page.Body = ui.Hint("There is too much usage to add up here: the sums of these days are not made yet. Look again later.")
		return web.Show(page), nil
	}
	if err != nil {
		return web.Answer{}, missing(r, err)
	}
	cat, err := p.catalog(ctx, r)
	if err != nil {
		return web.Answer{}, err
	}
	page := of(month.Customer, r, "usage")
	parts := []templ.Component{ui.Hint("The last 30 days, in UTC.")}
	for _, f := range month.Features {
		name := featureName(cat, f)
		total := money.Zero
		for _, n := range month.Used[f] {
			total = total.Add(n)
		}
		parts = append(parts, ui.Section(name, nil, ui.P(ui.Number(total)+" in 30 days"), usageChart(name, month, f)))
	}
	if len(month.Features) == 0 {
		parts = append(parts, ui.Hint("Nothing was used in the last 30 days."))
	}
	page.Body = ui.All(parts...)
	return web.Show(page), nil
}

func usageChart(name string, month app.UsageMonth, feature string) templ.Component {
	chart := ui.Chart{Name: "Usage of " + name + " per day", X: "Day", Y: "Used"}
	for i, day := range month.Days {
		n := month.Used[feature][i]
		height, _ := n.Float64() // of the bar: the text has the figure
		chart.Points = append(chart.Points, ui.Point{Label: ui.Day(day), Value: height, Text: ui.Number(n)})
	}
	return ui.ChartPart(chart)
}
