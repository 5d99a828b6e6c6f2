package dashboard_test

import (
	"net/http"
	"testing"

	"windfall/tests/dashboard"
	"windfall/tests/world"
)

func open(t *testing.T) (*world.World, *dashboard.Browser) {
	t.Helper()
	w := world.New(t)
	return w, dashboard.Open(t, w.Stack.BaseURL, w.Stack)
}

// A browser on this machine is signed in, and finds every page by the navigation.
func TestDASH01TheFrame(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	p := b.Get("/dashboard").Titled("Overview")
	for _, name := range []string{"Skip to content", "Overview", "Customers", "Products", "Codes", "Redemptions", "Activity", "API keys", "Settings", "Clock"} {
		if p.Href(name) == "" {
			t.Errorf("there is no link %q", name)
		}
	}
	if p.Requests > dashboard.MaxRequests {
		t.Errorf("%d requests", p.Requests)
	}
	b.Try("/dashboard/nothing/here").Refused(http.StatusNotFound, "There is no page at this address.").Titled("Not found")
}
