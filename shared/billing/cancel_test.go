package billing

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	. "windfall/shared/money"
	. "windfall/shared/rulestest"
)

// A cancelled is what a test says of a cancel.
type cancelled struct {
	Branch Branch
	Ends   string // "cp_pro 2027-05-01", "cp_pro now"
	Starts string // "free scheduled 2027-05-01"
	Drop   string
	Keep   string
	Steps  string
	Due    Amount
}

func cancelledOf(d Decision) cancelled {
	out := cancelled{Branch: d.Branch, Drop: strings.Join(d.Drop, " "), Keep: strings.Join(d.Keep, " "), Steps: stepNames(d), Due: d.DueNow()}
	for _, e := range d.End {
		out.Ends += e.CustomerProductID + " now"
		if !e.At.IsZero() {
			out.Ends = e.CustomerProductID + " " + day(e.At)
		}
	}
	for _, cp := range d.Start {
		out.Starts += cp.ProductID + " " + string(cp.Status) + " " + day(cp.StartsAt)
	}
	return out
}

func TestDecideCancel(t *testing.T) {
	t.Parallel()
	now, refund := func(c *Cancel) { c.Immediately = true }, func(c *Cancel) { c.Immediately, c.Refund = true, true }
	waits := func(cp *CustomerProduct) { cp.Status, cp.StartsAt = Scheduled, May }
	ending := func(cp *CustomerProduct) { cp.CanceledAt, cp.EndsAt = April, May }
	trialing := func(cp *CustomerProduct) {
		cp.TrialEnds, cp.Period.End = April.AddDate(0, 0, 20), April.AddDate(0, 0, 20)
	}
	const later, atOnce, taken = BranchCancelLater, BranchCancelNow, BranchUnschedule
	for _, tt := range []struct {
		name  string
		state AttachState
		how   func(*Cancel)
		what  string
		want  cancelled
	}{
		{"it is used to the end of the period, and the default waits", customerOf(holding("pro", onSub("s"))), nil, "pro",
			cancelled{Branch: later, Ends: "cp_pro 2027-05-01", Starts: "free scheduled 2027-05-01", Steps: "plan"}},
		{"without a default nothing waits", customerOf(holding("g1_pro", onSub("s"))), nil, "g1_pro",
			cancelled{Branch: later, Ends: "cp_g1_pro 2027-05-01", Steps: "plan"}},
		{"a trial is used to its end", customerOf(holding("pro_trial", onSub("s"), trialing)), nil, "pro_trial",
			cancelled{Branch: later, Ends: "cp_pro_trial 2027-04-21", Starts: "free scheduled 2027-04-21", Steps: "plan"}},
		{"at once, without a credit", customerOf(holding("pro", onSub("s"))), now, "pro",
			cancelled{Branch: atOnce, Ends: "cp_pro now", Starts: "free active 2027-04-11", Steps: "end"}},
		{"at once, with a credit", customerOf(holding("pro", onSub("s"))), refund, "pro",
			cancelled{Branch: atOnce, Ends: "cp_pro now", Starts: "free active 2027-04-11", Steps: "end", Due: -1333}},
		{"a trial was never paid, so there is nothing to credit", customerOf(holding("pro_trial", onSub("s"), trialing)), refund, "pro_trial",
			cancelled{Branch: atOnce, Ends: "cp_pro_trial now", Starts: "free active 2027-04-11", Steps: "end"}},
		{"an add-on has no successor", customerOf(holding("pro", onSub("s")), holding("addon_words", onSub("t"))), nil, "addon_words",
			cancelled{Branch: later, Ends: "cp_addon_words 2027-05-01", Steps: "plan"}},
		{"what is billed with others leaves them", customerOf(holding("pro", onSub("s")), holding("addon_words", onSub("s"))), now, "pro",
			cancelled{Branch: atOnce, Ends: "cp_pro now", Starts: "free active 2027-04-11", Steps: "price_pr_pro end"}},
		{"and at the end of the period, too", customerOf(holding("pro", onSub("s")), holding("addon_words", onSub("s"))), nil, "pro",
			cancelled{Branch: later, Ends: "cp_pro 2027-05-01", Starts: "free scheduled 2027-05-01", Steps: "price_pr_words plan"}},
		{"a one-off has no period to run out", customerOf(holding("topup")), nil, "topup",
			cancelled{Branch: atOnce, Ends: "cp_topup now"}},
		{"a free product has none either", customerOf(holding("hobby")), nil, "hobby",
			cancelled{Branch: atOnce, Ends: "cp_hobby now", Starts: "free active 2027-04-11"}},
		{"a default product is followed by no other", customerOf(holding("free")), nil, "free",
			cancelled{Branch: atOnce, Ends: "cp_free now"}},
		{"what was to follow is dropped", customerOf(holding("premium", onSub("s"), ending), holding("pro", onSub("s"), waits)), nil, "premium",
			cancelled{Branch: later, Ends: "cp_premium 2027-05-01", Starts: "free scheduled 2027-05-01", Drop: "cp_pro", Steps: "plan"}},
		{"and at once, too", customerOf(holding("premium", onSub("s"), ending), holding("pro", onSub("s"), waits)), now, "premium",
			cancelled{Branch: atOnce, Ends: "cp_premium now", Starts: "free active 2027-04-11", Drop: "cp_pro", Steps: "end"}},
		{"what is scheduled is taken back, and the present one goes on", customerOf(holding("premium", onSub("s"), ending), holding("pro", onSub("s"), waits)), nil, "pro",
			cancelled{Branch: taken, Drop: "cp_pro", Keep: "cp_premium", Steps: "plan"}},
		{"cancelled twice changes nothing", customerOf(holding("pro", onSub("s"), ending), holding("free", waits)), nil, "pro",
			cancelled{Branch: later}},
		{"first at the end, then at once", customerOf(holding("pro", onSub("s"), ending), holding("free", waits)), now, "pro",
			cancelled{Branch: atOnce, Ends: "cp_pro now", Starts: "free active 2027-04-11", Drop: "cp_free", Steps: "end"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cmd := Cancel{OperationID: "op_1", ProductID: tt.what, Now: April.AddDate(0, 0, 10)}
			if tt.how != nil {
				tt.how(&cmd)
			}
			d, err := DecideCancel(tt.state.State, tt.state.Catalog, cmd)
			WantReason(t, err, "")
			if diff := cmp.Diff(tt.want, cancelledOf(d)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if d.Effect != EffectCanceled || d.Why == "" && !d.Nothing() {
				t.Errorf("a decision explains itself: %q, %q", d.Effect, d.Why)
			}
		})
	}
}

func TestOnlyWhatIsHeldCanBeCancelled(t *testing.T) {
	t.Parallel()
	over := func(cp *CustomerProduct) { cp.EndsAt = April.AddDate(0, 0, 1) }
	for name, s := range map[string]AttachState{"never held": customerOf(), "over": customerOf(holding("pro", over))} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := DecideCancel(s.State, s.Catalog, Cancel{ProductID: "pro", Now: April.AddDate(0, 0, 2)})
			WantReason(t, err, ReasonProductNotHeld)
		})
	}
}

// The credit of a cancel is worded as the charge of an upgrade is.
func TestTheCreditOfACancelIsExplained(t *testing.T) {
	t.Parallel()
	s := customerOf(holding("pro", onSub("s")))
	d, err := DecideCancel(s.State, s.Catalog, Cancel{OperationID: "op_1", ProductID: "pro", Immediately: true, Refund: true, Now: April.AddDate(0, 0, 15).Add(300 * time.Millisecond)})
	WantReason(t, err, "")
	if want := "15 of 30 days left: 0.5 × (0.00 − 20.00) = -10.00"; d.Sum != want {
		t.Errorf("got %q, want %q", d.Sum, want)
	}
	if end := lastStep(d).End; !end.Refund || !end.At.Equal(April.AddDate(0, 0, 15)) || end.Remove != nil {
		t.Errorf("asked of Stripe: %+v", end)
	}
}
