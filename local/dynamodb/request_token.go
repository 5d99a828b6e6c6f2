package dynamodb

import (
	"crypto/sha256"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
	"windfall/local/dynamodb/storage"
)

// tokenUse is the request's token with the hash of its actions, nil without one.
func (ex *exchange) tokenUse(q *transactRequest) *storage.TokenUse {
	if !q.hasToken {
		return nil
	}
	var text []byte
	for _, a := range q.actions {
		text = a.request.fingerprint(text, a.kind)
	}
	return ex.db.store.UseToken(q.token, sha256.Sum256(text))
}

// fingerprint writes all that decides on an action's outcome, the same for any
// order in which an SDK writes the members of a map.
func (q *request) fingerprint(out []byte, kind string) []byte {
	out = protocol.AppendText(append(out, kind...), q.table)
	out = attribute.AppendItem(attribute.AppendItem(out, q.key), q.item)
	for _, text := range []*string{q.conditions.condition, q.conditions.update} {
		if text != nil {
			out = protocol.AppendText(out, *text)
		}
		out = append(out, ';')
	}
	return protocol.AppendText(q.given.AppendSorted(out), q.returnOnFailure)
}
