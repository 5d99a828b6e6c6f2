package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// activityRows are how many of each kind one look shows: with the customers of operations
// no more than one BatchGetItem takes.
var activityRows = map[app.AttentionKind]int{app.Failed: 20, app.Differs: 20, app.Unfinished: 15}

const activityActions = 30

// Activity implements app.AttentionStore.
func (s *Store) Activity(ctx context.Context, env catalog.Env, now time.Time) (app.Activity, error) {
	out := app.Activity{Waiting: map[app.AttentionKind][]app.Waiting{}, Counts: app.AttentionCounts{Of: map[app.AttentionKind]int{}}}
	all, more, err := s.attentionPlaces(ctx, env)
	if err != nil {
		return out, err
	}
	out.Counts.More = more
	var places []map[string]types.AttributeValue
	for _, p := range all {
		kind, due := dueIn(p, now)
		if !due {
			continue
		}
		if out.Counts.Of[kind] < activityRows[kind] {
			places = append(places, p)
		}
		out.Counts.Of[kind]++
	}
	actions, next, err := s.listPage(ctx, actionsPK(env), "", actionPosition, activityActions)
	if err != nil {
		return out, err
	}
	out.MoreActions = next != ""
	for _, a := range actions {
		places = append(places, a)
	}
	found, err := s.rowsAt(ctx, env, places)
	if err != nil {
		return out, err
	}
	waiting, err := waitingAmong(env, places[:len(places)-len(actions)], found)
	if err != nil {
		return out, err
	}
	for _, w := range waiting {
		out.Waiting[w.Kind] = append(out.Waiting[w.Kind], w)
	}
	for _, a := range actions {
		one, err := readAction(env, found[key{a.text("PK"), a.text("SK")}]) // an entry is never deleted
		if err != nil {
			return out, err
		}
		out.Actions = append(out.Actions, one)
	}
	return out, nil
}
