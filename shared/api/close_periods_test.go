package api_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"windfall/local/stack"
	"windfall/local/stripesim"
	"windfall/tests/world"
)

// A lines is a log that can be read while it is written.
type lines struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

// last is the newest line with this message.
func (l *lines) last(t *testing.T, message string) world.JSON {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var found world.JSON
	for _, text := range bytes.Split(bytes.TrimSpace(l.all.Bytes()), []byte("\n")) {
		var line world.JSON
		if err := json.Unmarshal(text, &line); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if line["msg"] == message {
			found = line
		}
	}
	if found == nil {
		t.Fatalf("no line %q in %s", message, l.all.String())
	}
	return found
}

// CloudWatch reads a metric only if its name stands beside a number.
func TestARunOfTheScheduleTellsItsMetrics(t *testing.T) {
	t.Parallel()
	w, log, _ := broken(t)
	w.StandardCatalog()
	w.Product("gift", "main", world.Messages(700)).Trial(14, world.JSON{"card_required": false})
	w.Attach("c", "gift")
	at := world.T0.AddDate(0, 0, 14).Add(90 * time.Second)
	if err := w.Stack.Due(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	line := log.last(t, "sweep")
	for name, want := range map[string]float64{"SweepRuns": 1, "Swept": 2, "SweepFailed": 0, "SweepLag": 90, "OperationsRecovered": 0, "OperationsPending": 0, "InvoiceMismatch": 0, "AmountNotBilled": 0, "ChangedAtStripe": 0, "CodeNotCopied": 0} {
		if line[name] != want {
			t.Errorf("%s is %v, want %v", name, line[name], want)
		}
	}
	if n, _ := line["dynamo_requests"].(float64); n < 34 {
		t.Errorf("%v requests were counted", line["dynamo_requests"])
	}
	named, _ := world.ValueAt(line, "_aws.CloudWatchMetrics.0.Metrics").([]any)
	for _, m := range named {
		if name, _ := world.ValueAt(m, "Name").(string); line[name] == nil {
			t.Errorf("the metric %q has no value", name)
		}
	}
	if len(named) != 10 || world.ValueAt(line, "_aws.Timestamp") != float64(at.UnixMilli()) {
		t.Errorf("metrics: %v", line["_aws"])
	}
}

func TestARunThatFailsHasNoHeartbeat(t *testing.T) {
	t.Parallel()
	w, log, down := broken(t)
	*down = true
	if err := w.Stack.Due(t.Context(), world.T1); err == nil {
		t.Error("the run returned no error, so it is not retried")
	}
	if line := log.last(t, "sweep"); line["SweepRuns"] != 0.0 || line["level"] != "ERROR" || line["cause"] == "" || line["cause"] == nil {
		t.Errorf("the line is %v", line)
	}
}

// broken is a world whose database can be taken away.
func broken(t *testing.T) (*world.World, *lines, *bool) {
	t.Helper()
	down, log := new(bool), &lines{}
	return world.With(t, stack.Options{Log: slog.New(slog.NewJSONHandler(log, nil)), Faults: stack.Faults{
		DynamoDB: func(next http.RoundTripper) http.RoundTripper { return unplugged{next, down} }}}), log, down
}

// unplugged is a network without an answer.
type unplugged struct {
	next http.RoundTripper
	down *bool
}

func (u unplugged) RoundTrip(r *http.Request) (*http.Response, error) {
	if *u.down {
		return nil, http.ErrServerClosed
	}
	return u.next.RoundTrip(r)
}

// The log of every 5xx has its cause, in one line.
func TestEveryFailureOfOursIsLoggedWithItsCause(t *testing.T) {
	t.Parallel()
	w, log, down := broken(t)
	w.StandardCatalog()
	w.CustomerWithCard("c")
	w.Stack.Sim.SetFault(func(string, string, int) stripesim.Fault { return stripesim.RefuseBefore })
	w.Do(w.Stack.Key, "POST", "/v1/attach", world.JSON{"customer_id": "c", "product_id": "g1_pro"})
	w.Stack.Sim.SetFault(nil)
	if line := log.last(t, "request"); line["status"] != 503.0 || line["code"] != "stripe_unavailable" || line["cause"] == nil || line["level"] != "ERROR" || line["Broken"] != 1.0 {
		t.Errorf("Stripe is down: %v", line)
	}
	*down = true
	w.Do(w.Stack.Key, "GET", "/v1/customers/c", nil)
	if line := log.last(t, "request"); line["status"].(float64) < 500 || line["cause"] == nil || line["level"] != "ERROR" {
		t.Errorf("the database is down: %v", line)
	}
}
