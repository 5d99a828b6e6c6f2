package api

import (
	"context"
	"log/slog"
	"time"

	"github.com/awslabs/aws-lambda-go-api-proxy/core"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

// log writes the one line of a request.
func (f *Function) log(ctx context.Context, req Request, rt *Route, a answer, m *app.Meter) {
	gateway, _ := core.GetAPIGatewayV2ContextFromContext(req.Context())
	LogRequest(ctx, f.app.Log, Logged{gateway.RequestID, rt.Pattern, req.Env, req.Actor, req.Now, a.status, a.err, rt.words}, m)
}

// Logged is what a log line says of a request.
type Logged struct {
	ID, Route string
	Env       catalog.Env
	Who       string // the first characters of the key, or the session of a person
	Now       time.Time
	Status    int
	Err       error // why it was refused or failed; nil for neither
	Words     Words // for its code; nil where it has none of its own
}

// LogRequest writes the one line of a request, which is also its metrics (CloudWatch
// embedded metric format). It never holds a secret, a card or an e-mail.
func LogRequest(ctx context.Context, log *slog.Logger, l Logged, m *app.Meter) {
	level := slog.LevelInfo
	refused, broken := 0, 0
	attrs := append(make([]slog.Attr, 0, 19),
		slog.String("request_id", l.ID),
		slog.String("route", l.Route),
		slog.String("env", string(l.Env)),
		slog.String("key", l.Who),
		slog.Int("status", l.Status),
		slog.Int64("dynamo_requests", m.DynamoRequests.Load()),
		slog.Float64("dynamo_units", float64(m.DynamoMilli.Load())/1000),
		slog.Int64("stripe_calls", m.StripeCalls.Load()),
	)
	if l.Err != nil {
		_, body := ErrorAnswer(l.Err, l.Env, l.Words)
		attrs = append(attrs, slog.String("code", body.Code))
		refused = 1
		if l.Status >= 500 {
			level, refused, broken = slog.LevelError, 0, 1
			attrs = append(attrs, slog.String("cause", l.Err.Error()))
		}
	}
	attrs = append(attrs, slog.Int("Requests", 1), slog.Int("Refused", refused), slog.Int("Broken", broken),
		slog.Int64("InvoiceMismatch", m.InvoiceMismatches.Load()), slog.Int64("AmountNotBilled", m.AmountsNotBilled.Load()),
		slog.Int64("DeletedCustomerCharged", m.DeletedCustomerCharged.Load()), slog.Int64("PaymentReturned", m.PaymentsReturned.Load()),
		slog.Int64("ChangedAtStripe", m.ChangedAtStripe.Load()),
		slog.Any("_aws", metricsNote{l.Now.UnixMilli(), requestMetrics}))
	log.LogAttrs(ctx, level, "request", attrs...)
}

// A metricsNote names the numbers of a log line that become CloudWatch metrics.
// It is a struct, as a map costs forty allocations per request.
//
// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
type metricsNote struct {
	Timestamp         int64 // ms
	CloudWatchMetrics []metricsOf
}

type metricsOf struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []metricName
}

type metricName struct{ Name string }

// metrics are counted per stack, which every log line names, so that two stacks
// in one account do not set off each other's alarms. They are not counted per
// route, as each metric of each route costs money; the log lines have the
// route.
func metrics(names ...string) []metricsOf {
	counted := metricsOf{Namespace: "Windfall", Dimensions: [][]string{{"stack"}}}
	for _, name := range names {
		counted.Metrics = append(counted.Metrics, metricName{name})
	}
	return []metricsOf{counted}
}

var requestMetrics = metrics("Requests", "Refused", "Broken", "InvoiceMismatch", "AmountNotBilled", "DeletedCustomerCharged", "PaymentReturned", "ChangedAtStripe")
