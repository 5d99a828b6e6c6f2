package credit

import (
	"fmt"
	"testing"
	"time"

	"windfall/shared/money"
)

var day0 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// What is long over leaves the account, and only that; the sums stay.
func TestWhatIsLongOverLeavesTheAccount(t *testing.T) {
	t.Parallel()
	used := func(id string, at time.Time, e Entry) Grant {
		e.At = at
		return Grant{ID: id, Granted: 10, Remaining: 10 - e.Amount + e.Returned, At: at, Entries: []Entry{e}}
	}
	old, now := day0, day0.AddDate(2, 0, 1)
	expired := Grant{ID: "expired", Granted: 10, Expired: 10, At: old, Expires: old.Add(time.Hour)}
	for name, tt := range map[string]struct {
		grant   Grant
		stays   bool
		entries int
	}{
		"used up":             {used("g", old, Entry{Invoice: "in_1", Amount: 10}), false, 0},
		"expired":             {expired, false, 0},
		"young":               {used("g", old.AddDate(0, 0, 2), Entry{Invoice: "in_1", Amount: 10}), true, 1},
		"some is left":        {used("g", old, Entry{Invoice: "in_1", Amount: 4}), true, 0},
		"all came back":       {used("g", old, Entry{Invoice: "in_1", Amount: 4, Returned: 4, Unpaid: true}), true, 0},
		"some is to be given": {used("g", old, Entry{Invoice: "in_1", Amount: 10, Unpaid: true}), true, 1},
		"reserved":            {used("g", old, Entry{Invoice: "in_1", Amount: 10, Reserved: true}), true, 1},
		"came back twice":     {used("g", old, Entry{Invoice: "in_1", Amount: 10, Twice: 2}), true, 1},
		"used late":           {Grant{ID: "g", Granted: 10, At: old, Entries: []Entry{{Invoice: "in_1", Amount: 10, At: now}}}, true, 1},
		"expired lately":      {Grant{ID: "g", Granted: 10, Expired: 10, At: old, Expires: now}, true, 0},
	} {
		a := Account{}.With(tt.grant).With(Grant{ID: "last", Granted: 1, Remaining: 1, At: now})
		before := fmt.Sprint(a)
		got := a.Pruned(now).Grant(tt.grant.ID)
		if fmt.Sprint(a) != before {
			t.Errorf("%s: the account before has changed", name)
		}
		if (got != nil) != tt.stays {
			t.Errorf("%s: stays %v, want %v", name, got != nil, tt.stays)
			continue
		}
		if got != nil && (len(got.Entries) != tt.entries || got.Granted != got.Applied()+got.Remaining+got.Expired || got.Applied() != tt.grant.Applied()) {
			t.Errorf("%s: %+v", name, got)
		}
		if moves := Moves(a, a.Pruned(now)); len(moves) > 0 {
			t.Errorf("%s: it is told of as %v", name, moves)
		}
	}
	if a := (Account{}.With(expired)).Pruned(now); a.Empty() {
		t.Error("the last grant is gone, and with it that there were any")
	}
}

// Ten years of a grant and an invoice a month stay small.
func TestAnAccountDoesNotGrowForEver(t *testing.T) {
	t.Parallel()
	var a Account
	for month := range 120 {
		now := day0.AddDate(0, month, 0)
		a = a.With(Grant{ID: fmt.Sprint("cg_", month), Granted: 10, Remaining: 10, Scoped: true, Items: []string{"x"}, At: now})
		on := fmt.Sprint("in_", month)
		after, uses := a.Use(on, Bill{Charges: []Charge{{"x", 10}}, Total: 10}, now)
		a = after.Settled(on, "", Paid(uses), now).Pruned(now)
	}
	if len(a.Grants) > 26 {
		t.Errorf("%d grants are kept", len(a.Grants))
	}
}

