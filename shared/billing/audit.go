package billing

import (
	"strings"
	"time"

	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// An Audit entry records one change of a customer's money or access. It is
// written with the change and never changed.
type Audit struct {
	ID          string            `json:"id,omitzero"`
	At          time.Time         `json:"at,omitzero"`
	Actor       string            `json:"actor,omitzero"`  // key prefix, "stripe", "schedule", or DashboardActor with an e-mail address
	Action      string            `json:"action,omitzero"` // attach, create, invoice, …
	Rule        string            `json:"rule,omitzero"`   // the branch that decided
	Why         string            `json:"why,omitzero"`
	Started     []string          `json:"started,omitempty"` // product ids
	Ended       []string          `json:"ended,omitempty"`
	Scheduled   []string          `json:"scheduled,omitempty"` // begin later
	Dropped     []string          `json:"dropped,omitempty"`   // were to begin later, and will not
	Changes     []Change          `json:"changes,omitempty"`
	Lines       []Line            `json:"lines,omitempty"`    // what the amount is made of
	Amount      money.Amount      `json:"amount,omitempty"`   // as decided, by our own arithmetic
	Sum         string            `json:"sum,omitempty"`      // how the amount was computed, where lines alone don't say
	Currency    money.Currency    `json:"currency,omitempty"` // "" when no money was involved
	Stripe      map[string]string `json:"stripe,omitempty"`
	OperationID string            `json:"operation_id,omitempty"`
	EntityID    string            `json:"entity_id,omitempty"` // whose products these are; "" is the customer
}

// DashboardActor begins the actor of what a person did in the dashboard; their e-mail
// address follows.
const DashboardActor = "dashboard:"

// ByHand reports whether a person did it in the dashboard.
func (a Audit) ByHand() bool { return strings.HasPrefix(a.Actor, DashboardActor) }

// A Change is one value before and after.
type Change struct {
	Field string `json:"field,omitzero"` // "id", "name", "email", "fingerprint", or "balance of" a feature
	Old   string `json:"old,omitzero"`
	New   string `json:"new,omitzero"`
}

// Arithmetic is the sum in one line, "20 (Pro) + 9 (Pack) = 29 usd", or for a
// part of a period "15 of 30 days left: 0.5 × (50.00 − 20.00) = 15.00". It is ""
// when there was nothing to add up.
func (a Audit) Arithmetic() string {
	if a.Sum != "" {
		return a.Sum
	}
	var sum strings.Builder
	for i, l := range a.Lines {
		amount := a.Currency.Major(l.Amount)
		switch {
		case i > 0 && amount.IsNegative():
			sum.WriteString(" - ")
			amount = amount.Neg()
		case i > 0:
			sum.WriteString(" + ")
		}
		sum.WriteString(amount.String() + " (" + l.Description + ")")
	}
	if sum.Len() == 0 {
		return ""
	}
	return sum.String() + " = " + a.Currency.Major(a.Amount).String() + " " + string(a.Currency)
}

// BalanceChange is what a balance came to before a change, and after it.
func BalanceChange(before, after entitlement.Balance, now time.Time) Change {
	return Change{"balance of " + after.FeatureID, before.LeftText(now), after.LeftText(now)}
}

// DetailChanges are the changes of a customer's name, e-mail address and fingerprint.
func DetailChanges(was, next Customer) (changes []Change) {
	for _, c := range []Change{{"name", was.Name, next.Name}, {"email", was.Email, next.Email}, {"fingerprint", was.Fingerprint, next.Fingerprint}} {
		if c.Old != c.New {
			changes = append(changes, c)
		}
	}
	return changes
}

// auditOf names the products that the moves begin and end, each once.
func (s State) auditOf(t transition, now time.Time) Audit {
	a := Audit{At: now, EntityID: s.Scope.ID}
	for _, cp := range t.begin {
		if cp.Status == Scheduled {
			a.Scheduled = append(a.Scheduled, cp.ProductID)
		} else {
			a.Started = append(a.Started, cp.ProductID)
		}
	}
	for _, e := range t.end {
		if e.At.IsZero() {
			a.Ended = append(a.Ended, s.productOf(e.CustomerProductID))
		}
	}
	for _, id := range t.drop {
		a.Dropped = append(a.Dropped, s.productOf(id))
	}
	for _, cp := range t.follow {
		was := s.withID(cp.ID)
		switch {
		case cp.Status == Expired:
			a.Ended = append(a.Ended, cp.ProductID)
		case was != nil && was.Status == Scheduled:
			a.Started = append(a.Started, cp.ProductID)
		}
	}
	a.Started, a.Ended, a.Scheduled, a.Dropped = onceEach(a.Started), onceEach(a.Ended), onceEach(a.Scheduled), onceEach(a.Dropped)
	return a
}

func (s State) productOf(id string) string {
	if cp := s.withID(id); cp != nil {
		return cp.ProductID
	}
	return id
}

func (s State) withID(id string) *CustomerProduct {
	for i := range s.Products {
		if s.Products[i].ID == id {
			return &s.Products[i]
		}
	}
	return nil
}
