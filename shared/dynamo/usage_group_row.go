package dynamo

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
	"windfall/shared/usage"
)

// Groups are what the events of one sum come to by the values of one property. They are
// written before the sum, which counts how many of its events they have:
//
//	day    the sum of the day, without a name and with the events that have no value, and that
//	       of each value that has a name: at most 100
//	hours  the same by the hour
//	q…     up to which position of a source, as in the sum
const groupsPrefix = "GROUPS#"

func init() {
	declareAlone("usage groups", "<env>#SUMS#<key>", groupsPrefix+"<feature>#<property>#<yyyymmdd>#<bucket>")
}

type groupsKey struct {
	usage.Key
	property string
}

func (k groupsKey) of(who usageCustomer) key {
	return key{sumsPK(who.env, who.key), groupsDay(k.FeatureID, k.property, k.Day) + "#" + k.Bucket.Text()}
}

func groupsDay(feature, property string, day time.Time) string {
	return groupsPrefix + feature + "#" + property + "#" + day.Format(dayForm)
}

type storedGroups struct {
	usage.Groups
	positions map[string]usage.Position
	version   int64
}

func (g storedGroups) with(events []entitlement.UsageEvent, property string) storedGroups {
	g.Groups = g.Groups.With(events, app.ValueOf(property))
	return g
}

// storedHour is the sum of an hour; the units are as text, so they may have any number of digits.
type storedHour struct {
	Hour  int           `json:"h,omitzero"`
	Count int64         `json:"c"`
	Units money.Decimal `json:"s"`
}

// A storedGroup is what has a value, or everything where it has no name.
type storedGroup struct {
	Name  string       `json:"n,omitzero"`
	Hours []storedHour `json:"of"`
}

// A storedTotal is that of a day.
type storedTotal struct {
	Name  string        `json:"n,omitzero"`
	Count int64         `json:"c"`
	Units money.Decimal `json:"s"`
}

func storedDay(name string, of map[int]usage.Sum) storedTotal {
	total := storedTotal{Name: name}
	for _, s := range of {
		total.Count, total.Units = total.Count+s.Count, total.Units.Add(s.Units)
	}
	return total
}

func storedHours(of map[int]usage.Sum) (out []storedHour) {
	for _, hour := range slices.Sorted(maps.Keys(of)) {
		out = append(out, storedHour{hour, of[hour].Count, of[hour].Units})
	}
	return out
}

func readHours(of []storedHour) map[int]usage.Sum {
	out := map[int]usage.Sum{}
	for _, h := range of {
		out[h.Hour] = usage.Sum{Count: h.Count, Units: h.Units}
	}
	return out
}

func groupsRow(who usageCustomer, k groupsKey, g storedGroups) row {
	r := newRow(k.of(who))
	r.setInt("ttl", k.Bucket.ExpiresAt().Unix())
	r.setInt("ver", g.version+1)
	groups, days := []storedGroup{{"", storedHours(g.All)}}, []storedTotal{storedDay("", g.All)}
	for _, name := range slices.Sorted(maps.Keys(g.Named)) {
		groups, days = append(groups, storedGroup{name, storedHours(g.Named[name])}), append(days, storedDay(name, g.Named[name]))
	}
	r.setJSON("hours", groups)
	r.setJSON("day", days)
	for source, p := range g.positions {
		r.setText("q"+source, string(p))
	}
	return r
}

func readGroups(r row) (g storedGroups, err error) {
	var groups []storedGroup
	g.positions, g.version = map[string]usage.Position{}, r.int("ver")
	if err := r.json("hours", &groups); err != nil {
		return g, err
	}
	g.Named = map[string]map[int]usage.Sum{}
	for _, of := range groups {
		if of.Name == "" {
			g.All = readHours(of.Hours)
			continue
		}
		g.Named[of.Name] = readHours(of.Hours)
	}
	for name := range r {
		if source, is := strings.CutPrefix(name, "q"); is {
			g.positions[source] = usage.Position(r.text(name))
		}
	}
	return g, nil
}

// readDay reads the groups of a day as if all of it were its first hour.
func readDay(r row) (usage.Groups, error) {
	var days []storedTotal
	g := usage.Groups{Named: map[string]map[int]usage.Sum{}}
	err := r.json("day", &days)
	for _, of := range days {
		if total := map[int]usage.Sum{0: {Count: of.Count, Units: of.Units}}; of.Name == "" {
			g.All = total
		} else {
			g.Named[of.Name] = total
		}
	}
	return g, err
}

func (s *Store) groups(ctx context.Context, who usageCustomer, k groupsKey) (storedGroups, error) {
	r, err := s.get(ctx, k.of(who))
	if err != nil {
		return storedGroups{}, err
	}
	return readGroups(r)
}

// addToGroups adds the events that the groups do not have, and moves their positions, on the
// condition that nobody else has written them since they were read.
func (s *Store) addToGroups(ctx context.Context, who usageCustomer, k groupsKey, a usage.Addition) error {
	for {
		was, err := s.groups(ctx, who, k)
		if err != nil {
			return err
		}
		a = a.Beyond(was.positions)
		if a.Len() == 0 {
			return nil
		}
		g := was.with(a.Events(), k.property)
		for _, step := range a.Steps() {
			g.positions[step.Source] = step.Last
		}
		condition, v := atVersion(was.version)
		in := &dynamodb.PutItemInput{TableName: &s.table, Item: groupsRow(who, k, g), ConditionExpression: &condition, ExpressionAttributeValues: v,
			ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
		err = s.surely(ctx, func() error {
			out, err := s.client.PutItem(ctx, in)
			if err == nil {
				countOne(ctx, out.ConsumedCapacity)
			}
			return err
		})
		if o, _ := classify(err); err != nil && o == refused {
			continue // it may be our own write, of which the answer was lost
		}
		if err != nil {
			return failed("add up usage by groups", err)
		}
		return nil
	}
}

// UsageGroups implements app.UsageStore.
func (s *Store) UsageGroups(ctx context.Context, env catalog.Env, customerKey, feature, property string, from, to time.Time, hours bool) ([]usage.DayGroups, error) {
	in := &dynamodb.QueryInput{TableName: &s.table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("PK = :pk AND SK BETWEEN :from AND :to"),
		ExpressionAttributeValues: values{":pk": text(sumsPK(env, customerKey)),
			":from": text(groupsDay(feature, property, from)), ":to": text(groupsDay(feature, property, to.Add(-1)) + "~")},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal}
	if !hours {
		in.ProjectionExpression, in.ExpressionAttributeNames = aws.String("PK, SK, v, #day"), map[string]string{"#day": "day"}
	}
	rows, err := s.allOf(ctx, in, "read groups of usage")
	if err != nil {
		return nil, err
	}
	var days []usage.DayGroups
	for _, r := range rows {
		d := usage.DayGroups{}
		if d.Groups, err = readDay(r); hours {
			var g storedGroups
			g, err = readGroups(r)
			d.Groups = g.Groups
		}
		if err != nil {
			return nil, err
		}
		day := strings.TrimPrefix(r.text("SK"), groupsPrefix+feature+"#"+property+"#")
		if d.Key, err = sumOf(feature + "#" + day); err != nil {
			return nil, err
		}
		days = append(days, d)
	}
	return days, nil
}
