package dynamo

import (
	"context"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const failureSK = "FAILED"

// A webhook event that failed is noted beside the place of its success, until it has its
// effect.
func init() {
	declareAlone("failed webhook", "<env>#EVENT#<id>", failureSK)
}

func failureKey(env catalog.Env, eventID string) key {
	return key{eventKey(env, eventID).PK, failureSK}
}

// EventFailed notes one more try. The first one gives the event its place in the list.
func (t *transaction) EventFailed(w app.EventFailed) {
	made := newRow(failureKey(t.env, w.Event.ID))
	made.waits(t.env, app.Failed, w.Now, hashedLong(w.Event.ID))
	made.setJSON("data", storedEvent(w.Event))
	item := t.unconditional(failureKey(t.env, w.Event.ID),
		"SET v = :form, #data = :data, list_pk = :pk, list_sk = if_not_exists(list_sk, :sk), since = if_not_exists(since, :now), #last = :now, why = :why, #ttl = :ttl ADD tries :one",
		values{":form": made[formVersion], ":data": made["data"], ":pk": made["list_pk"], ":sk": made["list_sk"], ":now": millis(w.Now),
			":why": text(w.Why), ":ttl": integer(w.Now.Add(eventKept).Unix()), ":one": integer(1)})
	item.Update.ExpressionAttributeNames = map[string]string{"#data": "data", "#last": "last", "#ttl": "ttl"}
	t.add(item)
}

func (t *transaction) ForgetFailure(w app.ForgetFailure) {
	t.add(t.remove(failureKey(t.env, w.EventID), whenever, nil))
}

// hashedLong keeps an id of any length within a key.
func hashedLong(id string) string {
	if len(id) > 255 {
		return hashed(id)
	}
	return id
}

// storedEvent is the form of an event in a row.
type storedEvent struct {
	ID         string `json:"id,omitzero"`
	Type       string `json:"type,omitzero"`
	ObjectID   string `json:"object_id,omitzero"`
	ObjectType string `json:"object_type,omitzero"`
	CustomerID string `json:"customer_id,omitzero"`
}

// FailedEvent implements app.AttentionStore. One request.
func (s *Store) FailedEvent(ctx context.Context, env catalog.Env, eventID string) (app.FailedEvent, bool, error) {
	r, err := s.get(ctx, failureKey(env, eventID))
	if err != nil || len(r) == 0 {
		return app.FailedEvent{}, false, err
	}
	e, err := readFailedEvent(r)
	return e, err == nil, err
}

func readFailedEvent(r row) (app.FailedEvent, error) {
	var e storedEvent
	err := r.json("data", &e)
	return app.FailedEvent{Event: app.Event(e), First: r.time("since"), Last: r.time("last"), Tries: int(r.int("tries")), Why: r.text("why")}, err
}
