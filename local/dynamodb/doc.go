// Package dynamodb is a DynamoDB that lives inside a Go process: the same JSON
// protocol, so the AWS SDK runs against it unmodified, without Java, Docker or
// an account. It runs under `make dev`, under all tests and under benchmarks,
// and is never deployed.
//
//	db, err := dynamodb.Open(dynamodb.Options{})            // in memory
//	client := awsdynamodb.New(awsdynamodb.Options{HTTPClient: db.Client(), …})
//	http.ListenAndServe("127.0.0.1:8000", db)               // or over a socket
//
// It is strict: it refuses the requests that AWS refuses, with AWS's error code.
// Features that the project does not use (local indexes, PartiQL, backups, the
// parameters that expressions replaced) are refused too, never ignored.
//
// Imports point one way: a package knows only those above it in this list, and
// storage knows no expressions.
//
//	protocol    JSON and refusals
//	attribute   values and items
//	keys        keys, places and their order
//	expression  conditions, key conditions, projections, updates
//	storage     tables, indexes, commits, journal, stream, snapshots
//	dynamodb    requests, operations, capacity, HTTP, faults, permits (this package)
//
// A request goes: http.go → exchange.go → one operation → its table in storage →
// Store.Commit → journal and subscribers. Where to find what:
//
//	How does a request come in and go out?        http.go, exchange.go, request.go, errors.go
//	How is JSON read and written?                 protocol/reader.go, reader_scalar.go, reader_text.go, writer.go; attribute/read.go, write.go
//	What is a value, and when are two equal?      attribute/value.go, item.go, size.go
//	How do numbers stay exact, and sort?          attribute/number.go, number_order.go
//	Which keys exist and how do they sort?        keys/schema.go, place.go, bounds.go
//	Where is an item kept?                        storage/records.go, records_scan.go, samples.go, tree.go, tree_walk.go
//	When is an item in an index?                  storage/index.go
//	What is the grammar of expressions?           expression/lexer.go, parser.go, path_parse.go, placeholders.go, reserved.go
//	When does a condition hold?                   expression/condition.go, operand.go; parsed by condition_parse.go, comparison_parse.go, function_parse.go
//	What does an update do?                       expression/update.go, update_value.go, edit.go; parsed by update_parse.go
//	What does a read return?                      item_operations.go, query.go, scan.go, reading.go, start_key.go, page.go; expression/key_condition.go, projection.go
//	What does a write check?                      write.go, item_operations.go
//	How do batches and transactions work?         batch_get.go, batch_write.go, transact_read.go, transact_write.go, transact_get.go
//	When is a transaction a repetition?           request_token.go; storage/token.go
//	How are tables made and described?            table_operations.go; storage/table_read.go, table_new.go, table_describe.go, table.go
//	When do items expire?                         ttl_operations.go; storage/ttl.go
//	What does a request cost?                     capacity.go, consumed.go
//	What can go wrong on purpose?                 fault.go
//	Which requests are forbidden?                 permit.go
//	How does a test observe requests?             observe.go
//	How does a subscriber get changes?            storage/stream.go
//	What survives a restart?                      storage/journal.go, journal_line.go, journal_read.go, journal_compact.go, package journal
//	What is in the database right now?            storage/dump.go
//	Which locks are taken, and when?              storage/store.go, table_access.go
//
// # Choices
//
// Numbers are canonical decimal texts, not a binary type: equality is equality of
// texts, nothing is rounded, and only additions need a decimal library.
//
// Items are immutable and shared by table, indexes, answers and journal, so reads
// copy nothing and hold their lock only while they look.
//
// One lock for each table, taken for writing by writes and transactions: a commit
// takes microseconds, and transactions become serial, as AWS promises.
package dynamodb
