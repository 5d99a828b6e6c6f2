package protocol

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// Any text comes back from its own JSON, and encoding/json reads the same.
func TestTextsSurviveWritingAndReading(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		written := AppendText(nil, text)
		r := NewReader(written)
		got := r.Text()
		if r.End(); r.Err() != nil || got != text {
			t.Fatalf("%q was written as %s and read as %q, %v", text, written, got, r.Err())
		}
		var other string
		if err := json.Unmarshal(written, &other); err != nil || other != text {
			t.Fatalf("%q was written as %s: encoding/json reads %q, %v", text, written, other, err)
		}
	})
}

// Texts as another writer writes them, escapes included, are read alike.
func TestForeignTextsAreRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		written, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		if r := NewReader(written); r.Text() != text || r.Err() != nil {
			t.Fatalf("%s is not read as %q: %v", written, text, r.Err())
		}
	})
	for written, want := range map[string]string{`"\ud83d\ude00"`: "😀", `"\/\b\f\t\r\n\"\\"`: "/\b\f\t\r\n\"\\", `"\u0041"`: "A"} {
		if r := NewReader([]byte(written)); r.Text() != want || r.Err() != nil {
			t.Errorf("%s is not read as %q: %v", written, want, r.Err())
		}
	}
}

func TestMembersOfAnObjectAreWalked(t *testing.T) {
	t.Parallel()
	r := NewReader([]byte(` {"a": 12, "gone": null, "b": [true, false], "c": {"d": [1e3, "x", {}]}, "e": "ALL"} `))
	var seen []string
	r.Object(func(name string) {
		seen = append(seen, name)
		switch name {
		case "a":
			if n := r.Integer(); n != 12 {
				t.Errorf("a = %d", n)
			}
		case "b":
			r.Array(func() { seen = append(seen, map[bool]string{true: "true", false: "false"}[r.Boolean()]) })
		case "c":
			if raw := string(r.Raw()); raw != `{"d": [1e3, "x", {}]}` {
				t.Errorf("c = %s", raw)
			}
		case "e":
			r.OneOf("e", "NONE", "ALL")
		}
	})
	if r.End(); r.Err() != nil || strings.Join(seen, " ") != "a b true false c e" {
		t.Errorf("walked %v, %v", seen, r.Err())
	}
}

func TestDocumentsThatAreNoJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "{", "}", `{"a"}`, `{"a":}`, `{"a":1,}`, `{a:1}`, `[1 2]`, `[1,]`, `"open`, `"\x"`, `"\u12"`, `"\ud83d"`, `"\ud83d\u0041"`, "\"a\nb\"", "\"\xff\"",
		"tru", "nul", "{} {}", strings.Repeat("[", 300) + strings.Repeat("]", 300),
	} {
		r := NewReader([]byte(text))
		r.Skip()
		r.End()
		if r.Err() == nil {
			t.Errorf("%.40s is taken for JSON", text)
		}
	}
}

func TestFirstErrorStays(t *testing.T) {
	t.Parallel()
	r := NewReader([]byte(`{"a":"WRONG","b":tru}`))
	r.Object(func(name string) { r.OneOf(name, "RIGHT") })
	if r.Err() == nil || !strings.HasPrefix(r.Err().Error(), "ValidationException: ") {
		t.Errorf("the error is %v", r.Err())
	}
	r.Fail(Malformed("later"))
	if strings.Contains(r.Err().Error(), "later") {
		t.Errorf("the error is %v", r.Err())
	}
}
