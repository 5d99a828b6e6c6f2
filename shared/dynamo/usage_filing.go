package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/usage"
)

// UsageIn implements app.UsageStore.
func (s *Store) UsageIn(image []byte) (notes []app.UsageNote, err error) {
	var in struct {
		PK, SK struct{ S string }
		V      struct{ N string } `json:"v"`
		Ev     struct{ S string } `json:"ev"`
		F      struct{ S string } `json:"f"` // of an event in a row of its own
	}
	if err := json.Unmarshal(image, &in); err != nil {
		return nil, fmt.Errorf("read the image of a change: %w", err)
	}
	if in.Ev.S == "" {
		return nil, nil
	}
	carrier := row{"PK": text(in.PK.S), "SK": text(in.SK.S), formVersion: &types.AttributeValueMemberN{Value: in.V.N}}
	if err := known(carrier); err != nil {
		return nil, err
	}
	note := app.UsageNote{Source: app.UsageSource{PK: in.PK.S, SK: in.SK.S}}
	if env, customerKey, ok := usedBy(in.PK.S); ok {
		note.Env, note.CustomerID, note.Features, note.Filed = env, customerKey, []string{in.F.S}, true
		return []app.UsageNote{note}, nil
	}
	env, customerKey, ok := ownerOf(in.PK.S)
	carried, err := readNotes(in.Ev.S)
	if err != nil || !ok {
		return nil, fmt.Errorf("row %s: read ev: %w", in.PK.S, err)
	}
	for _, n := range carried {
		note.Env, note.UsageRecord = env, app.UsageRecord{ID: n.ID, CustomerID: customerKey, Features: n.Features, Name: n.Name, At: time.UnixMilli(n.At).UTC(),
			ReceivedAt: time.UnixMilli(n.ReceivedAt).UTC(), Value: n.Value, Properties: n.Properties, EntityID: n.EntityID}
		notes = append(notes, note)
	}
	return notes, nil
}

// A filedRow is the row of an event as the first that filed it wrote it.
type filedRow struct {
	row
	event    entitlement.UsageEvent
	source   string
	position usage.Position
}

// FileUsage implements app.UsageStore: rows first, then sums; package usage has the argument.
// Of the notes before the first that fails, all are in their sums, or have an error.
func (s *Store) FileUsage(ctx context.Context, notes []app.UsageNote, now time.Time) []error {
	errs, filed := make([]error, len(notes)), make([][]filedRow, len(notes))
	customers := s.customersOf(ctx, notes, now, errs)
	side(len(notes), func(i int) {
		if errs[i] == nil {
			filed[i], errs[i] = s.fileNote(ctx, notes[i], customers[customerOf(notes[i])])
		}
	})
	whole := 0
	for whole < len(notes) && errs[whole] == nil {
		whole++
	}
	for who, about := range customers {
		s.addFiled(ctx, who, about, notes[:whole], filed, errs)
	}
	return errs
}

// addFiled brings the events of one customer to their sums.
func (s *Store) addFiled(ctx context.Context, who usageCustomer, about usageFacts, notes []app.UsageNote, filed [][]filedRow, errs []error) {
	var placed []usage.Filed
	var loose []row // events that belong to no sum yet
	of := map[string]int{}
	for i, n := range notes {
		if customerOf(n) != who {
			continue
		}
		for _, f := range filed[i] {
			if _, been := of[f.event.ID]; !been {
				of[f.event.ID] = i // the first one: the stream begins again there
			}
			bucket, err := usage.ParseBucket(f.text("b"))
			switch {
			case f.text("b") == "":
				loose = append(loose, f.row)
			case f.text("q") == "": // it was added with its row
			case err != nil:
				errs[i] = err
			default:
				placed = append(placed, usage.Filed{Event: f.event, Bucket: bucket, Source: f.source, Position: usage.Position(f.text("q")), GroupBy: groupedBy(f.row)})
			}
		}
	}
	additions := usage.Additions(placed)
	failed := make([]error, len(additions))
	side(len(additions), func(i int) { failed[i] = s.add(ctx, who, additions[i]) })
	looseErr := s.addLoose(ctx, who, about, loose)
	for id, i := range of {
		for n, a := range additions {
			if failed[n] != nil && a.Has(id) {
				errs[i] = failed[n]
			}
		}
	}
	if looseErr != nil {
		for i, n := range notes {
			for _, f := range filed[i] {
				if customerOf(n) == who && f.text("b") == "" {
					errs[i] = looseErr
				}
			}
		}
	}
}

