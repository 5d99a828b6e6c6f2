package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/usage"
)

// A sum of usage has the events of one feature, day and bucket:
//
//	c, s        how many they are, and what they come to
//	c07, s07    the same of the hour from 7:00 UTC
//	gmodel      how many of them are in the groups by the property "model"
//	x           set where s is beyond a number of the table: only the events tell
//	q…          up to which position of a source: its balance, or q3 a shard of it, or
//	            q#credits another balance that paid
const sumPrefix = "DAY#"

func init() {
	declareAlone("usage sum", "<env>#SUMS#<key>", sumPrefix+"<feature>#<yyyymmdd>#<bucket>")
}

func sumsPK(env catalog.Env, customerKey string) string { return string(env) + "#SUMS#" + customerKey }

func sumKey(who usageCustomer, k usage.Key) key {
	return key{sumsPK(who.env, who.key), sumDay(k.FeatureID, k.Day) + "#" + k.Bucket.Text()}
}

const dayForm = "20060102"

func sumDay(feature string, day time.Time) string {
	return sumPrefix + feature + "#" + day.Format(dayForm)
}

// An expression is that of an update, with what it names.
type expression struct {
	set, add, when []string
	names          map[string]string
	values         values
}

// adding is the expression that adds to a sum.
func adding(who usageCustomer, k usage.Key, sums usage.Sums) expression {
	e := expression{set: []string{"v = :form", "#ttl = :ttl"}, names: map[string]string{"#ttl": "ttl"},
		values: values{":form": newRow(sumKey(who, k))[formVersion], ":ttl": integer(k.Bucket.ExpiresAt().Unix())}}
	e.plus("", sums.Total)
	for hour, of := range sums.Hours {
		e.plus(fmt.Sprintf("%02d", hour), of)
	}
	for property, n := range sums.Grouped {
		i := strconv.Itoa(len(e.names))
		e.names["#g"+i], e.values[":g"+i] = "g"+property, integer(n)
		e.add = append(e.add, "#g"+i+" :g"+i)
	}
	return e
}

// beyond leaves out the units: their sum has more digits than a number of the table.
func (e *expression) beyond() {
	e.add = slices.DeleteFunc(e.add, func(term string) bool { return strings.HasPrefix(term, "s") })
	for name := range e.values {
		if strings.HasPrefix(name, ":s") {
			delete(e.values, name)
		}
	}
	e.set = append(e.set, "x = :x")
	e.values[":x"] = flag(true)
}

// tooLarge reports whether a write failed since a number would have too many digits.
func tooLarge(err error) bool {
	var api smithy.APIError
	var cancelled *types.TransactionCanceledException
	switch {
	case errors.As(err, &cancelled):
		return slices.ContainsFunc(cancelled.CancellationReasons, func(r types.CancellationReason) bool { return aws.ToString(r.Code) == "ValidationError" })
	case errors.As(err, &api):
		return api.ErrorCode() == "ValidationException"
	}
	return false
}

func (e *expression) plus(hour string, of usage.Sum) {
	e.add = append(e.add, "c"+hour+" :c"+hour, "s"+hour+" :s"+hour)
	e.values[":c"+hour], e.values[":s"+hour] = integer(of.Count), exact(of.Units)
}

func (e expression) text() *string {
	return aws.String("SET " + strings.Join(e.set, ", ") + " ADD " + strings.Join(e.add, ", "))
}

// addToSum adds the events that a sum does not have, and moves its positions.
func (s *Store) addToSum(ctx context.Context, who usageCustomer, a usage.Addition) error {
	for a.Len() > 0 {
		has, err := s.tryToAdd(ctx, who, a, false)
		if err != nil && tooLarge(err) {
			has, err = s.tryToAdd(ctx, who, a, true)
		}
		if err != nil || has == nil {
			return err
		}
		left := a.Beyond(has)
		if left.Len() == a.Len() {
			return fmt.Errorf("usage sum %v: refused, although its positions are behind", a.Key)
		}
		a = left
	}
	return nil
}

