// Package store keeps the simulator's objects in memory and on disk. It knows
// nothing of billing.
//
//	Where are objects kept, who owns them?    store.go, shelf.go
//	How do they take little memory?           pack.go
//	When are they forgotten?                  expire.go
//	How is a change made, or undone?          tx.go
//	What falls due next?                      due.go
//	How does it survive a restart?            journal.go
//
// Nothing here locks: the simulator does, with one mutex.
package store
