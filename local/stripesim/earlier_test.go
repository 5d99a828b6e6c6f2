package stripesim_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"windfall/local/journal/journaltest"
)

// Earlier files have the answers that keys repeat in base64. They are repeated, and
// written again as the JSON they are.
func TestAnswersInBase64AreRepeated(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "stripe.jsonl")
	w := kept(t, file, &journaltest.Disk{})
	_, made, _ := w.call("POST", "/v1/customers", "name=Ada", "Idempotency-Key", "first")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	inside := regexp.MustCompile(`("k":"idempotency_key",.*?"body":)(\{.*?\})(,"created":\d+\})`)
	found := 0
	earlier := ""
	for line := range strings.Lines(string(text)) {
		m := inside.FindStringSubmatchIndex(line)
		if m != nil {
			found++
			if !json.Valid([]byte(line[m[4]:m[5]])) {
				t.Fatalf("the body of an answer is not found: %s", line[m[4]:m[5]])
			}
			line = line[:m[4]] + `"` + base64.StdEncoding.EncodeToString([]byte(line[m[4]:m[5]])) + `"` + line[m[5]:]
		}
		if !strings.Contains(line, `"rows":`) {
			continue // the header
		}
		earlier += "{" + line[strings.Index(line, `"rows":`):] // without a checksum, as in files of before the header
	}
	if found != 1 {
		t.Fatalf("%d answers in %s", found, text)
	}
	other := filepath.Join(t.TempDir(), "stripe.jsonl")
	if err := os.WriteFile(other, []byte(earlier), 0o600); err != nil {
		t.Fatal(err)
	}
	after := kept(t, other, &journaltest.Disk{})
	status, again, header := after.call("POST", "/v1/customers", "name=Ada", "Idempotency-Key", "first")
	if status != 200 || again.str("id") != made.str("id") || again.str("name") != "Ada" || header.Get("Idempotent-Replayed") != "true" {
		t.Errorf("the key made %v and repeats %d %v", made, status, again)
	}
	if got, want := after.sim.Dump(), w.sim.Dump(); got != want {
		t.Errorf("read\n%s\nwant\n%s", got, want)
	}
}
