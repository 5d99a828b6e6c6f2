package referral

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTheMailboxOfAnAddress(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"joe@example.com":            "joe@example.com",
		" Joe@Example.COM ":          "joe@example.com",
		"joe+news@example.com":       "joe@example.com",
		"joe+a+b@example.com":        "joe@example.com",
		"j.oe@example.com":           "j.oe@example.com", // dots count, but at Google Mail
		"jo.e+x@gmail.com":           "joe@gmail.com",
		"J.O.E@googlemail.com":       "joe@gmail.com",
		"joe@gmail.com.":             "joe@gmail.com",
		"jo.e@mail.gmail.com":        "jo.e@mail.gmail.com", // another domain
		"jo.e@gmail.com.example.com": "jo.e@gmail.com.example.com",
		"+news@example.com":          "+news@example.com", // nothing would be left
		"...@gmail.com":              "...@gmail.com",
		"joe@home@example.com":       "joe@home@example.com",
		"joe":                        "joe",
		"":                           "",
	} {
		if got := mailbox(address); got != want {
			t.Errorf("%q is the mailbox %q, want %q", address, got, want)
		}
	}
}

// What is added to an address that reaches the same mailbox changes nothing, and a mailbox
// is its own.
func TestAMailboxWithAnythingAdded(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z0-9]{1,8}`).Draw(t, "name")
		tag := rapid.StringMatching(`(\+[a-zA-Z0-9.+]{0,6})?`).Draw(t, "tag")
		domain := rapid.SampledFrom([]string{"gmail.com", "googlemail.com", "example.com"}).Draw(t, "domain")
		written := name
		if domain != "example.com" {
			at := rapid.IntRange(0, len(name)).Draw(t, "dot")
			written = name[:at] + "." + name[at:]
		}
		got, want := mailbox(written+tag+"@"+domain), mailbox(name+"@"+domain)
		if got != want || mailbox(got) != got {
			t.Fatalf("%s%s@%s is %s, want %s", written, tag, domain, got, want)
		}
	})
}
