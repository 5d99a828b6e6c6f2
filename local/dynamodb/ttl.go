package dynamodb

import (
	"strconv"
	"time"
)

func (ex *exchange) updateTimeToLive(r *jsonReader) error {
	attribute, enabled := "", false
	t, err := ex.named(r, func(name string) {
		if name != "TimeToLiveSpecification" {
			r.skip()
			return
		}
		r.object(func(name string) {
			switch name {
			case "AttributeName":
				attribute = r.text()
			case "Enabled":
				enabled = r.boolean()
			default:
				r.skip()
			}
		})
	})
	if err != nil {
		return err
	}
	if attribute == "" {
		return missingMember("timeToLiveSpecification.attributeName")
	}
	if err := ex.db.setTTL(t, attribute, enabled); err != nil {
		return err
	}
	ex.out = appendText(append(ex.out, `{"TimeToLiveSpecification":{"AttributeName":`...), attribute)
	ex.out = strconv.AppendBool(member(ex.out, "Enabled"), enabled)
	ex.out = append(ex.out, '}', '}')
	return nil
}

func (db *DB) setTTL(t *table, attribute string, enabled bool) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.dropped:
		return notFound(t.name)
	case enabled && t.ttl != "":
		return invalid("TimeToLive is already enabled")
	case !enabled && t.ttl == "":
		return invalid("TimeToLive is already disabled")
	case !enabled && t.ttl != attribute:
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl)
	case !enabled:
		attribute = ""
	}
	return db.record(func(out []byte) []byte { return appendTTL(out, t.name, attribute) }, func() { t.ttl = attribute })
}

func (ex *exchange) describeTimeToLive(r *jsonReader) error {
	t, err := ex.named(r, func(string) { r.skip() })
	if err != nil {
		return err
	}
	attribute := ""
	if err := t.reading(func() { attribute = t.ttl }); err != nil {
		return err
	}
	ex.out = append(ex.out, `{"TimeToLiveDescription":{`...)
	status := "DISABLED"
	if attribute != "" {
		status = "ENABLED"
		ex.out = appendText(member(ex.out, "AttributeName"), attribute)
	}
	ex.out = appendText(member(ex.out, "TimeToLiveStatus"), status)
	ex.out = append(ex.out, '}', '}')
	return nil
}

// maxTTLAge is how far in the past a time of expiry still counts; older ones are
// taken for a mistake and left alone, as on AWS.
const maxTTLAge = 5 * 365 * 24 * time.Hour

// ExpireTTL removes the items whose time to live was over before now, and
// returns how many. Until it is called they stay visible, as they do on AWS,
// which removes them with a delay. Each removal reaches the subscribers with the
// service as its author.
func (db *DB) ExpireTTL(now time.Time) int {
	db.mu.RLock()
	tables := db.sorted()
	db.mu.RUnlock()
	removed := 0
	for _, t := range tables {
		removed += db.expire(t, now)
	}
	db.deliver()
	return removed
}

func (db *DB) expire(t *table, now time.Time) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.dropped || t.ttl == "" {
		return 0
	}
	var changes []change
	until, _ := canonical(strconv.FormatInt(now.Unix(), 10))
	from, _ := canonical(strconv.FormatInt(now.Add(-maxTTLAge).Unix(), 10))
	for r := range t.items.all(nil) {
		at, found := r.attributes.get(t.ttl)
		if found && at.kind == kindNumber && compareNumbers(at.text, until) < 0 && compareNumbers(at.text, from) > 0 {
			changes = append(changes, change{table: t, old: r, expired: true})
		}
	}
	if err := db.commit(changes, nil); err != nil {
		return 0 // the journal is closed or full: the items stay until the next sweep
	}
	return len(changes)
}
