// Package usage owns the sums of usage: what one customer used of one feature on one
// day, by the hour, so that a report over a million events reads one row for each day.
// It is pure: shared/dynamo files (usage_filing.go) and shared/app reports (usage_report.go).
//
//	Which sum does an event belong to?        bucket.go
//	What does a batch add to which sum?       batch.go
//	How is one change told from a repetition? position.go
//	Which days are answered by sums?          report.go
//	What of events that are older than sums?  mark.go
//	What did it use by the values of a property?  groups.go
//
// # Every event is in exactly one sum, once
//
// A track leaves its event in the row of the balance that it counts on (or in one of its
// shards): its source. The table's stream delivers the changes of one source in their
// order, each at least once: a batch may come again whole or in part, and the process
// that had it before may still be at work. Sequence numbers of one source ascend.
//
// A change may bring several events, whose positions are parts of its own, in their order. They
// come and come again together, so what follows holds for them as for events of one change each.
//
// First the event is put into a row of its own, on the condition that it is not there.
// That row says, for good, to which sum it belongs (a Bucket) and at which position of
// its source it was filed. A repetition is refused, is told what the first one wrote,
// and goes on with that: so the two can't disagree, although the settings or the
// customer changed between them. A balance that is saved by something else may carry
// its last event along; that is such a repetition, too.
//
// Only then the sums are updated: one write for each sum and batch. A sum holds, for each
// source, the position up to which it has the events of that source. One conditional write
// adds the events of a batch and moves the positions, if all of the events lie beyond the
// positions it has; otherwise those that do not are left out, and it is tried again. This holds
// at any time, for a sum and a source with the position p:
//
//	the sum has the events of the source up to p that belong to it, each once, and no later ones.
//
// A write moves p to q and adds the events of its batch between. There are no others between:
// of a source the batch is a run without gaps, and all before it was done before it was
// delivered. A batch is done when all its events and sums are written; where an event can't be
// put, neither it nor anything behind it is added, and the stream begins again there. A
// process that is late finds positions beyond its own and adds nothing.
//
// What has no position (an event of a customer without any balance, which is filed by the
// track itself, and events of before there were sums) is added in a transaction with its row,
// on the condition that the row belongs to no sum yet. There, too, the row decides.
//
// # Groups
//
// A feature declares properties by whose values its usage is told, too. The row of an event says,
// again for good, by which of them it is in groups. Groups have a row for each sum and property,
// with positions of its own, which the same argument holds for; it is read and written
// whole, on the condition that nobody else did meanwhile. A batch goes to the groups before it
// goes to the sum, and the sum counts how many of its events are in groups. A report reads
// the sum first: if that counts all its events as grouped, the groups have them all. Otherwise,
// as on the day of the declaration, the events tell.
//
// # Anew
//
// Sums of another generation than the mark's are not read, and their events belong to none: the
// scan adds them, each in a transaction with its row. That is how sums are rebuilt.
// When it is over, nothing reads the others any more, and they are removed.
//
// If the process dies between event and sum, the batch comes again, and the sum follows. An
// event that the stream has given up after a day is in the list, if it came so far, and in no sum.
package usage
