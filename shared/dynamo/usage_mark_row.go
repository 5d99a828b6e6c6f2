package dynamo

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/usage"
)

const (
	markSK   = "MARK"
	dueUsage = "usage"
)

func init() {
	declareAlone("usage mark", "<env>#SUMS#<key>", markSK)
}

func markKey(env catalog.Env, customerKey string) key { return key{sumsPK(env, customerKey), markSK} }

func markRow(env catalog.Env, customerKey string, m usage.Mark) row {
	r := newRow(markKey(env, customerKey))
	r.setDue(env, customerKey, m.DueAt(), dueUsage)
	r.setInt("pass", int64(m.Pass))
	r.setText("to", m.Before)
	r.setTime("at", m.At)
	r.setTime("next", m.Next)
	r.setInt("gen", int64(m.Generation))
	r.setInt("ver", m.Version+1)
	return r
}

func readMark(r row) usage.Mark {
	return usage.Mark{Pass: int(r.int("pass")), Before: r.text("to"), At: r.time("at"), Next: r.time("next"), Generation: int(r.int("gen")), Version: r.int("ver")}
}

// UsageMark implements app.UsageStore.
func (s *Store) UsageMark(ctx context.Context, env catalog.Env, customerKey string) (usage.Mark, error) {
	r, err := s.get(ctx, markKey(env, customerKey))
	return readMark(r), err
}

