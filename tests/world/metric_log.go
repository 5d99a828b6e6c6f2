package world

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"windfall/local/stack"
)

// MetricLog collects the log of a world.
type MetricLog struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write takes the lines of the log.
func (h *MetricLog) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(b)
}

// World returns a world that logs here.
func (h *MetricLog) World(t *testing.T) *World {
	t.Helper()
	return With(t, stack.Options{Log: slog.New(slog.NewJSONHandler(h, nil))})
}

// Sum adds a metric up over all requests, as CloudWatch does: a number that its
// line also names as a metric.
func (h *MetricLog) Sum(metric string) float64 {
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
