package app

import (
	"slices"
	"strings"

	"windfall/shared/billing"
	"windfall/shared/refusal"
)

// Repeats are what a row of a file has to do with those above it, whose customers are there by then.
type Repeats struct {
	Same    int      `json:"same,omitzero"`    // the row that brings its customer, from 1; 0: it is the first one of its customer
	Has     []string `json:"has,omitempty"`    // which fields that customer has from rows above
	Claimed bool     `json:"claimed,omitzero"` // a row above, with an id, has its e-mail address and claims who was prepared with that
	Case    int      `json:"case,omitzero"`    // a row whose id differs from its own in upper and lower case alone: another customer
}

// A given is a field of a row, as people call it.
type given struct{ name, value string }

func (row ImportRow) given() []given {
	return []given{{"id", row.ID}, {"name", row.Name}, {"e-mail", row.Email}, {"fingerprint", row.Fingerprint}}
}

// refused is why no row like this makes a customer, whoever is there already.
func (row ImportRow) refused() error {
	switch {
	case row.ID == "" && row.Email == "":
		return refusal.Invalid(ReasonIDOrEmailMissing)
	case row.ID != "":
		if err := billing.CheckCustomerID(row.ID); err != nil {
			return err
		}
	}
	return row.data().Check()
}

// markRepeats fills in what rows repeat, and counts for the import the rows that are refused and those about the customer of a
// row above. A customer without an id is known by the e-mail address until a row with an id claims it.
func (in *Import) markRepeats(rows []ImportRow) {
	type customer struct {
		row int
		has []string
	}
	byID, byEmail, claimed, anyCase := map[string]*customer{}, map[string]*customer{}, map[string]bool{}, map[string]int{}
	for i := range rows {
		row := &rows[i]
		if row.refused() != nil || row.ID != "" && billing.CheckNewCustomerID(row.ID) != nil {
			in.Faulty++
			continue
		}
		email := billing.EmailKey(row.Email)
		row.Claimed = claimed[email]
		c := byID[row.ID]
		if c == nil && email != "" {
			if c = byEmail[email]; row.ID != "" {
				claimed[email] = true
				delete(byEmail, email)
			}
		}
		if c != nil {
			row.Same, row.Has = c.row, slices.Clone(c.has)
			in.Repeated++
		} else if c = (&customer{row: i + 1}); row.ID == "" {
			byEmail[email] = c
		}
		for _, f := range row.given() {
			if f.value != "" && !slices.Contains(c.has, f.name) {
				c.has = append(c.has, f.name)
			}
		}
		if row.ID == "" {
			continue
		}
		byID[row.ID] = c
		switch first := anyCase[strings.ToLower(row.ID)]; {
		case first == 0:
			anyCase[strings.ToLower(row.ID)] = i + 1
		case rows[first-1].ID != row.ID:
			row.Case = first
		}
	}
}
