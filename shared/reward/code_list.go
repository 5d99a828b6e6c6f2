package reward

import (
	"slices"
	"time"

	"windfall/shared/money"
	"windfall/shared/refusal"
)

// A CodeList is the codes of a reward while an edit names them one by one: those that
// hold their text, and after them those that lost it.
type CodeList struct {
	codes []PromoCode
	named []bool
}

// ListOf begins with no code named.
func ListOf(codes []PromoCode) *CodeList {
	return &CodeList{codes, make([]bool, len(codes))}
}

// A Mention is a code as an edit names it.
type Mention struct {
	Code       string // in its one spelling
	Customer   string // as the caller wrote it; "" says nothing of a customer
	CustomerID string // the internal id of the customer called so now; "" for none
	CreatedAt  time.Time
	Terms      *NewCode // nil says nothing of limits
}

// Name finds the code that is meant and counts it as named; nil is a new one. A text
// without a customer means the code for anybody, or else the only code of its text.
// The errors are duplicate_promo_code for a code that is named twice, and
// invalid_inputs where a customer has to be named.
func (l *CodeList) Name(m Mention) (*PromoCode, error) {
	best, most, again := -1, 0, false
	for i, p := range l.codes {
		fit := m.fits(p)
		switch {
		case fit == 0:
		case l.named[i]:
			again = true
		case fit > most:
			best, most = i, fit
		}
	}
	if most == byText && m.Terms == nil && slices.ContainsFunc(l.codes, func(p PromoCode) bool {
		return m.fits(p) > 0 && p.CustomerID != l.codes[best].CustomerID
	}) {
		return nil, refusal.Invalid(ReasonCodeOfSeveral, m.Code)
	}
	if best < 0 && again {
		return nil, refusal.Invalid(ReasonDuplicateCode, m.Code)
	}
	if best < 0 {
		return nil, nil
	}
	l.named[best] = true
	return &l.codes[best], nil
}

// How well a mention fits a code.
const (
	byText  = 1 // its text alone
	byKey   = 2 // the customer was called so when the code was made, and nobody is now
	exactly = 4
)

func (m Mention) fits(p PromoCode) int {
	same := m.Terms == nil || p.Allows(*m.Terms)
	fit := 0
	switch {
	case p.Code != m.Code || !m.CreatedAt.IsZero() && p.CreatedAt.UnixMilli() != m.CreatedAt.UnixMilli():
	case m.Customer == "" && p.CustomerID == "", m.Customer != "" && p.CustomerID != "" && (p.CustomerID == m.Customer || p.CustomerID == m.CustomerID):
		fit = exactly
	case m.Customer != "" && p.CustomerKey == m.Customer && (m.CustomerID == "" || !m.CreatedAt.IsZero()):
		fit = byKey
	case m.Customer == "" && same:
		fit = byText
	}
	if fit > byText && same && !m.CreatedAt.IsZero() { // several of one text were made in the same millisecond
		fit++
	}
	return fit
}

// Unnamed lists the codes that the edit leaves out.
func (l *CodeList) Unnamed() (out []PromoCode) {
	for i, p := range l.codes {
		if !l.named[i] {
			out = append(out, p)
		}
	}
	return out
}

// Lost reports whether another code has the text of this one now.
func (p PromoCode) Lost() bool { return p.Version == 0 }

// Allows reports whether a code has the terms that are asked for. Times are
// compared as answers show them, in milliseconds.
func (p PromoCode) Allows(cmd NewCode) bool {
	least := money.Decimal{}
	if p.Minimum > 0 {
		least = p.Currency.Major(p.Minimum)
	}
	return p.Max == cmd.Max && p.MaxPerCustomer == cmd.MaxPerCustomer && p.FirstTimeOnly == cmd.FirstTimeOnly &&
		p.ExpiresAt.IsZero() == cmd.ExpiresAt.IsZero() && p.ExpiresAt.UnixMilli() == cmd.ExpiresAt.UnixMilli() &&
		least.Equal(cmd.Minimum) && (cmd.Currency == "" || cmd.Currency == p.Currency)
}

// Terms asks for a code as it is, with another limit and for whom it is.
func (p PromoCode) Terms(most int, firstTimeOnly bool) NewCode {
	cmd := NewCode{Code: p.Code, CustomerID: p.CustomerID, CustomerKey: p.CustomerKey, Max: most, MaxPerCustomer: p.MaxPerCustomer,
		ExpiresAt: p.ExpiresAt, FirstTimeOnly: firstTimeOnly, Currency: p.Currency, Metadata: p.Metadata, Inactive: p.Inactive}
	if p.Minimum > 0 {
		cmd.Minimum = p.Currency.Major(p.Minimum)
	}
	return cmd
}
