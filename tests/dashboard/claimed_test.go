package dashboard_test

import (
	"slices"
	"testing"

	. "windfall/tests/world"
)

// What a customer did before the application's first call, under the id that they were given, is shown after it.
func TestDASH21AClaimKeepsTheHistory(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	w.StandardCatalog()
	w.Post("/v1/rewards", Merge(TenPercentOff(), JSON{"id": "ten", "name": "Ten"}))
	w.Post("/v1/reward_programs", JSON{"id": "friends", "when": "customer_creation", "reward_id": "ten", "received_by": "referrer"})
	id := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": nil, "email": "jo@example.com", "name": "Jo"})["autumn_id"].(string)
	w.PutGoodCard(id)
	w.Attach(id, "pro")
	w.Track(id, "messages", 5)
	code := w.Post("/v1/referrals/code", JSON{"customer_id": id, "program_id": "friends"})["code"].(string)
	w.Advance("2h")
	w.Post("/v1/customers", JSON{"id": "jo", "email": "jo@example.com"})
	w.Track("jo", "messages", 2)
	w.Post("/v1/customers", JSON{"id": "bob", "name": "Bob"})
	w.Post("/v1/referrals/redeem", JSON{"code": code, "customer_id": "bob"})
	w.WaitIdle()
	b.Get("/dashboard/customers/jo?tab=usage").Titled("Jo").Says("7 in 30 days")
	if row := b.Get("/dashboard/customers/jo?tab=referrals").Row("Referral codes", "friends"); row["Code"] != code {
		t.Errorf("code: %v", row)
	}
	b.Get("/dashboard/customers/jo?tab=referrals").Row("Referrals made", "Bob")
	if rows := b.Get("/dashboard/customers/jo?tab=invoices").Table("Invoices"); len(rows) != 2 {
		t.Errorf("invoices: %q", rows)
	}
	var said []string
	for _, row := range b.Get("/dashboard/customers/jo?tab=timeline").Table("Timeline")[1:] {
		said = append(said, row[2])
	}
	if want := []string{"Reward applied", "Redemption", "Claim: id: nothing → jo", "Starts pro; ends free", "Known to Stripe", "Customer created: starts free"}; !slices.Equal(said, want) {
		t.Errorf("timeline: %q, want %q", said, want)
	}
}
