package wiring

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"

	"slices"
	"strings"
	"sync"
	"testing"

	"windfall/local/stack"
	"windfall/shared/wire"
	"windfall/tests/world"
)

// logs collects the log lines of concurrent functions.
type logs struct {
	sync.Mutex
	bytes.Buffer
}

func (l *logs) Write(b []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.Buffer.Write(b)
}

// emitted runs a request, a sweep and a batch of the stream, and returns the
// metrics in their log lines as "namespace name [dimensions]".
func emitted(t *testing.T) map[string]bool { return emittedBy(t, "") }

// emittedBy returns those of one kind of line.
func emittedBy(t *testing.T, msg string) map[string]bool {
	t.Helper()
	lines := &logs{}
	w := world.With(t, stack.Options{Log: wire.Log(lines, "shop")})
	w.StandardCatalog()
	w.Post("/v1/customers", world.JSON{"id": "c"})
	w.Track("c", "messages", 1)
	w.WaitIdle()
	if err := w.Stack.Due(t.Context(), world.T0); err != nil {
		t.Fatal(err)
	}
	lines.Lock()
	defer lines.Unlock()
	found := map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(lines.Bytes())); ; {
		var line map[string]any
		if err := d.Decode(&line); err == io.EOF {
			return found
		} else if err != nil {
			t.Fatal(err)
		}
		if msg == "" || line["msg"] == msg {
			collect(t, line, found)
		}
	}
}

// collect reads a line as CloudWatch does: names of metrics and dimensions are
// names of the line's own properties.
func collect(t *testing.T, line map[string]any, found map[string]bool) {
	note, _ := line["_aws"].(map[string]any)
	text, err := json.Marshal(note["CloudWatchMetrics"])
	if err != nil {
		t.Fatal(err)
	}
	var directives []struct {
		Namespace  string
		Dimensions [][]string
		Metrics    []struct{ Name string }
	}
	if err := json.Unmarshal(text, &directives); err != nil {
		t.Fatal(err)
	}
	if at, _ := note["Timestamp"].(float64); note != nil && at < 1e12 {
		t.Errorf("%v: metrics need a time in milliseconds", line["msg"])
	}
	for _, d := range directives {
		for _, m := range d.Metrics {
			if _, number := line[m.Name].(float64); !number {
				t.Errorf("%v names the metric %s and gives it no number", line["msg"], m.Name)
			}
			for _, set := range d.Dimensions {
				for _, name := range set {
					if value, _ := line[name].(string); value != "shop" {
						t.Errorf("%v: the dimension %s is %q", line["msg"], name, value)
					}
				}
				found[fmt.Sprint(d.Namespace, " ", m.Name, " ", set)] = true
			}
		}
	}
}

// published are the metrics that AWS publishes, with their dimensions.
//
// Sources: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
var published = []string{
	"AWS/Lambda Invocations [FunctionName]", "AWS/Lambda Errors [FunctionName]", "AWS/Lambda Throttles [FunctionName]",
	"AWS/Lambda IteratorAge [FunctionName]", "AWS/SQS ApproximateNumberOfMessagesVisible [QueueName]",
	"AWS/ApiGateway 5xx [ApiId]", "AWS/DynamoDB SystemErrors [Operation TableName]",
	"AWS/DynamoDB ReadThrottleEvents [TableName]", "AWS/DynamoDB WriteThrottleEvents [TableName]",
}

// An alarm on a metric that is never written, or not with these dimensions,
// stays green for ever.
func TestEveryAlarmWatchesAMetricThatIsWritten(t *testing.T) {
	p := load(t)
	written := emitted(t)
	for _, known := range published {
		written[known] = true
	}
	for _, r := range p.dev.Resources {
		transformations, _ := r.Properties["MetricTransformations"].([]any)
		for _, m := range transformations {
			m, _ := m.(map[string]any)
			written[fmt.Sprint(text(m["MetricNamespace"]), " ", m["MetricName"], " []")] = true
		}
	}
	for id, alarm := range alarms(t, p) {
		for _, m := range metricsOf(alarm) {
			named := fmt.Sprint(m.namespace, " ", m.name, " ", slices.Sorted(maps.Keys(m.dimensions)))
			if !written[named] {
				t.Errorf("template.yaml: %s watches %q, which nothing writes", id, named)
			}
			if m.namespace == "Windfall" && m.dimensions["stack"] != "AWS::StackName" {
				t.Errorf("template.yaml: %s rings for every stack of the account: its dimension must be {Name: stack, Value: !Ref AWS::StackName}", id)
			}
		}
	}
}

// The webhook's answers are counted in the access log, by fields that it has.
func TestAnswersToStripeAreCounted(t *testing.T) {
	p := load(t)
	format, _ := child(p.dev.Resources["Api"].Properties, "AccessLogSettings")["Format"].(string)
	for id, want := range map[string]string{
		"WebhookFailureCount": `{ $.routeKey = "POST /webhooks/stripe" && $.status >= 500 }`,
		"WebhookRefusalCount": `{ $.routeKey = "POST /webhooks/stripe" && $.status >= 400 && $.status < 500 }`,
	} {
		filter := p.dev.Resources[id].Properties
		if filter["FilterPattern"] != want || text(filter["LogGroupName"]) != "AccessLogs" {
			t.Errorf("template.yaml: %s must count %s in AccessLogs", id, want)
		}
	}
	for _, field := range []string{`"routeKey":"$context.routeKey"`, `"status":$context.status,`} { // a number: it is compared
		if !strings.Contains(format, field) {
			t.Errorf("template.yaml: the access log needs %s", field)
		}
	}
	webhook, _ := p.dev.Function("stripe_webhook")
	if len(webhook.Routes) != 1 || webhook.Routes[0].String() != "POST /webhooks/stripe" {
		t.Errorf("stripe_webhook has the routes %v: count their answers, too", webhook.Routes)
	}
}
