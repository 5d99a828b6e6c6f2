package stripesim

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"reflect"
	"testing"

	"windfall/local/stripesim/object"
)

// plainDifference is difference by encoding/json.
func plainDifference(before, after []byte) json.RawMessage {
	var old, now map[string]json.RawMessage
	if bytes.Equal(before, after) || json.Unmarshal(before, &old) != nil || json.Unmarshal(after, &now) != nil || old == nil || now == nil {
		return nil
	}
	changed := map[string]json.RawMessage{}
	for name, was := range old {
		is := now[name]
		switch {
		case bytes.Equal(was, is):
		case was[0] == '{' && len(is) > 0 && is[0] == '{':
			if d := plainDifference(was, is); d != nil {
				changed[name] = d
			}
		default:
			changed[name] = was
		}
	}
	for name := range now {
		if _, had := old[name]; !had {
			changed[name] = json.RawMessage("null")
		}
	}
	if len(changed) == 0 {
		return nil
	}
	out, _ := object.Encode(changed)
	return out
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(2))
	found := 0
	check := func(before, after []byte) {
		got, want := difference(before, after), plainDifference(before, after)
		if string(got) != string(want) {
			t.Fatalf("from\n%s to\n%s changes\n%s, want\n%s", before, after, got, want)
		}
		if len(want) > 2 {
			found++
		}
	}
	for _, empty := range kinds {
		for range 60 {
			a, b := empty(), empty()
			fill(r, reflect.ValueOf(a).Elem(), 8)
			fill(r, reflect.ValueOf(b).Elem(), 8)
			before, _ := object.Encode(a)
			after, _ := object.Encode(b)
			check(before, after)
			some := membersOf(after)
			if len(some) > 0 { // members are gone, and others are new
				cut := append([]byte("{"), bytes.Join([][]byte{some[0].name, some[0].value}, []byte(":"))...)
				check(append(cut, '}'), after)
				check(after, append(bytes.Clone(cut), '}'))
			}
		}
	}
	for _, text := range []string{`{}`, `[]`, `null`, `{"a":1}`, `{"a":{"b":[{"c":"}\"]"}]},"d":-1.5e3}`, `{"a":{"b":[]},"é":true}`} {
		for _, other := range []string{`{}`, `{"a":2}`, `{"a":{"b":[{"c":"}\"]"}],"x":null}}`, `null`} {
			check([]byte(text), []byte(other))
			check([]byte(other), []byte(text))
		}
	}
	if found < 500 {
		t.Errorf("only %d differences", found)
	}
}
