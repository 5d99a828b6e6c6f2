package dashboard_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"windfall/shared/app"
	pages "windfall/shared/dashboard"
	"windfall/shared/dashboard/web"
	"windfall/tests/dashboard"
	"windfall/tests/world"
)

// A previewed is a command in two steps, as far as its preview.
type previewed struct {
	at     string // its pattern
	button string
	said   string
	open   func(b *dashboard.Browser) *dashboard.Page
}

func previews() []previewed {
	get := func(path string) func(b *dashboard.Browser) *dashboard.Page {
		return func(b *dashboard.Browser) *dashboard.Page { return b.Get(path) }
	}
	redemption := func(link string) func(b *dashboard.Browser) *dashboard.Page {
		return func(b *dashboard.Browser) *dashboard.Page {
			return b.Get("/dashboard/redemptions?status=held").Press(link)
		}
	}
	return []previewed{
		{"/dashboard/customers/{id}/enable", "Enable Premium and send an invoice of $50.00", "Premium enabled.", func(b *dashboard.Browser) *dashboard.Page {
			f := b.Get("/dashboard/customers/bob/enable").Form("Enable product").Choose("Product", "Premium").Choose("Payment", "Send an invoice")
			return f.Fill("Reward or code", "").Press("Preview")
		}},
		{"/dashboard/customers/{id}/products/{product}/cancel", "Confirm cancel", "Pro cancelled.", func(b *dashboard.Browser) *dashboard.Page {
			return b.Get("/dashboard/customers/ada").Click("Cancel Pro").Form("Cancel Pro").Press("Preview")
		}},
		{"/dashboard/customers/{id}/reward", "Give $5 off", "Reward given.", func(b *dashboard.Browser) *dashboard.Page {
			return b.Get("/dashboard/customers/ada/reward").Form("Give reward").Choose("Reward", "$5 off").Fill("Reason", "An outage").Press("Preview")
		}},
		{"/dashboard/codes/deactivate", "Deactivate 1 code", "1 code deactivated.", func(b *dashboard.Browser) *dashboard.Page {
			return b.Get("/dashboard/codes").FormOf("Deactivate selected").Check("Select LAUNCH20").Press("Deactivate selected")
		}},
		{"/dashboard/codes/activate", "Activate 1 code", "1 code activated.", func(b *dashboard.Browser) *dashboard.Page {
			off := b.Get("/dashboard/codes").FormOf("Deactivate selected").Check("Select LAUNCH20").Press("Deactivate selected").Press("Deactivate 1 code")
			return off.Get("/dashboard/codes").FormOf("Activate selected").Check("Select LAUNCH20").Press("Activate selected")
		}},
		{"/dashboard/products/rewards/{id}/delete", "Delete 100 messages less", "Reward deleted.", get("/dashboard/products/rewards/less/delete")},
		{"/dashboard/products/referral-programs/{id}/delete", "Delete friends", "Referral program deleted.", get("/dashboard/products/referral-programs/friends/delete")},
		{"/dashboard/products/features/{id}/delete", "Delete Seats", "Feature deleted.", get("/dashboard/products/features/seats/delete")},
		{"/dashboard/products/products/{id}/delete", "Delete Top-up", "Product deleted.", get("/dashboard/products/products/topup/delete")},
		{"/dashboard/redemptions/{id}/approve", "Confirm approve", "Redemption approved.", redemption("Approve")},
		{"/dashboard/redemptions/{id}/reject", "Confirm reject", "Redemption rejected.", redemption("Reject")},
		{"/dashboard/keys/{prefix}/revoke", "Confirm revoke", "Key revoked.", func(b *dashboard.Browser) *dashboard.Page {
			return b.Get("/dashboard/keys").Press("Revoke shop")
		}},
		{"/dashboard/settings/users/{email}/remove", "Confirm remove", "User removed.", get("/dashboard/settings/users/vera@example.com/remove")},
	}
}

// Each command in two steps is among those above.
func TestDASH03EveryCommandIsTried(t *testing.T) {
	t.Parallel()
	tried := []string{"/dashboard/codes/explain"} // which changes nothing
	for _, c := range previews() {
		tried = append(tried, c.at)
	}
	all := pages.Site(&app.App{}, web.Options{}).Routes()
	for _, rt := range all {
		path, post := strings.CutPrefix(rt.Pattern, "POST ")
		shown := slices.ContainsFunc(all, func(o web.Route) bool { return o.Pattern == "GET "+path })
		if post && rt.Repeats && shown && !slices.Contains(tried, path) {
			t.Errorf("%s: no preview of it is tried with other fields", path)
		}
	}
}

