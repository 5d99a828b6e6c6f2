package reward_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	. "windfall/shared/reward"
	"windfall/shared/rulestest"
)

// table keeps the codes of one text as the rows do, and refuses what their
// conditions refuse.
type table struct {
	text Text
	made int
}

// always finds the own code, in whatever state.
func always(PromoCode) bool { return true }

func (m *table) save(t *rapid.T, w Placement) {
	p := w.Code
	was := int64(0)
	if old := m.text.Find(p.CustomerID, always); p.CustomerID == "" && m.text.Anybody != nil {
		was = m.text.Anybody.Version
	} else if p.CustomerID != "" && old != nil && old.CustomerID == p.CustomerID {
		was = old.Version
	}
	if p.Version != was {
		t.Fatalf("the placement takes version %d of the row, which has %d", p.Version, was)
	}
	p.Version++
	if p.CustomerID == "" {
		if w.Given != m.text.Given {
			t.Fatalf("for anybody with %d, the row has %d", w.Given, m.text.Given)
		}
		m.text.Anybody = &p
		return
	}
	m.text.Given++
	for i := range m.text.Of {
		if m.text.Of[i].CustomerID == p.CustomerID {
			m.text.Of[i] = p
			return
		}
	}
	m.text.Of = append(m.text.Of, p)
}

// Of the active codes of one text either one is for anybody, or each is for another
// customer, whatever is made, ended and activated again in which order. What is
// refused would have broken that.
func TestOneTextIsOneCodeOrOneForEachCustomer(t *testing.T) {
	t.Parallel()
	active := func(p PromoCode) bool { return !p.Inactive }
	rapid.Check(t, func(t *rapid.T) {
		var m table
		for range 20 {
			customer := rapid.SampledFrom([]string{"", "cus_1", "cus_2"}).Draw(t, "customer")
			old := m.text.Find(customer, always)
			if old != nil && old.CustomerID != customer {
				old = nil
			}
			p := PromoCode{Code: "VIP", CustomerID: customer, RewardID: "rew_1"}
			switch rapid.IntRange(0, 2).Draw(t, "move") {
			case 0:
				m.made++
				p.CreatedAt = now.AddDate(0, 0, m.made)
			case 1:
				if old == nil || active(*old) {
					continue
				}
				p = *old
				p.Inactive = false
			case 2:
				if old != nil && active(*old) {
					ended := *old
					ended.Inactive = true
					ended.Version++
					if customer == "" {
						m.text.Anybody = &ended
					}
					for i := range m.text.Of {
						if m.text.Of[i].CustomerID == customer {
							m.text.Of[i] = ended
						}
					}
				}
				continue
			}
			taken := m.text.Anybody != nil && active(*m.text.Anybody)
			for _, of := range m.text.Of {
				taken = taken || active(of) && (customer == "" || of.CustomerID == customer)
			}
			w, err := m.text.Place(p, active)
			if taken != (rulestest.ReasonOf(err) == ReasonDuplicateCode) {
				t.Fatalf("taken %t: %v; the text is %s", taken, err, show(m.text))
			}
			if err != nil {
				continue
			}
			if w.New != (p.Version == 0) || w.New && (old == nil) != (w.Retired == nil) || !w.New && w.Retired != nil {
				t.Fatalf("new %t, retired %v, in the place of %v", w.New, w.Retired, old)
			}
			m.save(t, w)
			actives := map[string]int{}
			for _, of := range m.text.Of {
				if active(of) {
					actives[of.CustomerID]++
				}
			}
			if m.text.Anybody != nil && active(*m.text.Anybody) && len(actives) > 0 {
				t.Fatalf("for anybody and for customers: %s", show(m.text))
			}
		}
	})
}

func show(t Text) string {
	text := fmt.Sprint("given ", t.Given)
	if t.Anybody != nil {
		text += fmt.Sprintf(" anybody %+v", *t.Anybody)
	}
	return fmt.Sprintf("%s of %+v", text, t.Of)
}

func TestFindTheCodeThatIsMeant(t *testing.T) {
	code := func(customer string, inactive bool) *PromoCode {
		return &PromoCode{Code: "VIP", CustomerID: customer, Inactive: inactive}
	}
	for name, of := range map[string]struct {
		own, anybody *PromoCode
		want         string // whose; "none" for none
	}{
		"the own one":               {code("cus_1", false), code("", true), "cus_1"},
		"alone, though it is over":  {code("cus_1", true), nil, "cus_1"},
		"for anybody":               {nil, code("", true), ""},
		"the one that is live":      {code("cus_1", true), code("", false), ""},
		"the own one, both over":    {code("cus_1", true), code("", true), "cus_1"},
		"nothing":                   {nil, nil, "none"},
		"another's is not the own":  {code("cus_2", false), code("", true), ""},
		"another's alone is no one": {code("cus_2", false), nil, "none"},
	} {
		text, got := Text{Anybody: of.anybody}, "none"
		if of.own != nil {
			text.Of = []PromoCode{*of.own}
		}
		if p := text.Find("cus_1", func(p PromoCode) bool { return !p.Inactive }); p != nil {
			got = p.CustomerID
		}
		if got != of.want {
			t.Errorf("%s: %q, want %q", name, got, of.want)
		}
	}
}
