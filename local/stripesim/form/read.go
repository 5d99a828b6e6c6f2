package form

import (
	"io"
	"net/http"
	"net/url"
)

// Read returns the parameters of a request, from its query and from its body,
// of which it reads 1 MiB at the most. An error is an *Error.
func Read(r *http.Request) (url.Values, error) {
	values := url.Values{}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return nil, &Error{Message: "The body can't be read."}
	}
	for _, text := range []string{r.URL.RawQuery, string(raw)} {
		more, err := url.ParseQuery(text)
		if err != nil {
			return nil, &Error{Message: "The parameters can't be read. Percent-encode all but letters, digits and -._~ in them, and separate them by &."}
		}
		for k, v := range more {
			values[k] = append(values[k], v...)
		}
	}
	return values, nil
}
