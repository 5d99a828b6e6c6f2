package pages

// Portal is what the customer portal shows.
type Portal struct {
	Frame
	Headline, ReturnURL, Problem string
	PrivacyURL, TermsURL         string
	Subscriptions                []PortalSubscription
	Saved                        []SavedCard
	Offer
	Invoices                 []PortalInvoice
	CanCancel, CanChangeCard bool
}

// PortalSubscription is a running subscription: what it has, and what happens
// next. PayURL is where the invoice that is overdue can be paid; Ends says what
// cancelling would do.
type PortalSubscription struct {
	ID, Status, Next, PayURL, Ends string
	Items                          []string
	Ending, Managed                bool
}

// SavedCard is a card of the customer; the default one pays.
type SavedCard struct {
	Name    string
	Default bool
}

// PortalInvoice is a line of the invoice history.
type PortalInvoice struct{ Number, Date, Amount, Status, URL string }

// Word is the status for people.
func (i PortalInvoice) Word() string { return statusWord(i.Status) }

// Invoice is what the hosted invoice page shows.
type Invoice struct {
	Frame
	Number, Status, Problem          string
	Date, DueDate, When              string
	Customer                         []string // name and address
	BackURL                          string   // the portal it was opened from
	Subtotal, Discount, DiscountName string
	Tax                              string // "" where none is computed
	Balance, Total, Paid, Due        string
	PaidWith, Text, Footer           string
	Lines                            []InvoiceLine
	Offer
}

// InvoiceLine is a line of an invoice.
type InvoiceLine struct{ Text, Amount, Period string }

// Word is the status for people.
func (i Invoice) Word() string { return statusWord(i.Status) }

func statusWord(status string) string {
	words := map[string]string{"paid": "Paid", "open": "Unpaid", "void": "Void", "draft": "Draft", "uncollectible": "Uncollectible"}
	return words[status]
}
