package stack

import (
	"context"
	"errors"

	"windfall/local/dynamodb"
	"windfall/local/stripesim"
)

// A Snapshot is everything a stack held at one moment: the table, the account
// at Stripe with its clock, and the events that are held.
type Snapshot struct {
	table  dynamodb.Snapshot
	stripe stripesim.Snapshot
}

// Snapshot keeps what the stack holds, once all is quiet.
func (s *Stack) Snapshot(ctx context.Context) (Snapshot, error) {
	err := s.Quiet(ctx)
	return Snapshot{s.DB.Snapshot(), s.Sim.Snapshot()}, err
}

// Restore puts a stack in memory back to a snapshot of its own, and gives the
// functions a fresh start: nothing they learned since is left.
func (s *Stack) Restore(was Snapshot) error {
	s.feed.forget()
	return errors.Join(s.DB.Restore(was.table), s.Sim.Restore(was.stripe), s.Restart())
}

// Objects is what Stripe holds, as text: for comparing before and after.
func (s *Stack) Objects() string { return s.Sim.Dump() }
