package stack_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"windfall/local/stack"
)

// writerDir makes this program the one that is killed: it writes into this folder.
const writerDir = "WINDFALL_TEST_WRITES_INTO"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerDir); dir != "" {
		fmt.Println("error", write(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const writers = 50 // customers: more than are kept unpacked

// write changes customers in turn, here and at Stripe, and tells of each answer.
func write(dir string) error {
	s, err := stack.Open(stack.Options{Dir: dir})
	if err != nil {
		return err
	}
	start := time.Now().UnixNano() // later runs have higher numbers
	for n := start; ; n++ {
		who := fmt.Sprint("user_", n%writers)
		note := fmt.Sprintf("%d %s", n, strings.Repeat(fmt.Sprint(n), 40))
		if status, text, err := s.Call(context.Background(), "POST", "/v1/customers", fmt.Appendf(nil, `{"id":%q}`, who)); err != nil || status != 200 {
			return fmt.Errorf("%d %s %w", status, text, err)
		}
		if status, text, err := s.Call(context.Background(), "POST", "/v1/customers/"+who, fmt.Appendf(nil, `{"name":%q}`, note[:min(len(note), 90)])); err != nil || status != 200 {
			return fmt.Errorf("%d %s %w", status, text, err)
		}
		fmt.Println("here", who, n)
		id, path := "", "/v1/customers"
		if old, ok := atStripe(s, who); ok {
			id, path = old.ID, path+"/"+old.ID
		}
		status, text, err := s.Stripe("POST", path, url.Values{"name": {who}, "description": {note}})
		if err != nil || status != 200 {
			return fmt.Errorf("%s: %d %s %w", id, status, text, err)
		}
		fmt.Println("stripe", who, n)
	}
}

type stripeCustomer struct{ ID, Name, Description string }

func atStripe(s *stack.Stack, name string) (c stripeCustomer, ok bool) {
	_, text, err := s.Stripe("GET", "/v1/customers", url.Values{"limit": {"100"}})
	var list struct{ Data []stripeCustomer }
	if err != nil || json.Unmarshal(text, &list) != nil {
		return c, false
	}
	for _, c := range list.Data {
		if c.Name == name {
			return c, true
		}
	}
	return c, false
}

// A process that is killed with signal 9 while it writes rows that are kept packed, and
// while one of its files is being compacted, leaves everything that it has answered.
//
// It runs alone: a process that is being started holds the open files of this one for a
// moment, and with them the lock of a folder that another test is about to open again.
func TestNothingAnsweredIsLostWhenKilledInACompaction(t *testing.T) {
	dir := t.TempDir()
	answered := map[string]string{}
	caught := 0
	for _, successor := range []string{"stripe.jsonl.new", "dynamodb/journal.jsonl.new"} {
		if killed(t, dir, filepath.Join(dir, successor), answered) {
			caught++
		}
		s, err := stack.Open(stack.Options{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range answered {
			where, who, _ := strings.Cut(key, " ")
			got := ""
			if where == "stripe" {
				c, _ := atStripe(s, who)
				got = c.Description
			} else {
				c, _, err := s.Customer(t.Context(), who)
				if err != nil {
					t.Fatal(err)
				}
				got = c.Customer.Name
			}
			if got, _, _ = strings.Cut(got, " "); got < want { // a later one may be there, whose answer never came
				t.Errorf("%s has %q, and %s was answered", key, got, want)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if caught == 0 || len(answered) < 2*writers {
		t.Errorf("killed %d times in a compaction, %d rows", caught, len(answered))
	}
}

// killed runs the writer until a file is being written anew, and tells whether that
// file was left behind, half written. answered gets the last answers.
func killed(t *testing.T, dir, successor string, answered map[string]string) bool {
	t.Helper()
	_ = os.Remove(successor)
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), writerDir+"="+dir), os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan struct{})
	go func() {
		defer close(lines)
		for scan := bufio.NewScanner(out); scan.Scan(); {
			word := strings.Fields(scan.Text())
			if len(word) != 3 {
				t.Error(scan.Text())
				return
			}
			answered[word[0]+" "+word[1]] = word[2]
		}
	}()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Microsecond) {
		if _, err := os.Stat(successor); err == nil {
			break
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Error(err)
	}
	<-lines
	_ = cmd.Wait()
	_, err = os.Stat(successor)
	return err == nil
}
