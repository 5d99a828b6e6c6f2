package wiring

import "testing"

// No caller waits for a run of the schedule, so a failed one must be kept.
func TestTheScheduleLosesNothing(t *testing.T) {
	p := load(t)
	f, ok := p.dev.Function("close_periods")
	if !ok || f.Schedule != "rate(5 minutes)" {
		t.Fatalf("close_periods must run at rate(5 minutes), not %q", f.Schedule)
	}
	properties := p.dev.Resources[f.LogicalID].Properties
	var tick map[string]any
	for _, e := range child(properties, "Events") {
		event, _ := e.(map[string]any)
		tick = child(event, "Properties")
	}
	if tick["OmitName"] != true {
		t.Error("template.yaml: the schedule needs OmitName: true, else a second stack in the account cannot be deployed")
	}
	if child(tick, "RetryPolicy") == nil || child(tick, "DeadLetterConfig") == nil {
		t.Error("template.yaml: the schedule needs a RetryPolicy and a DeadLetterConfig")
	}
	if child(child(properties, "EventInvokeConfig"), "DestinationConfig") == nil {
		t.Error("template.yaml: close_periods needs EventInvokeConfig.DestinationConfig, as the schedule calls it asynchronously")
	}
	if p.dev.Resources["SweepDeadLetters"].Type != "AWS::SQS::Queue" {
		t.Error("template.yaml: the queue SweepDeadLetters is gone")
	}
	if _, reserved := properties["ReservedConcurrentExecutions"]; reserved {
		t.Error("template.yaml: reserve no concurrency by default; an account with a limit of 10 could not deploy")
	}
}

func TestTheAPI(t *testing.T) {
	p := load(t)
	api := p.dev.Resources["Api"].Properties
	for _, part := range []string{"AccessLogSettings", "DefaultRouteSettings", "CorsConfiguration"} {
		if child(api, part) == nil {
			t.Errorf("template.yaml: Api needs %s", part)
		}
	}
	if p.dev.CORS.AllowCredentials {
		t.Error("template.yaml: the API uses no cookies; AllowCredentials would let any page act for a signed-in person")
	}
	for _, r := range p.dev.Resources {
		if r.Type == "AWS::SNS::Topic" && r.Properties["KmsMasterKeyId"] != nil {
			t.Error("template.yaml: CloudWatch cannot publish to a topic under the key that AWS manages: remove KmsMasterKeyId")
		}
	}
}

func child(m map[string]any, name string) map[string]any {
	c, _ := m[name].(map[string]any)
	return c
}