// Grants of the same terms become one where there are too many; others stay.
func TestGrantsOfTheSameTermsBecomeOne(t *testing.T) {
	t.Parallel()
	a := Account{StripeID: "cus"}
	other := Grant{ID: "other", RewardID: "other", Granted: 5, Remaining: 5, Posted: true, At: day0}
	busy := Grant{ID: "busy", RewardID: "r", Scoped: true, Items: []string{"x"}, Granted: 9, Remaining: 4, At: day0, Entries: []Entry{{Invoice: "in_1", Amount: 5, Reserved: true}}}
	unposted := Grant{ID: "unposted", RewardID: "r", Granted: 7, Remaining: 7, At: day0}
	a = a.With(other).With(busy).With(unposted)
	var sum money.Amount
	for i := range 300 {
		g := Grant{ID: fmt.Sprint("cg_", i), RewardID: "r", Granted: 10, Remaining: 7, Posted: true, At: day0, Expires: day0.AddDate(0, 6, i), Entries: []Entry{{Invoice: "in_0", Amount: 3, Balance: 3, At: day0}}}
		a, sum = a.With(g), sum+10
	}
	balance, left := a.Balance(), a.Remaining(day0)
	got := a.Merged(day0)
	if got.Full() || got.Balance() != balance || got.Remaining(day0) != left {
		t.Errorf("%d live, balance %d of %d, left %d of %d", got.Live(), got.Balance(), balance, got.Remaining(day0), left)
	}
	for _, id := range []string{"other", "busy", "unposted"} {
		if got.Grant(id) == nil {
			t.Errorf("%s is gone", id)
		}
	}
	var granted money.Amount
	var last time.Time
	for _, g := range got.Grants {
		if g.RewardID == "r" && g.Posted {
			granted += g.Granted
			if g.Expires.After(last) {
				last = g.Expires
			}
		}
		if g.Granted != g.Applied()+g.Remaining+g.Expired {
			t.Errorf("it does not add up: %+v", g)
		}
	}
	if granted != sum || !last.Equal(day0.AddDate(0, 6, 299)) {
		t.Errorf("granted %d of %d, until %v", granted, sum, last)
	}
	if back := got.Unpaid("in_0", true).Posts("cus", day0); len(back) == 0 {
		t.Error("what an invoice used does not come back")
	}
}

// One invoice has lines of a hundred grants, and fewer where it has many lines already.
func TestAnInvoiceTakesSoManyLines(t *testing.T) {
	t.Parallel()
	var a Account
	for i := range 300 {
		a = a.With(Grant{ID: fmt.Sprintf("cg_%03d", i), Scoped: true, Items: []string{"x"}, Granted: 1, Remaining: 1, At: day0})
	}
	for lines, want := range map[int]int{1: 100, 140: 100, 200: 40, 240: 0, 300: 0} {
		after, uses := a.Use("in_1", Bill{Lines: lines, Charges: []Charge{{"x", 500}}, Total: 500}, day0)
		if len(uses) != want || after.Remaining(day0) != money.Amount(300-want) {
			t.Errorf("beside %d lines: %d", lines, len(uses))
		}
	}
}

// A grant pays in its own currency, and only invoices in it.
func TestAGrantPaysInItsCurrency(t *testing.T) {
	t.Parallel()
	all := Grant{ID: "all", Currency: "eur", Granted: 5, Remaining: 5, At: day0}
	some := Grant{ID: "some", Currency: "eur", Scoped: true, Items: []string{"x"}, Granted: 5, Remaining: 5, At: day0}
	a := Account{}.With(all).With(some)
	for _, p := range a.Posts("cus", day0) {
		if p.Currency != "eur" {
			t.Errorf("posted %+v", p)
		}
	}
	for currency, want := range map[money.Currency]int{"eur": 1, "usd": 0, "": 1} {
		_, uses := a.Use("in_1", Bill{Currency: currency, Charges: []Charge{{"x", 5}}, Total: 5}, day0)
		if len(uses) != want || want == 1 && uses[0].Currency != "eur" {
			t.Errorf("on an invoice in %q: %v", currency, uses)
		}
	}
}

// A Stripe customer whom the key does not know is asked for again a day later; nothing
// of the account is given up, and one who is found is known.
func TestAStripeCustomerWhoIsNotKnown(t *testing.T) {
	t.Parallel()
	a := Account{StripeID: "cus", Cursor: "cbtxn_1"}.With(Grant{ID: "posted", Granted: 5, Remaining: 5, Posted: true, At: day0}).With(Grant{ID: "new", Granted: 5, Remaining: 5, At: day0})
	not := a.NotKnown("cus", day0)
	if posts := not.Posts("cus", day0.Add(23*time.Hour)); len(posts) > 0 {
		t.Errorf("asked at once: %v", posts)
	}
	if next := not.Next("cus", day0); !next.Equal(day0.AddDate(0, 0, 1)) {
		t.Errorf("looked at %v", next)
	}
	if posts := not.Posts("cus", day0.AddDate(0, 0, 1)); len(posts) != 1 {
		t.Errorf("asked a day later: %v", posts)
	}
	if posts := not.Posts("another", day0); len(posts) != 2 {
		t.Errorf("another one is asked for: %v", posts)
	}
	if found := not.Book("cus", nil); len(found.Posts("cus", day0)) != 1 || found.Cursor != a.Cursor {
		t.Errorf("found again: %+v", found)
	}
	if lost := a.Gone("cus"); len(lost.Posts("cus", day0)) > 0 || len(lost.Book("cus", nil).Posts("cus", day0)) == 0 {
		t.Error("one that was found again is still lost")
	}
}
