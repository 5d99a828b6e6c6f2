package admin_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"windfall/shared/admin"
	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/refusal"
	"windfall/tests/shoptest"
)

func newKey(name string, publishable bool) admin.NewKey {
	return admin.NewKey{Name: name, Publishable: publishable}
}

func TestAKeyIsMadeListedAndRevoked(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	keys, caller := admin.KeysOf(a), shoptest.Caller
	caller.Actor = "dashboard:jo@x.io"
	text, err := keys.Make(t.Context(), caller, newKey("web shop", true))
	if err != nil || !strings.HasPrefix(text, "am_pk_test_") || len(text) != len("am_pk_test_")+42 {
		t.Fatalf("%q, %v", text, err)
	}
	stored, found, err := a.Store.Key(t.Context(), app.HashKey(text))
	if err != nil || !found || stored.CreatedBy != caller.Actor || !stored.Publishable || stored.Env != catalog.Sandbox {
		t.Errorf("%+v, %t, %v", stored, found, err)
	}
	if _, err := keys.Make(t.Context(), caller, newKey("web shop", false)); !is(err, app.ReasonKeyNameTaken) {
		t.Errorf("a second key of the name: %v", err)
	}
	for _, bad := range []string{"", "am_sk_test_x", "a\nb", strings.Repeat("x", 65)} {
		if _, err := keys.Make(t.Context(), caller, newKey(bad, false)); !is(err, app.ReasonKeyName) {
			t.Errorf("the name %q: %v", bad, err)
		}
	}
	live := caller
	live.Env = catalog.Live
	if _, err := keys.Revoke(t.Context(), live, stored.Prefix); !is(err, app.ReasonKeyUnknown) {
		t.Errorf("revoked from the other environment: %v", err)
	}
	for try := range 2 { // the second finds it done
		caller.Now = caller.Now.Add(time.Duration(try) * time.Minute)
		if _, err := keys.Revoke(t.Context(), caller, stored.Prefix); err != nil {
			t.Errorf("try %d: %v", try+1, err)
		}
	}
	page, next, err := keys.List(t.Context(), caller, "", 50)
	if err != nil || next != "" || len(page) != 1 || page[0].RevokedBy != caller.Actor || !page[0].RevokedAt.Equal(shoptest.Caller.Now) {
		t.Errorf("%+v, %q, %v", page, next, err)
	}
	if _, err := keys.Make(t.Context(), caller, newKey("web shop", false)); err != nil {
		t.Errorf("the name of a key that was revoked: %v", err)
	}
	actions, _, err := a.Store.(app.ListStore).Actions(t.Context(), caller.Env, "", 50)
	if err != nil || len(actions) != 3 || actions[0].Of != app.KeysLog {
		t.Errorf("actions %+v, %v; want two keys made and one revoked", actions, err)
	}
}

// A page is one of the environment's own keys, however many the other one has in between.
func TestKeysOfTheOtherEnvironmentAreLeftOut(t *testing.T) {
	t.Parallel()
	a := shoptest.New(t)
	keys, caller := admin.KeysOf(a), shoptest.Caller
	for i := range 9 {
		caller.Env, caller.Now = catalog.Live, caller.Now.Add(time.Second)
		if i%3 == 0 {
			caller.Env = catalog.Sandbox
		}
		if _, err := keys.Make(t.Context(), caller, newKey(string(rune('a'+i)), false)); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	caller.Env = catalog.Sandbox
	for cursor := ""; ; {
		page, next, err := keys.List(t.Context(), caller, cursor, 2)
		if err != nil || len(page) > 2 {
			t.Fatalf("%v, %v", page, err)
		}
		for _, k := range page {
			got = append(got, k.Name)
		}
		if cursor = next; next == "" {
			break
		}
	}
	if strings.Join(got, "") != "gda" {
		t.Errorf("%v, want g d a", got)
	}
}

func is(err error, reason refusal.Reason) bool {
	var e *refusal.Error
	return errors.As(err, &e) && e.Reason == reason
}
