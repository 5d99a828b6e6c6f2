// Package protocol is the wire format of DynamoDB: JSON is read and written here,
// and a refusal has the service's code, message and HTTP status.
//
// It owns the syntax of JSON and the shape of an error. It does not own attribute
// values (package attribute), the parameters of a request, or HTTP (package
// dynamodb).
//
//	r := protocol.NewReader(body)
//	r.Object(func(name string) { … r.Text() … })
//	if r.End(); r.Err() != nil { … }
package protocol
