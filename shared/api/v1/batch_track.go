package v1

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"windfall/shared/api"
	"windfall/shared/api/words"
	"windfall/shared/app"
)

// batchEvent is an event of POST /v1/balances.batch_track: a track that is told nothing of its
// balance. What it does not know is refused, as a lock that nobody holds would be.
type batchEvent struct {
	trackRequest
	Async *bool `json:"async"` // the answer is the same
}

type batchResponse struct {
	Success     bool               `json:"success"` // always: what was refused is below
	Recorded    int                `json:"recorded"`
	NotRecorded []notRecordedJSON  `json:"not_recorded"`
	Dropped     []batchDroppedJSON `json:"dropped"`
}

// notRecordedJSON is an event that counts nothing, with the code and the message that a track would get.
type notRecordedJSON struct {
	Index      int    `json:"index"`
	CustomerID string `json:"customer_id"`
	Code       string `json:"code"`
	Message    string `json:"message"`
}

// batchDroppedJSON is an event of which no balance covers a part.
type batchDroppedJSON struct {
	Index      int        `json:"index"`
	CustomerID string     `json:"customer_id"`
	FeatureID  string     `json:"feature_id"`
	Dropped    api.Number `json:"dropped"`
}

// BatchTrack handles the batch in any dialect: its JSON is the same in both.
func BatchTrack(a *app.App) func(context.Context, api.Request) (any, error) {
	return func(ctx context.Context, req api.Request) (any, error) { return batchTrack(ctx, a, req) }
}

func batchTrack(ctx context.Context, a *app.App, req api.Request) (any, error) {
	in, err := api.DecodeList[batchEvent](req)
	if err != nil {
		return nil, err
	}
	if len(in) == 0 || len(in) > app.MaxBatch {
		return nil, api.InvalidInputs("The body is a list of 1 to %d events, got %d.", app.MaxBatch, len(in))
	}
	cmds := make([]app.TrackCommand, len(in))
	for i, event := range in {
		if err := event.check(req.Now); err != nil {
			return nil, atIndex(i, req, err)
		}
		cmds[i] = event.command()
	}
	done, err := a.TrackAll(ctx, req.Caller, cmds)
	var at *app.AtUse
	if errors.As(err, &at) {
		return nil, atIndex(at.Index, req, at.Err)
	}
	if err != nil {
		return nil, err
	}
	return batchAnswer(req, cmds, done), nil
}

// atIndex says which event an error is about.
func atIndex(i int, req api.Request, err error) error {
	status, body := api.ErrorAnswer(err, req.Env, words.Of)
	if status >= http.StatusInternalServerError {
		return err
	}
	return &api.Refusal{Status: status, Code: body.Code, Message: fmt.Sprintf("[%d] %s", i, body.Message), Err: err}
}

func batchAnswer(req api.Request, cmds []app.TrackCommand, done []app.Tracked) batchResponse {
	out := batchResponse{Success: true, NotRecorded: []notRecordedJSON{}, Dropped: []batchDroppedJSON{}}
	for i, t := range done {
		if t.Refused != nil {
			_, body := api.ErrorAnswer(t.Refused, req.Env, words.Of)
			out.NotRecorded = append(out.NotRecorded, notRecordedJSON{i, cmds[i].CustomerID, body.Code, body.Message})
			continue
		}
		out.Recorded++
		for _, c := range t.Counted {
			if !c.Dropped.IsZero() {
				out.Dropped = append(out.Dropped, batchDroppedJSON{i, cmds[i].CustomerID, c.FeatureID, api.NumberOf(c.Dropped)})
			}
		}
	}
	return out
}
