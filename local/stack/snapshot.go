package stack

import (
	"context"
	"errors"

	"windfall/local/dynamodb"
	"windfall/local/stripesim"
)

// A Snapshot is the whole state of a stack at one time: the table, the accounts
// at Stripe with their clock, and the held events.
type Snapshot struct {
	table  dynamodb.Snapshot
	stripe []stripesim.Snapshot
}

// Snapshot copies the state of the stack, once everything is delivered.
func (s *Stack) Snapshot(ctx context.Context) (Snapshot, error) {
	err := s.Quiet(ctx)
	was := Snapshot{table: s.DB.Snapshot()}
	for _, account := range s.accounts() {
		was.stripe = append(was.stripe, account.Snapshot())
	}
	return was, err
}

// Restore returns a stack in memory to a snapshot of its own, and starts the
// functions afresh: they lose what they cached since. Events on their way
// arrive first, as they have no meaning in another state.
func (s *Stack) Restore(ctx context.Context, was Snapshot) error {
	err := s.Quiet(ctx)
	s.feed.forget()
	err = errors.Join(err, s.DB.Restore(was.table))
	for i, account := range s.accounts() {
		err = errors.Join(err, account.Restore(was.stripe[i]))
	}
	return errors.Join(err, s.Restart())
}

// Objects is the content of Stripe as text, for comparisons.
func (s *Stack) Objects() string { return s.Sim.Dump() }
