package dashboard_test

import (
	"net/http"
	"testing"

	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// The clock of this machine is moved by a page, which says what happened; whoever moved it stays signed in.
func TestDASH78TheClock(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.CustomerWithCard("c", "pro")
	p := b.Get("/dashboard").Click("Clock").Titled("Clock").Says("It is 1 April 2027, 00:00 UTC.")
	p = p.Form("Move the clock").Choose("Move by", "1 month").Press("Move").Said("Clock moved.").Says("It is 1 May 2027, 00:00 UTC.")
	if rows := p.Table("What happened"); len(rows) < 3 {
		t.Errorf("what happened: %v", rows)
	}
	p = p.Form("Move the clock").Fill("Move to", "2027-05-01T01:30").Press("Move").Said("Clock moved.").Says("It is 1 May 2027, 01:30 UTC.", "Invoice paid")
	w.Billed("c", 2000, 2000)
	p.Form("Move the clock").Fill("Move to", "2027-04-01T00:00").Press("Move").Refused(http.StatusBadRequest, "Move to: to: the clock only moves forward, and stands at 2027-05-01T01:30:00Z.").Says("It is 1 May 2027, 01:30 UTC.")
}

// No deployed function has the clock: behind the gateway there is no such page.
func TestDASH79NoClockIsDeployed(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	b := dashboard.Open(t, w.Stack.BaseURL, w.Stack)
	b.Get("/dashboard")
	b2 := dashboard.Open(t, w.Stack.BaseURL, w.Stack.Gateway)
	b2.Cookies = b.Cookies
	b2.Try("/dashboard/clock").Refused(http.StatusNotFound, "There is no page at this address. Back to Overview")
}
