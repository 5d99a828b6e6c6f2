package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"
)

// readEvent reads a sample event and sets its time to now, as functions take
// their clock from the event: without it they would answer as of the day the
// sample was written.
func readEvent(path string, now time.Time) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var event map[string]any
	if err := json.Unmarshal(text, &event); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if request, ok := event["requestContext"].(map[string]any); ok {
		request["timeEpoch"] = now.UnixMilli()
		request["time"] = now.UTC().Format("02/Jan/2006:15:04:05 -0700")
	}
	if _, ok := event["time"]; ok {
		event["time"] = now.UTC().Format(time.RFC3339)
	}
	return json.Marshal(event)
}
