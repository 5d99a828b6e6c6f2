package catalog_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/catalog"
)

// What is counted is what the encoder writes that fills rows and answers.
func TestMeasureIsWhatAnEncoderWrites(t *testing.T) {
	t.Parallel()
	var value func(deep int) *rapid.Generator[any]
	value = func(deep int) *rapid.Generator[any] {
		all := []*rapid.Generator[any]{
			rapid.Just[any](nil), rapid.Bool().AsAny(), rapid.String().AsAny(), rapid.SampledFrom([]any{
				json.Number("1.50"), json.Number("-1e5"), "<>&", "\u2028\u2029", "\x00\x1f\x7f", `"\`, "\n\r\t\b\f", "\ufffd", "", "👩"}),
		}
		if deep > 0 {
			all = append(all, rapid.MapOfN(rapid.String(), value(deep-1), 0, 4).AsAny(), rapid.SliceOfN(value(deep-1), 0, 4).AsAny())
		}
		return rapid.OneOf(all...)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := value(3).Draw(t, "value")
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			t.Fatal(err)
		}
		if size, _ := MeasureJSON(v); size != out.Len()-1 { // it ends the line
			t.Fatalf("%q: measured %d, encoded %d", out.String(), size, out.Len()-1)
		}
	})
}

func TestMeasureTellsHowDeepAValueIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{`1`: 0, `{}`: 1, `[]`: 1, `{"a":[1]}`: 2, `{"a":{"b":1},"c":[[[2]]]}`: 4, strings.Repeat("[", 50) + strings.Repeat("]", 50): 50} {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(err)
		}
		if _, depth := MeasureJSON(v); depth != want {
			t.Errorf("%s is %d deep, got %d", text, want, depth)
		}
	}
}
