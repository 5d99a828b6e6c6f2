package dynamodb_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/local/dynamodb"
	"windfall/local/journal/journaltest"
)

// Whatever cannot be written is refused and is not there, now or after a restart:
// changed and removed items, a dropped table, a reset.
func TestAFullDiskRefusesAndForgetsNothing(t *testing.T) {
	t.Parallel()
	dir, disk := t.TempDir(), &journaltest.Disk{}
	db := open(t, dynamodb.Options{Dir: dir, Files: disk})
	client := connect(db)
	createTable(t, client)
	put(t, client, key("a", "1"))
	want := db.Dump()

	disk.Full.Store(true)
	for name, write := range map[string]func() error{
		"put": func() error {
			_, err := client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: key("a", "2")})
			return err
		},
		"delete": func() error {
			_, err := client.DeleteItem(t.Context(), &awsdynamodb.DeleteItemInput{TableName: aws.String(tableName), Key: key("a", "1")})
			return err
		},
		"drop": func() error {
			_, err := client.DeleteTable(t.Context(), &awsdynamodb.DeleteTableInput{TableName: aws.String(tableName)})
			return err
		},
		"reset": db.Reset,
	} {
		err := write()
		if err == nil || !strings.Contains(err.Error(), "no space left") || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
		if got := db.Dump(); got != want {
			t.Errorf("%s was refused and done: %s", name, got)
		}
	}
	disk.Full.Store(false)
	put(t, client, key("a", "3"))
	want = db.Dump()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if got := open(t, dynamodb.Options{Dir: dir}).Dump(); got != want || strings.Count(got, "\n") != 2 {
		t.Errorf("opened again with %s, want %s", got, want)
	}
}

// The file stays within a few times of what lives while many write at the same
// time, and leads to the same state.
func TestTheJournalStaysSmallWhileRunning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dynamodb.Options{Dir: dir})
	client := connect(db)
	createTable(t, client)
	const most = 4 << 20 // what lives is half a megabyte; eight are written
	long := strings.Repeat("x", 1000)
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for i := range 2000 {
				item := with(key(fmt.Sprint("w", w), fmt.Sprint(i%100)), attributes{"mail": text(long), "n": number(fmt.Sprint(i))})
				if _, err := client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: item}); err != nil {
					t.Error(err)
					return
				}
				if i%100 == 0 {
					if size := sizeOf(t, filepath.Join(dir, "journal.jsonl")); size > most {
						t.Errorf("%d bytes", size)
					}
				}
			}
		})
	}
	writers.Wait()
	want := db.Dump()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if size := sizeOf(t, filepath.Join(dir, "journal.jsonl")); size > most {
		t.Errorf("closed with %d bytes", size)
	}
	db = open(t, dynamodb.Options{Dir: dir})
	if got := db.Dump(); got != want {
		t.Error("opened again with another state")
	}
	checkIndexes(t, connect(db))
}