// tryToAdd adds all or nothing; then it returns the positions that the sum has.
func (s *Store) tryToAdd(ctx context.Context, who usageCustomer, a usage.Addition, beyond bool) (has map[string]usage.Position, err error) {
	e := adding(who, a.Key, a.Sums())
	if beyond {
		e.beyond()
	}
	for i, step := range a.Steps() {
		n := strconv.Itoa(i)
		e.names["#q"+n], e.values[":q"+n], e.values[":f"+n] = "q"+step.Source, text(string(step.Last)), text(string(step.First))
		e.set = append(e.set, "#q"+n+" = :q"+n)
		e.when = append(e.when, "(attribute_not_exists(#q"+n+") OR #q"+n+" < :f"+n+")")
	}
	in := &dynamodb.UpdateItemInput{TableName: &s.table, Key: sumKey(who, a.Key).attributes(), UpdateExpression: e.text(),
		ConditionExpression: aws.String(strings.Join(e.when, " AND ")), ExpressionAttributeNames: e.names, ExpressionAttributeValues: e.values,
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal}
	err = s.surely(ctx, func() error {
		out, err := s.client.UpdateItem(ctx, in)
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	var there *types.ConditionalCheckFailedException
	switch {
	case err == nil:
		return nil, nil
	case !errors.As(err, &there):
		return nil, failed("add up usage", err)
	}
	has = map[string]usage.Position{}
	for name := range there.Item {
		if source, is := strings.CutPrefix(name, "q"); is {
			has[source] = usage.Position(row(there.Item).text(name))
		}
	}
	return has, known(there.Item)
}

// UsageDays implements app.UsageStore.
func (s *Store) UsageDays(ctx context.Context, env catalog.Env, customerKey, feature string, from, to time.Time, detail app.UsageDetail) ([]usage.Day, error) {
	in := &dynamodb.QueryInput{TableName: &s.table, KeyConditionExpression: aws.String("PK = :pk AND SK BETWEEN :from AND :to"),
		ExpressionAttributeValues: values{":pk": text(sumsPK(env, customerKey)),
			":from": text(sumDay(feature, from)), ":to": text(sumDay(feature, to.Add(-1)) + "~")}, // a day sorts before its buckets
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	if !detail.Hours {
		in.ProjectionExpression = aws.String("PK, SK, v, c, s, x")
	}
	if detail.GroupedBy != "" {
		in.ProjectionExpression, in.ExpressionAttributeNames = aws.String("PK, SK, v, c, x, #g"), map[string]string{"#g": "g" + detail.GroupedBy}
	}
	rows, err := s.allOf(ctx, in, "read sums of usage")
	if err != nil {
		return nil, err
	}
	var days []usage.Day
	for _, r := range rows {
		d, err := readSum(r)
		if err != nil {
			return nil, fmt.Errorf("row %s %s: %w", r.text("PK"), r.text("SK"), err)
		}
		days = append(days, d)
	}
	return days, nil
}

func readSum(r row) (d usage.Day, err error) {
	d.Hours = map[int]usage.Sum{}
	if d.Key, err = sumOf(strings.TrimPrefix(r.text("SK"), sumPrefix)); err != nil {
		return d, err
	}
	d.Beyond, d.Grouped = r.flag("x"), map[string]int64{}
	for name := range r {
		if property, is := strings.CutPrefix(name, "g"); is {
			d.Grouped[property] = r.int(name)
		}
	}
	if d.Total, err = r.sum(""); err != nil {
		return d, err
	}
	for hour := range 24 {
		suffix := fmt.Sprintf("%02d", hour)
		if _, used := r["c"+suffix]; !used {
			continue
		}
		if d.Hours[hour], err = r.sum(suffix); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (r row) sum(hour string) (usage.Sum, error) {
	units, err := r.exact("s" + hour)
	return usage.Sum{Count: r.int("c" + hour), Units: units}, err
}

// sumOf reads feature, day and bucket out of a key.
func sumOf(sk string) (k usage.Key, err error) {
	parts := strings.Split(sk, "#")
	if len(parts) != 3 {
		return k, fmt.Errorf("%q is no key of a sum", sk)
	}
	k.FeatureID = parts[0]
	if k.Day, err = time.Parse(dayForm, parts[1]); err != nil {
		return k, err
	}
	k.Bucket, err = usage.ParseBucket(parts[2])
	return k, err
}