// saveMark puts a mark in the place of the one that was read. saved is false where another
// process was faster.
func (s *Store) saveMark(ctx context.Context, env catalog.Env, customerKey string, was, m usage.Mark) (saved bool, err error) {
	condition, v := atVersion(was.Version)
	in := &dynamodb.PutItemInput{TableName: &s.table, Item: markRow(env, customerKey, m), ConditionExpression: &condition,
		ExpressionAttributeValues: v, ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	err = s.surely(ctx, func() error {
		out, err := s.client.PutItem(ctx, in)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	if o, _ := classify(err); err != nil && o == refused {
		return false, nil
	}
	if err != nil {
		return false, failed("save how far the sums of usage go", err)
	}
	return true, nil
}

// RebuildUsage implements app.UsageStore.
func (s *Store) RebuildUsage(ctx context.Context, env catalog.Env, customerKey string, now time.Time) error {
	for {
		was, err := s.UsageMark(ctx, env, customerKey)
		if err != nil {
			return err
		}
		saved, err := s.saveMark(ctx, env, customerKey, was, was.Rebuilt(now))
		if err != nil || saved {
			return err
		}
	}
}

// usageFacts are what decides on the sum of an event; they may be a minute old.
type usageFacts struct {
	created time.Time // when the customer was made; zero if there is none now
	mark    usage.Mark
	catalog *catalog.Catalog
}

// groupBy is by which properties events of a feature are kept in groups from now on.
func (f usageFacts) groupBy(featureID string) []string { return f.catalog.Features[featureID].GroupBy }

const (
	factsAge = time.Minute
	maxFacts = 10_000
)

// customersOf reads the customers of a batch, each once, and goes on with the scans that are
// not over.
func (s *Store) customersOf(ctx context.Context, notes []app.UsageNote, now time.Time, errs []error) map[usageCustomer]usageFacts {
	out, failed := map[usageCustomer]usageFacts{}, map[usageCustomer]error{}
	for i, n := range notes {
		who := customerOf(n)
		_, been := out[who]
		if !been && failed[who] == nil {
			about, err := s.factsOf(ctx, who, now)
			if err != nil {
				failed[who] = err
			} else {
				out[who] = about
			}
		}
		errs[i] = failed[who]
	}
	return out
}

func (s *Store) factsOf(ctx context.Context, who usageCustomer, now time.Time) (usageFacts, error) {
	about, fresh := s.facts.get(who, s.cache.clock())
	if !fresh || about.mark.Due(now) {
		rows, err := s.batch(ctx, []map[string]types.AttributeValue{customerKey(who.env, who.key).attributes(), markKey(who.env, who.key).attributes()})
		if err != nil {
			return about, err
		}
		about = usageFacts{}
		for _, r := range rows {
			if r.text("SK") == markSK {
				about.mark = readMark(r)
			} else {
				about.created = r.time("created")
			}
		}
	}
	if about.mark.Pass == 0 || about.mark.Due(now) {
		m, err := s.ScanUsage(ctx, who.env, who.key, now)
		if err != nil {
			return about, err
		}
		about.mark, fresh = m, false
	}
	if !fresh { // what is kept ages from when it was read
		s.facts.keep(who, about, s.cache.clock())
	}
	var err error
	about.catalog, err = s.Catalog(ctx, who.env, false)
	return about, err
}

// scanned is how many events one step of a scan looks at.
const scanned = 500

// ScanUsage implements app.UsageStore: it adds some of the events that belong to no sum yet, and returns the mark after
// that. It does nothing where the mark is not due.
func (s *Store) ScanUsage(ctx context.Context, env catalog.Env, customerKey string, now time.Time) (usage.Mark, error) {
	was, err := s.UsageMark(ctx, env, customerKey)
	if err != nil || was.Pass > 0 && !was.Due(now) {
		return was, err
	}
	m := was
	if was.Pass == 0 {
		m = usage.Begun(now)
	}
	if m.Pass == usage.Done {
		return s.removeBefore(ctx, usageCustomer{env, customerKey}, m, now)
	}
	who := usageCustomer{env, customerKey}
	loose, place, err := s.looseEvents(ctx, who, m)
	if err != nil {
		return m, err
	}
	if len(loose) > 0 {
		c, err := s.get(ctx, customerKeyOf(who))
		if err != nil {
			return m, err
		}
		cat, err := s.Catalog(ctx, env, false)
		if err != nil {
			return m, err
		}
		if err := s.addLoose(ctx, who, usageFacts{c.time("created"), m, cat}, loose); err != nil {
			return m, err
		}
	}
	return s.moveMark(ctx, who, was, m.After(place, momentOf(place), now))
}

// moveMark returns the mark as it is then: another process may have been faster.
func (s *Store) moveMark(ctx context.Context, who usageCustomer, was, next usage.Mark) (usage.Mark, error) {
	saved, err := s.saveMark(ctx, who.env, who.key, was, next)
	if err == nil && !saved {
		return s.UsageMark(ctx, who.env, who.key)
	}
	return next, err
}

func customerKeyOf(who usageCustomer) key { return customerKey(who.env, who.key) }

// looseEvents reads events that are in no sum of this generation, and where the scan stands then.
func (s *Store) looseEvents(ctx context.Context, who usageCustomer, m usage.Mark) (loose []row, place string, err error) {
	in := &dynamodb.QueryInput{TableName: &s.table, ConsistentRead: aws.Bool(true), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(scanned),
		KeyConditionExpression:    aws.String("PK = :pk"),
		FilterExpression:          aws.String("attribute_not_exists(b) OR NOT begins_with(b, :now)"),
		ExpressionAttributeValues: values{":pk": text(usagePK(who.env, who.key)), ":now": text(strconv.FormatInt(int64(m.Generation), 36) + ".")},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal}
	if m.Before != "" {
		in.KeyConditionExpression = aws.String("PK = :pk AND SK < :before")
		in.ExpressionAttributeValues[":before"] = text(m.Before)
	}
	out, err := s.client.Query(ctx, in)
	if err != nil {
		return nil, "", failed("look for events without a sum", err)
	}
	countOne(ctx, out.ConsumedCapacity)
	loose, err = knownRows(out.Items)
	return loose, row(out.LastEvaluatedKey).text("SK"), err
}

// momentOf is when the event of a sort key happened.
func momentOf(sk string) time.Time {
	ms, _, _ := strings.Cut(sk, "#")
	n, _ := strconv.ParseInt(strings.TrimLeft(ms, "0"), 10, 64)
	return time.UnixMilli(n).UTC()
}
