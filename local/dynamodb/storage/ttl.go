package storage

import (
	"slices"
	"strconv"
	"strings"
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
	return s.record(func(out []byte) []byte { return appendTTL(out, t.Name, name) }, func() { t.setTTL(name) })
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
	var passed []int64
	for day, keys := range t.expires {
		if day > now.Unix()/day1 {
			continue
		}
		left := keys[:0]
		for _, key := range keys {
			r := t.items.get(placeOf(key))
			at, found := expiry(r, t.ttl)
			switch {
			case found && attribute.Less(from, at) && attribute.Less(at, until):
				changes = append(changes, Change{Table: t, Old: r, expired: true})
				left = append(left, key) // should the journal be full
			case found && !attribute.Less(at, until) && dayOf(at) == day:
				left = append(left, key)
			}
		}
		if t.expires[day] = left; len(left) == 0 {
			passed = append(passed, day)
		}
	}
	for _, day := range passed {
		delete(t.expires, day)
	}
	slices.SortFunc(changes, func(a, b Change) int { return strings.Compare(a.Old.entry.key(), b.Old.entry.key()) })
	changes = slices.CompactFunc(changes, func(a, b Change) bool { return a.Old.entry.key() == b.Old.entry.key() })
	if err := s.Commit(changes, nil); err != nil {
		return 0 // the journal is closed or full: the items stay until the next sweep
	}
	return len(changes)
}

// day1 is a day in seconds.
const day1 = 86400

func dayOf(at attribute.Value) int64 {
	seconds, _ := strconv.ParseFloat(at.Text, 64)
	return int64(seconds) / day1
}

// expiry is the time to live of a record, if it has one.
func expiry(r *Record, name string) (at attribute.Value, found bool) {
	if r == nil || name == "" {
		return at, false
	}
	at, found = r.Item().Get(name)
	return at, found && at.Kind == attribute.Number
}

// noteExpiry files a record under the day of its time to live.
func (t *Table) noteExpiry(old, updated *Record) {
	at, found := expiry(updated, t.ttl)
	if !found {
		return
	}
	if before, had := expiry(old, t.ttl); had && dayOf(before) == dayOf(at) {
		return // it is there
	}
	if t.expires == nil {
		t.expires = map[int64][]string{}
	}
	t.expires[dayOf(at)] = append(t.expires[dayOf(at)], updated.entry.key())
}

// setTTL changes the attribute, and files what is there.
func (t *Table) setTTL(name string) {
	t.ttl, t.expires = name, nil
	for r := range t.items.All(nil) {
		t.noteExpiry(nil, r)
	}
}
