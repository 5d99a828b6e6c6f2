package dashboard_test

import (
	"net/http"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// shop is a world that sells, with a customer who has a card and one who has not.
func shopFor(t *testing.T) (*World, *dashboard.Browser) {
	t.Helper()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "ada", "name": "Ada", "email": "ada@example.com"})
	return w, b
}

// preview fills the form of Enable product.
func preview(b *dashboard.Browser, customer, product, payment string, more ...string) *dashboard.Page {
	b.Helper()
	f := b.Get("/dashboard/customers/"+customer).Click("Enable Product").Form("Enable product").Choose("Product", product).Choose("Payment", payment)
	for i := 0; i+1 < len(more); i += 2 {
		f.Fill(more[i], more[i+1])
	}
	return f.Press("Preview")
}

// The card on file is charged what the preview said, to the cent, and once.
func TestDASH25TheCardIsCharged(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	if got := b.Get("/dashboard/customers/ada/enable").Words(); strings.Contains(got, "Charge the card on file") {
		t.Error("a card is offered that is not there")
	}
	w.PutGoodCard("ada")
	p := preview(b, "ada", "pro", "Charge the card on file")
	if got := p.Row("Charge today", "Total today")["Amount"]; got != "$20.00" {
		t.Errorf("total: %s", got)
	}
	p.Says("pro is enabled at once, and the card on file is charged $20.00.", "free ends now.", "The next charge is $20.00 on 1 May 2027.")
	w.Billed("ada")
	done := p.Press("Enable pro and charge $20.00").Said("pro enabled.").Titled("Ada")
	w.Billed("ada", 2000)
	w.HasProducts("ada", "pro active")
	p.Press("Enable pro and charge $20.00").Said("pro enabled.") // twice
	w.Billed("ada", 2000)
	if row := done.Row("Products", "pro"); row["Status"] != "Active" || row["Since"] != "1 April 2027" || row["Next"] != "Renews on 1 May 2027" {
		t.Errorf("the product: %v", row)
	}
	if got := done.Region("Upcoming"); !strings.Contains(got, "pro renews on 1 May 2027 for $20.00") {
		t.Errorf("upcoming: %s", got)
	}
	// The invoice says how it was computed, and that it is what was computed.
	in := b.Get("/dashboard/customers/ada?tab=invoices")
	number := in.Table("Invoices")[1]
	if number[1] != "1 April 2027" || number[2] != "Paid" || number[3] != "$20.00" {
		t.Errorf("invoice: %q", number)
	}
	in = in.Click(number[0])
	if row := in.Row("Lines", "pro"); row["How"] != "Price of a month" || row["Amount"] != "$20.00" || in.Row("Lines", "Total")["Amount"] != "$20.00" {
		t.Errorf("lines: %q", in.Table("Lines"))
	}
	in.Says("Equal to our own sum")
	if in.Region("Why") == "Why" {
		t.Error("nothing says why")
	}
	row := b.Get("/dashboard/customers/ada?tab=timeline").Table("Timeline")[1]
	if row[1] != "local" || !strings.HasPrefix(row[2], "Starts pro; ends free") || row[4] != "$20.00" {
		t.Errorf("timeline: %q", row)
	}
	w.AdvancePastRenewal(T1)
	renewed := b.Get("/dashboard/customers/ada?tab=invoices")
	renewed.Click(renewed.Table("Invoices")[1][0]).Says("Equal to our own sum", "The period that ended on 2027-05-01 is over")
}

// A declined card enables nothing, and no page is made in its place.
func TestDASH26TheCardIsDeclined(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.PutFailingCard("ada")
	p := preview(b, "ada", "pro", "Charge the card on file").Press("Enable pro and charge $20.00")
	if p.Status != http.StatusPaymentRequired || !strings.Contains(p.Alert(), "declined") {
		t.Errorf("%d %s", p.Status, p.Alert())
	}
	w.HasProducts("ada", "free active")
}

// With an invoice the product is there at once, and the invoice stays open.
func TestDASH27AnInvoiceIsSent(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	p := preview(b, "ada", "pro", "Send an invoice")
	p.Says("pro is enabled at once. An invoice of $20.00 is sent, and stays open until it is paid.")
	p.Press("Enable pro and send an invoice of $20.00").Said("pro enabled.")
	w.HasProducts("ada", "pro active")
	if row := b.Get("/dashboard/customers/ada?tab=invoices").Table("Invoices")[1]; row[2] != "Open" || row[3] != "$20.00" {
		t.Errorf("invoice: %q", row)
	}
	if in := w.Invoices("ada"); len(in) != 1 || in[0].Status != "open" || in[0].Total != 2000 {
		t.Errorf("at Stripe: %+v", in)
	}
}

// A checkout link is to be sent: the product begins when it is paid.
func TestDASH28ACheckoutLink(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	p := preview(b, "ada", "pro", "Checkout link")
	p.Says("pro begins when the customer has paid $20.00 there; until then nothing changes and nothing is charged.", "free ends then.", "Nothing is charged today.").SaysNot("Charge today", "Total today")
	if row := p.Row("To pay on the page", "pro"); row["Amount"] != "$20.00" || p.Row("To pay on the page", "Total")["Amount"] != "$20.00" {
		t.Errorf("to pay: %q", p.Table("To pay on the page"))
	}
	p = p.Press("Create checkout link").Said("Checkout link created.")
	link := p.Textbox("Checkout link")
	w.HasProducts("ada", "free active")
	w.Pay(link)
	w.HasProducts("ada", "pro active")
	w.Billed("ada", 2000)
}

// Before the customer ever came: enabled by e-mail, and theirs when they come.
func TestDASH29BeforeTheyCame(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	p := b.Get("/dashboard/customers/new").Form("New customer").Fill("E-mail", "grace@example.com").Press("Create Customer")
	p = p.Click("Enable Product").Form("Enable product").Choose("Product", "pro").Choose("Payment", "Send an invoice").Fill("Base price", "12.50").Fill("Included messages", "7").Press("Preview")
	p.Says("The terms are this customer's own.")
	p = p.Press("Enable pro and send an invoice of $12.50").Said("pro enabled.")
	if row := p.Row("Balances", "messages"); row["Granted"] != "7" {
		t.Errorf("balance: %v", row)
	}
	w.Post("/v1/customers", JSON{"id": "grace", "email": "grace@example.com"})
	w.HasProducts("grace", "pro active")
	if in := w.Invoices("grace"); len(in) != 1 || in[0].Total != 1250 {
		t.Errorf("at Stripe: %+v", in)
	}
}

// What changed since the preview is shown again, and nothing is done.
func TestDASH30AStalePreview(t *testing.T) {
	t.Parallel()
	w, b := shopFor(t)
	w.PutGoodCard("ada")
	p := preview(b, "ada", "pro", "Charge the card on file")
	w.Attach("ada", "premium")
	w.Billed("ada", 5000)
	p = p.Press("Enable pro and charge $20.00").Refused(http.StatusConflict, "Something changed since this preview. Nothing was done. Please look again.")
	w.Billed("ada", 5000)
	p.Says("pro starts on 1 May 2027.", "premium ends on 1 May 2027.", "Nothing is charged today.")
	p.Press("Schedule pro").Said("pro scheduled.")
	w.Billed("ada", 5000)
	if got := b.Get("/dashboard/customers/ada").Region("Upcoming"); !strings.Contains(got, "pro starts on 1 May 2027 for $20.00") || !strings.Contains(got, "premium ends on 1 May 2027") {
		t.Errorf("upcoming: %s", got)
	}
}