// What is confirmed is what was previewed: sent with any other field nothing happens, before it is confirmed and after.
func TestDASH03OtherFieldsAreAnotherPreview(t *testing.T) {
	t.Parallel()
	for _, c := range previews() {
		t.Run(strings.ReplaceAll(c.at[1:], "/", " "), func(t *testing.T) {
			t.Parallel()
			w, b := open(t)
			dashboard.Fill(w)
			w.Post("/v1/rewards", world.JSON{"id": "less", "name": "100 messages less", "type": "free_product", "free_product_id": "booster"})
			userOf(t, w, "vera@example.com", app.Viewer)
			b.Get("/dashboard/keys/new").Form("New API key").Fill("Name", "shop").Press("Create")
			shown := c.open(b)
			confirm := shown.FormOf(c.button)
			w.WaitIdle()
			before := rows(w)
			tryOthers(t, w, shown, confirm, before)
			users, err := w.Stack.Accounts().Users(t.Context())
			if err != nil || len(users) != 1 {
				t.Fatalf("users: %v, %v", users, err)
			}
			first := shown.Raw(http.MethodPost, confirm.Action, confirm.Values)
			shown.Get(first.Header().Get("Location")).Said(c.said)
			w.WaitIdle()
			done := rows(w)
			tryOthers(t, w, shown, confirm, done)
			again := shown.Raw(http.MethodPost, confirm.Action, confirm.Values)
			shown.Get(again.Header().Get("Location")).Said(c.said)
			if rows(w) != done {
				t.Error("sent again, it is done again")
			}
			if once, twice := requests(t, first), requests(t, again); twice > once {
				t.Errorf("sent again it makes %d requests to the database, and %d at first", twice, once)
			}
		})
	}
}

// requests to the database, as an answer says.
func requests(t *testing.T, a *httptest.ResponseRecorder) (n int) {
	t.Helper()
	if _, err := fmt.Sscanf(a.Header().Get("Server-Timing"), `dynamodb;desc="%d"`, &n); err != nil {
		t.Errorf("Server-Timing is %q", a.Header().Get("Server-Timing"))
	}
	return n
}

// tryOthers sends a confirmation with one field changed, left out, or more, each in turn.
func tryOthers(t *testing.T, w *world.World, shown *dashboard.Page, confirm *dashboard.Form, before string) {
	t.Helper()
	names := append(slices.Sorted(maps.Keys(confirm.Values)), "extra", "reason", "refund", "reward", "product", "codes", "id")
	send := func(what string, path string, edit func(url.Values)) {
		t.Helper()
		values := url.Values{}
		for name, v := range confirm.Values {
			values[name] = slices.Clone(v)
		}
		edit(values)
		if values.Encode() == confirm.Values.Encode() && path == confirm.Action {
			return
		}
		a := shown.Raw(http.MethodPost, path, values)
		page := a.Body.String()
		if a.Code == http.StatusSeeOther || a.Code >= http.StatusInternalServerError || a.Code == http.StatusOK {
			t.Errorf("%s: %d to %q", what, a.Code, a.Header().Get("Location"))
		}
		if !strings.Contains(page, `role="alert"`) {
			t.Errorf("%s: nothing says why: %d", what, a.Code)
		}
		if rows(w) != before {
			t.Fatalf("%s: rows changed", what)
		}
	}
	for _, name := range names {
		if name == "request" { // names the sending of a page; the preview has a name of its own
			continue
		}
		send("another "+name, confirm.Action, func(v url.Values) { v.Set(name, v.Get(name)+"x") })
		if own := slices.Contains([]string{"csrf", "opened_in", "preview"}, name); !own { // of those of the frame, the first one counts
			send("one more "+name, confirm.Action, func(v url.Values) { v.Add(name, "1") })
		}
		if confirm.Values.Has(name) && name != "preview" { // without it, a preview is asked for
			send("without "+name, confirm.Action, func(v url.Values) { v.Del(name) })
		}
	}
	parts := strings.Split(confirm.Action, "/")
	for i := 3; i < len(parts); i++ {
		other := slices.Clone(parts)
		other[i] += "x"
		send("at "+strings.Join(other, "/"), strings.Join(other, "/"), func(url.Values) {})
	}
	send("with more in the address", confirm.Action+"?x=1", func(url.Values) {})
}
