// Package delivery brings the events of an account to its webhook endpoints.
//
// It owns the queue and its worker, the order of delivery (Mode), the signature,
// the request to an endpoint, and the plan of retries. It does not own events
// or endpoints: the account makes and stores both, and is reached through an
// Outbox alone. Nothing here takes the lock of the account, because an endpoint
// calls the API back while it handles an event.
//
//	Which endpoints does an event go to?   parcel.go
//	In which order, and when?              courier.go, mode.go
//	How is it sent and signed?             send.go, sign.go
//	When is it sent again?                 retry.go
package delivery
