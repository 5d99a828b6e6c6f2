package usage

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Bucket is what events of one sum have in common beside feature and day: when they
// were received, and how long they are kept. Reports show events by both, so a sum must
// be shown whole or not at all.
type Bucket struct {
	Generation int       // of the customer's sums, see Mark
	From, To   time.Time // received from From, included, to To: a day in UTC, or its part in which the customer was there
	KeptDays   int
}

const day = 24 * time.Hour

// BucketOf is the bucket of an event received at a moment. created is when the
// customer of that id was made, as far as it is known: the zero time is right, too, and
// only leaves a report on the day of its creation to the events.
func BucketOf(generation int, received, created time.Time, keptDays int) Bucket {
	b := Bucket{Generation: generation, From: received.UTC().Truncate(day), KeptDays: keptDays}
	b.To = b.From.Add(day)
	switch {
	case received.Before(created) && created.Before(b.To):
		b.To = created.UTC()
	case !received.Before(created) && created.After(b.From):
		b.From = created.UTC()
	}
	return b
}

// Text is the bucket as a part of keys: it holds no "#".
func (b Bucket) Text() string {
	parts := []int64{int64(b.Generation), b.From.UnixMilli(), b.To.Sub(b.From).Milliseconds(), int64(b.KeptDays)}
	texts := make([]string, len(parts))
	for i, n := range parts {
		texts[i] = strconv.FormatInt(n, 36)
	}
	return strings.Join(texts, ".")
}

// ParseBucket reads what Text wrote.
func ParseBucket(text string) (Bucket, error) {
	var n [4]int64
	parts := strings.Split(text, ".")
	if len(parts) != len(n) {
		return Bucket{}, fmt.Errorf("%q is no bucket of usage", text)
	}
	for i, p := range parts {
		var err error
		if n[i], err = strconv.ParseInt(p, 36, 64); err != nil {
			return Bucket{}, fmt.Errorf("bucket of usage %q: %w", text, err)
		}
	}
	from := time.UnixMilli(n[1]).UTC()
	return Bucket{int(n[0]), from, from.Add(time.Duration(n[2]) * time.Millisecond), int(n[3])}, nil
}

// late is how long after its time the database may still hold an expired event.
const late = 7 * day

// ExpiresAt is when none of the bucket's events can be there any more.
func (b Bucket) ExpiresAt() time.Time {
	return b.From.Truncate(day).Add(day + time.Duration(b.KeptDays)*day + late)
}

// Received is the time within which the events of a report were received: from From, included,
// to Until, excluded; zero is open.
type Received struct{ From, Until time.Time }

// shown says how a bucket is shown where events count that were received within a
// time: all of it, nothing of it, or a part that only the events tell. The database may
// have deleted the first of its events as soon as those have expired.
func (b Bucket) shown(received Received, now time.Time) shown {
	open := received.Until.IsZero()
	switch {
	case !b.To.After(received.From) || !open && !b.From.Before(received.Until):
		return nothing
	case b.From.Before(received.From) || !open && b.To.After(received.Until) || !b.From.Add(time.Duration(b.KeptDays)*day).After(now):
		return part
	}
	return all
}

type shown int

const (
	all shown = iota
	part
	nothing
)
