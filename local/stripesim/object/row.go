package object

// Row is an object that can be stored.
type Row interface {
	// Kind is the value of the object's "object" field.
	Kind() string
	// Key is the object's id.
	Key() string
	// Owner is the id under which lists of this kind are looked up most often,
	// empty when there is none.
	Owner() string
	// Copy is a copy that can be changed without the original noticing. Slices,
	// maps and pointers that are always replaced as a whole stay shared.
	Copy() Row
	// Hidden points at what JSON does not show, nil when there is nothing.
	Hidden() any
}
