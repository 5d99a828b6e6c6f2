package stack

import (
	"context"
	"fmt"
	"time"

	"windfall/shared/dynamo"
)

// upgrade gives rows of an earlier release, in data that was kept, what those of this one have.
func (s *Stack) upgrade(ctx context.Context) error {
	if s.Dir == "" {
		return nil
	}
	store := dynamo.New(s.client, s.Template.Table.Name, s.Currency, time.Now, func(context.Context, int) bool { return true })
	if _, err := store.Upgrade(ctx, s.client); err != nil {
		return fmt.Errorf("upgrade the rows of an earlier release: %w", err)
	}
	return nil
}
