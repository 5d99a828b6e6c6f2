package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody is the longest request body that is read: several times the largest
// sensible product. Stripe's webhooks have no limit but API Gateway's own, as
// Stripe repeats a refused event for days.
const maxBody = 256 << 10

const aJSON = "application/json"

func readBody(r *http.Request, rt *Route) ([]byte, error) {
	if r.ContentLength > maxBody && rt.Access != Open {
		return nil, &Refusal{Status: http.StatusRequestEntityTooLarge, Code: "request_too_large",
			Message: "The body has more than 256 KB."}
	}
	body := make([]byte, r.ContentLength) // the adapter has it in memory and knows its length
	if _, err := io.ReadFull(r.Body, body); err != nil {
		return nil, InvalidInputs("The body can't be read.")
	}
	if text := Trimmed(body); r.Method == http.MethodDelete && len(text) > 0 && string(text) != "{}" && string(text) != "null" {
		return nil, InvalidInputs("A DELETE takes its parameters in the URL. Send no body.")
	}
	if rt.Access != Open && len(body) > 0 && r.Method != http.MethodGet {
		kind := r.Header.Get("Content-Type")
		if kind != aJSON {
			var more map[string]string
			kind, more, _ = mime.ParseMediaType(kind)
			if set := more["charset"]; set != "" && !strings.EqualFold(set, "utf-8") && !strings.EqualFold(set, "us-ascii") {
				return nil, &Refusal{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type",
					Message: "JSON is written in UTF-8. Send it so, without another charset in the header Content-Type."}
			}
		}
		if kind != aJSON {
			return nil, &Refusal{Status: http.StatusUnsupportedMediaType, Code: "unsupported_media_type",
				Message: "Send JSON, with the header \"Content-Type: application/json\"."}
		}
	}
	return body, nil
}

// Trimmed is a body without the white space around it that JSON knows: anything else makes it no JSON.
func Trimmed(body []byte) []byte { return bytes.Trim(body, " \t\r\n") }

// Decode reads the body into In; an empty body is an empty object. A field that
// In does not have is refused, at any depth, as it would have no effect.
func Decode[In any](req Request) (In, error) { return decodeAs[In](req, true) }

// DecodeLenient ignores unknown fields: for calls that neither sell nor change
// the catalog, where clients send extras.
func DecodeLenient[In any](req Request) (In, error) { return decodeAs[In](req, false) }

// DecodeList is Decode for a list; one object is a list of one.
func DecodeList[In any](req Request) ([]In, error) {
	body := Trimmed(req.Body)
	if len(body) > 0 && body[0] == '[' {
		return read[[]In](body, true)
	}
	if len(body) == 0 || body[0] != '{' {
		return nil, InvalidInputs("The body must be a list of JSON objects.")
	}
	in, err := read[In](body, true)
	return []In{in}, err
}

func decodeAs[In any](req Request, strict bool) (In, error) {
	body := Trimmed(req.Body)
	if len(body) == 0 {
		return *new(In), nil
	}
	if body[0] != '{' {
		return *new(In), InvalidInputs("The body must be a JSON object.")
	}
	return read[In](body, strict)
}

func read[In any](body []byte, strict bool) (In, error) {
	var in In
	body, err := scan(body, shapeFor[In](), strict)
	if err != nil {
		return in, err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber() // numbers stay exact: no float64
	if err := d.Decode(&in); err != nil {
		return in, unread(err)
	}
	return in, nil
}

// unread is the error of a body that passed the scanner but not encoding/json.
func unread(err error) error {
	var known *Refusal
	if errors.As(err, &known) {
		return known
	}
	told := InvalidInputs("The body is not the JSON that this endpoint takes.")
	told.Err = err
	return told
}
