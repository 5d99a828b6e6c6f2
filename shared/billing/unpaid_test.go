package billing

import (
	"testing"

	"windfall/shared/ledger"
	. "windfall/shared/money"
	"windfall/shared/refusal"
	. "windfall/shared/rulestest"
)

// billed is an invoice of April for one item: what is paid of it, and what is due.
func billed(item string, total, paid, due Amount) ledger.Invoice {
	return ledger.Invoice{CreatedAt: April, Total: total, Paid: paid, Due: due,
		Lines: []ledger.Line{{SubscriptionID: "s", ItemID: item, Amount: total, Period: Period{Start: April, End: May}}}}
}

// exchanged is the invoice of a change half way through April.
func exchanged(from string, credit, held Amount, to string, charge, paid, due Amount) ledger.Invoice {
	left := Period{Start: halfway, End: May}
	in := ledger.Invoice{CreatedAt: halfway, Total: charge + held - credit, Paid: paid, Due: due, Lines: []ledger.Line{
		{SubscriptionID: "s", ItemID: from, Amount: -credit, Period: left, Proration: true},
		{SubscriptionID: "s", ItemID: to, Amount: charge, Period: left, Proration: true}}}
	if held > 0 {
		in.Lines = append(in.Lines, ledger.Line{SubscriptionID: "s", ItemID: from, Amount: held, Period: left, Withheld: true})
	}
	return in
}

// Half of the period is left of premium, or of what it became.
func TestACreditIsWhatWasPaid(t *testing.T) {
	t.Parallel()
	half := func(in ledger.Invoice, off Amount) ledger.Invoice { in.Lines[0].Off = off; return in }
	draft := billed("pr_premium", 5000, 0, 5000)
	draft.Collected = true
	for _, tt := range []struct {
		name   string
		holds  string
		billed []ledger.Invoice
		ends   Amount // what an end credits
		change Amount // what a change at once to another product credits; 1 is refused
	}{
		{"nothing is known", "premium", nil, 2500, 2500},
		{"paid", "premium", []ledger.Invoice{billed("pr_premium", 5000, 5000, 0)}, 2500, 2500},
		{"open or a draft", "premium", []ledger.Invoice{billed("pr_premium", 5000, 0, 5000)}, 0, 1},
		{"a draft that Stripe collects", "premium", []ledger.Invoice{draft}, 0, 2500},
		{"void or written off", "premium", []ledger.Invoice{billed("pr_premium", 5000, 0, 0)}, 0, 0},
		{"paid in part, the rest written off", "premium", []ledger.Invoice{billed("pr_premium", 5000, 2001, 0)}, 1000, 1000},
		{"paid in part, the rest open", "premium", []ledger.Invoice{billed("pr_premium", 5000, 2000, 3000)}, 1000, 1},
		{"paid less a discount that is over", "premium", []ledger.Invoice{half(ledger.Invoice{CreatedAt: April, Total: 1000, Paid: 1000,
			Lines: []ledger.Line{{SubscriptionID: "s", ItemID: "pr_premium", Amount: 5000, Period: Period{Start: April, End: May}}}}, 4000)}, 500, 500},
		{"an invoice of another subscription", "premium", []ledger.Invoice{billed("pr_premium", 5000, 5000, 0), func() ledger.Invoice {
			in := billed("pr_premium", 5000, 0, 5000)
			in.Lines[0].SubscriptionID = "t"
			return in
		}()}, 2500, 2500},
		{"an older period", "premium", []ledger.Invoice{{CreatedAt: April, Total: 5000, Due: 5000, Lines: []ledger.Line{
			{SubscriptionID: "s", ItemID: "pr_premium", Amount: 5000, Period: Period{Start: April.AddDate(0, -1, 0), End: April}}}},
			billed("pr_premium", 5000, 5000, 0)}, 2500, 2500},
		{"a change of it is paid", "premium", []ledger.Invoice{billed("pr_pro", 2000, 2000, 0), exchanged("pr_pro", 1000, 0, "pr_premium", 2500, 1500, 0)}, 2500, 2500},
		{"a change of it is void, so what was paid before is there", "premium",
			[]ledger.Invoice{billed("pr_pro", 2000, 2000, 0), exchanged("pr_pro", 1000, 0, "pr_premium", 2500, 0, 0)}, 1000, 1000},
		{"a change of it is open", "premium",
			[]ledger.Invoice{billed("pr_pro", 2000, 2000, 0), exchanged("pr_pro", 1000, 0, "pr_premium", 2500, 0, 1500)}, 1000, 1},
		{"a change whose credit was taken back is paid", "premium",
			[]ledger.Invoice{billed("pr_pro", 2000, 0, 0), exchanged("pr_pro", 1000, 1000, "pr_premium", 2500, 2500, 0)}, 2500, 2500},
		{"a change that credited what was void, as Stripe does for staff", "premium",
			[]ledger.Invoice{billed("pr_pro", 2000, 0, 0), exchanged("pr_pro", 1000, 0, "pr_premium", 2500, 1500, 0)}, 1500, 1500},
		{"a takeover without a charge has the money of the version before", "premium", []ledger.Invoice{billed("pr_old", 3000, 3000, 0)}, 1500, 1500},
		{"a takeover from a cheaper one that was void", "premium", []ledger.Invoice{billed("pr_old", 3000, 0, 0)}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(withCard, holding(tt.holds, onSub("s")))
			s.Billed.Books = ledger.BooksOf
			s.Billed.Invoices = tt.billed
			d, err := DecideCancel(s.State, s.Catalog, Cancel{OperationID: "op_1", ProductID: tt.holds, Immediately: true, Refund: true, Billed: s.Billed, Now: halfway})
			WantReason(t, err, "")
			end := lastStep(d).End
			if d.DueNow() != -tt.ends || end.Refund != (tt.ends > 0) {
				t.Errorf("its end credits %s, asked of Stripe: %+v", linesText(d.Lines), end)
			}
			held := Amount(0)
			for _, use := range end.Withheld {
				held += use.Amount
			}
			if end.Refund && held != Total(d.Lines)-Total(creditsOf(d)) {
				t.Errorf("asked to take back %d of %s", held, linesText(d.Lines))
			}
			cmd := s.buy(allOf(at(halfway), when(Immediate)), "pro")
			d, err = DecideAttach(s, cmd)
			if tt.change == 1 {
				WantReason(t, err, ReasonPeriodUnpaid)
				return
			}
			WantReason(t, err, "")
			if d.DueNow() != 1000-tt.change {
				t.Errorf("a change costs %s", linesText(d.Lines))
			}
		})
	}
}

