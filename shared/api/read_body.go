package api

// ReadBody reads a JSON object as strictly as the routes that sell read theirs:
// an unknown, repeated or differently written field is a *billing.Error that
// names it. The local stack reads its own calls by it.
func ReadBody[In any](body []byte) (In, error) { return Decode[In](Request{Body: body}) }
