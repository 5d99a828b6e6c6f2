package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/referral"
)

// A CustomerFinder is the part of the table that finds customers for people. Functions that
// only serve applications do not link it.
type CustomerFinder interface {
	// FindCustomers reads a page of customers, with what their own rows say: two requests
	// without a search, three with one. An entry that is behind its customer is left out. A
	// cursor that no page of the same search gave is invalid_cursor.
	FindCustomers(ctx context.Context, env catalog.Env, q CustomerQuery, exact []string) (FoundCustomers, error)

	// CustomerInAnyCase finds the key of the one customer whose id is a search in any case; ""
	// for none, and for several. One request.
	CustomerInAnyCase(ctx context.Context, env catalog.Env, search string) (key string, err error)

	// CustomerKeys lists what FindCustomers would find, by key alone: one request for each
	// index, up to a megabyte of it.
	CustomerKeys(ctx context.Context, env catalog.Env, q CustomerQuery) (keys []string, next string, err error)

	// SharedFingerprint lists the keys of up to limit customers with a fingerprint. One request.
	SharedFingerprint(ctx context.Context, env catalog.Env, fingerprint string, limit int) (keys []string, err error)

	// RedemptionsWith reads a customer's redemptions, the newest first, with the customers on
	// the other side who have the key of that time still. Two requests.
	RedemptionsWith(ctx context.Context, env catalog.Env, internalID string, limit int) ([]referral.Redemption, map[string]billing.Customer, error)

	// KeyOfEntry finds the key of the customer who was made at a moment and has an internal id;
	// "" for none. One request.
	KeyOfEntry(ctx context.Context, env catalog.Env, c billing.Customer) (key string, err error)

	// CustomerUsage reads a customer's row, and the sums of all features on the days that begin
	// from From, included, to To, excluded. found is false for an unknown key. Two requests.
	CustomerUsage(ctx context.Context, env catalog.Env, key string, from, to time.Time) (u CustomerUsage, found bool, err error)
}

// FoundCustomers is a page of a search, or what the whole text of it stands for.
type FoundCustomers struct {
	Customers []billing.Customer
	Next      string // cursor of the next page; "" after the last

	Key       string // of the one customer whose id, Stripe id or referral code the text is; "" for none
	Path      string // … as CustomerPath has it; "" where that takes another search, by the key
	Promotion string // the promotion code that the text is; "" for none
}

func (a *App) finder() CustomerFinder { return a.Store.(CustomerFinder) }

// FindCustomers finds customers for people: by a whole id as it is, in lower or upper case, by a
// Stripe id or a code, or by what an e-mail address or a name begins with. Without a text it
// lists all, newest first.
func (a *App) FindCustomers(ctx context.Context, caller Caller, text, cursor string, limit int) (FoundCustomers, error) {
	text = strings.TrimSpace(text)
	search, err := billing.CheckSearch(text)
	if err != nil {
		return FoundCustomers{}, err
	}
	var exact []string
	if cursor == "" && search != "" { // a further page was shown because the text is none of these
		for _, id := range []string{text, search, strings.ToUpper(text)} {
			if !slices.Contains(exact, id) {
				exact = append(exact, id)
			}
		}
	}
	found, err := a.finder().FindCustomers(ctx, caller.Env, CustomerQuery{Search: search, Cursor: cursor, Limit: limit}, exact)
	if err != nil {
		return found, err
	}
	if found.Key != "" {
		found.Path = cmp.Or(found.Path, pathOfKey(found.Key))
		return found, nil
	}
	return found, a.nameHoldings(ctx, caller, found.Customers)
}

// FindInAnyCase finds the customer whose whole id a text is, but for its case, where FindCustomers
// found nobody: a request more, and so a page of its own.
func (a *App) FindInAnyCase(ctx context.Context, caller Caller, text string) (found FoundCustomers, err error) {
	search, err := billing.CheckSearch(strings.TrimSpace(text))
	if err != nil || search == "" {
		return found, err
	}
	if found.Key, err = a.finder().CustomerInAnyCase(ctx, caller.Env, search); found.Key != "" {
		found.Path = pathOfKey(found.Key)
	}
	return found, err
}

// nameHoldings reads those customers whole whose rows are from before they said what the
// customer holds: one more request, until the row is saved or migrated.
func (a *App) nameHoldings(ctx context.Context, caller Caller, customers []billing.Customer) error {
	var old []string
	for _, c := range customers {
		if c.Holds == nil {
			old = append(old, c.Key())
		}
	}
	for part := range slices.Chunk(old, MaxStates) {
		states, err := a.Store.States(ctx, caller.Env, part...)
		if err != nil {
			return err
		}
		for i, c := range customers {
			if s, read := states[c.Key()]; read && c.Holds == nil {
				customers[i].Holds = s.Customer.Holds
			}
		}
	}
	return nil
}

// mostSharing is how many customers with the same fingerprint are told.
const mostSharing = 10

// Sharing lists the keys of other customers with the same fingerprint, and reports whether
// there are more than that.
func (a *App) Sharing(ctx context.Context, caller Caller, c billing.Customer) (others []string, more bool, err error) {
	if c.Fingerprint == "" {
		return nil, false, nil
	}
	keys, err := a.finder().SharedFingerprint(ctx, caller.Env, c.Fingerprint, mostSharing+2)
	others = slices.DeleteFunc(keys, func(key string) bool { return key == c.Key() })
	if len(others) > mostSharing {
		return others[:mostSharing], true, err
	}
	return others, false, err
}
