package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"windfall/shared/billing"
)

// maxBody is the longest request body that is read: several times the largest
// sensible product. What Stripe signs has no limit but API Gateway's own, as a
// refused event comes back for days.
const maxBody = 256 << 10

func readBody(r *http.Request, rt route) ([]byte, error) {
	from := io.Reader(r.Body)
	if rt.access != open {
		from = io.LimitReader(from, maxBody+1)
	}
	body, err := io.ReadAll(from)
	if err != nil {
		return nil, billing.InvalidInputs("The body can't be read.")
	}
	if len(body) > maxBody && rt.access != open {
		return nil, &billing.Error{Kind: billing.KindTooLarge, Code: "request_too_large",
			Message: "The body has more than 256 KB."}
	}
	if rt.access != open && len(body) > 0 && r.Method != http.MethodGet {
		kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if kind != "application/json" {
			return nil, &billing.Error{Kind: billing.KindMediaType, Code: "unsupported_media_type",
				Message: "Send JSON, with the header \"Content-Type: application/json\"."}
		}
	}
	return body, nil
}

// decode reads the body into In. Unknown fields are ignored, as SDKs send
// extras; an empty body is an empty object.
func decode[In any](req Request) (In, error) { return decodeAs[In](req, false) }

// decodeStrict refuses unknown fields: for writes where a misspelt field would
// cost money.
func decodeStrict[In any](req Request) (In, error) { return decodeAs[In](req, true) }

func decodeAs[In any](req Request, strict bool) (In, error) {
	var in In
	if len(bytes.TrimSpace(req.Body)) == 0 {
		return in, nil
	}
	if bytes.TrimSpace(req.Body)[0] != '{' {
		return in, billing.InvalidInputs("The body must be a JSON object.")
	}
	d := json.NewDecoder(bytes.NewReader(req.Body))
	d.UseNumber() // no float64 on the way of a number
	if strict {
		d.DisallowUnknownFields()
	}
	if err := d.Decode(&in); err != nil {
		return in, badJSON(err)
	}
	if d.More() {
		return in, billing.InvalidInputs("The body holds more than one JSON value.")
	}
	return in, nil
}

func badJSON(err error) error {
	var known *billing.Error
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &wrong) && wrong.Field != "":
		return billing.InvalidInputs("%s: expected %s, got %s.", wrong.Field, jsonName(wrong.Type.Kind().String()), wrong.Value)
	}
	return billing.InvalidInputs("The body is not the JSON this endpoint takes: %s.", err)
}

func jsonName(kind string) string {
	switch kind {
	case "bool":
		return "boolean"
	case "slice":
		return "array"
	case "map", "struct":
		return "object"
	case "int", "int64":
		return "whole number"
	}
	return kind
}
