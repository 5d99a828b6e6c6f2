package customers

import (
	"testing"

	. "windfall/tests/world"
)

func TestCUS01GetOrCreate(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	first := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": "c1", "name": "A", "email": "a@x.io"})
	second := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": "c1", "name": "B"})
	third := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": "c1"})
	w.Want("internal id the second time", second["autumn_id"], first["autumn_id"])
	w.Want("internal id the third time", third["autumn_id"], first["autumn_id"])
	w.Want("name", third["name"], "A")
	w.Want("Stripe customer", third["stripe_id"], nil)
	w.HasProducts("c1", "free active")
	w.HasBalance("c1", "messages", true, 100)
	w.Billed("c1")
}

func TestCUS02CreatedByAttach(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	done := w.Attach("new", "pro", JSON{"customer_data": JSON{"name": "N", "email": "n@x.io", "fingerprint": "f1"}})
	w.Want("code", done["code"], "checkout_created")
	if done["checkout_url"] == nil {
		t.Fatal("no checkout_url")
	}
	c := w.Customer("new")
	w.Want("name, e-mail, fingerprint", []any{c["name"], c["email"], c["fingerprint"]}, []any{"N", "n@x.io", "f1"})
	if c["stripe_id"] == nil {
		t.Error("the first billing call makes the Stripe customer")
	}
	w.HasProducts("new", "free active")
}

func TestCUS03CreatedByCheckAndTrack(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.HasBalance("new1", "messages", true, 100)
	w.Track("new2", "messages", 3)
	w.HasBalance("new2", "messages", true, 97)
	for _, id := range []string{"new1", "new2"} {
		w.Want("Stripe customer of "+id, w.Customer(id)["stripe_id"], nil)
	}
}

func TestCUS04PreCreatedByEmail(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	made := w.Post("/v1/customers?with_autumn_id=true", JSON{"id": nil, "email": "Jo@X.io", "name": "Jo"})
	w.Want("id", made["id"], nil)
	w.Want("allowed", w.Check("u1", "messages", JSON{"customer_data": JSON{"email": "jo@x.io"}})["allowed"], true)
	claimed := w.Get("/v1/customers/u1?with_autumn_id=true")
	w.Want("internal id", claimed["autumn_id"], made["autumn_id"])
	w.Want("name", claimed["name"], "Jo")
	w.HasProducts("u1", "free active")
	w.HasBalance("u1", "messages", true, 100)
}

func TestCUS05CustomerDataFillsBlanksOnly(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/customers", JSON{"id": "c"})
	w.Check("c", "messages", JSON{"customer_data": JSON{"name": "N", "email": "e@x.io"}})
	w.Check("c", "messages", JSON{"customer_data": JSON{"name": "N2", "email": "e2@x.io"}})
	c := w.Customer("c")
	w.Want("name and e-mail", []any{c["name"], c["email"]}, []any{"N", "e@x.io"})
}

func TestCUS06DefaultPerGroup(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	w.Post("/v1/products/g2_free", JSON{"is_default": true})
	w.Post("/v1/customers", JSON{"id": "c"})
	w.HasProducts("c", "free active", "g2_free active")
	w.HasBalance("c", "messages", true, 100)
	w.HasBalance("c", "storage", true, 10)
}

func TestCUS07LinkToAnExistingStripeCustomer(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	other := w.Post("/v1/customers", JSON{"id": "seller", "create_in_stripe": true})
	if other["stripe_id"] == nil {
		t.Fatal("create_in_stripe makes the Stripe customer at once")
	}
	_, text, err := w.Stack.Stripe("POST", "/v1/customers", nil)
	if err != nil {
		t.Fatal(err)
	}
	stripeID := ValueAt(ParseJSON(t, text), "id")
	linked := w.Post("/v1/customers", JSON{"id": "c", "stripe_id": stripeID})
	w.Want("stripe_id", linked["stripe_id"], stripeID)
	w.Buy("c", "pro")
	w.Want("customer of the subscription", ValueAt(w.AtStripe("c"), "subscriptions.0.customer"), stripeID)
	w.Want("stripe_id after buying", w.Customer("c")["stripe_id"], stripeID)
	w.Refused(400, "invalid_request", "/v1/customers", JSON{"id": "d", "stripe_id": "cus_nobody"})
	w.Refused(409, "duplicate_customer_id", "/v1/customers", JSON{"id": "e", "stripe_id": stripeID})
}

// An id is the application's own text: an e-mail address, a "#", a space.
func TestCustomerIDsOfAnyKind(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.StandardCatalog()
	for _, id := range []string{"jo@x.io", "a#b", "two words", "ключ", "a+b", "a:b"} {
		w.Track(id, "messages", 1)
		w.Want("id", w.Customer(id)["id"], id)
		w.HasBalance(id, "messages", true, 99)
	}
}
