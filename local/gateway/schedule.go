package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// scheduled is the event of EventBridge Scheduler for a target without an
// input of its own.
type scheduled struct {
	Version    string   `json:"version"`
	ID         string   `json:"id"`
	DetailType string   `json:"detail-type"`
	Source     string   `json:"source"`
	Account    string   `json:"account"`
	Time       string   `json:"time"` // RFC 3339, whole seconds
	Region     string   `json:"region"`
	Resources  []string `json:"resources"`
	Detail     string   `json:"detail"` // "{}", a string
}

// InvokeScheduled runs a scheduled function with the time at as its clock. It
// returns the function's answer, and the errors of [Backend].
func (g *Gateway) InvokeScheduled(ctx context.Context, function string, at time.Time) ([]byte, error) {
	f, ok := g.template.Function(function)
	if !ok || f.Schedule == "" {
		return nil, fmt.Errorf("function %q has no schedule in the template", function)
	}
	payload, err := json.Marshal(scheduled{
		Version: "0", ID: g.requestID(), DetailType: "Scheduled Event", Source: "aws.scheduler",
		Account: localAccount, Time: at.UTC().Format(time.RFC3339), Region: localRegion,
		Resources: []string{"arn:aws:scheduler:" + localRegion + ":" + localAccount + ":schedule/default/" + f.LogicalID},
		Detail:    "{}",
	})
	if err != nil {
		return nil, err
	}
	return g.invoke(ctx, function, payload)
}
