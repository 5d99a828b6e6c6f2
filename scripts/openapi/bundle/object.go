package bundle

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// An object is a YAML mapping that keeps the order of its keys.
type object struct {
	keys   []string
	values map[string]any
}

func newObject(pairs ...any) *object {
	o := &object{values: map[string]any{}}
	for i := 0; i < len(pairs); i += 2 {
		o.set(pairs[i].(string), pairs[i+1])
	}
	return o
}

func (o *object) set(key string, value any) {
	if _, known := o.values[key]; !known {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

func (o *object) has(key string) bool { _, known := o.values[key]; return known }

// take removes a key and returns its value; nil if it is not there.
func (o *object) take(key string) any {
	v := o.values[key]
	delete(o.values, key)
	o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
	return v
}

func (o *object) text(key string) string { s, _ := o.values[key].(string); return s }
func (o *object) flag(key string) bool   { b, _ := o.values[key].(bool); return b }
func (o *object) under(key string) *object {
	if in, ok := o.values[key].(*object); ok {
		return in
	}
	return newObject()
}

// copied is a copy whose keys can be changed apart.
func (o *object) copied() *object {
	c := newObject()
	for _, k := range o.keys {
		c.set(k, o.values[k])
	}
	return c
}

// read converts a node: objects keep their order, aliases and merges are resolved.
func read(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return read(n.Content[0])
	case yaml.AliasNode:
		return read(n.Alias)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, c := range n.Content {
			v, err := read(c)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, nil
	case yaml.MappingNode:
		return readMapping(n)
	default: // a scalar
	}
	var v any
	if err := n.Decode(&v); err != nil {
		return nil, fmt.Errorf("line %d: %w", n.Line, err)
	}
	return v, nil
}

func readMapping(n *yaml.Node) (any, error) {
	o, own := newObject(), map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i].Value
		v, err := read(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		if key != "<<" {
			if own[key] {
				return nil, fmt.Errorf("line %d: %q is there twice", n.Content[i].Line, key)
			}
			own[key] = true
			o.set(key, v)
			continue
		}
		merged, ok := v.(*object)
		if !ok {
			return nil, fmt.Errorf("line %d: << merges objects", n.Line)
		}
		for _, k := range merged.keys {
			if !o.has(k) {
				o.set(k, merged.values[k])
			}
		}
	}
	return o, nil
}

// node converts back. What is small stands on one line.
func node(v any) *yaml.Node {
	switch v := v.(type) {
	case *object:
		n := &yaml.Node{Kind: yaml.MappingNode}
		flat := true
		for _, k := range v.keys {
			at := &yaml.Node{}
			at.SetString(k)
			if _, err := strconv.Atoi(k); err == nil {
				at.Style = yaml.DoubleQuotedStyle
			}
			child := node(v.values[k])
			flat = flat && (child.Kind == yaml.ScalarNode && child.Style != yaml.LiteralStyle || child.Style == yaml.FlowStyle && small(child))
			n.Content = append(n.Content, at, child)
		}
		if flat && len(v.keys) <= 5 {
			n.Style = yaml.FlowStyle
		}
		return n
	case []any:
		n := &yaml.Node{Kind: yaml.SequenceNode}
		flat := true
		for _, each := range v {
			child := node(each)
			flat = flat && (child.Kind == yaml.ScalarNode || child.Style == yaml.FlowStyle && small(child))
			n.Content = append(n.Content, child)
		}
		if flat {
			n.Style = yaml.FlowStyle
		}
		return n
	}
	n := &yaml.Node{}
	if err := n.Encode(v); err != nil {
		panic(err) // only scalars of YAML are left
	}
	return n
}

// small reports whether a node is short enough to stand within a line.
func small(n *yaml.Node) bool {
	size := len(n.Value)
	for _, c := range n.Content {
		if !small(c) {
			return false
		}
		size += len(c.Value)
	}
	return size < 200
}
