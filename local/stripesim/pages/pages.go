// Package pages renders the hosted pages: checkout, portal and invoice. Pages
// carry their own style and load nothing from elsewhere.
package pages

import (
	"bytes"
	_ "embed"
	"html/template"
)

//go:embed style.css
var style string

//go:embed checkout.html
var checkoutHTML string

//go:embed portal.html
var portalHTML string

//go:embed invoice.html
var invoiceHTML string

//go:embed missing.html
var missingHTML string

// Checkout is what the checkout page shows.
type Checkout struct {
	Mode, Status          string
	Lines                 []CheckoutLine
	Subtotal, Discount    string
	DiscountName, Total   string
	Due                   int64 // what is to be paid today, in minor units
	Trial, Problem        string
	Codes, CodeTaken      bool
	Code                  string
	Email                 string
	AskEmail, AskCard     bool
	Cards                 []Card
	Chosen                string
	CancelURL, SuccessURL string
}

// CheckoutLine is a line of the order.
type CheckoutLine struct {
	ID, Name, Each, Amount string
	Quantity, Min, Max     int64
	Adjustable             bool
}

// Card is a test card to pick.
type Card struct{ Token, Number, Label string }

// Button is what the buyer agrees to by pressing it.
func (c Checkout) Button() string {
	switch {
	case c.Mode == "setup":
		return "Save card"
	case c.Trial != "":
		return "Start trial"
	case c.Mode == "subscription":
		return "Subscribe"
	}
	return "Pay " + c.Total
}

// Title is the heading of the order.
func (c Checkout) Title() string {
	switch c.Mode {
	case "setup":
		return "Save a payment method"
	case "subscription":
		return "Subscribe"
	}
	return "Pay"
}

func parse(name, text string) *template.Template {
	t := template.Must(template.New(name).Funcs(template.FuncMap{"style": func() template.CSS { return template.CSS(style) }}).Parse(text))
	return t
}

var (
	checkoutPage = parse("checkout", checkoutHTML)
	portalPage   = parse("portal", portalHTML)
	invoicePage  = parse("invoice", invoiceHTML)
	missingPage  = parse("missing", missingHTML)
)

func render(t *template.Template, v any) []byte {
	var out bytes.Buffer
	if err := t.Execute(&out, v); err != nil {
		return []byte("page error: " + template.HTMLEscapeString(err.Error()))
	}
	return out.Bytes()
}

// RenderCheckout is the checkout page.
func RenderCheckout(c Checkout) []byte { return render(checkoutPage, c) }

// RenderMissing is the page for an address that stands for nothing.
func RenderMissing() []byte { return render(missingPage, nil) }

// Portal is what the customer portal shows.
type Portal struct {
	Headline, ReturnURL, Problem string
	Subscriptions                []PortalSubscription
	Saved                        []SavedCard
	Cards                        []Card
	Invoices                     []PortalInvoice
	CanCancel, CanChangeCard     bool
}

// PortalSubscription is a running subscription: what it has, and what happens
// next. PayURL is where the invoice that is overdue can be paid.
type PortalSubscription struct {
	ID, Status, Next, PayURL string
	Items                    []string
	Ending, Managed          bool
}

// SavedCard is a card of the customer; the default one pays.
type SavedCard struct {
	Name    string
	Default bool
}

// PortalInvoice is a line of the invoice history.
type PortalInvoice struct{ Number, Date, Amount, Status, URL string }

// RenderPortal is the customer portal.
func RenderPortal(p Portal) []byte { return render(portalPage, p) }

// Invoice is what the hosted invoice page shows.
type Invoice struct {
	Number, Status, Problem, Date, Customer string
	BackURL                                 string // the portal it was opened from
	Subtotal, Discount, Balance, Total, Due string
	Lines                                   []InvoiceLine
	Cards                                   []Card
}

// InvoiceLine is a line of an invoice.
type InvoiceLine struct{ Text, Amount, Period string }

// RenderInvoice is the hosted invoice page.
func RenderInvoice(v Invoice) []byte { return render(invoicePage, v) }
