package dynamo

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
)

// A customerIndex lists customers in one order.
type customerIndex struct {
	name, sortKey string
	place         func(billing.Customer) string // the sort key of a customer
	found         []string                      // sort keys of the indexes that a search reads before
}

// customerIndexes are read from the first alone, newest first, or for a search
// from the others, one after another.
var customerIndexes = []customerIndex{
	{"list", "list_sk", listSK, nil},
	{"customer_ids", "find_id", findID, nil},
	{"customer_emails", "find_email", findEmail, []string{"find_id"}},
	{"customer_names", "find_name", findName, []string{"find_id", "find_email"}},
}

// searched is how many entries one Query of a search looks at, most of which
// may have been found before.
const searched = 500

// A customerPlace is what a cursor holds: the entry after which a page begins.
// No key of the table is taken from it, so that a forged one leads nowhere
// else than a page of the same list.
type customerPlace struct {
	List   string `json:"list"` // the environment's, see listMark
	Search string `json:"search,omitempty"`
	Oldest bool   `json:"oldest,omitempty"` // the oldest first
	Index  int    `json:"index"`
	After  string `json:"after,omitempty"` // "" is the beginning of the index
}

func (p customerPlace) cursor() string {
	text, _ := json.Marshal(p) // two texts and a number: it can't fail
	return base64.RawURLEncoding.EncodeToString(text)
}

// listMark names the list of an environment: in that of another a cursor would
// skip customers in silence.
func listMark(env catalog.Env) string {
	return base64.RawURLEncoding.EncodeToString(partitionMark(listPK(env)))
}

// listed is the form of places in the first index: a longer one would be no
// key at all.
var listed = regexp.MustCompile(`^[0-9]{15}#[0-9A-Za-z_-]{1,64}$`)

func readCustomerPlace(env catalog.Env, q app.CustomerQuery) (p customerPlace, ok bool) {
	if q.Cursor == "" {
		return firstPlace(env, q), true
	}
	text, err := base64.RawURLEncoding.DecodeString(q.Cursor)
	if err != nil || json.NewDecoder(bytes.NewReader(text)).Decode(&p) != nil || p.cursor() != q.Cursor || p.List != listMark(env) || p.Search != q.Search || p.Oldest != q.Oldest {
		return p, false
	}
	if q.Search == "" {
		return p, p.Index == 0 && listed.MatchString(p.After)
	}
	return p, p.Index >= 1 && p.Index < len(customerIndexes) &&
		(p.After == "" || strings.HasPrefix(p.After, q.Search) && len(p.After) <= maxPlace)
}

// firstPlace is the beginning of a list. That of a span of time begins within it: before, or
// after, all customers of its first millisecond.
func firstPlace(env catalog.Env, q app.CustomerQuery) customerPlace {
	place := customerPlace{List: listMark(env), Search: q.Search, Oldest: q.Oldest}
	switch {
	case q.Search != "":
		place.Index = 1
	case q.Oldest && !q.From.IsZero():
		place.After = madeAt(q.From)
	case !q.Oldest && !q.To.IsZero():
		place.After = madeAt(q.To.Add(time.Millisecond))
	}
	return place
}

// madeAt is before all customers who were made at a moment, and after those made before.
func madeAt(at time.Time) string { return fmt.Sprintf("%015d", max(0, at.UnixMilli())) }

// beyond reports whether a place is past the end of the span of time that was asked for.
func beyond(q app.CustomerQuery, at string) bool {
	return q.Search == "" && (q.Oldest && !q.To.IsZero() && at >= madeAt(q.To.Add(time.Millisecond)) || !q.Oldest && !q.From.IsZero() && at < madeAt(q.From))
}

// Customers implements app.Store: one request, which reads a part of one index.
func (s *Store) Customers(ctx context.Context, env catalog.Env, q app.CustomerQuery) ([]app.Listed, string, error) {
	place, ok := readCustomerPlace(env, q)
	limit := q.Limit
	if !ok {
		return nil, "", refusal.Invalid(app.ReasonCursorOfAnotherList)
	}
	index := customerIndexes[place.Index]
	out, err := s.client.Query(ctx, s.customersIn(env, index, place, limit))
	if err != nil {
		return nil, "", failed("list customers", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	var page []app.Listed
	for _, item := range out.Items {
		if len(page) == limit {
			return page, page[limit-1].Cursor, nil
		}
		_, key, _ := ownerOf(row(item).text("PK"))
		at := row(item).text(index.sortKey)
		if beyond(q, at) {
			return page, "", nil
		}
		place.After = at
		page = append(page, app.Listed{Key: key, Cursor: place.cursor(), Holds: func(c billing.Customer) bool { return index.place(c) == at }})
	}
	switch {
	case len(out.LastEvaluatedKey) > 0:
		place.After = row(out.LastEvaluatedKey).text(index.sortKey)
	case q.Search != "" && place.Index+1 < len(customerIndexes):
		place.Index, place.After = place.Index+1, ""
	default:
		return page, "", nil
	}
	return page, place.cursor(), nil
}

func (s *Store) customersIn(env catalog.Env, index customerIndex, place customerPlace, limit int) *dynamodb.QueryInput {
	in := &dynamodb.QueryInput{
		TableName: &s.table, IndexName: &index.name, Limit: aws.Int32(int32(limit)),
		ExpressionAttributeValues: values{":pk": text(listPK(env))},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
	if place.Search == "" {
		in.ScanIndexForward = &place.Oldest
		in.KeyConditionExpression = aws.String("list_pk = :pk")
		if place.After != "" {
			further := " < "
			if place.Oldest {
				further = " > "
			}
			in.KeyConditionExpression = aws.String("list_pk = :pk AND list_sk" + further + ":after")
			in.ExpressionAttributeValues[":after"] = text(place.After)
		}
		return in
	}
	from := place.Search
	if place.After != "" {
		from = place.After + "\x00" // the next text there is
	}
	in.KeyConditionExpression = aws.String("list_pk = :pk AND " + index.sortKey + " BETWEEN :from AND :to")
	in.ExpressionAttributeValues[":from"] = text(from)
	in.ExpressionAttributeValues[":to"] = text(place.Search + "\U0010ffff")
	var unless []string
	for _, before := range index.found {
		unless = append(unless, "NOT begins_with("+before+", :search)")
		in.ExpressionAttributeValues[":search"] = text(place.Search)
		in.Limit = aws.Int32(max(int32(limit), searched))
	}
	if len(unless) > 0 {
		in.FilterExpression = aws.String(strings.Join(unless, " AND "))
	}
	return in
}