// add brings events to their groups, and then to their sum.
func (s *Store) add(ctx context.Context, who usageCustomer, a usage.Addition) error {
	for _, property := range a.GroupedBy() {
		if err := s.addToGroups(ctx, who, groupsKey{a.Key, property}, a.Of(property)); err != nil {
			return err
		}
	}
	return s.addToSum(ctx, who, a)
}

// groupedBy is by which properties an event is in groups, as the first that filed it says.
func groupedBy(r row) []string {
	if r.text("g") == "" {
		return nil
	}
	return strings.Split(r.text("g"), ",")
}

// fileNote puts the rows of a note's events, or finds them as they were put.
func (s *Store) fileNote(ctx context.Context, n app.UsageNote, about usageFacts) (out []filedRow, err error) {
	rows := usageRows(n.Env, n.UsageRecord)
	if n.Filed {
		r, err := s.get(ctx, key{n.Source.PK, n.Source.SK})
		if err != nil || len(r) == 0 { // expired
			return nil, err
		}
		rows = []row{r}
	}
	for _, r := range rows {
		if !n.Filed && n.Position != "" {
			r.setText("q", string(n.Position))
			r.setText("b", usage.BucketOf(about.mark.Generation, n.ReceivedAt, about.created, keptDays(r)).Text())
			r.setText("g", strings.Join(about.groupBy(r.text("f")), ","))
		}
		if !n.Filed {
			if r, err = s.putEvent(ctx, r); err != nil {
				return nil, err
			}
		}
		f := filedRow{row: r, source: sourceName(n.Source, r.text("f"))}
		if f.event, err = readUsageEvent(r); err != nil {
			return nil, err
		}
		f.event.CustomerID = n.CustomerID
		out = append(out, f)
	}
	return out, nil
}

// putEvent puts the row of an event, or returns the one that is there.
func (s *Store) putEvent(ctx context.Context, r row) (row, error) {
	condition := isNew
	err := s.surely(ctx, func() error {
		out, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.table, Item: r, ConditionExpression: &condition,
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
			ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal})
		if err == nil {
			countOne(ctx, out.ConsumedCapacity)
		}
		return err
	})
	var there *types.ConditionalCheckFailedException
	switch {
	case err == nil:
		return r, nil
	case errors.As(err, &there) && len(there.Item) > 0:
		return there.Item, known(there.Item)
	}
	return nil, failed("save a usage event", err)
}

// keptDays is for how many days an event is kept, by its row: the time to live is in seconds.
func keptDays(r row) int {
	const perDay = 24 * 60 * 60
	return int((r.int("ttl") - r.time("at").Unix() + perDay/2) / perDay)
}

// sourceName is short, as it is in the row of the sum: nothing for the balance of the
// feature itself, the number of a shard, and the name of another balance that paid.
func sourceName(of app.UsageSource, feature string) string {
	name := ""
	_, kind, _ := strings.Cut(of.PK, "#") // behind the environment: a customer's id may hold the same
	if shard, is := strings.CutPrefix("#"+kind, shardPrefix); is {
		name, _, _ = strings.Cut(shard, "#")
	}
	if other := strings.TrimPrefix(of.SK, balancePrefix); other != feature {
		name += "#" + other
	}
	return name
}

// atOnce is how many requests of one batch are on their way at a time.
const atOnce = 8

// side calls do for each number below n, some of them side by side.
func side(n int, do func(i int)) {
	var running sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i := range n {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			do(i)
		})
	}
	running.Wait()
}

type usageCustomer struct {
	env catalog.Env
	key string
}

func customerOf(n app.UsageNote) usageCustomer { return usageCustomer{n.Env, n.CustomerID} }
