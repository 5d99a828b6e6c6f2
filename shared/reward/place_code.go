package reward

import "windfall/shared/refusal"

// A Placement is how a code gets its text: what is saved, and what must not have
// changed until then.
type Placement struct {
	Code    PromoCode  // its Version is that of the row it takes, 0 for none
	New     bool       // it was never used
	Retired *PromoCode // the dead or inactive code whose place it takes; nil for none
	Anybody int64      // the version of the code for anybody, 0 for none
	Given   int64      // how many codes of single customers had been activated, where that matters: for a code for anybody
}

// Place gives a code its text: a new code, or one that is activated again. Of
// the active codes of one text either one is for anybody, or each is for another
// customer. active judges other codes of the text. The error is
// duplicate_promo_code.
//
// Source: https://docs.stripe.com/api/promotion_codes/create (code)
func (t Text) Place(p PromoCode, active func(PromoCode) bool) (Placement, error) {
	out := Placement{Code: p, Given: t.Given, New: p.Version == 0}
	if t.Anybody != nil {
		out.Anybody = t.Anybody.Version
		if !same(*t.Anybody, p) && active(*t.Anybody) {
			return out, refusal.Invalid(ReasonDuplicateCode, p.Code)
		}
	}
	before := t.Anybody
	if p.CustomerID != "" {
		before = nil
	}
	for _, of := range t.Of {
		mine := of.CustomerID == p.CustomerID
		if mine {
			before = &of
		}
		if (mine || p.CustomerID == "") && !same(of, p) && active(of) {
			return out, refusal.Invalid(ReasonDuplicateCode, p.Code)
		}
	}
	if before != nil && !same(*before, p) {
		out.Retired = before
		out.Code.Version = before.Version
	}
	return out, nil
}

// same reports whether two values are one code: the same row, not replaced since.
func same(a, b PromoCode) bool {
	return a.Version == b.Version && a.CustomerID == b.CustomerID && a.RewardID == b.RewardID && a.CreatedAt.Equal(b.CreatedAt)
}

// Rows is how many rows of the table the placement touches.
func (w Placement) Rows() int {
	rows := 2
	if w.Code.CustomerID != "" {
		rows++
	}
	if w.Retired != nil {
		rows++
	}
	return rows
}
