package keys

import (
	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// Part is one part of a key: the attribute that holds it and its kind.
type Part struct {
	Name string
	Kind attribute.Kind
}

// Schema is the key of a table or an index; Sort.Name is "" without a sort key.
type Schema struct {
	Hash Part
	Sort Part
}

const (
	maxHashBytes = 2048
	maxSortBytes = 1024
)

// Parts are the hash key and the sort key, if there is one.
func (s Schema) Parts() []Part {
	if s.Sort.Name == "" {
		return []Part{s.Hash}
	}
	return []Part{s.Hash, s.Sort}
}

// Has tells whether the attribute is part of the key.
func (s Schema) Has(name string) bool {
	return name == s.Hash.Name || s.Sort.Name != "" && name == s.Sort.Name
}

// PlaceOf is the place of an item with these key attributes.
func (s Schema) PlaceOf(it attribute.Item) Place {
	hash, _ := it.Get(s.Hash.Name)
	if s.Sort.Name == "" {
		return Place{Partition: Bytes(hash)}
	}
	sort, _ := it.Get(s.Sort.Name)
	return Place{Bytes(hash), escapePart(Bytes(sort)) + partEnd}
}

// KeyOf picks the key attributes out of an item.
func (s Schema) KeyOf(it attribute.Item) attribute.Item {
	key := make(attribute.Item, 0, 2)
	for _, part := range s.Parts() {
		if v, found := it.Get(part.Name); found {
			key = key.Insert(attribute.Attribute{Name: part.Name, Value: v})
		}
	}
	return key
}

// CheckKey demands exactly the key attributes, each of its kind and size. It fails
// with a ValidationException, as all checks here do.
func (s Schema) CheckKey(key attribute.Item) error {
	if len(key) != len(s.Parts()) {
		return protocol.Invalid("The provided key element does not match the schema")
	}
	for _, part := range s.Parts() {
		v, found := key.Get(part.Name)
		if !found || v.Kind != part.Kind {
			return protocol.Invalid("The provided key element does not match the schema")
		}
		if err := s.CheckValue(part, v); err != nil {
			return err
		}
	}
	return nil
}

// CheckItem demands that an item to be put carries its table's key.
func (s Schema) CheckItem(it attribute.Item) error {
	for _, part := range s.Parts() {
		v, found := it.Get(part.Name)
		switch {
		case !found:
			return protocol.InvalidValue("Missing the key %s in the item", part.Name)
		case v.Kind != part.Kind:
			return protocol.InvalidValue("Type mismatch for key %s expected: %s actual: %s", part.Name, part.Kind, v.Kind)
		}
		if err := s.CheckValue(part, v); err != nil {
			return err
		}
	}
	return nil
}

// CheckValue demands that a key attribute is neither empty nor too long.
func (s Schema) CheckValue(part Part, v attribute.Value) error {
	switch {
	case v.Text == "":
		return protocol.InvalidValue("The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
			v.Kind.Word(), part.Name)
	case part == s.Hash && len(v.Text) > maxHashBytes:
		return protocol.InvalidValue("Size of hashkey has exceeded the maximum size limit of %d bytes", maxHashBytes)
	case part == s.Sort && len(v.Text) > maxSortBytes:
		return protocol.InvalidValue("Aggregated size of all range keys has exceeded the size limit of %d bytes", maxSortBytes)
	}
	return nil
}
