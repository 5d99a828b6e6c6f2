package dashboard_test

import (
	"net/http"
	"strings"
	"testing"
)

// A key is shown once, works, and stops to when it is revoked.
func TestDASH73AnAPIKey(t *testing.T) {
	t.Parallel()
	w, b := open(t)
	p := b.Get("/dashboard/keys").Click("+ API Key")
	p = p.Form("New API key").Fill("Name", "backend").Choose("Kind", "Secret").Press("Create").Said("Key created.")
	key := p.Textbox("Key")
	if !strings.HasPrefix(key, "am_sk_test_") || len(key) != len("am_sk_test_")+42 {
		t.Fatalf("the key is %q", key)
	}
	if got := w.Do(key, "GET", "/v1/products", nil).Status; got != http.StatusOK {
		t.Errorf("a call with the key: %d", got)
	}
	p = b.Get("/dashboard/keys")
	row := p.Row("API keys", "backend")
	if row["Kind"] != "Secret" || row["Begins with"] != key[:20]+"…" || row["Status"] != "Active" || row["Created"] != "1 April 2027" {
		t.Errorf("it is listed as %v", row)
	}
	for _, page := range []string{"/dashboard/keys", "/dashboard/activity", "/dashboard"} {
		if body := b.Raw("GET", page, nil).Body.String(); strings.Contains(body, key) || strings.Contains(body, key[21:]) {
			t.Errorf("%s shows the key", page)
		}
	}
	p = p.Press("Revoke backend").Titled("Revoke API key").Press("Confirm revoke").Said("Key revoked.")
	if row := p.Row("API keys", "backend"); row["Status"] != "Revoked on 1 April 2027" || p.Has("button", "Revoke backend") {
		t.Errorf("afterwards it is %v", row)
	}
	if err := w.Stack.Restart(); err != nil { // new processes: one remembers a key for a minute
		t.Fatal(err)
	}
	if got := w.Do(key, "GET", "/v1/products", nil).Status; got != http.StatusUnauthorized {
		t.Errorf("a call with the revoked key: %d", got)
	}
	if rows := b.Get("/dashboard/activity?list=actions").Table("Dashboard actions"); len(rows) != 3 || rows[1][2] != "Revoke key" || rows[2][1] != "local" {
		t.Errorf("the actions are %v", rows)
	}
}

// What cannot be made is refused, and stays as it was typed.
func TestDASH74AKeyThatIsRefused(t *testing.T) {
	t.Parallel()
	_, b := open(t)
	for name, want := range map[string]string{
		"":             "Name: Enter a name.",
		"am_sk_secret": "Name: The name “am_sk_secret” of a key must be 1 to 64 letters",
	} {
		p := b.Get("/dashboard/keys/new").Form("New API key").Fill("Name", name).Choose("Kind", "Publishable").Press("Create")
		if p.Status < 400 || p.Status > 499 || !strings.HasPrefix(strings.ReplaceAll(p.Alert(), `"`, "“"), strings.ReplaceAll(want, "”", "“")) {
			t.Errorf("%q: %d %q, want %q", name, p.Status, p.Alert(), want)
		}
		if p.Form("New API key").Value("Kind") != "publishable" {
			t.Errorf("%q: what was chosen is gone", name)
		}
	}
	b.Get("/dashboard/keys/new").Form("New API key").Fill("Name", "web").Choose("Kind", "Publishable").Press("Create").Said("Key created.")
	b.Get("/dashboard/keys/new").Form("New API key").Fill("Name", "web").Press("Create").Refused(http.StatusConflict, `Name: A key with the name "web" exists already. Choose another name, or revoke that one first.`)
	b.Try("/dashboard/keys/am_sk_test_nothing/revoke").Refused(http.StatusNotFound, `There is no API key that begins with "am_sk_test_nothing" in this environment.`)
	b.Get("/dashboard/keys")
	if p := b.Get("/dashboard/keys"); p.Requests > 3 {
		t.Errorf("the list takes %d requests", p.Requests)
	}
}
