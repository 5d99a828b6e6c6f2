package billing

import (
	"time"

	"windfall/shared/catalog"
	"windfall/shared/entitlement"
	"windfall/shared/money"
)

// SeatsDue lists what seats that are in use already cost at once when the
// decision's products begin. They are billed beside the decision's own lines,
// as soon as it is carried out.
func (d Decision) SeatsDue(s State, c *catalog.Catalog, now time.Time) []Line {
	begins := Results{Period: money.Period{Start: now, End: entitlement.EndOfTime}} // at its start any period is paid whole
	bill := Operation{Decision: d}.Settle(s, c, begins, now).Seats
	if bill == nil {
		return nil
	}
	var lines []Line
	for _, step := range bill.Decision.Steps {
		if step.Invoice == nil {
			continue
		}
		for _, use := range step.Invoice.Usage {
			lines = append(lines, Line{ItemID: use.ItemID, UsageModel: catalog.PayPerUse, Amount: use.Amount, Description: use.Description})
		}
	}
	return lines
}
