package api

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"windfall/shared/money"
)

func TestNumbersAreBareJSON(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, in, want string }{ // want "" is a refusal
		{"a whole number", `12`, `12`},
		{"a fraction", `0.1`, `0.1`},
		{"more digits than a float has", `123456789012345678.123456789012345`, `123456789012345678.123456789012345`},
		{"an exponent is written out", `1.5e3`, `1500`},
		{"zeros at the end go", `1.500`, `1.5`},
		{"zero from below", `-0`, `0`},
		{"a text", `"12"`, ``},
		{"null", `null`, ``},
		{"a boolean", `true`, ``},
		{"an object", `{}`, ``},
		{"a list", `[1]`, ``},
		{"too large", `1e400`, ``},
		{"too fine", `1e-16`, ``},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var n number
			err := json.Unmarshal([]byte(tt.in), &n)
			if (err != nil) != (tt.want == "") {
				t.Fatalf("err = %v", err)
			}
			if out, _ := json.Marshal(n); tt.want != "" && string(out) != tt.want {
				t.Errorf("got %s, want %s", out, tt.want)
			}
		})
	}
}

func TestANumberComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?[1-9][0-9]{0,17}(\.[0-9]{0,14}[1-9])?`).Draw(t, "number")
		var n orInf
		if err := json.Unmarshal([]byte(text), &n); err != nil {
			t.Fatal(err)
		}
		if out, err := json.Marshal(n); err != nil || string(out) != text {
			t.Fatalf("%s came back as %s, %v", text, out, err)
		}
	})
}

func TestANumberOrInfinity(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{`"inf"`: `"inf"`, `5`: `5`, `0`: `0`} {
		var n orInf
		if err := json.Unmarshal([]byte(in), &n); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if out, _ := json.Marshal(n); string(out) != want || n.inf != (in == `"inf"`) {
			t.Errorf("%s: got %s", in, out)
		}
	}
	for _, in := range []string{`"Inf"`, `"infinity"`, `"5"`, `""`, `{}`, `Infinity`} {
		var n orInf
		if json.Unmarshal([]byte(in), &n) == nil {
			t.Errorf("%s is taken for %v", in, n)
		}
	}
}

func TestMomentsAndTextsAreNullWhenTheyAreNotSet(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		v    any
		want string
	}{
		{ms(time.Date(2027, 4, 1, 0, 0, 0, 999_999, time.UTC)), `1806537600000`},
		{ms(time.Date(2027, 4, 1, 2, 0, 0, 0, time.FixedZone("", 7200))), `1806537600000`},
		{ms{}, `null`},
		{orNull("a \"b\""), `"a \"b\""`},
		{orNull(""), `null`},
		{optional(nil), `null`},
		{optional(&money.One), `1`},
	} {
		if out, err := json.Marshal(tt.v); err != nil || string(out) != tt.want {
			t.Errorf("got %s, want %s (%v)", out, tt.want, err)
		}
	}
	if (*number)(nil).decimal() != nil || !optional(&money.One).decimal().Equal(money.One) {
		t.Error("an optional number does not survive the way in and out")
	}
}
