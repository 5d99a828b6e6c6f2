package billing

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
	. "windfall/shared/rulestest"
)

func TestCodesAreAcceptedInAnyCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringOfN(rapid.RuneFrom([]rune(CodeAlphabet)), CodeLength, CodeLength, -1).Draw(t, "code")
		space := rapid.SampledFrom([]string{"", " ", "\t"}).Draw(t, "space")
		mixed := strings.Map(func(r rune) rune {
			if rapid.Bool().Draw(t, "lower") {
				return []rune(strings.ToLower(string(r)))[0]
			}
			return r
		}, code)
		if got := NormalCode(space + mixed + space); got != code || !PossibleCode(got) {
			t.Fatalf("%q became %q", mixed, got)
		}
	})
}

func TestNormalCodeIsNormal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.String().Draw(t, "code")
		once := NormalCode(code)
		if NormalCode(once) != once {
			t.Fatalf("%q becomes %q and then %q", code, once, NormalCode(once))
		}
	})
	if got := NormalCode("ſı"); got != "ſı" || PossibleCode(got) {
		t.Errorf("letters that only look like S and I became %q", got)
	}
}

func TestTheAlphabetHasNoTwins(t *testing.T) {
	seen := map[rune]bool{}
	for _, r := range CodeAlphabet {
		if seen[r] || strings.ContainsRune("01IOL", r) || NormalCode(string(r)) != string(r) {
			t.Errorf("%q in the alphabet", r)
		}
		seen[r] = true
	}
	if len(seen) != 31 {
		t.Errorf("%d letters", len(seen))
	}
}

func TestHasPaid(t *testing.T) {
	c := RewardCatalog()
	for _, tt := range []struct {
		name     string
		products []CustomerProduct
		invoices []Invoice
		want     bool
	}{
		{"nothing", nil, nil, false},
		{"a free add-on", []CustomerProduct{{ProductID: "bonus", Version: 1}}, nil, false},
		{"a subscription", []CustomerProduct{{ProductID: "pro", Version: 1, SubscriptionID: "sub_1", Status: Expired}}, nil, true},
		{"a subscription as a gift", []CustomerProduct{{ProductID: "pro", Version: 1, SubscriptionID: "sub_1", CreatedBy: "rr_1"}}, nil, false},
		{"a one-off", []CustomerProduct{{ProductID: "boost_once", Version: 1, CreatedBy: "op_1"}}, nil, true},
		{"a one-off as a gift", []CustomerProduct{{ProductID: "boost_once", Version: 1, CreatedBy: "rr_1"}}, nil, false},
		{"an invoice", nil, []Invoice{{Status: "paid", Total: 1}}, true},
		{"an invoice of nothing", nil, []Invoice{{Status: "paid"}}, false},
		{"an open invoice", nil, []Invoice{{Status: "open", Total: 1}}, false},
	} {
		if got := (State{Products: tt.products}).HasPaid(c, tt.invoices); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}
