package dynamodb_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"pgregory.net/rapid"

	"windfall/local/dynamodb"
)

// A journal cut off at any byte opens with exactly the commits that are whole in
// it: what was there after the last of them, tables and indexes included.
func TestJournalReopensAtEveryCommit(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		dir := filepath.Join(base, fmt.Sprint(round))
		file := filepath.Join(dir, "journal.jsonl")
		db, err := dynamodb.Open(dynamodb.Options{Dir: dir})
		if err != nil {
			rt.Fatal(err)
		}
		client := connect(db)
		createTable(t, client)
		history := writeHistory(rt, db, client, file)
		if err := db.Close(); err != nil {
			rt.Fatal(err)
		}
		last := history[len(history)-1]
		cut := rapid.Int64Range(history[0].size, last.size).Draw(rt, "cut")
		if rapid.Bool().Draw(rt, "whole") {
			cut = last.size
		}
		if err := os.Truncate(file, cut); err != nil {
			rt.Fatal(err)
		}
		whole := history[0]
		for _, m := range history {
			if m.size <= cut {
				whole = m
			}
		}
		reopened, err := dynamodb.Open(dynamodb.Options{Dir: dir})
		if err != nil {
			rt.Fatal(err)
		}
		if got := reopened.Dump(); got != whole.dump {
			rt.Fatalf("cut at %d of %d:\n%s\nwant\n%s", cut, last.size, got, whole.dump)
		}
		client = connect(reopened)
		checkIndexes(rt, client)
		change(rt, client) // and it goes on from there
		checkIndexes(rt, client)
		want := reopened.Dump()
		if err := reopened.Close(); err != nil {
			rt.Fatal(err)
		}
		again, err := dynamodb.Open(dynamodb.Options{Dir: dir})
		if err != nil {
			rt.Fatal(err)
		}
		if got := again.Dump(); got != want {
			rt.Fatalf("opened again with\n%s\nwant\n%s", got, want)
		}
		if err := again.Close(); err != nil {
			rt.Fatal(err)
		}
	})
}

// moment is the size of the journal after a commit, and what was there then.
type moment struct {
	size int64
	dump string
}

// writeHistory makes random writes and notes the moment after each.
func writeHistory(t *rapid.T, db *dynamodb.DB, client *awsdynamodb.Client, file string) []moment {
	at := func() moment {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		return moment{info.Size(), db.Dump()}
	}
	history := []moment{at()}
	for range rapid.IntRange(1, 20).Draw(t, "writes") {
		if rapid.IntRange(0, 15).Draw(t, "reset") == 0 {
			if err := db.Reset(); err != nil {
				t.Fatal(err)
			}
		} else {
			change(t, client)
		}
		history = append(history, at())
	}
	return history
}

func TestCompactionKeepsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "journal.jsonl")
	db := open(t, dynamodb.Options{Dir: dir})
	client := connect(db)
	createTable(t, client)
	if _, err := client.UpdateTimeToLive(t.Context(), &awsdynamodb.UpdateTimeToLiveInput{TableName: aws.String(tableName),
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)}}); err != nil {
		t.Fatal(err)
	}
	for i := range 1500 {
		put(t, client, with(key("a", fmt.Sprint(i%100)), attributes{"n": number(fmt.Sprint(i)), "mail": text("ada@x.com")}))
	}
	sequences := watchSequence(db)
	put(t, client, key("a", "last"))
	want := db.Dump()
	long := sizeOf(t, file)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	for range 2 { // once to compact, once to read what was compacted
		db = open(t, dynamodb.Options{Dir: dir})
		if got := db.Dump(); got != want {
			t.Fatalf("reopened with\n%s\nwant\n%s", got, want)
		}
		if short := sizeOf(t, file); short > long/5 {
			t.Errorf("journal of %d bytes is still %d", long, short)
		}
		client = connect(db)
		checkIndexes(t, client)
		ttl, err := client.DescribeTimeToLive(t.Context(), &awsdynamodb.DescribeTimeToLiveInput{TableName: aws.String(tableName)})
		if err != nil || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "ttl" {
			t.Errorf("time to live after a restart: %v, %v", ttl, err)
		}
		later := watchSequence(db)
		put(t, client, with(key("a", "last"), attributes{"n": number(fmt.Sprint(len(*sequences)))}))
		want = db.Dump()
		before, _ := strconv.Atoi((*sequences)[len(*sequences)-1])
		if next, _ := strconv.Atoi((*later)[0]); next != before+1 {
			t.Errorf("sequence number %s does not follow %s", (*later)[0], *sequences)
		}
		*sequences = append(*sequences, (*later)[0])
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func watchSequence(db *dynamodb.DB) *[]string {
	var seen []string
	db.Subscribe(func(r dynamodb.ChangeRecord) { seen = append(seen, r.Change.SequenceNumber) })
	return &seen
}

func sizeOf(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestDamageBeforeTheEndIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dynamodb.Options{Dir: dir})
	client := connect(db)
	createTable(t, client)
	put(t, client, key("a", "1"))
	put(t, client, key("a", "2"))
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "journal.jsonl")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := strings.Replace(string(data), `"put"`, `"pu`, 1)
	if err := os.WriteFile(file, []byte(damaged), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := dynamodb.Open(dynamodb.Options{Dir: dir}); err == nil || !strings.Contains(err.Error(), "line 3") {
		t.Errorf("opened a damaged journal: %v", err)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dynamodb.Options{Dir: dir})
	if _, err := dynamodb.Open(dynamodb.Options{Dir: dir}); err == nil {
		t.Error("opened twice")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dynamodb.Options{Dir: dir})
}

func TestTablesComeAndGoWithTheJournal(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db := open(t, dynamodb.Options{Dir: dir})
	client := connect(db)
	createTable(t, client)
	put(t, client, key("a", "1"))
	if _, err := client.DeleteTable(t.Context(), &awsdynamodb.DeleteTableInput{TableName: aws.String(tableName)}); err != nil {
		t.Fatal(err)
	}
	createTable(t, client)
	put(t, client, key("a", "2"))
	want := db.Dump()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutItem(t.Context(), &awsdynamodb.PutItemInput{TableName: aws.String(tableName), Item: key("a", "3")}); code(err) != "InternalServerError" {
		t.Errorf("write after Close: %v", err)
	}
	db = open(t, dynamodb.Options{Dir: dir})
	if got := db.Dump(); got != want || strings.Count(got, "\n") != 1 {
		t.Errorf("reopened with %q, want %q", got, want)
	}
	tables, err := connect(db).ListTables(context.Background(), &awsdynamodb.ListTablesInput{})
	if err != nil || !slices.Equal(tables.TableNames, []string{tableName}) {
		t.Errorf("tables %v, %v", tables, err)
	}
}
