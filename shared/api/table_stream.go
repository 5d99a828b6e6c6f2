package api

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"windfall/shared/app"
)

// A Stream is a Lambda that the table's stream calls. It is a lambda.Handler.
type Stream struct{ app *app.App }

// TableStream files each usage record as an event, from the changes of the
// table, and performs the operations that a track recorded.
func TableStream(a *app.App) *Stream { return &Stream{a} }

type change struct {
	Item struct {
		SequenceNumber string
		NewImage       json.RawMessage
		At             json.Number `json:"ApproximateCreationDateTime"` // Unix seconds: the clock
	} `json:"dynamodb"`
}

// at is the time of the change, to the second.
func (c change) at() time.Time {
	seconds, _, _ := strings.Cut(c.Item.At.String(), ".")
	unix, _ := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(unix, 0).UTC()
}

type failedItem struct {
	ID string `json:"itemIdentifier"`
}

// streamAnswer names the first change that failed: Lambda delivers it and all
// later ones again.
//
// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
type streamAnswer struct {
	Failures []failedItem `json:"batchItemFailures"`
}

// atOnce is how many operations are begun at once.
const atOnce = 8

// Invoke takes a batch of changes. An unreadable change is logged and skipped:
// delivered again, it would only block the later ones.
func (s *Stream) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	var batch struct{ Records []change }
	if err := json.Unmarshal(payload, &batch); err != nil {
		return nil, fmt.Errorf("read the batch: %w", err)
	}
	var meter app.Meter
	ctx = app.WithMeter(ctx, &meter)
	changes, now := make([]app.Change, len(batch.Records)), time.Time{}
	for i, c := range batch.Records {
		changes[i], now = app.Change{Image: c.Item.NewImage, Sequence: c.Item.SequenceNumber}, c.at()
	}
	kept, errs := s.app.KeepUsage(ctx, changes, now)
	var running sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for i, c := range batch.Records {
		if kept[i] || errs[i] != nil {
			continue
		}
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			s.app.BeginOperation(ctx, app.Caller{Now: c.at()}, c.Item.NewImage)
		})
	}
	running.Wait()
	return json.Marshal(s.answer(ctx, &meter, batch.Records, kept, errs))
}

func (s *Stream) answer(ctx context.Context, m *app.Meter, records []change, kept []bool, errs []error) streamAnswer {
	out := streamAnswer{Failures: []failedItem{}}
	filed, unreadable := 0, 0
	for i, err := range errs {
		switch {
		case err != nil && kept[i] && len(out.Failures) == 0:
			out.Failures = []failedItem{{records[i].Item.SequenceNumber}}
			s.app.Log.LogAttrs(ctx, slog.LevelError, "a usage event was not kept; it will be tried again", slog.String("cause", err.Error()))
		case err != nil && !kept[i]:
			unreadable++
			s.app.Log.LogAttrs(ctx, slog.LevelError, "a change can't be read and is left", slog.String("cause", err.Error()))
		case kept[i]:
			filed++
		}
	}
	if len(records) > 0 {
		s.log(ctx, records[len(records)-1].at(), m, slog.Int("changes", len(records)), slog.Int("kept", filed), slog.Int("UsageUnreadable", unreadable))
	}
	return out
}

// log writes the one line of a batch, which is also its metrics.
func (s *Stream) log(ctx context.Context, at time.Time, m *app.Meter, counted ...slog.Attr) {
	s.app.Log.LogAttrs(ctx, slog.LevelInfo, "usage events", append(counted,
		slog.Int64("dynamo_requests", m.DynamoRequests.Load()),
		slog.Float64("dynamo_units", float64(m.DynamoMilli.Load())/1000),
		slog.Int64("stripe_calls", m.StripeCalls.Load()),
		slog.Int64("InvoiceMismatch", m.InvoiceMismatches.Load()),
		slog.Int64("AmountNotBilled", m.AmountsNotBilled.Load()), slog.Int64("ChangedAtStripe", m.ChangedAtStripe.Load()), slog.Int64("CodeNotCopied", m.CodesNotCopied.Load()), slog.Any("_aws", metricsNote{at.UnixMilli(), streamMetrics}))...)
}

var streamMetrics = metrics("UsageUnreadable", "InvoiceMismatch", "AmountNotBilled", "ChangedAtStripe", "CodeNotCopied")
