package credit

import (
	"fmt"
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
	Key     string       `json:"key,omitzero"`
	Kind    PostKind     `json:"kind,omitzero"`
	GrantID string       `json:"grant_id,omitzero"`
	Invoice string       `json:"invoice,omitzero"` // of the entry; of Excessive: the transaction
	Amount  money.Amount `json:"amount,omitzero"`  // below 0 is credit
	Since   time.Time    `json:"since,omitzero"`   // before that nobody can have asked
	Text    string       `json:"text,omitzero"`
}

// Posts lists what is to be put on the balance of a Stripe customer now: grants that
// are not there, what is left of those that have expired, and what invoices have to
// give back. Each is asked for until the ledger shows it.
func (a Account) Posts(stripeID string, now time.Time) (posts []Post) {
	if stripeID != "" && stripeID == a.Lost {
		return nil // nobody has the balance
	}
	a = a.clone().at(stripeID)
	for _, o := range a.Over {
		posts = append(posts, Post{Key: "excess:" + o.Transaction, Kind: Excessive, Invoice: o.Transaction, Amount: -o.Amount, Since: o.At, Text: "Invoice credits that were used before they expired"})
	}
	for _, g := range a.Grants {
		switch {
		case !g.ForAll():
			continue
		case !g.Posted && !g.over(now) && g.Remaining > 0:
			posts = append(posts, Post{Key: "grant:" + g.ID, Kind: Granting, GrantID: g.ID, Amount: -g.Remaining, Since: g.At, Text: "Invoice credits of reward " + g.RewardID})
			continue
		case !g.Posted:
			continue
		}
		for _, e := range g.Entries {
			if e.Twice > 0 {
				posts = append(posts, Post{Key: fmt.Sprintf("double:%s:%s:%d", g.ID, e.Invoice, e.Posts), Kind: Doubled, GrantID: g.ID, Invoice: e.Invoice,
					Amount: e.Twice, Since: e.At, Text: "Invoice credits that came back twice"})
				continue
			}
			back := e.owed() - e.Returned
			if back = max(back, -g.Remaining); back != 0 { // what is spent again is not taken back
				posts = append(posts, Post{Key: fmt.Sprintf("return:%s:%s:%d", g.ID, e.Invoice, e.Posts), Kind: Returning, GrantID: g.ID, Invoice: e.Invoice,
					Amount: -back, Since: e.At, Text: "Invoice credits that an invoice did not keep"})
			}
		}
		if g.over(now) && g.Remaining > 0 {
			posts = append(posts, Post{Key: fmt.Sprintf("expiry:%s:%d", g.ID, g.Ends), Kind: Expiring, GrantID: g.ID, Amount: g.Remaining, Since: g.Expires, Text: "Expired invoice credits of reward " + g.RewardID})
		}
	}
	return posts
}

// Expire lets grants expire that no balance at Stripe has.
func (a Account) Expire(now time.Time) Account {
	a = a.clone()
	for i := range a.Grants {
		if g := &a.Grants[i]; g.over(now) && !g.Posted && g.Remaining > 0 {
			g.Expired, g.Remaining, g.Ends = g.Expired+g.Remaining, 0, g.Ends+1
		}
	}
	return a
}

// Next is when there is something to do without being asked: at once where something
// is to be posted, else when the next grant expires; zero for never.
func (a Account) Next(stripeID string, now time.Time) (next time.Time) {
	if len(a.Posts(stripeID, now)) > 0 {
		return now
	}
	for _, g := range a.Grants {
		if g.Remaining > 0 && !g.Expires.IsZero() && (next.IsZero() || g.Expires.Before(next)) {
			next = g.Expires
		}
	}
	return next
}