// creditsOf are the lines below 0.
func creditsOf(d Decision) []Line {
	var out []Line
	for _, l := range d.Lines {
		if l.Amount < 0 {
			out = append(out, l)
		}
	}
	return out
}

// Less is an exchange of time, more is not: what an open invoice bills stays owed.
func TestQuantitiesOfAnUnpaidPeriod(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name      string
		paid, due Amount
		to        string
		want      Amount
		reason    refusal.Reason
	}{
		{"less, paid", 10000, 0, "200", -4000, ""},
		{"less, open", 0, 10000, "200", 0, ReasonPeriodUnpaid},
		{"less, void", 0, 0, "200", 1000, ""},
		{"less, half of it paid", 5000, 0, "200", -1500, ""},
		{"more, paid", 10000, 0, "1200", 1000, ""},
		{"more, open", 0, 10000, "1200", 1000, ""},
		{"more, half of it open", 5000, 5000, "1200", 1000, ""},
		{"more, void", 0, 0, "1200", 6000, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(withCard, holding("pro_prepaid", onSub("s"), packsOfMessages("1000")))
			s.Billed.Books = ledger.BooksOf
			s.Billed.Invoices = []ledger.Invoice{billed("pr_prepaid", 2000, 2000, 0), billed("pr_prepaid_m", 10000, tt.paid, tt.due)}
			d, err := DecideAttach(s, s.buy(allOf(at(halfway), quantity("messages", tt.to)), "pro_prepaid"))
			WantReason(t, err, tt.reason)
			if err == nil && d.DueNow() != tt.want {
				t.Errorf("it costs %s", linesText(d.Lines))
			}
		})
	}
}

// While a payment is overdue nothing is charged that would make Stripe call the
// subscription paid.
func TestAChangeWhileAPaymentIsOverdue(t *testing.T) {
	t.Parallel()
	late := func(cp *CustomerProduct) { onSub("s")(cp); cp.Status = PastDue }
	for _, tt := range []struct {
		name, holds, buys string
		how               func(*Attach)
		want              refusal.Reason
		status            Status // of what begins
	}{
		{"an upgrade", "pro", "premium", at(halfway), ReasonPaymentOverdue, ""},
		{"an upgrade by invoice", "pro", "premium", allOf(at(halfway), byInvoice), ReasonPaymentOverdue, ""},
		{"a downgrade at once", "premium", "pro", allOf(at(halfway), when(Immediate)), ReasonPaymentOverdue, ""},
		{"a year", "pro", "pro_year", at(halfway), ReasonPaymentOverdue, ""},
		{"other prices", "pro", "pro", allOf(at(halfway), custom("30")), ReasonPaymentOverdue, ""},
		{"more of a feature", "pro_prepaid", "pro_prepaid", allOf(at(halfway), quantity("messages", "700")), ReasonPaymentOverdue, ""},
		{"an upgrade that waits", "pro", "premium", allOf(at(halfway), when(EndOfCycle)), "", Scheduled},
		{"a downgrade that waits", "premium", "pro", at(halfway), "", Scheduled},
		{"a version without a charge", "pro", "pro", at(halfway), "", PastDue},
		{"to free at once", "pro", "free", allOf(at(halfway), when(Immediate)), "", Active},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := customerOf(withCard, holding(tt.holds, late), newer("20", Monthly))
			if tt.status != PastDue {
				s.Catalog.Products["pro"] = s.Catalog.Products["pro"][:1]
			}
			cmd, err := s.buy(tt.how, tt.buys).Customize(s.State, s.Catalog)
			WantReason(t, err, "")
			d, err := DecideAttach(s, cmd)
			WantReason(t, err, tt.want)
			if err == nil && d.Start[0].Status != tt.status {
				t.Errorf("%s begins as %s", d.Start[0].ProductID, d.Start[0].Status)
			}
		})
	}
}

// What is taken back is named by the command, as a clock may stand still between
// two of them.
func TestTwoChangesAtOneMomentTakeBackTwice(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, id := range []string{"op_1", "op_2"} {
		s := customerOf(withCard, holding("premium", onSub("s")))
		s.Billed.Books = ledger.BooksOf
		s.Billed.Invoices = []ledger.Invoice{billed("pr_premium", 5000, 0, 0)}
		d, err := DecideAttach(s, s.buy(allOf(at(halfway), when(Immediate), func(a *Attach) { a.OperationID = id }), "pro"))
		WantReason(t, err, "")
		for _, use := range lastStep(d).Change.Usage {
			names[use.Name] = true
		}
	}
	if len(names) != 2 {
		t.Errorf("named %v", names)
	}
}
