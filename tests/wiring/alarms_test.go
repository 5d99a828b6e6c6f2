package wiring

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"windfall/local/template"
)

const alarmType = "AWS::CloudWatch::Alarm"

// A watched metric is a metric that an alarm reads.
type watched struct {
	namespace, name string
	dimensions      map[string]string
}

// alarms returns the alarms by their name.
func alarms(t *testing.T, p *project) map[string]template.Resource {
	t.Helper()
	found := map[string]template.Resource{}
	for id, r := range p.dev.Resources {
		if r.Type == alarmType {
			found[id] = r
		}
	}
	if len(found) == 0 {
		t.Fatal("template.yaml has no alarms")
	}
	return found
}

// metricsOf returns the metrics of an alarm: one of its own, or those of an
// expression.
func metricsOf(alarm template.Resource) (all []watched) {
	read := func(m map[string]any) watched {
		w := watched{text(m["Namespace"]), text(m["MetricName"]), map[string]string{}}
		list, _ := m["Dimensions"].([]any)
		for _, d := range list {
			d, _ := d.(map[string]any)
			w.dimensions[text(d["Name"])] = text(d["Value"])
		}
		return w
	}
	if alarm.Properties["MetricName"] != nil {
		return []watched{read(alarm.Properties)}
	}
	list, _ := alarm.Properties["Metrics"].([]any)
	for _, m := range list {
		m, _ := m.(map[string]any)
		if stat := child(m, "MetricStat"); stat != nil {
			all = append(all, read(child(stat, "Metric")))
		}
	}
	return all
}

// text is a string, or the name in a Ref or GetAtt.
func text(v any) string {
	m, is := v.(map[string]any)
	if !is {
		return fmt.Sprint(v)
	}
	for _, named := range m {
		return fmt.Sprint(named)
	}
	return ""
}

func TestAlarms(t *testing.T) {
	p := load(t)
	told := p.dev
	withMail, err := template.Load(p.path("template.yaml"), "AlarmEmail=ops@example.com")
	if err != nil {
		t.Fatal(err)
	}
	for id, alarm := range alarms(t, p) {
		silence := "notBreaching"
		if id == "SweepHeartbeat" {
			silence = "breaching" // silence is the failure
		}
		if alarm.Properties["TreatMissingData"] != silence {
			t.Errorf("template.yaml: %s must have TreatMissingData: %s", id, silence)
		}
		if text, _ := alarm.Properties["AlarmDescription"].(string); text == "" {
			t.Errorf("template.yaml: %s must say in AlarmDescription what is wrong and what to do", id)
		}
		if told.Resources[id].Properties["AlarmActions"] != nil || !strings.Contains(fmt.Sprint(withMail.Resources[id].Properties["AlarmActions"]), "AlarmTopic") {
			t.Errorf("template.yaml: %s must tell AlarmTopic, when there is an address", id)
		}
		if n := len(metricsOf(alarm)); n == 0 || n > 10 {
			t.Errorf("template.yaml: %s reads %d metrics; an alarm may read 1 to 10", id, n)
		}
	}
}

// Every alarm has its row in docs/operations.md, and every row its alarm.
func TestEveryAlarmHasItsRow(t *testing.T) {
	p := load(t)
	var described []string
	for _, row := range rowsOf(t, page(t, p), "When an alarm rings")[1:] {
		described = append(described, strings.Trim(row[0], "`"))
	}
	for id := range alarms(t, p) {
		if !slices.Contains(described, id) {
			t.Errorf("docs/operations.md: add a row for the alarm `%s` under \"When an alarm rings\"", id)
		}
	}
	for _, id := range described {
		if p.dev.Resources[id].Type != alarmType {
			t.Errorf("docs/operations.md has a row for `%s`, which is no alarm of template.yaml", id)
		}
	}
}

// Silent failures: no caller waits for these, so only an alarm reports them.
func TestWhatFailsInSilenceHasAnAlarm(t *testing.T) {
	p := load(t)
	rings := map[string]bool{}
	for _, alarm := range alarms(t, p) {
		for _, m := range metricsOf(alarm) {
			rings[m.name+" "+m.dimensions["FunctionName"]+m.dimensions["QueueName"]] = true
		}
	}
	for _, f := range p.dev.Functions {
		if !rings["Throttles "+f.LogicalID] {
			t.Errorf("template.yaml: no alarm on Throttles of %s: add it to FunctionsThrottled, MoreFunctionsThrottled or OtherFunctionsThrottled", f.LogicalID)
		}
		if len(f.Routes) == 0 && !rings["Errors "+f.LogicalID] {
			t.Errorf("template.yaml: no alarm on Errors of %s, which no caller sees: add it to BackgroundErrors", f.LogicalID)
		}
	}
	for id, r := range p.dev.Resources {
		if r.Type == "AWS::SQS::Queue" && !rings["ApproximateNumberOfMessagesVisible "+id+".QueueName"] {
			t.Errorf("template.yaml: no alarm on letters in %s", id)
		}
	}
	for _, name := range []string{"WebhookFailures ", "WebhookRefusals ", "InvoiceMismatch ", "SweepFailed ", "SweepLag "} {
		if !rings[name] {
			t.Errorf("template.yaml: no alarm on %s", name)
		}
	}
}
