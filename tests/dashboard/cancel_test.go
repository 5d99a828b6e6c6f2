package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	. "windfall/tests/world"
)

// Half a period later a change costs half the difference, as the preview says; Stripe bills that.
func TestDASH31AChangeInThePeriod(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	p := preview(b, "ada", "premium", "Charge the card on file")
	for _, row := range p.Table("Charge today")[1:3] {
		if row[1] != "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00" {
			t.Errorf("how: %q", row)
		}
	}
	p.Says("pro ends now.")
	p.Press("Enable premium and charge $15.00").Said("premium enabled.")
	w.Billed("ada", 2000, 1500)
	in := b.Get("/dashboard/customers/ada?tab=invoices")
	in = in.Click(in.Table("Invoices")[1][0]).Says("Equal to our own sum", "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00")
	if got := in.Row("Lines", "Total")["Amount"]; got != "$15.00" {
		t.Errorf("total %s", got)
	}
}

// Quantities, a code and a checkout link; and what makes no sense is said at its field.
func TestDASH32QuantitiesAndCodes(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.PutGoodCard("ada")
	w.Post("/v1/rewards", Merge(TenPercentOff(PromoCodes("FALL25")), JSON{"id": "fall", "name": "Fall"}))
	preview(b, "ada", "pro_prepaid", "Charge the card on file").Refused(http.StatusUnprocessableEntity, "Quantity of messages: Enter a quantity")
	preview(b, "ada", "pro_prepaid", "Charge the card on file", "Quantity of messages", "many").Refused(http.StatusUnprocessableEntity, "Quantity of messages: “many” is not a number.")
	preview(b, "ada", "pro", "Charge the card on file", "Base price", "-3").Refused(http.StatusBadRequest, "price")
	preview(b, "ada", "booster", "Charge the card on file", "Base price", "3").Refused(http.StatusUnprocessableEntity, "booster has nothing of the kind to change.")
	preview(b, "ada", "pro", "Charge the card on file", "Reward or code", "NOPE").Refused(http.StatusNotFound, "NOPE")
	p := preview(b, "ada", "pro_prepaid", "Charge the card on file", "Quantity of messages", "300", "Reward or code", "fall25")
	if got := p.Row("Charge today", "Discount")["Amount"]; got != "−$5.00" {
		t.Errorf("discount: %q", p.Table("Charge today"))
	}
	if row := p.Row("Charge today", "pro_prepaid: messages × 300"); row["How"] != "3 × 10.00 = 30.00" || row["Amount"] != "$30.00" {
		t.Errorf("packs: %v", row)
	}
	p.Press("Enable pro_prepaid and charge $45.00").Said("pro_prepaid enabled.")
	w.Billed("ada", 4500)
}

// At the end of the period: the last day, what follows, and an undo.
func TestDASH33CancelAndUndo(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro")
	p := b.Get("/dashboard/customers/ada").Click("Cancel pro").Titled("Cancel pro").Form("Cancel pro").Choose("When", "At the end of the period").Press("Preview")
	p.Says("pro ends on 1 May 2027.", "free starts on 1 May 2027.", "Nothing is charged today.")
	p = p.Press("Confirm cancel").Said("pro cancelled.").Titled("Ada")
	if got := p.Row("Products", "pro")["Status"]; got != "Cancelled, ends on 1 May 2027" {
		t.Errorf("status %q", got)
	}
	if got := p.Row("Products", "free")["Status"]; got != "Scheduled, starts on 1 May 2027" {
		t.Errorf("what follows: %q", got)
	}
	if got := p.Region("Upcoming"); !strings.Contains(got, "pro ends on 1 May 2027") || !strings.Contains(got, "free starts on 1 May 2027") || strings.Contains(got, "renews") {
		t.Errorf("upcoming: %s", got)
	}
	p = p.Press("Undo cancel of pro").Said("pro continues.")
	if got := p.Row("Products", "pro")["Status"]; got != "Active" || p.Has("button", "Undo cancel of pro") {
		t.Errorf("status %q", got)
	}
	w.HasProducts("ada", "pro active")
	w.AdvancePastRenewal(T1)
	w.Billed("ada", 2000, 2000)
}

// Now, with or without what was paid of the time left.
func TestDASH34CancelNow(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro_use")
	w.Track("ada", "messages", 130)
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	f := b.Get("/dashboard/customers/ada").Click("Cancel pro_use").Form("Cancel pro_use").Choose("When", "Now")
	kept := f.Press("Preview").Says("pro_use ends now.", "free starts now.", "The unused time is not refunded.")
	if got := kept.Row("Charge today", "Total today")["Amount"]; got != "$3.00" {
		t.Errorf("30 messages beyond: %q", kept.Table("Charge today"))
	}
	p := f.Check("Refund the unused time").Press("Preview").Says("is credited to the next invoices.")
	if got := p.Row("Charge today", "Total today")["Amount"]; got != "−$7.00" {
		t.Errorf("half of 20 back, 3 of use: %q", p.Table("Charge today"))
	}
	p.Press("Confirm cancel").Said("pro_use cancelled.")
	w.HasProducts("ada", "free active")
	w.Billed("ada", 2000, -1000, 300) // use has an invoice of its own, paid by the credit
	if p := b.Get("/dashboard/customers/ada"); p.Has("button", "Undo cancel of pro_use") {
		t.Error("what is over can be undone")
	}
	b.Try("/dashboard/customers/ada/products/cp_unknown/cancel").Refused(http.StatusNotFound, "Ada has no such product any more.")
}
