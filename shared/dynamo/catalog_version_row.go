package dynamo

import (
	"context"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"windfall/shared/app"
	"windfall/shared/catalog"
)

const (
	versionSK     = "VERSION"
	recentChanges = 10 // names of rows that are written to one list before the next is begun
)

const (
	// settled is longer than a deployment takes. While one runs, functions of a release
	// that keeps no version may still change the catalog.
	settled = time.Hour

	// applied is longer than DynamoDB takes to show all rows of a transaction once one of
	// them is shown. Until then a read in several requests may meet some of it alone.
	applied = time.Minute
)

// The version of a catalog is its own row, which every transaction that changes a row of
// the catalog moves. It also names the rows that changed last, so that who knows an
// earlier version reads those alone. A row holds at most two lists of names: all that is
// written to it stays one small read.
func init() {
	declareAlone("catalog version", "<env>#CATALOG_VERSION", versionSK)
}

func catalogVersionKey(env catalog.Env) key { return key{string(env) + "#CATALOG_VERSION", versionSK} }

// A catalogVersion counts the changes of a catalog's rows. The zero value is that of a
// catalog without a version, as an earlier release left it.
type catalogVersion struct {
	n       int64
	since   time.Time // from when on changes are counted; zero for a catalog that began with its version
	moved   time.Time // when the last change was made
	changes []string  // names of the last ones, in their order; see changeOf
	recent  int       // how many of them are in the list that is written
}

func (s *Store) catalogVersion(ctx context.Context, env catalog.Env) (v catalogVersion, err error) {
	r, err := s.get(ctx, catalogVersionKey(env))
	if err != nil || r == nil {
		return v, err
	}
	changed := r.texts("changed")
	return catalogVersion{r.int("n"), time.UnixMilli(r.int("since")), r.time("moved"), append(r.texts("earlier"), changed...), len(changed)}, nil
}

// countsSince reports whether every change after a moment is counted.
func (v catalogVersion) countsSince(at time.Time) bool {
	return v.n > 0 && at.Sub(v.since) >= settled
}

// after lists the changes after an earlier version, one of each row. known is false if
// those are forgotten, or too many for one request.
func (v catalogVersion) after(n int64) (changed []change, known bool) {
	behind := v.n - n
	if n == 0 || behind < 0 || behind > int64(min(len(v.changes), maxBatch)) {
		return nil, false
	}
	return v.last(int(behind)), true
}

// A change is what became of a row. DynamoDB may show a version before all rows of its
// transaction, so a row that is read is compared with what was written.
type change struct {
	sk   string
	hash string // of the row as it was put; "" where that is not known
	gone bool
	held bool // the row was marked as in use
}

// last lists what became of rows by so many last changes.
func (v catalogVersion) last(changes int) (rows []change) {
	at := map[string]int{}
	for _, name := range v.changes[len(v.changes)-changes:] {
		hash, sk, _ := strings.Cut(name, "#")
		i, known := at[sk]
		if !known {
			i = len(rows)
			at[sk], rows = i, append(rows, change{sk: sk})
		}
		switch hash {
		case wasDeleted:
			rows[i] = change{sk: sk, gone: true}
		case wasMarked:
			rows[i].held = true
		default:
			rows[i].hash, rows[i].gone = hash, false
		}
	}
	return rows
}

// Names of a change begin with the hash of what was put, or with one of these.
const (
	wasDeleted = "-"
	wasMarked  = "+"
)

// shown reports whether rows show all of the changes, and none after them.
func shown(changes []change, rows []row) bool {
	is := make(map[string]row, len(rows))
	for _, r := range rows {
		is[r.text("SK")] = r
	}
	for _, c := range changes {
		r := is[c.sk]
		if c.gone != (r == nil) || c.held && !r.flag("held") || c.hash != "" && c.hash != hashOf(r) {
			return false
		}
	}
	return true
}

// hashOf is the hash of a row of a catalog, but for the mark that it is in use: a sum over
// its attributes, which have no order.
func hashOf(r row) string {
	sum := uint32(0)
	for name, value := range r {
		text := r.text(name)
		if n, is := value.(*types.AttributeValueMemberN); is {
			text = n.Value
		}
		if name != "held" {
			h := fnv.New32a()
			_, _ = h.Write([]byte(name + "\x00" + text)) // never fails
			sum += h.Sum32()
		}
	}
	return strconv.FormatUint(uint64(sum), 36)
}

// changeOf names what an item changes in a catalog; "" for nothing.
func changeOf(env catalog.Env, w types.TransactWriteItem) string {
	k := keyOf(w)
	switch {
	case k.PK != catalogPK(env):
		return ""
	case w.Put != nil:
		return hashOf(w.Put.Item) + "#" + k.SK
	case w.Delete != nil:
		return wasDeleted + "#" + k.SK
	}
	return wasMarked + "#" + k.SK
}

// moveCatalog is the item that counts what a transaction changes in a catalog; false
// where that is nothing. Of two transactions at one moment the second is tried again. It is
// refused only where it was decided on a revision that another one has changed; with 0 it is
// for nobody. known is the catalog as it was read last.
func (t table) moveCatalog(writes items, known keptCatalog, revision int64, now time.Time) (types.TransactWriteItem, bool) {
	var changed []types.AttributeValue
	for _, w := range writes {
		if name := changeOf(t.env, w); name != "" {
			changed = append(changed, text(name))
		}
	}
	if len(changed) == 0 {
		return types.TransactWriteItem{}, false
	}
	lists := "changed = list_append(if_not_exists(changed, :none), :changed)"
	if known.version.recent >= recentChanges {
		lists = "earlier = if_not_exists(changed, :none), changed = :changed"
	}
	since := millis(now)
	if known.empty && known.version.n == 0 { // no earlier release made any of its rows
		since = integer(0)
	}
	k := catalogVersionKey(t.env)
	move := t.unconditional(k, "SET v = :form, n = if_not_exists(n, :zero) + :count, since = if_not_exists(since, :since), moved = :now, "+lists, values{
		":form": newRow(k)[formVersion], ":zero": integer(0), ":count": integer(int64(len(changed))), ":since": since, ":now": millis(now),
		":none": list(nil), ":changed": list(changed),
	})
	if revision > 0 {
		move.Update.ConditionExpression, move.Update.ExpressionAttributeValues[":read"] = aws.String("n = :read"), integer(revision)
	}
	return move, true
}

func (t *transaction) CatalogAsRead(w app.CatalogAsRead) { t.revision = w.Revision }

func list(of []types.AttributeValue) types.AttributeValue {
	return &types.AttributeValueMemberL{Value: of}
}

// texts reads a list of texts.
func (r row) texts(name string) (out []string) {
	if l, ok := r[name].(*types.AttributeValueMemberL); ok {
		for _, v := range l.Value {
			if s, is := v.(*types.AttributeValueMemberS); is {
				out = append(out, s.Value)
			}
		}
	}
	return out
}
