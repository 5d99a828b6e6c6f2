package main

import (
	"regexp"
	"strings"
	"testing"
)

var secretIn = regexp.MustCompile(`am_[sp]k_(test|live)_[A-Z2-7]{12}`)

// A mistyped key is refused, so the operator sees that the real one is still
// active.
func TestAnUnknownKeyIsNotRevoked(t *testing.T) {
	o := newOperator(t)
	key, _ := o.does("-name", "backend")
	wrong := key[:len(key)-1] + "A"
	if wrong == key {
		wrong = key[:len(key)-1] + "B"
	}
	before, _ := o.does("-list")
	for what, typed := range map[string]string{
		"its last letter":  wrong,
		"too short":        key[:len(key)-1],
		"too long":         key + "A",
		"in small letters": strings.ToLower(key),
		"of live":          strings.Replace(key, "_test_", "_live_", 1),
		"publishable":      strings.Replace(key, "am_sk_", "am_pk_", 1),
		"another name":     "Backend",
		"a name's start":   "back",
		"somewhere in it":  key[20:30],
		"two keys":         key + " " + key,
	} {
		t.Log(what)
		o.fails([]string{"no key", "nothing is revoked"}, "-revoke", typed)
	}
	o.fails([]string{"no key", "begin alike", key[:20], "backend"}, "-revoke", wrong)
	o.opens(key, 200)
	if list, _ := o.does("-list"); list != before {
		t.Errorf("a row was made or changed:\n%s", list)
	}
}

func TestAKeyIsRevokedByAllThatNamesIt(t *testing.T) {
	o := newOperator(t)
	for what, of := range map[string]func(key string) string{
		"whole": func(key string) string { return key },
		"paste": func(key string) string { return " " + key + "\n" },
		"start": func(key string) string { return key[:16] },
		"shown": func(key string) string { return key[:20] },
		"name":  func(string) string { return "name" },
	} {
		key, _ := o.does("-name", what)
		other, _ := o.does("-name", "other "+what)
		_, notes := o.does("-revoke", of(key))
		if !strings.Contains(notes, key[:20]) || !strings.Contains(notes, "up to a minute") || secretIn.MatchString(notes) {
			t.Errorf("%s: it says %q", what, notes)
		}
		o.opens(key, 401)
		o.opens(other, 200)
	}
}

func TestAnAmbiguousNameRevokesNothing(t *testing.T) {
	o := newOperator(t)
	first, _ := o.does("-name", "backend")
	second, _ := o.does("-name", "backend", "-publishable")
	o.fails([]string{"2 keys", first[:20], second[:20], "publishable", "nothing is revoked"}, "-revoke", "backend")
	o.fails([]string{"how many keys begin"}, "-revoke", "am_sk_test_")
	o.fails([]string{"how many keys begin"}, "-revoke", "am_")
	o.opens(first, 200)
	o.does("-revoke", first[:20])
	o.does("-revoke", "backend") // only the other one still works
	o.opens(second, 401)
}

// The first revocation's actor and time stay.
func TestRevokingTwiceChangesNothing(t *testing.T) {
	o := newOperator(t)
	key, _ := o.does("-name", "backend")
	o.does("-revoke", key)
	before, _ := o.does("-list")
	for _, again := range []string{key, key[:20], "backend"} {
		if _, notes := o.does("-revoke", again); !strings.Contains(notes, "was revoked at") || !strings.Contains(notes, "user/ops") {
			t.Errorf("%s: it says %q", again, notes)
		}
	}
	if after, _ := o.does("-list"); after != before {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestAKeyOfAnotherEnvironmentIsNotRevoked(t *testing.T) {
	o := newOperator(t)
	live, _ := o.does("-env", "live", "-name", "backend")
	o.fails([]string{"of live"}, "-env", "sandbox", "-revoke", live)
	o.fails([]string{"no key"}, "-env", "sandbox", "-revoke", "backend")
	o.opens(live, 200)
	o.does("-env", "live", "-revoke", "backend")
	o.opens(live, 401)
}
