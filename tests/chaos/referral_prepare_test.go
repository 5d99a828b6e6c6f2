package chaos

import (
	"fmt"
	"time"

	"windfall/shared/app"
	"windfall/shared/referral"

	. "windfall/tests/world"
)

// gone has a program or a customer deleted, and the schedule close what waits with it.
func gone(path string) func(w *World) {
	return func(w *World) { w.Call("DELETE", path, nil); w.Advance("5m") }
}

// noneRuns expects that nothing of a reversed reward lowers what r pays, at once or later.
func noneRuns(w *World) {
	w.Helper()
	becomes("reversed reversed <nil>")(w)
	if d := ValueAt(w.AtStripe("r"), "customer.discount"); d != nil {
		w.Errorf("r has a discount: %v", d)
	}
}

// triedAndPaid has c's trial end with a payment, which is not told yet.
func triedAndPaid(w *World) {
	w.PutGoodCard("c")
	w.Attach("c", "tried")
	w.WaitIdle()
	hold(w)
	w.AdvanceTo(T0.AddDate(0, 0, 7).Add(2 * time.Hour))
}

// uses has r use the first product and a part of the add-on.
func uses(w *World) { w.Track("r", "messages", 130) }

// refundOfFirst refunds c's first payment; it waits for no event.
func refundOfFirst(w *World) {
	w.Do(w.Stack.Key, "POST", "/_local/invoices/"+w.Invoices("c")[0].ID+"/refund", JSON{"amount": 2000})
}

// endedOnes are so many redemptions of the program that more than one page is looked at.
// One waits on each.
func endedOnes(w *World) {
	w.Helper()
	s, _, err := w.Stack.Customer(w.Context(), "r")
	if err != nil {
		w.Fatal(err)
	}
	for n := range 100 {
		gone := referral.Redemption{ID: fmt.Sprintf("rr_gone%02d", n), Code: w.Notes["code"], ProgramID: s.Codes[0].ProgramID, RewardID: "reward",
			ReferrerID: "r", ReferrerInternalID: s.Customer.InternalID, RedeemerID: fmt.Sprint("gone", n), RedeemerInternalID: fmt.Sprintf("cus_gone%02d", n)}.
			Begin(referral.Closed, true, T0.Add(time.Duration(n)*time.Second))
		if err := w.Stack.Save(w.Context(), app.NewRedemption{Redemption: gone}); err != nil {
			w.Fatal(err)
		}
	}
	w.Advance("5m")
	w.Post("/v1/customers", JSON{"id": "d", "email": "d@x.io"})
	redeemBy(w, "d")
}
