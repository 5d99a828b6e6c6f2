package dashboard_test

import (
	"testing"

	"windfall/shared/dashboard/ui"
	"windfall/tests/world"
)

// Overview shows what was earned and redeemed, as pictures and as tables.
func TestDASH89Overview(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	w.CustomerWithCard("c", "pro")
	in := w.Invoices("c")[0]
	redeem(w, code, "r1", "r1@example.com")
	w.AdvancePastRenewal(world.T1)
	w.Post("/_local/invoices/"+in.ID+"/refund", world.JSON{"amount": 500})
	redeem(w, code, "r2", "r2@example.com")
	redeem(w, code, "r3", "r3@example.com")
	p := b.Get("/dashboard").Titled("Overview")
	for _, chart := range []string{"Revenue per month", "Redemptions per day"} {
		if !p.Has("svg", chart) {
			t.Errorf("there is no picture %q", chart)
		}
	}
	p.Says("Highest: $20.00", "May 2027: $15.00") // a picture without figures says nothing
	rows := p.Table("Revenue per month")
	if n := len(rows); n != 13 || rows[n-1][0] != "May 2027" || rows[n-1][1] != "$15.00" || rows[n-2][1] != "$20.00" || rows[n-3][1] != "$0.00" {
		t.Errorf("revenue: %v", rows)
	}
	rows = p.Table("Redemptions per day")
	if n := len(rows); n != 31 || rows[n-1][0] != ui.Day(w.Stack.Sim.Now()) || rows[n-1][1] != "2" || rows[n-2][1] != "0" {
		t.Errorf("redemptions: %v", rows)
	}
}
