package dynamo

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"unicode/utf8"
)

// A cursor holds the sort key that a page ended with, and a mark of the
// partition that was read: in the list of another customer or environment it
// would skip entries in silence.

// maxSortKey is DynamoDB's limit in bytes: a longer text is no key at all.
const maxSortKey = 1024

func cursorAfter(pk, sk string) string {
	return base64.RawURLEncoding.EncodeToString(append(partitionMark(pk), sk...))
}

// placeOf returns the sort key of a cursor that cursorAfter made for the same
// partition. The text comes from a caller: its form is for the list to check.
func placeOf(pk, cursor string) (sk string, ok bool) {
	text, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	after, ours := bytes.CutPrefix(text, partitionMark(pk))
	return string(after), err == nil && ours && len(after) > 0 && len(after) <= maxSortKey && utf8.Valid(after)
}

func partitionMark(pk string) []byte {
	sum := sha256.Sum256([]byte(pk))
	return sum[:6]
}
