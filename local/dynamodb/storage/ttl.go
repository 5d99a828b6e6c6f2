package storage

import (
	"time"

	"windfall/local/dynamodb/attribute"
	"windfall/local/dynamodb/protocol"
)

// TimeToLive is the attribute that holds the time of expiry, "" when items do not
// expire.
func (t *Table) TimeToLive() (name string, err error) {
	err = t.Read(func() { name = t.ttl })
	return name, err
}

// SetTTL turns the expiry of items by an attribute on or off. It fails when that is
// the case already, or for another attribute than the present one.
func (s *Store) SetTTL(t *Table, name string, enabled bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.dropped:
		return notFound(t.Name)
	case enabled && t.ttl != "":
		return protocol.Invalid("TimeToLive is already enabled")
	case !enabled && t.ttl == "":
		return protocol.Invalid("TimeToLive is already disabled")
	case !enabled && t.ttl != name:
		return protocol.Invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	case !enabled:
		name = ""
	}
	return s.record(func(out []byte) []byte { return appendTTL(out, t.Name, name) }, func() { t.ttl = name })
}

// maxTTLAge is the greatest age of a time of expiry; older ones count as mistakes
// and expire nothing, as on AWS.
const maxTTLAge = 5 * 365 * 24 * time.Hour

// ExpireTTL removes the items whose time to live was over before now, and
// returns their number. Until then they stay visible, as on AWS, which removes
// them with a delay. Subscribers get each removal with the service as its author.
func (s *Store) ExpireTTL(now time.Time) int {
	s.mu.RLock()
	tables := s.sorted()
	s.mu.RUnlock()
	removed := 0
	for _, t := range tables {
		removed += s.expire(t, now)
	}
	s.Deliver()
	return removed
}

func (s *Store) expire(t *Table, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped || t.ttl == "" {
		return 0
	}
	var changes []Change
	until, from := attribute.Integer(now.Unix()), attribute.Integer(now.Add(-maxTTLAge).Unix())
	for r := range t.items.All(nil) {
		at, found := r.Attributes.Get(t.ttl)
		if found && attribute.Less(from, at) && attribute.Less(at, until) {
			changes = append(changes, Change{Table: t, Old: r, expired: true})
		}
	}
	if err := s.Commit(changes, nil); err != nil {
		return 0 // the journal is closed or full: the items stay until the next sweep
	}
	return len(changes)
}
