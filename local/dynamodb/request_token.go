package dynamodb

import "crypto/sha256"

// tokenUse is the request's token and what it stands for, nil without one.
func (ex *exchange) tokenUse(q *transactRequest) *tokenUse {
	if !q.hasToken {
		return nil
	}
	var text []byte
	for _, a := range q.actions {
		text = a.request.fingerprint(text, a.kind)
	}
	return ex.db.store.useOf(q.token, sha256.Sum256(text))
}

// fingerprint writes what an action asks for, the same for any order in which an
// SDK may write the members of a map.
func (q *request) fingerprint(out []byte, kind string) []byte {
	out = appendText(append(out, kind...), q.table)
	out = appendItem(appendItem(out, q.key), q.item)
	for _, text := range []*string{q.conditions.condition, q.conditions.update} {
		if text != nil {
			out = appendText(out, *text)
		}
		out = append(out, ';')
	}
	return appendText(q.given.appendSorted(out), q.returnOnFailure)
}
