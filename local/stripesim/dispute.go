package stripesim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"windfall/local/stripesim/object"
)

var disputeRoutes = []endpoint{
	{"GET /v1/disputes", "charge created:r payment_intent" + pageParams, listDisputes},
	{"GET /v1/disputes/{id}", "", getDispute},
	{"POST /v1/disputes/{id}", "evidence:{uncategorized_text} metadata:m submit:b", updateDispute},
	{"POST /v1/disputes/{id}/close", "", closeDispute},
}

// A byCard is the kind of dispute that a test card causes.
//
// https://docs.stripe.com/testing#disputes
type byCard struct{ reason, status string }

var disputingCards = map[string]byCard{
	"dispute":              {"fraudulent", "needs_response"},
	"dispute_not_received": {"product_not_received", "needs_response"},
	"inquiry":              {"fraudulent", "warning_needs_response"},
}

func (t *tx) disputeByCard(ch *object.Charge, behavior string) {
	if by, disputes := disputingCards[behavior]; disputes {
		t.dispute(ch.ID, ch.Amount, by)
	}
}

// answerWithin is how many seconds a company has to answer.
//
// assumption: a company has 9 days to answer; the networks allow 7 to 21.
const answerWithin = 9 * 86400

// dispute takes a charge back, or, for an inquiry, only asks about it: that
// moves no money.
//
// https://docs.stripe.com/disputes/how-disputes-work
func (t *tx) dispute(charge string, amount int64, by byCard) *object.Dispute {
	ch := edit[*object.Charge](t, charge)
	ch.Disputed = true
	inquiry := by.status == "warning_needs_response"
	d := &object.Dispute{
		ID: t.newID("dp_"), Object: "dispute", Amount: amount, BalanceTransactions: []struct{}{}, Charge: ch.ID, Created: t.now, Currency: ch.Currency,
		EvidenceDetails: object.DisputeEvidenceDetails{DueBy: object.Stamp(t.now + answerWithin)}, IsChargeRefundable: inquiry, Metadata: object.Metadata{},
		PaymentIntent: ch.PaymentIntent, Reason: by.reason, Status: by.status,
		PaymentMethodDetails: object.DisputeMethodDetails{Type: "card", Card: object.DisputeCard{Brand: "visa", NetworkReasonCode: "10.4"}},
	}
	t.put(d)
	t.emit("charge.dispute.created", d)
	if !inquiry {
		t.emitAgain("charge.dispute.funds_withdrawn", d)
	}
	return d
}

// contested reports whether a charge has a dispute that forbids a refund.
func (t *tx) contested(charge string) bool {
	return slices.ContainsFunc(ownedBy[*object.Dispute](t, charge), func(d *object.Dispute) bool { return !d.IsChargeRefundable })
}

// decided closes a dispute. Money comes back with one that is won.
//
// assumption: a charge whose dispute was won can be refunded again.
func (t *tx) decided(id, status string) *object.Dispute {
	d := edit[*object.Dispute](t, id)
	if strings.HasPrefix(d.Status, "warning_") {
		status = "warning_closed"
	}
	d.Status, d.IsChargeRefundable = status, status != "lost"
	t.emit("charge.dispute.closed", d)
	if status == "won" {
		t.emitAgain("charge.dispute.funds_reinstated", d)
	}
	return d
}

func getDispute(c *call) (any, error) { return need[*object.Dispute](c.tx, "dispute", c.id, "id") }

// openDispute refuses a dispute that is decided.
func (c *call) openDispute() error {
	d, err := need[*object.Dispute](c.tx, "dispute", c.id, "id")
	if err == nil && (d.Status == "won" || d.Status == "lost" || d.Status == "warning_closed") {
		err = invalid("", "This dispute is already closed")
	}
	return err
}

// updateDispute submits evidence. Two texts decide a dispute at once, as in
// Stripe's test mode; after any other the bank is at it.
//
// https://docs.stripe.com/testing#evidence
func updateDispute(c *call) (any, error) {
	if _, err := getDispute(c); err != nil {
		return nil, err
	}
	evidence := c.p.Has("evidence") || c.p.Bool("submit")
	if evidence {
		if err := c.openDispute(); err != nil {
			return nil, err
		}
	}
	var err error
	next := edit[*object.Dispute](c.tx, c.id)
	if next.Metadata, err = mergeMetadata(next.Metadata, c.p); err != nil || !evidence {
		return next, err
	}
	if e := c.p.Sub("evidence"); e.Given("uncategorized_text") {
		text(&next.Evidence.UncategorizedText, e, "uncategorized_text")
		next.EvidenceDetails.HasEvidence = next.Evidence.UncategorizedText != ""
	}
	if c.p.Given("submit") && !c.p.Bool("submit") {
		return next, nil
	}
	next.EvidenceDetails.SubmissionCount++
	switch next.Evidence.UncategorizedText {
	case "winning_evidence":
		return c.decided(c.id, "won"), nil
	case "losing_evidence":
		return c.decided(c.id, "lost"), nil
	}
	next.Status = strings.Replace(next.Status, "needs_response", "under_review", 1)
	c.emit("charge.dispute.updated", next)
	return next, nil
}

// closeDispute gives a dispute up.
func closeDispute(c *call) (any, error) {
	if err := c.openDispute(); err != nil {
		return nil, err
	}
	return c.decided(c.id, "lost"), nil
}

func listDisputes(c *call) (any, error) {
	return pageNewest(c, all[*object.Dispute](c.tx), func(o *object.Dispute) bool {
		return c.p.InRange("created", o.Created) && (!c.p.Given("charge") || o.Charge == c.p.Str("charge")) &&
			(!c.p.Given("payment_intent") || string(o.PaymentIntent) == c.p.Str("payment_intent"))
	})
}

// Dispute is the bank's part, for which Stripe's API has no call: it takes back
// a charge, all of it with amount 0. The answer is Stripe's.
func (s *Sim) Dispute(charge string, amount int64) (int, json.RawMessage) {
	a := s.locked(func(c *call) (any, error) {
		ch, err := need[*object.Charge](c.tx, "charge", charge, "charge")
		if err != nil {
			return nil, err
		}
		if amount == 0 {
			amount = ch.Amount
		}
		switch {
		case !ch.Paid:
			return nil, invalid("charge", "Charge %s has not been paid and cannot be disputed.", charge)
		case c.contested(charge):
			return nil, invalid("charge", "Charge %s is disputed already.", charge)
		case amount < 1 || amount > ch.Amount:
			return nil, invalid("amount", "The amount of a dispute is between 1 and the amount of the charge (%d).", ch.Amount)
		}
		return c.dispute(charge, amount, disputingCards["dispute"]), nil
	})
	if a.status == 0 {
		a.status = http.StatusOK
	}
	return a.status, a.body
}
