package credit

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"windfall/shared/money"
)

// A PostKind says why we put something on a customer's balance.
type PostKind string

const (
	Granting  PostKind = "grant"  // credits for all prices
	Expiring  PostKind = "expiry" // takes off what is left of them
	Returning PostKind = "return" // what an invoice gives back that Stripe does not, or the other way round
	Doubled   PostKind = "double" // takes off what Stripe gave back after we had
	Excessive PostKind = "excess" // gives back what another one took too much
)

// A Post is a transaction of ours on the balance at Stripe. Its key names it for good.
type Post struct {
	Key      string         `json:"key,omitzero"`
	Kind     PostKind       `json:"kind,omitzero"`
	GrantID  string         `json:"grant_id,omitzero"`
	Invoice  string         `json:"invoice,omitzero"` // of the entry; of Excessive: the transaction
	Amount   money.Amount   `json:"amount,omitzero"`  // below 0 is credit
	Currency money.Currency `json:"currency,omitzero"`
	Since    time.Time      `json:"since,omitzero"` // before that nobody can have asked
	Text     string         `json:"text,omitzero"`
}

// Posts lists what is to be put on the balance of a Stripe customer now: grants that
// are not there, what is left of those that have expired, and what invoices have to
// give back. Each is asked for until the ledger shows it; of a Stripe customer who is
// not known, once a day.
func (a Account) Posts(stripeID string, now time.Time) []Post {
	if a.rests(stripeID, now) {
		return nil
	}
	return a.posts(stripeID, now)
}

// Becomes is what a balance at Stripe is once it has all that it is to be told of.
func (a Account) Becomes(stripeID string, balance money.Amount, now time.Time) money.Amount {
	for _, p := range a.posts(stripeID, now) {
		balance += p.Amount
	}
	return balance
}

// rests reports whether a Stripe customer is not asked for just now.
func (a Account) rests(stripeID string, now time.Time) bool {
	return stripeID != "" && stripeID == a.Unknown && now.Before(a.Asked.Add(askAgain))
}

// askAgain is when a Stripe customer is asked for again who was not known.
const askAgain = 24 * time.Hour

func (a Account) posts(stripeID string, now time.Time) (posts []Post) {
	if stripeID != "" && stripeID == a.Lost {
		return nil // nobody has the balance
	}
	a = a.clone().at(stripeID)
	for _, o := range a.Over {
		posts = append(posts, Post{Key: "excess:" + o.Transaction, Kind: Excessive, Invoice: o.Transaction, Amount: -o.Amount, Currency: o.Currency, Since: o.At, Text: "Invoice credits that were used before they expired"})
	}
	for _, g := range a.Grants {
		switch {
		case !g.ForAll():
			continue
		case !g.Posted && !g.over(now) && g.Remaining > 0:
			posts = append(posts, Post{Key: "grant:" + g.ID, Kind: Granting, GrantID: g.ID, Amount: -g.Remaining, Currency: g.Currency, Since: g.At, Text: "Invoice credits of reward " + g.RewardID})
			continue
		case !g.Posted:
			continue
		}
		for _, e := range g.Entries {
			if e.Twice > 0 {
				posts = append(posts, Post{Key: fmt.Sprintf("double:%s:%s:%d", g.ID, e.Invoice, e.Posts), Kind: Doubled, GrantID: g.ID, Invoice: e.Invoice,
					Amount: e.Twice, Currency: g.Currency, Since: e.At, Text: "Invoice credits that came back twice"})
				continue
			}
			back := e.owed() - e.Returned
			if back = max(back, -g.Remaining); back != 0 { // what is spent again is not taken back
				posts = append(posts, Post{Key: fmt.Sprintf("return:%s:%s:%d", g.ID, e.Invoice, e.Posts), Kind: Returning, GrantID: g.ID, Invoice: e.Invoice,
					Amount: -back, Currency: g.Currency, Since: e.At, Text: "Invoice credits that an invoice did not keep"})
			}
		}
		if g.over(now) && g.Remaining > 0 {
			posts = append(posts, Post{Key: fmt.Sprintf("expiry:%s:%d", g.ID, g.Ends), Kind: Expiring, GrantID: g.ID, Amount: g.Remaining, Currency: g.Currency, Since: g.Expires, Text: "Expired invoice credits of reward " + g.RewardID})
		}
	}
	return posts
}

// Expire lets grants expire that no balance at Stripe has, and gives back what was
// reserved for use that was not billed in a day.
func (a Account) Expire(now time.Time) Account {
	a = a.clone().Abandoned(now.Add(-askAgain))
	for i := range a.Grants {
		if g := &a.Grants[i]; g.over(now) && !g.Posted && g.Remaining > 0 {
			g.Expired, g.Remaining, g.Ends = g.Expired+g.Remaining, 0, g.Ends+1
		}
	}
	return a
}

// Ends reports whether Expire changes anything.
func (a Account) Ends(now time.Time) bool { return !reflect.DeepEqual(a.clone(), a.Expire(now)) }

// Next is when there is something to do without being asked: at once where something
// is to be posted, else when the next grant expires, or what is reserved for use is
// looked at again; zero for never.
func (a Account) Next(stripeID string, now time.Time) (next time.Time) {
	rests := a.rests(stripeID, now)
	switch asks := len(a.posts(stripeID, now)) > 0; {
	case asks && !rests:
		return now
	case asks:
		next = a.Asked.Add(askAgain)
	}
	for _, g := range a.Grants {
		waits := rests && g.Posted && g.over(now)
		if g.Remaining > 0 && !g.Expires.IsZero() && !waits && (next.IsZero() || g.Expires.Before(next)) {
			next = g.Expires
		}
		for _, e := range g.Entries {
			if at := e.At.Add(askAgain + time.Minute); e.Reserved && strings.HasPrefix(e.Invoice, AlonePrefix) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}
