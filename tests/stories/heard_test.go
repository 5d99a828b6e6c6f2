package stories

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"windfall/local/stack"
	. "windfall/tests/world"
)

// metricLog collects the log of a world.
type metricLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (h *metricLog) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(b)
}

func (h *metricLog) world(t *testing.T) *World {
	t.Helper()
	return With(t, stack.Options{Log: slog.New(slog.NewJSONHandler(h, nil))})
}

// sum adds a metric up over all requests, as CloudWatch does: a number that its
// line also names as a metric.
func (h *metricLog) sum(metric string) float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	total := 0.0
	for line := range strings.Lines(h.text.String()) {
		var entry JSON
		if json.Unmarshal([]byte(line), &entry) != nil {
			continue
		}
		named, _ := ValueAt(entry, "_aws.CloudWatchMetrics.0.Metrics").([]any)
		for _, m := range named {
			if n, is := entry[metric].(float64); is && ValueAt(m, "Name") == metric {
				total += n
			}
		}
	}
	return total
}
