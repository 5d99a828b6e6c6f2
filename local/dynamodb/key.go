package dynamodb

// keyAttribute is one part of a key: the attribute that holds it and its kind.
type keyAttribute struct {
	name string
	kind kind
}

// keySchema is the key of a table or an index; sort.name is "" without one.
type keySchema struct {
	hash keyAttribute
	sort keyAttribute
}

const (
	maxHashBytes = 2048
	maxSortBytes = 1024
)

func (s keySchema) parts() []keyAttribute {
	if s.sort.name == "" {
		return []keyAttribute{s.hash}
	}
	return []keyAttribute{s.hash, s.sort}
}

func (s keySchema) has(name string) bool {
	return name == s.hash.name || s.sort.name != "" && name == s.sort.name
}

// placeOf says where an item with these key attributes lives in its table.
func (s keySchema) placeOf(it item) place {
	hash, _ := it.get(s.hash.name)
	if s.sort.name == "" {
		return place{partition: keyBytes(hash)}
	}
	sort, _ := it.get(s.sort.name)
	return place{keyBytes(hash), escapePart(keyBytes(sort)) + partEnd}
}

// keyOf picks the key attributes out of an item.
func (s keySchema) keyOf(it item) item {
	key := make(item, 0, 2)
	for _, part := range s.parts() {
		if v, found := it.get(part.name); found {
			key = key.insert(attribute{part.name, v})
		}
	}
	return key
}

// checkKey demands exactly the key attributes, each of its kind and size.
func (s keySchema) checkKey(key item) error {
	if len(key) != len(s.parts()) {
		return invalid("The provided key element does not match the schema")
	}
	for _, part := range s.parts() {
		v, found := key.get(part.name)
		if !found || v.kind != part.kind {
			return invalid("The provided key element does not match the schema")
		}
		if err := s.checkKeyValue(part, v); err != nil {
			return err
		}
	}
	return nil
}

// checkItemKey demands that an item to be put carries its table's key.
func (s keySchema) checkItemKey(it item) error {
	for _, part := range s.parts() {
		v, found := it.get(part.name)
		switch {
		case !found:
			return invalidValue("Missing the key %s in the item", part.name)
		case v.kind != part.kind:
			return invalidValue("Type mismatch for key %s expected: %s actual: %s", part.name, part.kind, v.kind)
		}
		if err := s.checkKeyValue(part, v); err != nil {
			return err
		}
	}
	return nil
}

func (s keySchema) checkKeyValue(part keyAttribute, v value) error {
	switch {
	case v.text == "":
		return invalidValue("The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s",
			v.kind.word(), part.name)
	case part == s.hash && len(v.text) > maxHashBytes:
		return invalidValue("Size of hashkey has exceeded the maximum size limit of %d bytes", maxHashBytes)
	case part == s.sort && len(v.text) > maxSortBytes:
		return invalidValue("Aggregated size of all range keys has exceeded the size limit of %d bytes", maxSortBytes)
	}
	return nil
}
