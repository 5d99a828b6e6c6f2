package dashboard_test

import (
	"testing"

	"windfall/tests/dashboard"
)

// Every page is there on a stack with a bit of everything, under its h1, within its requests.
func TestDASH12EveryPage(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	dashboard.Fill(w)
	b.Get("/dashboard") // the catalog and the session are read
	for _, l := range dashboard.Pages(t, ".") {
		b.Get(l.Path)
		if p := b.Get(l.Path).Titled(l.H1); p.Requests > l.Requests || l.Requests > dashboard.MaxRequests {
			t.Errorf("%s: %d requests, at most %d of %d", l.Path, p.Requests, l.Requests, dashboard.MaxRequests)
		}
	}
}
