package dynamo

import (
	"context"
	"strings"

	"windfall/shared/billing"
)

// noteHoldings has a customer's own row say of the products that are saved or deleted with
// it what lists show: no command can forget one. A row from before it said so is left as it
// is, as what else the customer holds is not known; see stateOf.
func noteHoldings(items items) {
	for _, i := range items {
		if i.Put != nil && row(i.Put.Item).text("SK") == customerSK {
			row(i.Put.Item).noteHoldings(items)
		}
	}
}

func (own row) noteHoldings(items items) {
	var holds []billing.Holding
	if err := own.json("holds", &holds); err != nil || holds == nil {
		return
	}
	changed := false
	for _, i := range items {
		k := keyOf(i)
		id, is := strings.CutPrefix(k.SK, heldPrefix)
		if !is || k.PK != own.text("PK") {
			continue
		}
		others := make([]billing.Holding, 0, len(holds)+1)
		at := len(holds) // a new one comes last
		for n, h := range holds {
			if h.ID == id {
				at = n
			} else {
				others = append(others, h)
			}
		}
		if holds = others; i.Put != nil {
			r := row(i.Put.Item)
			if now, open := billing.HoldingOf(id, r.text("prod"), billing.Status(r.text("st")), r.time("from"), r.time("ends")); open {
				holds = append(holds, now)
				copy(holds[at+1:], holds[at:])
				holds[at] = now
			}
		}
		changed = true
	}
	if changed {
		own.setJSON("holds", holds)
	}
}

// upgradeCustomer lets a customer's row of before say what the customer holds, and puts it in the
// index of its device. Another save at this moment does both.
func upgradeCustomer(ctx context.Context, s *Store, t table, r row) (items, error) {
	_, says := r["holds"]
	device := devicePK(t.env, r.text("fp"))
	if says && r.text("device_pk") == device {
		return nil, nil
	}
	_, customerKey, _ := ownerOf(r.text("PK"))
	state, found, err := s.State(ctx, t.env, customerKey)
	if err != nil || !found {
		return nil, err
	}
	now := row{}
	now.setJSON("holds", state.Customer.Holds)
	set, v := "SET holds = :holds", values{":holds": now["holds"], ":ver": integer(state.Customer.Version)}
	if device = devicePK(t.env, state.Customer.Fingerprint); device != "" {
		set, v[":device"] = set+", device_pk = :device", text(device)
	}
	return items{t.update(key{r.text("PK"), customerSK}, set, "ver = :ver", v)}, nil
}
