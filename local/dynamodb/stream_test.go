package dynamodb_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/local/dynamodb"
)

func TestChangesArriveAsStreamRecords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	db := open(t, dynamodb.Options{Now: func() time.Time { return now }})
	client := connect(db)
	createTable(t, client)
	put(t, client, key("a", "before"))
	var records []dynamodb.ChangeRecord
	db.Subscribe(func(r dynamodb.ChangeRecord) { records = append(records, r) })

	put(t, client, with(key("a", "1"), attributes{"n": number("1.50"), "l": &types.AttributeValueMemberL{Value: []types.AttributeValue{text("x")}}}))
	put(t, client, with(key("a", "1"), attributes{"n": number("2")}))
	put(t, client, with(key("a", "1"), attributes{"n": number("2.0")})) // the same item: no change
	for range 2 {                                                       // the second time there is nothing to delete
		if _, err := client.DeleteItem(t.Context(), &awsdynamodb.DeleteItemInput{TableName: aws.String(tableName), Key: key("a", "1")}); err != nil {
			t.Fatal(err)
		}
	}
	var seen []string
	for _, r := range records {
		encoded, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var event events.DynamoDBEventRecord // what a function on the stream would read
		if err := json.Unmarshal(encoded, &event); err != nil {
			t.Fatal(err)
		}
		number := func(image map[string]events.DynamoDBAttributeValue) string {
			if n, found := image["n"]; found {
				return n.Number()
			}
			return "-"
		}
		if event.Change.Keys["SK"].String() != "1" || !event.Change.ApproximateCreationDateTime.Equal(now) || event.EventSource != "aws:dynamodb" {
			t.Errorf("record %s", encoded)
		}
		seen = append(seen, fmt.Sprintf("%s %s→%s %d", event.EventName, number(event.Change.OldImage), number(event.Change.NewImage), event.Change.SizeBytes))
	}
	want := []string{"INSERT -→1.5 21", "MODIFY 1.5→2 30", "REMOVE 2→- 15"}
	if !slices.Equal(seen, want) {
		t.Errorf("records %q, want %q", seen, want)
	}
}

func TestChangesArriveInTheOrderOfCommits(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	var records []dynamodb.ChangeRecord // no lock: the database calls one at a time
	db.Subscribe(func(r dynamodb.ChangeRecord) { records = append(records, r) })
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			for range 20 {
				if err := addOne(t, client); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if len(records) != 320 {
		t.Fatalf("%d records, want 320", len(records))
	}
	for i, r := range records {
		if i > 0 && r.Change.SequenceNumber <= records[i-1].Change.SequenceNumber {
			t.Fatalf("%s comes after %s", r.Change.SequenceNumber, records[i-1].Change.SequenceNumber)
		}
		if want := fmt.Sprintf(`"n":{"N":"%d"}`, i+1); !strings.Contains(string(r.Change.NewImage), want) {
			t.Fatalf("record %d holds %s, want %s", i, r.Change.NewImage, want)
		}
	}
}

// A function on the stream writes to the table again; its changes follow.
func TestSubscriberMayWrite(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	var seen []string
	db.Subscribe(func(r dynamodb.ChangeRecord) {
		seen = append(seen, r.EventName+string(r.Change.Keys))
		if len(seen) < 3 {
			put(t, client, key("echo", fmt.Sprint(len(seen))))
		}
	})
	put(t, client, key("a", "1"))
	want := []string{`INSERT{"PK":{"S":"a"},"SK":{"S":"1"}}`, `INSERT{"PK":{"S":"echo"},"SK":{"S":"1"}}`, `INSERT{"PK":{"S":"echo"},"SK":{"S":"2"}}`}
	if !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
}

func TestExpiredItemsStayUntilTheSweep(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	at := func(d time.Duration) types.AttributeValue { return number(fmt.Sprint(now.Add(d).Unix())) }
	put(t, client, with(key("a", "past"), attributes{"ttl": at(-time.Second), "mail": text("ada@x.com")}))
	put(t, client, with(key("a", "now"), attributes{"ttl": at(0)}))
	put(t, client, with(key("a", "future"), attributes{"ttl": at(time.Hour)}))
	put(t, client, with(key("a", "ancient"), attributes{"ttl": at(-6 * 365 * 24 * time.Hour)}))
	put(t, client, with(key("a", "text"), attributes{"ttl": text("1")}))
	put(t, client, key("a", "none"))
	if n := db.ExpireTTL(now); n != 0 {
		t.Fatalf("%d items expired while time to live is off", n)
	}
	if _, err := client.UpdateTimeToLive(t.Context(), &awsdynamodb.UpdateTimeToLiveInput{TableName: aws.String(tableName),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)}}); err != nil {
		t.Fatal(err)
	}
	var removed []dynamodb.ChangeRecord
	db.Subscribe(func(r dynamodb.ChangeRecord) { removed = append(removed, r) })
	if len(scanAll(t, client, "")) != 6 {
		t.Fatal("an item vanished before the sweep")
	}
	if n := db.ExpireTTL(now); n != 1 || get(t, client, "a", "past") != nil || len(scanAll(t, client, "")) != 5 {
		t.Errorf("%d items expired, %q are left", n, lines(scanAll(t, client, "")))
	}
	checkIndexes(t, client)
	if len(removed) != 1 || removed[0].EventName != "REMOVE" || removed[0].UserIdentity == nil || removed[0].UserIdentity.Type != "Service" {
		t.Errorf("subscribers heard %+v", removed)
	}
	if n := db.ExpireTTL(now.Add(time.Hour + time.Second)); n != 2 {
		t.Errorf("%d items expired an hour later, want 2", n)
	}
}

func TestResetForgetsItemsAndKeepsTables(t *testing.T) {
	t.Parallel()
	db, client := fresh(t)
	empty := db.Dump()
	put(t, client, with(key("b", "2"), attributes{"mail": text("ada@x.com")}))
	put(t, client, with(key("a", "1"), attributes{"tags": &types.AttributeValueMemberSS{Value: []string{"y", "x"}}, "b": &types.AttributeValueMemberB{Value: []byte{0, 255}}}))
	want := "windfall\t" + `{"PK":{"S":"a"},"SK":{"S":"1"},"b":{"B":"AP8="},"tags":{"SS":["x","y"]}}` + "\n" +
		"windfall\t" + `{"PK":{"S":"b"},"SK":{"S":"2"},"mail":{"S":"ada@x.com"}}` + "\n"
	if got := db.Dump(); got != want {
		t.Errorf("dump\n%swant\n%s", got, want)
	}
	if err := db.Reset(); err != nil {
		t.Fatal(err)
	}
	if db.Dump() != empty || len(scanAll(t, client, "mail")) != 0 {
		t.Errorf("after reset: %q", db.Dump())
	}
	put(t, client, key("a", "1"))
}
