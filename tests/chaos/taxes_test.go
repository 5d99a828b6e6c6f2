package chaos

import . "windfall/tests/world"

// What is bought, changed and ended with a tax.
func init() {
	flows = append(flows, []flow{
		{"attach", "card on file, with a tax", taxed(card), attach("pro"), nil},
		{"attach", "no card, with a tax", taxed(nil), attach("pro"), payOpenPage},
		{"attach", "a tax for a customer who is nowhere", func(w *World) { card(w); w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true}) },
			act{do: attach("pro").do, told: "customer_tax_location_invalid", leave: `\\"rule\\":\\"refused\\"|^price\t\{"active":false`}, nil},
		{"attach", "upgrade with overage and a tax", taxed(overdrawn), attach("premium"), nil},
		{"cancel", "at once, credited, with a tax", taxed(held("pro")), cancel("pro", Immediately(), JSON{"prorate": true}), nil},
		{"cancel", "at once, with overage and a tax", taxed(overdrawn), cancel("use", Immediately()), nil},
		{"cancel", "at once, while a renewal with a tax is a draft", taxed(draftHour), cancel("use", Immediately()), nil},
	}...)
	histories = append(histories, []history{
		{"attach", "upgrade with a tax, which is switched off at Stripe", taxed(overdrawn), func(w *World) {
			w.Attach("c", "premium")
			w.ChangeSubscription("c", JSON{"automatic_tax": JSON{"enabled": false}})
		}},
		{"attach", "a page with a tax is paid", taxed(nil), func(w *World) { payPage(w, "pro") }},
		{"webhook", "renewal with a tax, after the address moved", taxed(held("pro")), func(w *World) {
			w.Call("PATCH", "/v1/customers/c", JSON{"address": JSON{"country": "FR"}})
			toRenewal(w)
		}},
	}...)
}

// taxed prepares what another function does with the tax switched on, for a customer in
// Germany.
func taxed(prepare func(w *World)) func(w *World) {
	return func(w *World) {
		w.Call("PATCH", "/v1/settings", JSON{"automatic_tax": true})
		w.Call("PATCH", "/v1/customers/c", JSON{"address": JSON{"country": "DE"}})
		if prepare != nil {
			prepare(w)
		}
	}
}
