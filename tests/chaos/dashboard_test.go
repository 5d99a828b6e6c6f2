package chaos

import (
	"net/http"
	"net/url"

	"windfall/tests/dashboard"
	. "windfall/tests/world"
)

// Confirms of the dashboard: a person has seen what will happen, and clicks; it dies anywhere, and they click again.
func init() {
	flows = append(flows,
		flow{"dashboard", "enable, card on file", previewed(card, "enable", func(p *dashboard.Page) *dashboard.Page {
			return p.Form("Enable product").Choose("Product", "pro").Choose("Payment", "Charge the card on file").Press("Preview")
		}), confirm, nil},
		flow{"dashboard", "enable, by invoice", previewed(nil, "enable", func(p *dashboard.Page) *dashboard.Page {
			return p.Form("Enable product").Choose("Product", "pro").Choose("Payment", "Send an invoice").Press("Preview")
		}), confirm, nil},
		flow{"dashboard", "enable, an upgrade", previewed(held("pro"), "enable", func(p *dashboard.Page) *dashboard.Page {
			return p.Form("Enable product").Choose("Product", "premium").Choose("Payment", "Charge the card on file").Press("Preview")
		}), confirm, nil},
	)
}

// previewed opens a form of the customer after the history before, and notes the form that confirms its preview.
func previewed(before func(*World), form string, fill func(*dashboard.Page) *dashboard.Page) func(*World) {
	return func(w *World) {
		w.Helper()
		if w.Post("/v1/customers", JSON{"id": "c"}); before != nil {
			before(w)
		}
		b := dashboard.Open(w.T, w.Stack.BaseURL, w.Stack)
		f := fill(b.Get("/dashboard/customers/c/" + form)).Form("What will happen")
		w.Notes["action"], w.Notes["form"], w.Notes["session"] = f.Action, f.Values.Encode(), b.Cookies["__Host-windfall"]
	}
}

// confirm sends the form as a browser does. Where it was done it leads on.
var confirm = act{sweep: true, do: func(w *World) []Answer {
	w.Helper()
	if _, err := url.ParseQuery(w.Notes["form"]); err != nil {
		w.Fatal(err)
	}
	a := w.Do("", http.MethodPost, w.Notes["action"], w.Notes["form"], func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.AddCookie(&http.Cookie{Name: "__Host-windfall", Value: w.Notes["session"]})
	})
	if a.Status == http.StatusSeeOther {
		a.Status = http.StatusOK
	}
	return []Answer{a}
}}
