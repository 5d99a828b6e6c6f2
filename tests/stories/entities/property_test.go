package entities

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	. "windfall/tests/world"
)

// A model of a team: what is left of the customer's own messages and of each seat's, in the
// order in which the seats were made.
type model struct {
	own   int
	seats []*seat
}

type seat struct {
	id   string
	left int
}

const (
	ofAll  = 1000 // messages that team has for all …
	ofEach = 100  // … and for each seat
	places = 5
)

func (m *model) of(id string) *seat {
	i := slices.IndexFunc(m.seats, func(s *seat) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return m.seats[i]
}

// pools are what a use is taken from, in order; each with the most that it may have.
func (m *model) pools(id string) (left []*int, most []int) {
	if s := m.of(id); s != nil {
		return []*int{&s.left, &m.own}, []int{ofEach, ofAll}
	}
	left, most = []*int{&m.own}, []int{ofAll}
	for _, s := range m.seats {
		left, most = append(left, &s.left), append(most, ofEach)
	}
	return left, most
}

// take uses n of the pools, or gives back: to the first that has something left, then to those
// before it, and to those after it last.
func (m *model) take(id string, n int) (dropped int) {
	left, most := m.pools(id)
	if n >= 0 {
		for _, l := range left {
			part := min(n, *l)
			*l, n = *l-part, n-part
		}
		return n
	}
	at := slices.IndexFunc(left, func(l *int) bool { return *l > 0 })
	if at < 0 {
		at = len(left) - 1
	}
	order := []int{}
	for i := at; i >= 0; i-- {
		order = append(order, i)
	}
	for i := len(left) - 1; i > at; i-- {
		order = append(order, i)
	}
	for _, i := range order {
		part := min(-n, most[i]-*left[i])
		*left[i], n = *left[i]+part, n+part
	}
	return n
}

func (m *model) sum() int {
	sum := m.own
	for _, s := range m.seats {
		sum += s.left
	}
	return sum
}

// Seats come and go, and they and their customer use messages: at any time the sums are those of the
// model, and each seat has its own.
func TestI33TheSumsOfEntitiesAreRight(t *testing.T) {
	t.Parallel()
	w := New(t)
	w.TeamCatalog()
	w.Team("team")
	start := w.Snapshot()
	rapid.Check(t, func(r *rapid.T) {
		start()
		m := &model{own: ofAll}
		for range 12 {
			id := rapid.SampledFrom([]string{"a", "b", "d", "e", "f", "g"}).Draw(r, "seat")
			switch what := rapid.IntRange(0, 9).Draw(r, "what"); {
			case what < 3:
				m.create(r, w, id)
			case what == 3:
				m.delete(r, w, id)
			case what == 4:
				id = ""
				fallthrough
			default:
				m.use(r, w, id, rapid.SampledFrom([]int{1, 30, 70, 120, 400, 1100, -20, -150}).Draw(r, "value"))
			}
			m.compare(r, w)
		}
	})
}

func (m *model) create(r *rapid.T, w *World, id string) {
	want := 200
	switch {
	case m.of(id) != nil:
		want = 409
	case len(m.seats) == places:
		want = 400
	default:
		m.seats = append(m.seats, &seat{id, ofEach})
	}
	if a := w.Do(w.Stack.Key, "POST", "/v1/customers/c/entities", JSON{"id": id, "feature_id": "seats"}); a.Status != want {
		r.Fatalf("make %s: %d %s, want %d", id, a.Status, a.Text, want)
	}
}

func (m *model) delete(r *rapid.T, w *World, id string) {
	want := 404
	if s := m.of(id); s != nil {
		want = 200
		m.seats = slices.DeleteFunc(m.seats, func(other *seat) bool { return other == s })
	}
	if a := w.Do(w.Stack.Key, "DELETE", "/v1/customers/c/entities/"+id, nil); a.Status != want {
		r.Fatalf("delete %s: %d %s, want %d", id, a.Status, a.Text, want)
	}
}

func (m *model) use(r *rapid.T, w *World, id string, value int) {
	body := JSON{"customer_id": "c", "feature_id": "messages", "value": value}
	if id != "" {
		body["entity_id"] = id
	}
	a := w.Do(w.Stack.Key, "POST", "/v1/track", body)
	if id != "" && m.of(id) == nil {
		if a.Status != 404 {
			r.Fatalf("track of %s: %d %s, want 404", id, a.Status, a.Text)
		}
		return
	}
	if dropped := m.take(id, value); a.Status != 200 || a.Body["dropped"] != float64(dropped) {
		r.Fatalf("track %v: %d %s, want %d dropped", body, a.Status, a.Text, dropped)
	}
}

func (m *model) compare(r *rapid.T, w *World) {
	has := func(body JSON) string {
		a := w.Do(w.Stack.Key, "POST", "/v1/check", Merge(JSON{"customer_id": "c", "feature_id": "messages"}, body))
		return fmt.Sprint(a.Body["balance"])
	}
	if got, want := has(JSON{}), fmt.Sprint(m.sum()); got != want {
		r.Fatalf("the customer has %s, want %s", got, want)
	}
	for _, s := range m.seats {
		if got, want := has(Of(s.id)), fmt.Sprint(s.left+m.own); got != want {
			r.Fatalf("%s has %s, want %s", s.id, got, want)
		}
	}
	if got := w.Do(w.Stack.Key, "POST", "/v1/check", JSON{"customer_id": "c", "feature_id": "seats"}).Body["balance"]; got != float64(places-len(m.seats)) {
		r.Fatalf("%v seats are free, want %d", got, places-len(m.seats))
	}
}
