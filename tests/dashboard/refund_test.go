package dashboard_test

import (
	"strings"
	"testing"
	"time"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// refundOf previews a cancel now that refunds the unused time.
func refundOf(p *dashboard.Page, product string) *dashboard.Page {
	return p.Form("Cancel "+product).Choose("When", "Now").Check("Refund the unused time").Press("Preview")
}

// A cancel that is confirmed nine minutes after its preview credits what the preview said, to the cent.
func TestDASH91ARefundIsItsPreview(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(*World)
		ends   string
		shown  string
		billed []int64
	}{
		"one product":              {func(w *World) { w.Attach("ada", "ultra") }, "ultra", "−$152.42", []int64{20000, -15242}},
		"packs":                    {func(w *World) { w.Attach("ada", "pro_prepaid", Quantity("messages", 3000)) }, "pro_prepaid", "−$243.87", []int64{32000, -24387}},
		"seats":                    {func(w *World) { w.Attach("ada", "pro_seats"); w.Track("ada", "seats", 30) }, "pro_seats", "−$280.45", []int64{2000, 34800, -28045}},
		"a downgrade is scheduled": {func(w *World) { w.Attach("ada", "ultra") }, "ultra", "−$152.42", []int64{20000, -15242}},
		"its end is planned":       {func(w *World) { w.Attach("ada", "ultra") }, "ultra", "−$152.42", []int64{20000, -15242}},
		"one of two on a subscription": {func(w *World) {
			w.Post("/v1/attach", JSON{"customer_id": "ada", "product_ids": []string{"ultra", "g1_pro"}})
		}, "ultra", "−$152.42", []int64{23000, -15242}},
		"after an upgrade": {func(w *World) { w.Attach("ada", "pro"); w.Advance("3d"); w.Attach("ada", "ultra") }, "ultra", "−$152.42", []int64{2000, 16200, -15242}},
		"a discount runs": {func(w *World) {
			w.Post("/v1/rewards", TenPercentOff(PromoCodes("TEN"), JSON{"id": "ten", "discount_config": JSON{"discount_value": 15, "duration_type": "months", "duration_value": 6, "apply_to_all": true, "price_ids": []string{}}}))
			w.Attach("ada", "ultra", JSON{"reward": "TEN"})
		}, "ultra", "−$129.56", []int64{17000, -12956}},
		"yen": {func(w *World) {
			w.Product("zen", "main", In(Price(200), JSON{"jpy": 29800}))
			w.Post("/v1/customers/ada", JSON{"currency": "jpy"})
			w.Attach("ada", "zen")
		}, "zen", "−22,711 JPY", []int64{29800, -22711}},
		"use beyond the allowance": {func(w *World) { w.Attach("ada", "pro_use"); w.Track("ada", "messages", 117) }, "pro_use", "−$13.54", []int64{2000, -1524, 170}},
		"by invoice, paid": {func(w *World) {
			w.Attach("ada", "ultra", JSON{"invoice": true})
			in := w.Invoices("ada")[0]
			w.CallStripe("POST", "/v1/invoices/"+in.ID+"/pay", "paid_out_of_band=true")
			w.WaitIdle()
		}, "ultra", "−$152.42", []int64{20000, -15242}},
		"nobody paid": {func(w *World) { w.Attach("ada", "ultra", JSON{"invoice": true}) }, "ultra", "", []int64{20000}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, b := shopFor(t)
			w.PutGoodCard("ada")
			c.before(w)
			w.AdvanceTo(T0.AddDate(0, 0, 7).Add(3*time.Hour + 17*time.Minute + 5*time.Second))
			page := b.Get("/dashboard/customers/ada").Click("Cancel " + c.ends)
			switch name {
			case "a downgrade is scheduled":
				w.Attach("ada", "premium")
			case "its end is planned":
				w.Cancel("ada", "ultra")
			}
			p := refundOf(page, c.ends)
			w.Advance("9m")
			p.SaysNot("moment of the confirmation")
			if c.shown == "" {
				p.Says("Nothing is charged today.", "Nothing is refunded: nothing was paid of the time left.")
			} else if shown := p.Row("Charge today", "Total today")["Amount"]; shown != c.shown {
				t.Errorf("shown %s, want %s", shown, c.shown)
			}
			if name == "seats" && p.Row("Charge today", "Unused time on pro_seats: seats × 29")["How"] != "29 × 12.00 for the time left, as far as it was paid = -265.21" {
				t.Errorf("seats: %q", p.Table("Charge today"))
			}
			p.Press("Confirm cancel").Said(c.ends + " cancelled.")
			p.Press("Confirm cancel").Said(c.ends + " cancelled.") // twice
			w.WaitIdle()
			w.Billed("ada", c.billed...)
			in := b.Get("/dashboard/customers/ada?tab=invoices")
			for _, row := range in.Table("Invoices")[1:] {
				if row[3] == "$1.70" { // use, on an invoice of its own
					in.Click(row[0]).Says("17 × 0.10 = 1.70", "Equal to our own sum").SaysNot("It was made at Stripe", "Further lines")
				}
				if strings.HasPrefix(row[3], "−") {
					in.Click(row[0]).Says("Unused time on "+c.ends, "1975375 of 2592000 seconds left", "Equal to our own sum").SaysNot("It was made at Stripe", "The period that ended")
				}
			}
		})
	}
}
