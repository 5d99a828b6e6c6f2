// Package dynamodb is a DynamoDB that lives inside a Go process: the same JSON
// protocol, so the AWS SDK runs against it unmodified, without Java, Docker or
// an account. It runs under `make dev`, under all tests and under benchmarks,
// and is never deployed.
//
//	db, err := dynamodb.Open(dynamodb.Options{})            // in memory
//	client := awsdynamodb.New(awsdynamodb.Options{HTTPClient: db.Client(), …})
//	http.ListenAndServe("127.0.0.1:8000", db)               // or over a socket
//
// It is strict: what AWS refuses is refused, with AWS's error code. What the
// project does not use (local indexes, PartiQL, backups, the parameters that
// expressions replaced) is refused too, never passed over in silence.
//
// A request goes: http.go → exchange.go → one operation → its table's storage →
// commit in db.go → journal and subscribers. Where to find what:
//
//	How does a request come in and go out?        http.go, exchange.go, request.go, errors.go
//	How is JSON read and written?                 json_read.go, json_text.go, json_value.go, json_write.go
//	What is a value, and when are two the same?   value.go, size.go
//	How do numbers stay exact, and sort?          number.go, number_order.go
//	Which keys exist and how do they sort?        key.go, bounds.go, storage.go, tree.go, tree_walk.go
//	When is an item in an index?                  index.go
//	What may stand in an expression?              lexer.go, parser.go, path.go, placeholders.go, reserved.go
//	When does a condition hold?                   condition.go, operand.go; parsed by condition_parse.go, function_parse.go
//	What does an update do?                       update.go, update_value.go; parsed by update_parse.go
//	What does a read return?                      item_operations.go, query.go, scan.go, reading.go, start_key.go, key_condition.go, projection.go
//	What does a write check?                      write.go, item_operations.go
//	How do batches and transactions work?         batch_get.go, batch_write.go, transact_read.go, transact_write.go, transact_get.go
//	When is a transaction a repetition?           token.go
//	How are tables made and described?            table_read.go, table_operations.go, table_describe.go, table.go
//	When do items expire?                         ttl.go
//	What does a request cost?                     capacity.go, consumed.go
//	What can go wrong on purpose?                 fault.go
//	Who sees the requests?                        observe.go
//	Who hears of changes?                         stream.go
//	What survives a restart?                      journal.go, journal_line.go, journal_read.go, journal_compact.go, package journal
//	What is in the database right now?            dump.go
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
