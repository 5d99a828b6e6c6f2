package dashboard_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// A product that was to begin and gives way, or goes with the one before it, never ran: it does not end, it does not start.
func TestDASH140WhatNeverBegan(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "premium")
	tab := b.Get("/dashboard/customers/ada").Href("Cancel premium")
	preview(b, "ada", "pro", "Charge the card on file").Press("Schedule pro").Said("pro scheduled.")
	for name, p := range map[string]*dashboard.Page{
		"another downgrade": preview(b, "ada", "free", "Charge the card on file"),
		"other terms":       preview(b, "ada", "premium", "Charge the card on file", "Base price", "40"),
		"an end now":        b.Get(tab).Form("Cancel premium").Choose("When", "Now").Press("Preview"),
		"an upgrade now":    preview(b, "ada", "ultra", "Charge the card on file"),
	} {
		said := p.Region("What will happen")
		if strings.Contains(said, "pro ends") || strings.Count(said, "pro, which was to start on 1 May 2027, does not.") != 1 {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// The explanation of a referral code says which rule of the guard refuses or holds what a customer redeems, and each yes
// has its reason.
func TestDASH141AGuardIsExplained(t *testing.T) {
	t.Parallel()
	w, b, _ := referrals(t)
	w.Post("/v1/reward_programs", JSON{"id": "guarded", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "max_redemptions": 3,
		"new_customers_only": true, "guard": JSON{"same_email": "flag", "same_fingerprint": "refuse"}})
	w.Post("/v1/customers", JSON{"id": "kim", "name": "Kim", "email": "kim@gmail.com", "fingerprint": "phone"})
	code := w.Post("/v1/referrals/code", JSON{"customer_id": "kim", "program_id": "guarded"})["code"].(string)
	w.Post("/v1/customers", JSON{"id": "inbox", "email": "k.im+2@gmail.com"})
	w.Post("/v1/customers", JSON{"id": "device", "email": "device@example.com", "fingerprint": "phone"})
	w.Post("/v1/customers", JSON{"id": "stranger", "email": "stranger@example.com"})
	for customer, want := range map[string]struct{ said, answer, why string }{
		"stranger": {"The customer can redeem it.", "Yes", "Nothing stops it."},
		"inbox":    {"The customer can redeem it, and somebody must approve it: it will be held for review.", "Yes", "Same e-mail inbox: it is held for review."},
		"device":   {"The customer cannot redeem it. Same fingerprint: the program refuses it.", "No", "Same fingerprint: the program refuses it."},
		"kim":      {"The customer cannot redeem it. A customer can't redeem their own referral code.", "No", "A customer can't redeem their own referral code."},
	} {
		p := b.Get("/dashboard/codes").Click(code).Form("Explain code").Fill("Customer ID", customer).Press("Explain").Says(want.said)
		if row := p.Row("Rules", "No guard of the program stops it"); row["Answer"] != want.answer || row["Why"] != want.why {
			t.Errorf("%s: %v", customer, row)
		}
		for _, row := range p.Table("Rules")[1:] {
			if row[2] == "" {
				t.Errorf("%s: no reason for %s: %s", customer, row[0], row[1])
			}
		}
		if why := p.Row("Rules", "The limit of the code is not reached")["Why"]; why != "Used 0 of 3 times." {
			t.Errorf("%s: the limit: %s", customer, why)
		}
	}
	if status := w.Post("/v1/referrals/redeem", JSON{"code": code, "customer_id": "inbox"})["status"]; status != "held" {
		t.Errorf("the redemption is %v", status)
	}
	w.Refused(http.StatusBadRequest, "customer_cannot_redeem_own_code", "/v1/referrals/redeem", JSON{"code": code, "customer_id": "device"})
}

// What is wrong with a customer's own terms, or with a quantity, is said at its field, in words of the form.
func TestDASH142OwnTermsAtTheirFields(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.PutGoodCard("ada")
	for _, tt := range []struct{ product, field, typed, said string }{
		{"pro", "Base price", "12.345", "Base price: price is 12.345, which is finer than 2 decimals."},
		{"pro", "Base price", "-3", "Base price: price must be above 0."},
		{"pro", "Base price", "1000000", "Base price: price can't be above 999999.99."},
		{"pro", "Included messages", "-1", "Included messages: "},
		{"pro_prepaid", "Quantity of messages", "", "Quantity of messages: Enter a quantity: pro_prepaid is paid in advance by it."},
		{"pro_prepaid", "Quantity of messages", "-1", "Quantity of messages: "},
	} {
		p := preview(b, "ada", tt.product, "Charge the card on file", tt.field, tt.typed)
		if alert := p.Alert(); p.Status < 400 || p.Status >= 500 || !strings.Contains(alert, tt.said) || strings.Contains(alert, "items[") || strings.Contains(alert, "options") {
			t.Errorf("%s %s %q: %d %s", tt.product, tt.field, tt.typed, p.Status, alert)
		}
	}
	b.Get("/dashboard/customers/ada/balance").Form("Change balance").Fill("Left", "99999999999999999999").Press("Save balance").
		Refused(http.StatusBadRequest, `Left: "99999999999999999999" is too large or too fine: at most 18 digits before and 15 after the point.`)
	p := b.Get("/dashboard/products/products/new").Form("New product").Fill("Name", "Nothing").Fill("Base price", "0").Press("Create").Refused(http.StatusBadRequest, "Base price: price must be above 0.")
	if strings.Contains(p.Alert(), "items[") {
		t.Errorf("a product without items is refused by %q", p.Alert())
	}
	p = b.Get("/dashboard/products/rewards/new").Form("New reward").Fill("Name", "Months").Choose("Type", "Fixed discount").Fill("Discount value", "5").Choose("Duration", "Months").Fill("Number of months", "0").Press("Create")
	if want := "Number of months: “0” is no whole number of at least 1."; p.Refused(http.StatusUnprocessableEntity, want).Alert() != want {
		t.Errorf("a field is named twice: %q", p.Alert())
	}
	f := b.Get("/dashboard/customers/ada/balance").Form("Change balance").Fill("Left", "3")
	f.Values.Set("feature", "dashboard")
	f.Press("Save balance").Refused(http.StatusBadRequest, "Feature: ")
}

// One is no plural.
func TestDASH143OneOfAThing(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.Post("/v1/rewards", JSON{"id": "month", "name": "Month", "type": "fixed_discount", "discount_config": JSON{"discount_value": 5, "duration_type": "months", "duration_value": 1, "apply_to_all": true}})
	b.Get("/dashboard/customers/ada/reward").Form("Give reward").Press("Preview").Says("Month takes $5.00 off every invoice for 1 month.")
	b.Get("/dashboard/customers/export?q=ada").Says("1 customer in this part.")
	p := b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", "name,email\nBob,bob@example.com").Press("Preview").Said("1 row was read. Nothing is imported yet.").Says("1 row. Nothing is imported yet.")
	w.Post("/v1/rewards", JSON{"id": "once", "name": "Once", "type": "percentage_discount", "promo_codes": []JSON{{"code": "ONCE", "max_redemptions": 1}},
		"discount_config": JSON{"discount_value": 5, "duration_type": "one_off", "apply_to_all": true}})
	w.CustomerWithCard("eve")
	w.Post("/v1/attach", JSON{"customer_id": "eve", "product_id": "pro", "reward": "ONCE"})
	b.Get("/dashboard/codes").Click("ONCE").Form("Explain code").Fill("Customer ID", "ada").Press("Explain").Says("It has been used as often as it may be: its limit is 1.")
	p.Press("Import 1 customer").Said("Imported: 1 new, 0 known, 0 refused.").Says("1 of 1 row is done: 1 new, 0 known, 0 refused.")
}

// A first line that names a column twice, or whose columns are parted by another sign than a comma, is refused whole: no
// column is left out in silence.
func TestDASH144ColumnsOfAnImport(t *testing.T) {
	t.Parallel()
	_, b := shopFor(t)
	for rows, said := range map[string]string{
		"email,name,email\na@example.com,A,b@example.com": "The column “email” is there twice.",
		"email,e-mail\na@example.com,b@example.com":       "The column “email” is there twice.",
		"email;name\na@example.com;A":                     "The columns are parted by “;”. Part them by commas.",
		"\ufeffName;E-mail;ID\nA;a@example.com;a":         "The columns are parted by “;”. Part them by commas.",
		"email\tname\na@example.com\tA":                   "The columns are parted by tabs. Part them by commas.",
	} {
		b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", rows).Press("Preview").Refused(http.StatusUnprocessableEntity, said)
	}
	b.Get("/dashboard/customers/import").Form("Import customers").Fill("Rows", "name,email\n\"A; B\",a@example.com").Press("Preview").Said("1 row was read. Nothing is imported yet.")
}

// A checkout page that nobody paid enabled nothing, and the history doesn't say that it did.
func TestDASH145APageThatExpired(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	preview(b, "ada", "pro", "Checkout link").Press("Create checkout link").Said("Checkout link created.")
	w.AdvanceTo(T0.AddDate(0, 0, 3))
	w.WaitIdle()
	p := b.Get("/dashboard/customers/ada?tab=timeline").Says("The checkout page expired unpaid.").SaysNot("Product enabled")
	for _, row := range p.Table("Timeline")[1:] {
		if strings.Contains(row[3], "expired unpaid") && row[2] != "Checkout page expired" {
			t.Errorf("what: %v", row)
		}
	}
}

// What seats cost that are taken within a period, and what comes back for those that are given back, is explained on the
// invoices that have it.
func TestDASH146SeatsOnInvoices(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.CustomerWithCard("ada", "pro_seats")
	w.AdvanceTo(T0.AddDate(0, 0, 15))
	w.Track("ada", "seats", 3)
	w.WaitIdle()
	w.Billed("ada", 2000, 1200)
	in := b.Get("/dashboard/customers/ada?tab=invoices")
	in = in.Click(in.Table("Invoices")[1][0]).SaysNot("Further lines at Stripe", "It was made at Stripe")
	if row := in.Row("Lines", "pro_seats: seats, now 2"); row["How"] != "2 × 12.00 for the time left = 12.00" || row["Amount"] != "$12.00" {
		t.Errorf("seats taken: %q", in.Table("Lines"))
	}
	w.AdvanceTo(T0.AddDate(0, 0, 20))
	w.Track("ada", "seats", -1)
	w.WaitIdle()
	w.AdvanceTo(T0.AddDate(0, 1, 1))
	w.Billed("ada", 2000, 1200, 2000+1200-400)
	in = b.Get("/dashboard/customers/ada?tab=invoices")
	in = in.Click(in.Table("Invoices")[1][0]).SaysNot("Further lines at Stripe")
	if row := in.Row("Lines", "Use and seats of the period before"); row["Amount"] != "−$4.00" {
		t.Errorf("seats given back: %q", in.Table("Lines"))
	}
}

// A search that cannot be made is refused on its page, with what was typed.
func TestDASH147ASearchThatCannotBeMade(t *testing.T) {
	t.Parallel()
	_, b := shopFor(t)
	for typed, said := range map[string]string{
		strings.Repeat("x", 257): "search: at most 256 bytes; this one has 257.",
		"a\x01b":                 "search: a text without control characters.",
	} {
		p := b.Try("/dashboard/customers?q="+url.QueryEscape(typed)).Refused(http.StatusBadRequest, said).Titled("Customers")
		if got := p.Form("Customers").Value("Search customers"); got != typed {
			t.Errorf("%q is typed, and %q there", typed, got)
		}
	}
}
