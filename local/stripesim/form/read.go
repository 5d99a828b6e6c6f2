package form

import (
	"io"
	"net/http"
	"net/url"
)

// Read returns the parameters of a request, from its query and from its body,
// of which it reads 1 MiB at the most.
func Read(r *http.Request) (url.Values, error) {
	values := url.Values{}
	raw, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	for _, text := range []string{r.URL.RawQuery, string(raw)} {
		more, err := url.ParseQuery(text)
		if err != nil {
			return nil, err
		}
		for k, v := range more {
			values[k] = append(values[k], v...)
		}
	}
	return values, nil
}
