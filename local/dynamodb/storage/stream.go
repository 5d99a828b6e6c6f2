package storage

import (
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"windfall/local/dynamodb/attribute"
)

// ChangeRecord is one change of one item, in the JSON shape of a record of a
// DynamoDB Streams event with view type NEW_AND_OLD_IMAGES.
type ChangeRecord struct {
	EventID        string        `json:"eventID"`
	EventName      string        `json:"eventName"` // INSERT, MODIFY or REMOVE
	EventVersion   string        `json:"eventVersion"`
	EventSource    string        `json:"eventSource"`
	AWSRegion      string        `json:"awsRegion"`
	EventSourceARN string        `json:"eventSourceARN"`
	UserIdentity   *UserIdentity `json:"userIdentity,omitempty"` // set when the time to live removed the item
	Change         StreamRecord  `json:"dynamodb"`
}

// UserIdentity names the service as the author of a removal.
type UserIdentity struct {
	PrincipalID string `json:"principalId"`
	Type        string `json:"type"`
}

// StreamRecord holds the item before and after, as DynamoDB JSON.
type StreamRecord struct {
	ApproximateCreationDateTime int64           `json:"ApproximateCreationDateTime"` // Unix seconds
	Keys                        json.RawMessage `json:"Keys"`
	NewImage                    json.RawMessage `json:"NewImage,omitempty"`
	OldImage                    json.RawMessage `json:"OldImage,omitempty"`
	SequenceNumber              string          `json:"SequenceNumber"` // 21 digits, so that texts sort as numbers do
	SizeBytes                   int             `json:"SizeBytes"`      // of keys and images
	StreamViewType              string          `json:"StreamViewType"`
}

// Subscribe calls f with every change from now on, one at a time and in the
// order of commits, which is also the order of SequenceNumber. A write that
// leaves an item as it was is no change. f runs after the commit, usually before
// the writer is answered, and may call the database.
func (s *Store) Subscribe(f func(ChangeRecord)) {
	s.commits.Lock()
	defer s.commits.Unlock()
	s.queue.subscribers = append(s.queue.subscribers, f)
	s.queue.waiting.Store(true)
}

// queue holds committed changes until they are delivered. Store.commits guards it.
type queue struct {
	subscribers []func(ChangeRecord)
	records     []ChangeRecord
	waiting     atomic.Bool // whether there are subscribers, so that records may wait
	delivering  sync.Mutex
}

func (q *queue) add(sequence int64, c Change, now func() time.Time) {
	if len(q.subscribers) == 0 || c.Old != nil && c.Updated != nil && attribute.EqualItems(c.Old.Item(), c.Updated.Item()) {
		return
	}
	q.records = append(q.records, changeRecord(sequence, c, now()))
}

// Deliver gives waiting records to the subscribers, outside of all locks. A
// goroutine already delivering takes new records along: it looks again at the end.
func (s *Store) Deliver() {
	for s.queue.waiting.Load() && s.undelivered() && s.queue.delivering.TryLock() {
		s.deliverWaiting()
		s.queue.delivering.Unlock()
	}
}

func (s *Store) undelivered() bool {
	s.commits.Lock()
	defer s.commits.Unlock()
	return len(s.queue.records) > 0
}

func (s *Store) deliverWaiting() {
	s.commits.Lock()
	records, subscribers := s.queue.records, s.queue.subscribers
	s.queue.records = nil
	s.commits.Unlock()
	for _, r := range records {
		for _, f := range subscribers {
			f(r)
		}
	}
}

const region = "local"

func changeRecord(sequence int64, c Change, now time.Time) ChangeRecord {
	r := ChangeRecord{
		EventID: fmt.Sprintf("%032x", sequence), EventVersion: "1.1", EventSource: "aws:dynamodb", AWSRegion: region,
		EventSourceARN: c.Table.arn() + "/stream/" + c.Table.created.UTC().Format("2006-01-02T15:04:05.000"),
		Change: StreamRecord{
			ApproximateCreationDateTime: now.Unix(),
			SequenceNumber:              fmt.Sprintf("%021d", sequence),
			StreamViewType:              "NEW_AND_OLD_IMAGES",
		},
	}
	either := c.Updated
	r.EventName = "MODIFY"
	if c.Old == nil {
		r.EventName = "INSERT"
	} else {
		r.Change.OldImage = attribute.AppendItem(nil, c.Old.Item())
	}
	if c.Updated == nil {
		r.EventName, either = "REMOVE", c.Old
	} else {
		r.Change.NewImage = attribute.AppendItem(nil, c.Updated.Item())
	}
	if c.expired {
		r.UserIdentity = &UserIdentity{PrincipalID: "dynamodb.amazonaws.com", Type: "Service"}
	}
	keys := c.Table.Schema.KeyOf(either.Item())
	r.Change.Keys = attribute.AppendItem(nil, keys)
	r.Change.SizeBytes = keys.Size() + c.Old.Bytes() + c.Updated.Bytes()
	return r
}
