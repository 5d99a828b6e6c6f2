package attribute

import (
	"encoding/binary"

	"windfall/local/squeeze"
)

// AppendPacked writes an item in fewer bytes than JSON, for memory alone: numbers of
// attributes, kinds, values. ReadPacked reads it.
func AppendPacked(out []byte, it Item) []byte {
	out = binary.AppendUvarint(out, uint64(len(it)))
	for i := range it {
		out = appendPackedText(out, it[i].Name)
		out = appendPackedValue(out, it[i].Value)
	}
	return out
}

func appendPackedText(out []byte, text string) []byte {
	return append(binary.AppendUvarint(out, uint64(len(text))), text...)
}

func appendPackedValue(out []byte, v Value) []byte {
	out = append(out, byte(v.Kind))
	switch {
	case v.Kind == Bool && v.Truth:
		return append(out, 1)
	case v.Kind == Bool:
		return append(out, 0)
	case v.Kind == Null:
		return out
	case v.Kind == Map:
		return AppendPacked(out, v.Fields)
	case v.Kind == List || v.Kind.IsSet():
		out = binary.AppendUvarint(out, uint64(len(v.Elements)))
		for i := range v.Elements {
			out = appendPackedValue(out, v.Elements[i])
		}
		return out
	}
	return appendPackedText(out, v.Text)
}

// ReadPacked reads an item that AppendPacked wrote. Its texts are parts of packed.
func ReadPacked(packed string) Item {
	it, _ := readPacked(packed)
	return it
}

func readPacked(packed string) (Item, string) {
	n, packed := squeeze.Number(packed)
	it := make(Item, n)
	for i := range it {
		it[i].Name, packed = readPackedText(packed)
		it[i].Value, packed = readPackedValue(packed)
	}
	return it, packed
}

func readPackedText(packed string) (text, rest string) {
	n, packed := squeeze.Number(packed)
	return packed[:n], packed[n:]
}

func readPackedValue(packed string) (v Value, rest string) {
	v.Kind, packed = Kind(packed[0]), packed[1:]
	switch {
	case v.Kind == Bool:
		v.Truth, packed = packed[0] == 1, packed[1:]
	case v.Kind == Null:
	case v.Kind == Map:
		v.Fields, packed = readPacked(packed)
	case v.Kind == List || v.Kind.IsSet():
		var n int
		if n, packed = squeeze.Number(packed); n > 0 {
			v.Elements = make([]Value, n)
		}
		for i := range v.Elements {
			v.Elements[i], packed = readPackedValue(packed)
		}
	default:
		v.Text, packed = readPackedText(packed)
	}
	return v, packed
}
