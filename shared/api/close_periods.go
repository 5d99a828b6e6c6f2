package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// A Schedule is a Lambda that EventBridge calls. It is a lambda.Handler.
type Schedule struct{ app *app.App }

// ClosePeriods is the sweep: it runs due background work every few minutes.
func ClosePeriods(a *app.App) *Schedule { return &Schedule{a} }

// Invoke takes an EventBridge Scheduler event. Its time is the clock. An operator may invoke it
// with rebuild_usage, to have the sums of a customer's usage made anew. An error
// means that part of the due index could not be read; the rest is done.
func (s *Schedule) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var event struct {
		Time    time.Time `json:"time"`
		Rebuild *struct {
			Env        catalog.Env `json:"env"`
			CustomerID string      `json:"customer_id"`
		} `json:"rebuild_usage"`
	}
	if err := json.Unmarshal(payload, &event); err != nil || event.Time.IsZero() {
		return nil, fmt.Errorf("read the event's time: %w", err)
	}
	if r := event.Rebuild; r != nil {
		err := s.app.RebuildUsage(ctx, app.Caller{Env: r.Env, Now: event.Time.UTC()}, r.CustomerID)
		return []byte(`{"begun":true}`), err
	}
	var meter app.Meter
	sweep, err := s.app.RunSweep(app.WithMeter(ctx, &meter), event.Time.UTC())
	s.log(ctx, event.Time, sweep, &meter, err)
	if err != nil {
		return nil, err
	}
	return json.Marshal(sweep)
}

// log writes the one line of a run, which is also its metrics: SweepRuns is
// the heartbeat, SweepLag how late the oldest row was, in seconds.
func (s *Schedule) log(ctx context.Context, at time.Time, sweep app.Sweep, m *app.Meter, err error) {
	level, ran := slog.LevelInfo, 1
	attrs := []slog.Attr{
		slog.Bool("cut", sweep.Cut), slog.Int("waiting", sweep.Waiting),
		slog.Int64("dynamo_requests", m.DynamoRequests.Load()),
		slog.Float64("dynamo_units", float64(m.DynamoMilli.Load())/1000),
		slog.Int64("stripe_calls", m.StripeCalls.Load()),
	}
	if err != nil {
		level, ran = slog.LevelError, 0
		attrs = append(attrs, slog.String("cause", err.Error()))
	}
	attrs = append(attrs, slog.Int("SweepRuns", ran), slog.Int("Swept", sweep.Swept), slog.Int("SweepFailed", sweep.Failed),
		slog.Int64("SweepLag", int64(sweep.Lag/time.Second)), slog.Int("OperationsRecovered", sweep.Recovered),
		slog.Int("OperationsPending", sweep.Pending), slog.Int64("InvoiceMismatch", m.InvoiceMismatches.Load()),
		slog.Int64("AmountNotBilled", m.AmountsNotBilled.Load()), slog.Int64("ChangedAtStripe", m.ChangedAtStripe.Load()), slog.Int64("CodeNotCopied", m.CodesNotCopied.Load()), slog.Any("_aws", metricsNote{at.UnixMilli(), sweepMetrics}))
	s.app.Log.LogAttrs(ctx, level, "sweep", attrs...)
}

var sweepMetrics = metrics("SweepRuns", "Swept", "SweepFailed", "SweepLag", "OperationsRecovered", "OperationsPending", "InvoiceMismatch", "AmountNotBilled", "ChangedAtStripe", "CodeNotCopied")
