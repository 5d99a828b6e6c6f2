package operate

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"windfall/shared/app"
	"windfall/shared/dashboard/ui"
	"windfall/shared/dashboard/web"
	"windfall/shared/money"
)

const (
	chartDays   = 30
	chartMonths = 12
)

// overview shows what needs attention, and two charts.
func (p pages) overview(ctx context.Context, r *web.Request) (web.Answer, error) {
	counts, err := p.attention.Counts(ctx, r.Caller())
	if err != nil {
		return web.Answer{}, err
	}
	figures, err := p.figures.Figures(ctx, r.Session.Env, r.Now.AddDate(0, 0, 1-chartDays))
	if err != nil {
		return web.Answer{}, err
	}
	parts := []templ.Component{ui.Section("Needs attention", nil, attentionPart(needs(counts)))}
	parts = append(parts, ui.Section("Revenue per month", nil, revenueCharts(figures, r.Now)...))
	parts = append(parts, ui.Section("Redemptions per day", nil, ui.ChartPart(redemptionChart(figures, r.Now))))
	page := ui.Page{Title: "Overview", Nav: "Overview", Body: ui.All(parts...)}
	if r.Editor() { // what people come for most, one click away
		page.Actions = []ui.Link{{Text: "Create Customer", Href: ui.Path("customers", "new"), Dialog: true}, {Text: "+ Reward", Href: ui.Path("products", "rewards", "new"), Dialog: true}}
	}
	return web.Show(page), nil
}

// A need is one thing that waits for a person: how many, and where they are.
type need struct{ text, href string }

// needs lists what waits, none of what does not.
func needs(c app.AttentionCounts) (all []need) {
	add := func(kind app.AttentionKind, one, many, href string) {
		n := c.Of[kind]
		text := strconv.Itoa(n) + " " + many
		if n == 1 {
			text = "1 " + one
		}
		if c.More {
			text = strings.Replace(text, " ", "+ ", 1)
		}
		if n > 0 {
			all = append(all, need{text, href})
		}
	}
	add(app.Held, "held redemption", "held redemptions", heldPath)
	add(app.Failed, "failed webhook", "failed webhooks", listPath("failed"))
	add(app.Unfinished, "unfinished operation", "unfinished operations", listPath("unfinished"))
	add(app.Differs, "invoice that differs", "invoices that differ", listPath("differs"))
	add(app.PastDue, "past-due product", "past-due products", listPath("past-due"))
	return all
}

// revenueCharts are one for each currency in which anything was earned.
func revenueCharts(f app.Figures, now time.Time) []templ.Component {
	months := make([]time.Time, chartMonths)
	first := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	for i := range months {
		months[i] = first.AddDate(0, i+1-chartMonths, 0)
	}
	currencies := slices.Sorted(maps.Keys(f.Revenue))
	if len(currencies) == 0 {
		currencies = []money.Currency{""} // nothing was earned, in whichever
	}
	var parts []templ.Component
	for _, c := range currencies {
		chart := ui.Chart{Name: "Revenue per month", X: "Month", Y: "Revenue"}
		if len(currencies) > 1 {
			chart.Name += " in " + strings.ToUpper(string(c))
		}
		for _, m := range months {
			amount := f.Revenue[c][m.Format("200601")]
			chart.Points = append(chart.Points, ui.Point{Label: m.Format("January 2006"), Value: height(int64(amount)), Text: priceOf(amount, c)})
		}
		parts = append(parts, ui.ChartPart(chart))
	}
	return append(parts, ui.Hint("What was paid of invoices with their taxes, less what was refunded or disputed in the month. Invoice credits count as payment."))
}

func priceOf(a money.Amount, c money.Currency) string {
	if c == "" {
		return "0"
	}
	return ui.Price(a, c)
}

func redemptionChart(f app.Figures, now time.Time) ui.Chart {
	chart := ui.Chart{Name: "Redemptions per day", X: "Day", Y: "Redemptions"}
	for i := range chartDays {
		day := now.UTC().AddDate(0, 0, i+1-chartDays)
		n := f.Redemptions[day.Format("20060102")]
		chart.Points = append(chart.Points, ui.Point{Label: ui.Day(day), Value: height(n), Text: strconv.FormatInt(n, 10)})
	}
	return chart
}

// height is a figure as the height of a bar.
func height(n int64) float64 { return float64(n) }
