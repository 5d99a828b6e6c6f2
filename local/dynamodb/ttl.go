package dynamodb

import "time"

// timeToLive is the attribute that holds the time of expiry, "" when items do not
// expire.
func (t *table) timeToLive() (name string, err error) {
	err = t.read(func() { name = t.ttl })
	return name, err
}

// setTTL turns the expiry of items by an attribute on or off.
func (s *store) setTTL(t *table, name string, enabled bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.dropped:
		return notFound(t.name)
	case enabled && t.ttl != "":
		return invalid("TimeToLive is already enabled")
	case !enabled && t.ttl == "":
		return invalid("TimeToLive is already disabled")
	case !enabled && t.ttl != name:
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	case !enabled:
		name = ""
	}
	return s.record(func(out []byte) []byte { return appendTTL(out, t.name, name) }, func() { t.ttl = name })
}

// maxTTLAge is how far in the past a time of expiry still counts; older ones are
// taken for a mistake and left alone, as on AWS.
const maxTTLAge = 5 * 365 * 24 * time.Hour

// expireTTL removes the items whose time to live was over before now, and
// returns how many. Until it is called they stay visible, as they do on AWS,
// which removes them with a delay. Each removal reaches the subscribers with the
// service as its author.
func (s *store) expireTTL(now time.Time) int {
	s.mu.RLock()
	tables := s.sorted()
	s.mu.RUnlock()
	removed := 0
	for _, t := range tables {
		removed += s.expire(t, now)
	}
	s.deliver()
	return removed
}

func (s *store) expire(t *table, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped || t.ttl == "" {
		return 0
	}
	var changes []change
	until, from := integer(now.Unix()), integer(now.Add(-maxTTLAge).Unix())
	for r := range t.items.all(nil) {
		at, found := r.attributes.get(t.ttl)
		if found && less(from, at) && less(at, until) {
			changes = append(changes, change{table: t, old: r, expired: true})
		}
	}
	if err := s.commit(changes, nil); err != nil {
		return 0 // the journal is closed or full: the items stay until the next sweep
	}
	return len(changes)
}
