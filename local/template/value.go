package template

import (
	"fmt"
	"time"
)

// The template is loosely typed: these functions read a value as the expected
// type, and return the zero value for anything else.

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

func asString(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case int, bool, float64:
		return fmt.Sprint(v)
	}
	return ""
}

func asInt(v any) int {
	n, _ := v.(int)
	return n
}

func asSeconds(v any) time.Duration { return time.Duration(asInt(v)) * time.Second }

// asStrings reads a list of strings; one string is a list of one.
func asStrings(v any) []string {
	list, ok := v.([]any)
	if !ok {
		if s := asString(v); s != "" {
			return []string{s}
		}
		return nil
	}
	out := make([]string, len(list))
	for i, item := range list {
		out[i] = asString(item)
	}
	return out
}

// reference names the resource that a Ref or GetAtt points to, with the
// attribute after a dot: "Table.Arn". For a Sub it is the text with its
// variables, and for a plain string that string.
func reference(v any) string {
	for _, key := range []string{"Ref", "Fn::GetAtt", "Fn::Sub"} {
		if name, ok := asMap(v)[key]; ok {
			return asString(name)
		}
	}
	return asString(v)
}

func asMaps(v any) []map[string]any {
	list, _ := v.([]any)
	out := make([]map[string]any, len(list))
	for i, item := range list {
		out[i] = asMap(item)
	}
	return out
}
