package payments

import (
	"testing"

	. "windfall/tests/world"
)

// A subscription whose payment is refunded or disputed goes on, unless the
// company has decided otherwise by a setting.
func TestAccessAfterASubscriptionsPaymentIsTakenBack(t *testing.T) {
	t.Parallel()
	const all = 0
	refundEnds, disputeEnds := JSON{"refund_ends_access": true}, JSON{"dispute_ends_access": true}
	on, off := "pro active", "free active"
	for name, tt := range map[string]struct {
		settings JSON
		happen   func(w *World)
		has      string
		rules    []string
	}{
		"refunded":                              {JSON{}, func(w *World) { refunded(w, "c", all) }, on, []string{"payment_refunded"}},
		"refunded in part":                      {JSON{}, func(w *World) { refunded(w, "c", 500) }, on, []string{"payment_refunded"}},
		"disputed":                              {JSON{}, func(w *World) { disputed(w, "c", all) }, on, []string{"payment_disputed"}},
		"disputed and won":                      {JSON{}, func(w *World) { decided(w, disputed(w, "c", all), "won") }, on, []string{"payment_disputed", "payment_restored"}},
		"refunded, which ends":                  {refundEnds, func(w *World) { refunded(w, "c", all) }, off, []string{"payment_refunded"}},
		"refunded in part, which ends nothing":  {refundEnds, func(w *World) { refunded(w, "c", 500) }, on, []string{"payment_refunded"}},
		"refunded in two parts, which ends":     {refundEnds, func(w *World) { refunded(w, "c", 500); refunded(w, "c", all) }, off, []string{"payment_refunded", "payment_refunded"}},
		"disputed, and only a refund ends":      {refundEnds, func(w *World) { disputed(w, "c", all) }, on, []string{"payment_disputed"}},
		"disputed, which ends":                  {disputeEnds, func(w *World) { disputed(w, "c", all) }, off, []string{"payment_disputed"}},
		"disputed in part, which ends":          {disputeEnds, func(w *World) { disputed(w, "c", 500) }, off, []string{"payment_disputed"}},
		"disputed, ended and won":               {disputeEnds, func(w *World) { decided(w, disputed(w, "c", all), "won") }, off, []string{"payment_disputed", "payment_restored"}},
		"refunded, and only a dispute ends":     {disputeEnds, func(w *World) { refunded(w, "c", all) }, on, []string{"payment_refunded"}},
		"refunded, but for an earlier period":   {refundEnds, func(w *World) { w.AdvancePastRenewal(T1); earlier(w, "refund") }, on, []string{"payment_refunded"}},
		"the renewal is refunded, which ends":   {refundEnds, func(w *World) { w.AdvancePastRenewal(T1); refunded(w, "c", all) }, off, []string{"payment_refunded"}},
		"disputed, for an earlier period":       {disputeEnds, func(w *World) { w.AdvancePastRenewal(T1); earlier(w, "dispute") }, off, []string{"payment_disputed"}},
		"refunded, and a dearer one is held":    {refundEnds, func(w *World) { w.Attach("c", "premium"); earlier(w, "refund") }, "premium active", []string{"payment_refunded"}},
		"the upgrade is refunded, which ends":   {refundEnds, func(w *World) { w.Attach("c", "premium"); refunded(w, "c", all) }, off, []string{"payment_refunded"}},
		"refunded after the end of the product": {refundEnds, func(w *World) { w.Cancel("c", "pro", Immediately()); refunded(w, "c", all) }, off, []string{"payment_refunded"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			heard := &MetricLog{}
			w := heard.World(t)
			w.StandardCatalog()
			w.Call("PATCH", "/v1/settings", tt.settings)
			w.CustomerWithCard("c", "pro")
			invoices := len(w.Invoices("c"))
			tt.happen(w)
			w.HasProducts("c", tt.has)
			w.Want("history", entries(w, "c"), tt.rules)
			if heard.Sum("PaymentReturned") == 0 {
				t.Error("nobody was told")
			}
			if n := len(w.Invoices("c")); n > invoices+1 {
				t.Errorf("%d invoices", n)
			}
			if tt.has == off {
				w.Want("the subscription", ValueAt(w.AtStripe("c"), "subscriptions.0.status"), "canceled")
			}
		})
	}
}

// earlier takes the first payment back.
func earlier(w *World, how string) {
	w.Helper()
	w.Post("/_local/invoices/"+w.Invoices("c")[0].ID+"/"+how, JSON{})
}

// A one-off that opens a feature has no units to take: the settings decide about
// it as well.
func TestAccessAfterAOneOffIsTakenBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		settings JSON
		times    int
		allowed  bool
	}{
		"it stays":                      {JSON{}, 1, true},
		"it ends":                       {JSON{"refund_ends_access": true}, 1, false},
		"bought twice, one is refunded": {JSON{"refund_ends_access": true}, 2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := New(t)
			w.StandardCatalog()
			w.Product("for_life", "", JSON{"price": 99}, BooleanFeature("admin")).AddOn()
			w.Call("PATCH", "/v1/settings", tt.settings)
			w.CustomerWithCard("c")
			for range tt.times {
				w.Attach("c", "for_life")
				w.Advance("1m") // at once it would be taken for a repetition
			}
			refunded(w, "c", 0)
			w.Want("allowed", w.Check("c", "admin")["allowed"], tt.allowed)
		})
	}
}
