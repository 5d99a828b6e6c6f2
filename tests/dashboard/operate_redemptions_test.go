package dashboard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// referrals sells the standard catalog, with a program whose guard flags one mailbox: both sides get
// 100 messages.
func referrals(t *testing.T) (*world.World, *dashboard.Browser, string) {
	t.Helper()
	w, b := open(t)
	return w, b, sellReferrals(w)
}

func sellReferrals(w *world.World) (code string) {
	w.Helper()
	w.StandardCatalog()
	w.Post("/v1/rewards", world.JSON{"id": "gift", "name": "100 messages", "type": "free_product", "free_product_id": "bonus"})
	w.Post("/v1/reward_programs", world.JSON{"id": "friends", "when": "customer_creation", "internal_reward_id": "gift", "received_by": "all", "guard": world.JSON{"same_email": "flag"}})
	w.Post("/v1/customers", world.JSON{"id": "joe", "name": "Joe <b>", "email": "joe@gmail.com"})
	return fmt.Sprint(w.Post("/v1/referrals/code", world.JSON{"customer_id": "joe", "program_id": "friends"})["code"])
}

// redeem is a new customer with an e-mail address who redeems a code.
func redeem(w *world.World, code, id, email string) {
	w.Helper()
	w.Post("/v1/customers", world.JSON{"id": id, "name": "New " + id, "email": email})
	w.Post("/v1/referrals/redeem", world.JSON{"code": code, "customer_id": id})
}

// A held redemption says by which rule, and is given once it is approved.
func TestDASH70ApproveAHeldRedemption(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	if p := b.Get("/dashboard/redemptions"); !strings.Contains(p.Words(), "Nothing is held.") {
		t.Errorf("an empty list says %q", p.Words())
	}
	redeem(w, code, "r1", "jo.e+1@gmail.com")
	if p := b.Get("/dashboard"); p.Href("1 held redemption") != "/dashboard/redemptions?status=held" {
		t.Errorf("Overview says %q", p.Words())
	}
	p := b.Get("/dashboard/redemptions?status=held").Titled("Redemptions")
	row := p.Row("Redemptions", "New r1")
	for column, want := range map[string]string{"Referrer": "Joe <b>", "Program": "friends", "Date": "1 April 2027", "Status": "Held for review", "Why": "Same e-mail inbox"} {
		if row[column] != want {
			t.Errorf("%s is %q, want %q", column, row[column], want)
		}
	}
	p = p.Press("Approve").Titled("Approve redemption")
	if will := p.Region("What will happen"); !strings.Contains(will, "The reward “100 messages” is given.") || fmt.Sprint(w.Check("r1", "messages")["balance"]) != "100" {
		t.Errorf("the preview says %q, and the customer has %v", will, w.Check("r1", "messages")["balance"])
	}
	p.Says("Joe <b> gets it, as the referrer.", "New r1 gets it, as the new customer.")
	p.Press("Confirm approve").Said("Redemption approved.").Says("Nothing is held.")
	for _, id := range []string{"joe", "r1"} {
		w.HasBalance(id, "messages", true, 200)
	}
	if row := b.Get("/dashboard/redemptions?status=all").Row("Redemptions", "New r1"); row["Status"] != "Rewarded" || row["Actions"] != "" {
		t.Errorf("afterwards it is %v", row)
	}
	if p := b.Get("/dashboard"); !strings.Contains(p.Words(), "Nothing needs attention.") {
		t.Errorf("Overview says %q", p.Words())
	}
}

// A rejected one gives nothing, and what was decided elsewhere meanwhile is told.
func TestDASH71RejectAHeldRedemption(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	redeem(w, code, "r1", "jo.e+1@gmail.com")
	redeem(w, code, "r2", "jo.e+2@gmail.com")
	p := b.Get("/dashboard/redemptions")
	if rows := p.Table("Redemptions"); len(rows) != 3 || rows[1][0] != "New r2" {
		t.Fatalf("the list is %v, newest first", rows)
	}
	rejecting := p.Press("Reject").Titled("Reject redemption") // of r2, the first
	approving := b.Get("/dashboard/redemptions").Press("Approve")
	rejecting.Press("Confirm reject").Said("Redemption rejected.").Says("New r1").SaysNot("New r2")
	approving.Press("Confirm approve").Refused(http.StatusConflict, "This redemption is not held any more. Nothing was done. Back to redemptions")
	w.HasBalance("r2", "messages", true, 100)
	if row := b.Get("/dashboard/redemptions?status=all").Row("Redemptions", "New r2"); row["Status"] != "Rejected" || row["Why"] != "Same e-mail inbox, Rejected by a person" {
		t.Errorf("afterwards it is %v", row)
	}
	b.Try("/dashboard/redemptions?status=other").Refused(http.StatusNotFound, "The list “other” of redemptions does not exist: there are held and all.")
}

// A list of redemptions is read in few requests, and by pages.
func TestDASH72ManyRedemptions(t *testing.T) {
	t.Parallel()
	w, b, code := referrals(t)
	const many = 53
	for i := range many {
		redeem(w, code, fmt.Sprintf("r%02d", i), fmt.Sprintf("joe+%d@gmail.com", i))
	}
	b.Get("/dashboard/redemptions")
	p := b.Get("/dashboard/redemptions")
	if rows := p.Table("Redemptions"); len(rows) != 51 || p.Requests > dashboard.MaxRequests {
		t.Errorf("%d rows in %d requests", len(rows)-1, p.Requests)
	}
	p = p.Click("Next")
	if rows := p.Table("Redemptions"); len(rows) != many-50+1 || rows[many-50][0] != "New r00" {
		t.Errorf("the last page is %v", rows)
	}
	if first := p.Click("Previous"); len(first.Table("Redemptions")) != 51 {
		t.Error("Previous leads elsewhere")
	}
	if p := b.Get("/dashboard"); p.Href("53 held redemptions") == "" {
		t.Errorf("Overview says %q", p.Words())
	}
}
