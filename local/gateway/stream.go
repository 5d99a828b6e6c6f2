package gateway

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// InvokeStream runs a function of the table's stream with a batch of records,
// each the JSON of one change. It returns how many of them are done: the
// function names the first one that failed, and that one and all later ones are
// delivered again, as Lambda does with ReportBatchItemFailures. The errors are
// those of [Backend]; then none is done.
func (g *Gateway) InvokeStream(ctx context.Context, function string, records []json.RawMessage) (done int, err error) {
	f, ok := g.template.Function(function)
	if !ok || f.Stream == "" {
		return 0, fmt.Errorf("function %q reads no stream in the template", function)
	}
	payload, err := json.Marshal(map[string][]json.RawMessage{"Records": records})
	if err != nil {
		return 0, err
	}
	answer, err := g.invoke(ctx, function, payload)
	if err != nil {
		return 0, err
	}
	var out struct {
		Failures []struct {
			ID string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err := json.Unmarshal(answer, &out); err != nil {
		return 0, &FunctionError{Type: "Function.UnusableAnswer", Message: err.Error()}
	}
	done = len(records)
	for _, failed := range out.Failures {
		at := slices.IndexFunc(records, func(r json.RawMessage) bool { return sequenceNumber(r) == failed.ID })
		done = min(done, max(at, 0)) // an unknown number fails the whole batch
	}
	return done, nil
}

func sequenceNumber(record json.RawMessage) string {
	var r struct {
		Change struct{ SequenceNumber string } `json:"dynamodb"`
	}
	_ = json.Unmarshal(record, &r) // an unreadable record has no number
	return r.Change.SequenceNumber
}
