package api

import (
	"bytes"
	stdjson "encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"windfall/shared/billing"
)

// maxBody is the longest request body that is read: several times the largest
// sensible product.
const maxBody = 256 << 10

func readBody(r *http.Request, rt route) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, billing.InvalidInputs("The body can't be read.")
	}
	if len(body) > maxBody {
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

// How a body is read. The package is what encoding/json/v2 is from Go 1.27 on:
// unlike encoding/json it matches names exactly, refuses a name that is given
// twice and text that is not UTF-8, and says in which field the mistake is.
var (
	lenient = json.WithUnmarshalers(json.UnmarshalFromFunc(exactNumber))
	strict  = json.JoinOptions(lenient, json.RejectUnknownMembers(true))
)

// exactNumber keeps a number of free JSON as it was written: no float64 on the
// way of a number.
func exactNumber(d *jsontext.Decoder, v *any) error {
	if d.PeekKind() != jsontext.KindNumber {
		return errors.ErrUnsupported // the usual way
	}
	text, err := d.ReadValue()
	*v = stdjson.Number(text)
	return err
}

// decode reads the body into In; an empty body is an empty object. A field
// that In does not have is refused: what it asks for would not be done.
func decode[In any](req Request) (In, error) { return decodeAs[In](req, strict) }

// decodeLenient ignores unknown fields: for calls that neither sell nor change
// what is sold, where clients send extras.
func decodeLenient[In any](req Request) (In, error) { return decodeAs[In](req, lenient) }

func decodeAs[In any](req Request, how json.Options) (In, error) {
	var in In
	body := bytes.TrimSpace(req.Body)
	if len(body) == 0 {
		return in, nil
	}
	if body[0] != '{' {
		return in, billing.InvalidInputs("The body must be a JSON object.")
	}
	if err := json.Unmarshal(body, &in, how); err != nil {
		return in, badJSON(err)
	}
	return in, nil
}
