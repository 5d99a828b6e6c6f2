package stripesim_test

import (
	"strings"
	"testing"
)

// eventsOf lists the types of the events that begin with a prefix, in order.
func (w *world) eventsOf(prefix string) string {
	var out []string
	for _, e := range w.sim.Events() {
		if strings.HasPrefix(e.Type, prefix) {
			out = append(out, strings.TrimPrefix(e.Type, prefix))
		}
	}
	return strings.Join(out, " ")
}

func TestDisputes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, card, path, values string
		status, events           string
		refundable               bool
	}{
		{"created", "pm_card_createDispute", "", "", "needs_response", "created funds_withdrawn", false},
		{"won", "pm_card_createDispute", "", "evidence[uncategorized_text]=winning_evidence", "won", "created funds_withdrawn closed funds_reinstated", true},
		{"lost", "pm_card_createDispute", "", "evidence[uncategorized_text]=losing_evidence&submit=true", "lost", "created funds_withdrawn closed", false},
		{"evidence kept back", "pm_card_createDispute", "", "evidence[uncategorized_text]=winning_evidence&submit=false", "needs_response", "created funds_withdrawn", false},
		{"looked at", "pm_card_createDisputeProductNotReceived", "", "evidence[uncategorized_text]=a receipt", "under_review", "created funds_withdrawn updated", false},
		{"given up", "pm_card_createDispute", "/close", "", "lost", "created funds_withdrawn closed", false},
		{"an inquiry", "pm_card_createDisputeInquiry", "", "", "warning_needs_response", "created", true},
		{"an inquiry that is answered", "pm_card_createDisputeInquiry", "/close", "", "warning_closed", "created closed", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, start)
			cus := w.customer(tt.card)
			inv := w.get("/v1/invoices/"+w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("latest_invoice"), "")
			d := w.get("/v1/disputes", "charge="+inv.str("charge")).str("data.0.id")
			if tt.path+tt.values != "" {
				w.post("/v1/disputes/"+d+tt.path, tt.values)
			}
			got := w.get("/v1/disputes/"+d, "expand[]=charge")
			if got.str("status") != tt.status || got.num("amount") != 1000 || got.get("charge.disputed") != true || w.eventsOf("charge.dispute.") != tt.events {
				t.Errorf("dispute %v, events %s", got, w.eventsOf("charge.dispute."))
			}
			if tt.refundable {
				w.post("/v1/refunds", "charge="+inv.str("charge"))
			} else if status, e := w.refused("POST", "/v1/refunds", "charge="+inv.str("charge")); status != 400 || e.str("code") != "charge_disputed" {
				t.Errorf("a refund of a disputed charge: %d %v", status, e)
			}
			if closed := tt.status == "won" || tt.status == "lost"; closed {
				if status, _ := w.refused("POST", "/v1/disputes/"+d+"/close", ""); status != 400 {
					t.Error("a dispute was closed twice")
				}
			}
		})
	}
}

func TestABankDisputesACharge(t *testing.T) {
	t.Parallel()
	w := newWorld(t, start)
	cus := w.customer("pm_card_visa")
	ch := w.get("/v1/invoices/"+w.subscribe(cus, "items[0][price]="+w.price("1000", "")).str("latest_invoice"), "").str("charge")
	for _, tt := range []struct {
		charge string
		amount int64
		status int
	}{{"ch_none", 0, 400}, {ch, 1001, 400}, {ch, -1, 400}, {ch, 400, 200}, {ch, 0, 400}} {
		if status, text := w.sim.Dispute(tt.charge, tt.amount); status != tt.status {
			t.Errorf("%s %d: %d %s", tt.charge, tt.amount, status, text)
		}
	}
	if d := w.get("/v1/disputes", "payment_intent="+w.get("/v1/charges/"+ch, "").str("payment_intent")); d.num("data.0.amount") != 400 {
		t.Errorf("%v", d)
	}
}
