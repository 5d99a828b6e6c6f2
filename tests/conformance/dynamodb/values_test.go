package dynamodb_test

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Cases write values as Go literals: a string is S, true is BOOL, nil is NULL,
// and the types below stand for the rest.
type (
	num     string   // N
	bin     string   // B
	strs    []string // SS
	nums    []string // NS
	bins    []string // BS
	list    []any    // L
	object  map[string]any
	wire    = map[string]types.AttributeValue
	notNull struct{} // NULL false, which is not a valid value
)

func value(v any) types.AttributeValue {
	switch v := v.(type) {
	case string:
		return &types.AttributeValueMemberS{Value: v}
	case num:
		return &types.AttributeValueMemberN{Value: string(v)}
	case bin:
		return &types.AttributeValueMemberB{Value: []byte(v)}
	case bool:
		return &types.AttributeValueMemberBOOL{Value: v}
	case nil:
		return &types.AttributeValueMemberNULL{Value: true}
	case notNull:
		return &types.AttributeValueMemberNULL{Value: false}
	case strs:
		return &types.AttributeValueMemberSS{Value: v}
	case nums:
		return &types.AttributeValueMemberNS{Value: v}
	case bins:
		return &types.AttributeValueMemberBS{Value: bytesOf(v)}
	case list:
		elements := make([]types.AttributeValue, len(v))
		for i := range v {
			elements[i] = value(v[i])
		}
		return &types.AttributeValueMemberL{Value: elements}
	case object:
		return &types.AttributeValueMemberM{Value: attributes(v)}
	}
	panic(fmt.Sprintf("no attribute value for %T", v))
}

func bytesOf(texts []string) [][]byte {
	all := make([][]byte, len(texts))
	for i := range texts {
		all[i] = []byte(texts[i])
	}
	return all
}

// attributes is nil for nil, which omits a parameter, and empty for empty.
func attributes(o object) wire {
	if o == nil {
		return nil
	}
	all := wire{}
	for name, v := range o {
		all[name] = value(v)
	}
	return all
}

func key(pk, sk string) wire { return attributes(object{"PK": pk, "SK": sk}) }

// row is an item: its key and more.
func row(pk, sk string, more object) wire {
	all := key(pk, sk)
	for name, v := range more {
		all[name] = value(v)
	}
	return all
}
