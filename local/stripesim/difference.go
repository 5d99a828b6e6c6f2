package stripesim

import (
	"bytes"
	"encoding/json"

	"windfall/local/stripesim/object"
)

// difference are the old values of what changed between two objects, by
// subkeys for objects and whole for everything else; nil when nothing did. Both are
// compact JSON that was just written.
func difference(before, after []byte) json.RawMessage {
	if bytes.Equal(before, after) {
		return nil
	}
	old, now := membersOf(before), membersOf(after)
	if old == nil || now == nil {
		return nil
	}
	changed := map[string]json.RawMessage{}
	for i, m := range old {
		is := now.get(i, m.name)
		switch {
		case bytes.Equal(m.value, is):
		case m.value[0] == '{' && len(is) > 0 && is[0] == '{':
			if d := difference(m.value, is); d != nil {
				changed[unquote(m.name)] = d
			}
		default:
			changed[unquote(m.name)] = m.value
		}
	}
	for i, m := range now {
		if old.get(i, m.name) == nil {
			changed[unquote(m.name)] = json.RawMessage("null")
		}
	}
	if len(changed) == 0 {
		return nil
	}
	out, _ := object.Encode(changed)
	return out
}

// members are those of an object: names in quotes, and values.
type members []member

type member struct{ name, value []byte }

// get is a value, nil for none. It is looked for at its likely place first.
func (all members) get(likely int, name []byte) []byte {
	if likely < len(all) && bytes.Equal(all[likely].name, name) {
		return all[likely].value
	}
	for _, m := range all {
		if bytes.Equal(m.name, name) {
			return m.value
		}
	}
	return nil
}

// membersOf is nil for what is no object.
func membersOf(text []byte) members {
	if len(text) < 2 || text[0] != '{' {
		return nil
	}
	all := make(members, 0, 64)
	for at := 1; text[at] == '"' || text[at] == ','; {
		if text[at] == ',' {
			at++
		}
		end := valueEnd(text, at)
		name := text[at:end]
		at = end + 1 // behind the colon
		end = valueEnd(text, at)
		all, at = append(all, member{name, text[at:end]}), end
	}
	return all
}

// valueEnd is where the value ends that begins at a position.
func valueEnd(text []byte, at int) int {
	for depth, quoted := 0, false; at < len(text); at++ {
		switch c := text[at]; {
		case quoted && c == '\\':
			at++
		case c == '"':
			if quoted = !quoted; !quoted && depth == 0 {
				return at + 1
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return at + 1
			}
			if depth < 0 { // of a number or word at the end of an object
				return at
			}
		case c == ',' && depth == 0:
			return at
		}
	}
	return at
}

func unquote(name []byte) string {
	var s string
	_ = json.Unmarshal(name, &s) // it was just written
	return s
}
