package dynamo

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

var _ app.CustomerFinder = (*Store)(nil)

// The places of the indexes in customerIndexes.
const (
	byTime = iota
	byID
	byEmail
	byName
)

// A foundEntry is an entry of an index of customers.
type foundEntry struct {
	key   string
	place customerPlace
}

// FindCustomers implements app.CustomerFinder. Both indexes of a search are read at once, and
// one request reads the customers with all that the whole text may be.
func (s *Store) FindCustomers(ctx context.Context, env catalog.Env, q app.CustomerQuery, exact []string) (app.FoundCustomers, error) {
	entries, next, err := s.entriesFrom(ctx, env, q)
	if err != nil {
		return app.FoundCustomers{}, err
	}
	found, err := s.readFound(ctx, env, entries, exact)
	if err != nil {
		return found, err
	}
	if found.Key == "" && found.Promotion == "" {
		found.Next = next
	}
	return found, nil
}

// CustomerKeys implements app.CustomerFinder.
func (s *Store) CustomerKeys(ctx context.Context, env catalog.Env, q app.CustomerQuery) (keys []string, next string, err error) {
	entries, next, err := s.entriesFrom(ctx, env, q)
	for _, e := range entries {
		keys = append(keys, e.key)
	}
	return keys, next, err
}

// entriesFrom reads a page of entries from the place of a cursor, and returns the next cursor.
func (s *Store) entriesFrom(ctx context.Context, env catalog.Env, q app.CustomerQuery) ([]foundEntry, string, error) {
	place, ok := readCustomerPlace(env, q)
	if !ok {
		return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
	}
	from := []customerPlace{place}
	if place.Index == byID {
		place.Index, from[0].Index = byEmail, byEmail
	}
	if place.Index == byEmail {
		from = append(from, customerPlace{List: place.List, Search: place.Search, Index: byName})
	}
	entries, next, err := s.entries(ctx, env, from, q.Limit)
	if err != nil || next == nil {
		return entries, "", err
	}
	return entries, next.cursor(), nil
}

// entries reads one index after another, at the same time: up to limit entries, and where
// the next page begins.
func (s *Store) entries(ctx context.Context, env catalog.Env, from []customerPlace, limit int) ([]foundEntry, *customerPlace, error) {
	outs, errs := make([]*dynamodb.QueryOutput, len(from)), make([]error, len(from))
	var running sync.WaitGroup
	for i, place := range from {
		in := s.customersIn(env, searchIndex(place.Index), place, limit+1)
		running.Go(func() { outs[i], errs[i] = s.client.Query(ctx, in) })
	}
	running.Wait()
	var page []foundEntry
	for i, place := range from {
		if errs[i] != nil {
			return nil, nil, failed("find customers", errs[i])
		}
		countOne(ctx, outs[i].ConsumedCapacity)
		for _, item := range outs[i].Items {
			if len(page) == limit {
				return page, &page[limit-1].place, nil
			}
			_, key, _ := ownerOf(row(item).text("PK"))
			place.After = row(item).text(customerIndexes[place.Index].sortKey)
			page = append(page, foundEntry{key, place})
		}
		if last := outs[i].LastEvaluatedKey; len(last) > 0 { // it looked at many that were found before
			place.After = row(last).text(customerIndexes[place.Index].sortKey)
			return page, &place, nil
		}
	}
	return page, nil, nil
}

// searchIndex is an index of a search for people, which does not begin with ids.
func searchIndex(at int) customerIndex {
	index := customerIndexes[at]
	index.found = nil
	if at == byName {
		index.found = []string{"find_email"}
	}
	return index
}

// readFound reads the customers of entries, and what the whole text stands for.
func (s *Store) readFound(ctx context.Context, env catalog.Env, entries []foundEntry, exact []string) (app.FoundCustomers, error) {
	var keys []map[string]types.AttributeValue
	asked := map[key]bool{}
	ask := func(k key) {
		if !asked[k] {
			asked[k], keys = true, append(keys, k.attributes())
		}
	}
	for _, id := range exact {
		ask(customerKey(env, id))
	}
	if len(exact) > 0 {
		ask(lookUp(env, "STRIPE", exact[0]))
		if code := catalog.NormalCode(exact[0]); catalog.PossibleCode(code) {
			ask(codeKey(env, code, "REFERRAL"))
			ask(codeKey(env, code, promotionSK))
		}
	}
	for _, e := range entries {
		ask(customerKey(env, e.key))
	}
	rows, err := s.batch(ctx, keys)
	if err != nil {
		return app.FoundCustomers{}, err
	}
	return readFound(rows, entries, exact)
}
