package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"windfall/shared/app"
)

// A Schedule is a Lambda that EventBridge calls. It is a lambda.Handler.
type Schedule struct{ app *app.App }

// ClosePeriods runs every few minutes: it finishes what nobody came back for.
func ClosePeriods(a *app.App) *Schedule { return &Schedule{a} }

// Invoke takes an EventBridge Scheduler event. Its time is the clock.
func (s *Schedule) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event struct {
		Time time.Time `json:"time"`
	}
	if err := json.Unmarshal(payload, &event); err != nil || event.Time.IsZero() {
		return nil, fmt.Errorf("read the event's time: %w", err)
	}
	sweep, err := s.app.ClosePeriods(ctx, event.Time.UTC())
	if err != nil {
		return nil, err
	}
	s.app.Log.LogAttrs(ctx, slog.LevelInfo, "sweep", slog.Int("Swept", sweep.Finished), slog.Int("SweepFailed", sweep.Failed),
		slog.Any("_aws", map[string]any{
			"Timestamp": event.Time.UnixMilli(),
			"CloudWatchMetrics": []map[string]any{{"Namespace": "Windfall", "Dimensions": [][]string{{}},
				"Metrics": []map[string]string{{"Name": "Swept"}, {"Name": "SweepFailed"}}}},
		}))
	return json.Marshal(sweep)
}
