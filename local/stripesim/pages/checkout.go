package pages

// Checkout is what the checkout page shows.
type Checkout struct {
	Frame
	Mode, Status                          string
	Lines                                 []CheckoutLine
	Subtotal, Discount                    string
	DiscountName, Total                   string
	Adjustments                           []Adjustment
	Due                                   int64 // what is to be paid today, in minor units
	Trial                                 bool
	Renewal                               string // what is paid after today
	Problem, CodeProblem, QuantityProblem string
	Codes, CodeTaken                      bool
	Code                                  string
	Email                                 string
	AskEmail, AskCard                     bool
	Tax                                   string // "" where none is computed
	AskAddress, AskTaxID                  bool
	Country, PostalCode, TaxID            string
	AddressProblem                        string
	Offer
	CancelURL string
}

// CheckoutLine is a line of the order.
type CheckoutLine struct {
	ID, Name, Each, Amount string
	Quantity, Min, Max     int64
	Adjustable             bool
}

// Adjustment is a difference between the order and its first invoice.
type Adjustment struct{ Name, Amount string }

// Card is a test card to pick.
type Card struct{ Token, Number, Label string }

// Offer is the test cards of a page, and the one that was chosen before.
type Offer struct {
	Cards  []Card
	Chosen string
}

// Unfolded tells whether the chosen card is one that is folded away on phones.
func (o Offer) Unfolded() bool {
	return o.Chosen != "" && len(o.Cards) > 0 && o.Chosen != o.Cards[0].Token
}

// Adjustable tells whether a quantity can be changed.
func (c Checkout) Adjustable() bool {
	for _, line := range c.Lines {
		if line.Adjustable {
			return true
		}
	}
	return false
}

// Button is what the buyer agrees to by pressing it.
func (c Checkout) Button() string {
	switch {
	case c.Mode == "setup":
		return "Save card"
	case c.Mode == "subscription" && c.Trial && c.Due > 0:
		return "Start trial and pay " + c.Total
	case c.Mode == "subscription" && c.Trial:
		return "Start trial"
	case c.Mode == "subscription":
		return "Subscribe and pay " + c.Total
	}
	return "Pay " + c.Total
}

// Heading is the heading of the order.
func (c Checkout) Heading() string {
	switch {
	case c.Mode == "setup":
		return "Save a payment method"
	case len(c.Lines) == 0:
		return "Pay"
	}
	verb := "Pay for "
	switch {
	case c.Trial:
		verb = "Try "
	case c.Mode == "subscription":
		verb = "Subscribe to "
	}
	return verb + c.Lines[0].Name
}

// Done is what the page shows after a checkout, however it ended.
type Done struct {
	Frame
	Heading, Text     string
	Lines             []CheckoutLine
	Discount, Total   string
	Tax               string
	Adjustments       []Adjustment
	Renewal, Email    string
	InvoiceURL        string
	NextURL, NextText string
}

// Challenge is the bank asking whether it is the owner of the card who pays.
// Fields are what the page before it was sent.
type Challenge struct {
	Frame
	Card, Amount string
	Fields       []Field
}

// Field is a value of a form.
type Field struct{ Name, Value string }
