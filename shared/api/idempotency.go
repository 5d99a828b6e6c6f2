package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"windfall/shared/app"
)

var (
	errReused = &Refusal{Status: http.StatusUnprocessableEntity, Code: "idempotency_key_reused",
		Message: "This Idempotency-Key was used before with another request."}
	errStillRunning = &Refusal{Status: http.StatusConflict, Code: "request_in_progress",
		Message: "The first request with this Idempotency-Key is still running. Repeat it in a moment."}
)

// maxIdempotencyKey is how long a key may be, in bytes.
const maxIdempotencyKey = 255

// once runs a request that carries an Idempotency-Key: the first answer is
// stored for a day and replayed. A 5xx, 409 or 429 frees the key. If the key
// can't be stored the request is not run at all.
//
// Source: draft-ietf-httpapi-idempotency-key-header-07: another body is 422, a
// concurrent repetition 409.
func (f *Function) once(ctx context.Context, req Request, rt *Route, key string) answer {
	if req.Publishable {
		key = "publishable\x00" + req.KeyHash + "\x00" + key // no header holds a NUL, so secret keys can't collide with it
	}
	hash := hashRequest(req)
	stored, err := f.app.Store.BeginRequest(ctx, req.Env, key, hash, req.Now)
	switch {
	case err != nil:
		return rt.failure(err, req.Env)
	case stored != nil && stored.BodyHash != hash:
		return rt.failure(errReused, req.Env)
	case stored != nil && stored.Status == 0:
		return rt.failure(errStillRunning, req.Env)
	case stored != nil:
		return answer{status: stored.Status, body: []byte(stored.Body), replayed: true}
	}
	req.RequestKey = key
	a := f.run(ctx, req, rt)
	keep := &app.StoredAnswer{BodyHash: hash, Status: a.status, Body: string(a.body)}
	if a.status >= http.StatusInternalServerError || a.status == http.StatusConflict || a.status == http.StatusTooManyRequests || a.status == errReused.Status {
		keep = nil // of a key that is another request's, which may come again
	}
	if err := f.app.Store.EndRequest(ctx, req.Env, key, keep, req.Now); err != nil {
		// The command has run. A repetition finds the key in use until it
		// lapses, and then the operation itself.
		f.app.Log.WarnContext(ctx, "the answer to an Idempotency-Key was not stored", "cause", err)
	}
	return a
}

func hashRequest(req Request) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s\n%s", req.Method, req.URL.RequestURI(), req.Header.Get("X-Api-Version")))
	body := sha256.Sum256(req.Body)
	return hex.EncodeToString(sum[:8]) + hex.EncodeToString(body[:16])
}
