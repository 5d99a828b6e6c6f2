// Package dynamo keeps everything in one DynamoDB table. It implements
// app.Store: one read per command, one transaction per decision.
//
//	What is stored under which key?            keys.go
//	How is a kind of row declared?             kind.go
//	How does a row look?                       *_row.go, testdata/rows.jsonl
//	How is a customer read whole?              state.go
//	How is a decision saved?                   commit.go, write.go
//	How does track move a balance?             use.go
//	What does a failed write mean?             failure.go
//	What is cached between requests?           cache.go
//	When is a kept catalog still the present?  catalog.go, catalog_version_row.go
package dynamo
