package control

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"windfall/local/loopback"
	"windfall/shared/api"
)

// maxBody is the longest request body, equal to the API's.
const maxBody = 256 << 10

// admit refuses URL parameters, as no control call takes any, and a body where
// none is read.
func admit(r *http.Request) error {
	if r.URL.RawQuery != "" {
		given, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return invalid("The parameters of the URL can't be read. This call takes none: put them into the body.")
		}
		for _, name := range slices.Sorted(maps.Keys(given)) {
			return invalid(strconv.Quote(name) + ": this call takes no parameters in the URL. Put them into the body.")
		}
	}
	if r.Method == http.MethodPost {
		if !loopback.IsJSON(r) {
			return notJSON(r)
		}
		return nil
	}
	body, err := bodyOf(r)
	if text := bytes.TrimSpace(body); err == nil && len(text) > 0 && string(text) != "{}" && string(text) != "null" {
		return invalid("A " + r.Method + " takes no body here. Send none.")
	}
	return err
}

// notJSON refuses a POST that a form of any web page could send, with or
// without a body.
func notJSON(r *http.Request) error {
	sent := "none"
	if kind := r.Header.Get("Content-Type"); kind != "" {
		sent = strconv.Quote(kind)
	}
	return &failure{http.StatusUnsupportedMediaType, "unsupported_media_type",
		"Send the header Content-Type: application/json, with curl: -H 'Content-Type: application/json'. It came with " + sent + "."}
}

func bodyOf(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, invalid("The body can't be read.")
	}
	if len(body) > maxBody {
		return nil, &failure{http.StatusRequestEntityTooLarge, "request_too_large", "The body has more than 256 KB."}
	}
	return body, nil
}

// read reads the body as strictly as the API reads its own.
func read[In any](r *http.Request) (In, error) {
	var none In
	body, err := bodyOf(r)
	if err != nil {
		return none, err
	}
	in, err := api.ReadBody[In](body)
	var refused *api.Refusal
	if errors.As(err, &refused) {
		return none, invalid(refused.Message)
	}
	return in, err
}

// takesNothing refuses every field of the body.
func takesNothing(r *http.Request) error {
	_, err := read[struct{}](r)
	return err
}
