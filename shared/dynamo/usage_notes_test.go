package dynamo

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"windfall/shared/app"
)

// imageOf is a row as the table's stream has it.
func imageOf(t *testing.T, sk, ev string) []byte {
	t.Helper()
	image, err := json.Marshal(map[string]any{"PK": map[string]string{"S": customerPK(env, "grace")}, "SK": map[string]string{"S": sk},
		"v": map[string]string{"N": "1"}, "ev": map[string]string{"S": ev}})
	must(t, err)
	return image
}

// A row carries one event, as each did before there were batches, or several in their order.
func TestARowCarriesOneEventOrSeveral(t *testing.T) {
	t.Parallel()
	_, s := fresh(t)
	text, err := os.ReadFile(goldenRows)
	must(t, err)
	carried := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var golden struct{ Row map[string]any }
		must(t, json.Unmarshal([]byte(line), &golden))
		if ev, is := golden.Row["ev"].(string); is && len(ev) > 1 {
			carried[fmt.Sprint(golden.Row["SK"])] = ev
		}
	}
	for sk, want := range map[string][]string{"BALANCE#words": {"evt_1"}, "BALANCE#pages": {"evt_1", "evt_3"}} {
		notes, err := s.UsageIn(imageOf(t, sk, carried[sk]))
		must(t, err)
		var got []string
		for _, n := range notes {
			if n.CustomerID != "grace" || n.Env != env || n.Source != (app.UsageSource{PK: customerPK(env, "grace"), SK: sk}) || len(n.Features) == 0 || n.At.IsZero() {
				t.Errorf("%s: %+v", sk, n)
			}
			got = append(got, n.ID)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: got %v, want %v", sk, got, want)
		}
	}
	for _, damaged := range []string{"[", `[{"i":1}]`, "{"} {
		if notes, err := s.UsageIn(imageOf(t, "BALANCE#words", damaged)); err == nil {
			t.Errorf("%q: %v", damaged, notes)
		}
	}
}
