package dashboard_test

import (
	"net/http"
	"testing"

	"windfall/shared/app"
	. "windfall/tests/world"
)

// A product that is set to end can end now instead, with or without what was paid of the time left.
func TestPAGE13WhatIsSetToEndEndsNow(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		product string
		cancel  func(w *World)
		refund  bool
		total   string
		billed  []int64
	}{
		"with a refund":               {product: "pro", refund: true, total: "−$10.00", billed: []int64{2000, -1000}},
		"without one":                 {product: "pro", billed: []int64{2000}},
		"with use that is not billed": {product: "pro_use", refund: true, total: "−$7.00", billed: []int64{2000, -1000, 300}},
		"set to end at Stripe": {product: "pro", refund: true, total: "−$10.00", billed: []int64{2000, -1000}, cancel: func(w *World) {
			w.CallStripe("POST", "/v1/subscriptions/"+w.FirstSubscription("ada"), "cancel_at_period_end=true")
			w.WaitIdle()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, b := shopFor(t)
			w.CustomerWithCard("ada", way.product)
			if way.cancel == nil {
				way.cancel = func(w *World) { w.Cancel("ada", way.product) }
			}
			way.cancel(w)
			if way.product == "pro_use" {
				w.Track("ada", "messages", 130)
			}
			w.AdvanceTo(T0.AddDate(0, 0, 15))
			viewer := userOf(t, w, "vera@example.com", app.Viewer)
			page := b.Get("/dashboard/customers/ada")
			if !page.Has("button", "Undo cancel of "+way.product) || viewer.Get("/dashboard/customers/ada").Has("button", "Undo cancel of "+way.product) {
				t.Error("an editor may undo the cancel, and a viewer may not")
			}
			f := page.Click("End " + way.product + " now").Titled("Cancel " + way.product).Form("Cancel " + way.product)
			if way.refund {
				f.Check("Refund the unused time")
			}
			p := f.Press("Preview").Says(way.product+" ends now.", "free starts now.").SaysNot("cancelled before", "free ends", "which was to start")
			if !way.refund {
				p.Says("The unused time is not refunded.", "Nothing is charged today.")
			} else if got := p.Row("Charge today", "Total today")["Amount"]; got != way.total {
				t.Errorf("%s today, want %s", got, way.total)
			}
			p = p.Press("Confirm cancel").Said(way.product + " cancelled.")
			if got := p.Row("Products", way.product)["Status"]; got != "Expired" || p.Href("End "+way.product+" now") != "" {
				t.Errorf("status %q", got)
			}
			w.HasProducts("ada", "free active")
			w.Billed("ada", way.billed...)
			w.AdvancePastRenewal(T1)
			w.Billed("ada", way.billed...)
		})
	}
}

// What was undone meanwhile ends by no preview of before; a viewer sees the preview and no button.
func TestPAGE14AnUndoMeanwhile(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	w.Cancel("ada", "pro")
	viewer := userOf(t, w, "vera@example.com", app.Viewer)
	if p := viewer.Get("/dashboard/customers/ada").Click("End pro now").Form("Cancel pro").Press("Preview").Says("pro ends now."); p.Has("button", "Confirm cancel") {
		t.Error("a viewer has the button")
	}
	seen := b.Get("/dashboard/customers/ada").Click("End pro now").Form("Cancel pro").Check("Refund the unused time").Press("Preview")
	b.Get("/dashboard/customers/ada").Press("Undo cancel of pro").Said("pro continues.")
	seen.Press("Confirm cancel").Refused(http.StatusConflict, "Something changed since this preview. Nothing was done. Please look again.")
	w.HasProducts("ada", "pro active")
	w.Billed("ada", 2000)
}
