package demo

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
)

// refunded is the log line of which an alarm of the deployment tells. The history refunds payments on purpose.
const refunded = "a payment was refunded or disputed"

// A Log is that of a stack. What the history does on purpose is no warning: it is counted, and told in a sentence.
// Everything else is logged as ever.
type Log struct {
	slog.Handler
	living  *atomic.Bool
	refunds *atomic.Int64
}

// NewLog writes by another handler.
func NewLog(by slog.Handler) *Log { return &Log{by, &atomic.Bool{}, &atomic.Int64{}} }

// Handle implements slog.Handler.
func (l *Log) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == refunded && l.living.Load() {
		l.refunds.Add(1)
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs implements slog.Handler.
func (l *Log) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Log{l.Handler.WithAttrs(attrs), l.living, l.refunds}
}

// WithGroup implements slog.Handler.
func (l *Log) WithGroup(name string) slog.Handler {
	return &Log{l.Handler.WithGroup(name), l.living, l.refunds}
}

// During runs what makes the history.
func (l *Log) During(say io.Writer, history func() error) error {
	l.living.Store(true)
	defer l.living.Store(false)
	err := history()
	if n := l.refunds.Swap(0); n > 0 {
		_, _ = fmt.Fprintf(say, "  %d payments refunded: a deployment raises an alarm at each\n", n) // a closed terminal needs no news
	}
	return err
}
