package template

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// plain turns a YAML node into maps, lists and scalars, with CloudFormation's
// short tags in their long form: `!Ref Table` becomes {"Ref": "Table"} and
// `!GetAtt Table.Arn` becomes {"Fn::GetAtt": "Table.Arn"}.
func plain(node *yaml.Node) any {
	value := untagged(node)
	name, short := strings.CutPrefix(node.Tag, "!")
	switch {
	case !short || strings.HasPrefix(name, "!"): // "!!str" and its like are YAML's own
		return value
	case name == "Ref" || name == "Condition":
		return map[string]any{name: value}
	default:
		return map[string]any{"Fn::" + name: value}
	}
}

func untagged(node *yaml.Node) any {
	switch node.Kind {
	case yaml.MappingNode:
		m := make(map[string]any, len(node.Content)/2)
		for i := 0; i+1 < len(node.Content); i += 2 {
			m[node.Content[i].Value] = plain(node.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := make([]any, len(node.Content))
		for i, item := range node.Content {
			list[i] = plain(item)
		}
		return list
	case yaml.AliasNode:
		return plain(node.Alias)
	default:
		if strings.HasPrefix(node.Tag, "!") && !strings.HasPrefix(node.Tag, "!!") {
			return node.Value // the argument of a short tag is text
		}
		var v any
		if err := node.Decode(&v); err != nil {
			return node.Value
		}
		return v
	}
}

// A scope knows what parameters and conditions stand for.
type scope struct {
	parameters map[string]any // name -> default
	conditions map[string]any // name -> unresolved expression
}

func newScope(document map[string]any, overrides []string) (scope, error) {
	s := scope{parameters: map[string]any{}, conditions: asMap(document["Conditions"])}
	declared := asMap(document["Parameters"])
	given := map[string]string{}
	for _, o := range overrides {
		name, value, _ := strings.Cut(o, "=")
		if _, ok := declared[name]; !ok {
			return scope{}, fmt.Errorf("the template has no parameter %q", name)
		}
		given[name] = value
	}
	for name, raw := range declared {
		p := asMap(raw)
		value := p["Default"]
		if own, ok := given[name]; ok {
			value = own
		}
		if p["Type"] == "CommaDelimitedList" {
			var list []any
			for part := range strings.SplitSeq(asString(value), ",") {
				list = append(list, strings.TrimSpace(part))
			}
			value = list
		}
		s.parameters[name] = value
	}
	return s, nil
}

// absent marks a value that AWS::NoValue removed.
type absent struct{}

// resolve replaces references to parameters by their defaults, decides
// !If, and keeps references to resources as they are.
func (s scope) resolve(value any) any {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 1 {
			if out, done := s.intrinsic(v); done {
				return out
			}
		}
		m := make(map[string]any, len(v))
		for key, item := range v {
			if item = s.resolve(item); item != (absent{}) {
				m[key] = item
			}
		}
		return m
	case []any:
		list := make([]any, 0, len(v))
		for _, item := range v {
			if item = s.resolve(item); item != (absent{}) {
				list = append(list, item)
			}
		}
		return list
	}
	return value
}

func (s scope) intrinsic(m map[string]any) (any, bool) {
	if name, ok := m["Ref"]; ok {
		if name == "AWS::NoValue" {
			return absent{}, true
		}
		value, ok := s.parameters[asString(name)]
		return value, ok
	}
	if branches, ok := m["Fn::If"].([]any); ok && len(branches) == 3 {
		if s.holds(map[string]any{"Condition": branches[0]}) {
			return s.resolve(branches[1]), true
		}
		return s.resolve(branches[2]), true
	}
	return nil, false
}

// holds decides a condition expression made of Equals, Not and Condition.
func (s scope) holds(expression any) bool {
	m := asMap(expression)
	if name, ok := m["Condition"]; ok {
		return s.holds(s.conditions[asString(name)])
	}
	if list, ok := m["Fn::Not"].([]any); ok && len(list) == 1 {
		return !s.holds(list[0])
	}
	if list, ok := m["Fn::Equals"].([]any); ok && len(list) == 2 {
		return asString(s.resolve(list[0])) == asString(s.resolve(list[1]))
	}
	return false
}
