package api

// ReadBody reads a JSON object as strictly as Decode: an unknown, repeated or
// differently written field is a *Refusal that names it. The local stack reads
// its own calls with it.
func ReadBody[In any](body []byte) (In, error) { return Decode[In](Request{Body: body}) }
