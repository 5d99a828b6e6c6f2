package stripesim

import (
	"bytes"
	"encoding/json"
	"math/rand"
	"reflect"
	"testing"

	"windfall/local/stripesim/object"
)

// fill sets everything in v, or leaves it empty.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	texts := []string{"", "plain", "a \"quote\" \\", "<b>&é\u2028\x01", "\xff", "2027"}
	switch v.Type() {
	case reflect.TypeFor[json.RawMessage](), reflect.TypeFor[object.Raw](), reflect.TypeFor[told]():
		v.SetBytes([]byte([]string{"null", `{"a":[1,"<é>"]}`, `"text"`}[r.Intn(3)]))
		return
	case reflect.TypeFor[object.Number]():
		v.SetString([]string{"", "12.5"}[r.Intn(2)])
		return
	}
	if r.Intn(4) == 0 || depth == 0 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(texts[r.Intn(len(texts))])
	case reflect.Int, reflect.Int64:
		v.SetInt(r.Int63() >> r.Intn(63))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(r.Float64())
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(r, v.Elem(), depth-1)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), r.Intn(3), 3))
		for i := range v.Len() {
			fill(r, v.Index(i), depth-1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range r.Intn(4) {
			of := reflect.New(v.Type().Elem()).Elem()
			fill(r, of, depth-1)
			v.SetMapIndex(reflect.ValueOf(texts[r.Intn(len(texts)-1)]).Convert(v.Type().Key()), of)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(r, v.Field(i), depth-1)
			}
		}
	default: // an interface stays empty
	}
}

// Encode is encoding/json, only quicker.
func TestObjectsAreEncodedAsByEncodingJSON(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewSource(1))
	same := func(v any) {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		wanted := e.Encode(v)
		got, err := object.Encode(v)
		if (err == nil) != (wanted == nil) || err == nil && string(got) != string(bytes.TrimRight(want.Bytes(), "\n")) {
			t.Fatalf("%T is\n%s %v, want\n%s %v", v, got, err, want.Bytes(), wanted)
		}
	}
	for kind, empty := range kinds {
		for range 200 {
			o := empty()
			fill(r, reflect.ValueOf(o).Elem(), 8)
			same(o)
			same(outline(o))
			if h := o.Hidden(); h != nil {
				fill(r, reflect.ValueOf(h).Elem(), 8)
				same(h)
			}
			same(map[string]any{kind: o, "data": []any{o, nil, json.Number("1.5"), 1.5, "é"}, "none": nil})
		}
	}
}
