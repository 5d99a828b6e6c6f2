package squeeze

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What was packed is unpacked again, whatever the sample, the hint and the text.
func TestTextsComeBack(t *testing.T) {
	t.Parallel()
	word := rapid.SampledFrom([]string{"a", "abcd", "\x00\xff", "customer", `"id":"`, "sub_1234567890", "in_1Pz-q", strings.Repeat("x", 300)})
	text := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOf(word).Draw(t, "words"), "") })
	rapid.Check(t, func(t *rapid.T) {
		var sample *Sample
		if rapid.Bool().Draw(t, "with a sample") {
			sample = NewSample([]byte(text.Draw(t, "sample")))
		}
		hint, in := text.Draw(t, "hint"), text.Draw(t, "text")+rapid.String().Draw(t, "end")
		packed := Pack([]byte("before"), sample, hint, []byte(in))
		if got := Unpack([]byte("there"), sample, hint, string(packed[6:])); string(got) != "there"+in {
			t.Fatalf("%q became %q", in, got)
		}
	})
}

// A longer sample unpacks what was packed with its end.
func TestSamplesGrowAtTheFront(t *testing.T) {
	t.Parallel()
	text := rapid.StringMatching(`[a-d]{0,200}`)
	rapid.Check(t, func(t *rapid.T) {
		sample, in := NewSample([]byte(text.Draw(t, "sample"))), text.Draw(t, "text")
		packed := Pack(nil, sample, "", []byte(in))
		longer := sample.Behind([]byte(text.Draw(t, "before")))
		if got := Unpack(nil, longer, "", string(packed)); string(got) != in {
			t.Fatalf("%q became %q", in, got)
		}
	})
}

// A text like the sample takes little more than what is its own.
func TestAlikeIsShort(t *testing.T) {
	t.Parallel()
	row := func(id string) []byte {
		return []byte(fmt.Sprintf(`{"id":"%s","object":"charge","amount":2000,"currency":"usd","customer":"%s","description":null,"livemode":false,"metadata":{},"status":"succeeded"}`, id, id))
	}
	sample := NewSample(row("ch_abcdefghijklmnop"))
	packed := Pack(nil, sample, "", row("ch_qrstuvwxyz012345"))
	if len(packed) > 38 {
		t.Errorf("%d bytes: %q", len(packed), packed)
	}
	if got := Unpack(nil, sample, "", string(packed)); !bytes.Equal(got, row("ch_qrstuvwxyz012345")) {
		t.Errorf("unpacked %s", got)
	}
}
