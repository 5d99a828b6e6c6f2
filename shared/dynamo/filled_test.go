package dynamo

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"windfall/shared/money"
)

// filled is a value with every field set, nested ones too. It is the same in
// each run: a text is the name of its field.
func filled[T any](t *testing.T, change ...func(*T)) T {
	t.Helper()
	var v T
	fill(reflect.ValueOf(&v).Elem(), "text", nil)
	for _, c := range change {
		c(&v)
	}
	return v
}

var decimalType, timeType = reflect.TypeFor[money.Decimal](), reflect.TypeFor[time.Time]()

// fill sets a value. A struct within itself is set once.
func fill(v reflect.Value, name string, within []reflect.Type) {
	switch {
	case v.Type() == decimalType:
		v.Set(reflect.ValueOf(dec("7.5")))
	case v.Type() == timeType:
		v.Set(reflect.ValueOf(april.Add(time.Duration(len(name)) * time.Hour)))
	case v.Kind() == reflect.String:
		v.SetString(strings.ToLower(name))
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.CanInt():
		v.SetInt(int64(len(name)))
	case v.Kind() == reflect.Pointer && !slices.Contains(within, v.Type().Elem()):
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name, within)
	case v.Kind() == reflect.Slice && !slices.Contains(within, v.Type().Elem()):
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name, within)
	case v.Kind() == reflect.Map:
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(k, name+" key", within)
		fill(e, name, within)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(k, e)
	case v.Kind() == reflect.Interface:
		v.Set(reflect.ValueOf(strings.ToLower(name)))
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), v.Type().Field(i).Name, append(within, v.Type()))
		}
	}
}

// complete fails for a field of v that is zero, but those excepted by path.
func complete(t *testing.T, v any, except ...string) {
	t.Helper()
	for _, path := range zeros(reflect.ValueOf(v), reflect.TypeOf(v).Name()) {
		if !slices.Contains(except, path) {
			t.Errorf("%s is zero: the golden rows do not show how it is stored", path)
		}
	}
}

func zeros(v reflect.Value, path string) (found []string) {
	switch {
	case v.Type() == decimalType || v.Type() == timeType:
		if v.IsZero() {
			return []string{path}
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			found = append(found, zeros(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	case v.IsZero(), v.Kind() == reflect.Slice && v.Len() == 0, v.Kind() == reflect.Map && v.Len() == 0:
		return []string{path}
	case v.Kind() == reflect.Pointer:
		return zeros(v.Elem(), path)
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			found = append(found, zeros(v.Index(i), path)...)
		}
	case v.Kind() == reflect.Map:
		for _, k := range v.MapKeys() {
			found = append(found, zeros(v.MapIndex(k), path)...)
		}
	}
	return found
}
