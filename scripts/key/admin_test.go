package main

import (
	"net/http"
	"strings"
	"testing"

	"windfall/scripts/awscli"
	"windfall/tests/dashboard"
)

const password = "correct horse battery staple"

// The operator's link makes the first editor, and another one lets them back in.
func TestAnAdminIsMadeByTheOperator(t *testing.T) {
	o := newOperator(t)
	choose := func() {
		t.Helper()
		var said, noted strings.Builder
		cli := awscli.CLI{Program: o.aws}
		c := command{stack: "shop", admin: "Ada@example.com", out: &said, notes: &noted, table: openKeyTable(cli, cli, o.Stack.Template.Table.Name)}
		if err := c.makeAdmin(t.Context(), o.Stack.Sim.Now()); err != nil { // a story has a clock of its own
			t.Fatal(err)
		}
		link, notes := strings.TrimSpace(said.String()), noted.String()
		path, ours := strings.CutPrefix(link, "https://shop.example.com")
		if !ours || !strings.Contains(notes, "once, for 30 minutes") || strings.Contains(o.Stack.Tables(), strings.TrimPrefix(path, "/dashboard/welcome?token=")) {
			t.Fatalf("%s: %s", link, notes)
		}
		b := dashboard.Open(t, o.Stack.BaseURL, o.Stack.Gateway)
		b.Change = func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }
		p := b.Get(path).Form("Choose a password").Fill("Password", password).Fill("Repeat password", password).Press("Save password").Titled("Overview")
		if !strings.Contains(p.Banner(), "ada@example.com") || strings.Contains(p.Banner(), "viewer") {
			t.Errorf("signed in as: %s", p.Banner())
		}
	}
	choose()
	choose()
	users, err := o.Stack.Accounts().Users(t.Context())
	if err != nil || len(users) != 1 || !users[0].Acts() || users[0].CreatedBy != "arn:aws:iam::123456789012:user/ops" {
		t.Errorf("%+v %v", users, err)
	}
	if link, _ := o.does("-admin", "bob@example.com"); !strings.HasPrefix(link, "https://shop.example.com/dashboard/welcome?token=") {
		t.Errorf("the command prints %q", link)
	}
	o.fails([]string{"Enter an e-mail address."}, "-admin", "ada")
	o.fails([]string{"-admin goes with -stack alone"}, "-admin", "ada@example.com", "-list")
}
