package billing

import "windfall/shared/refusal"

// checkAsSold refuses to a publishable key, which anybody may read, what is not
// for sale: a product that is archived, and one that is free, also beside
// others that are paid. The error is invalid_request.
func (cmd Attach) checkAsSold() error {
	if !cmd.Publishable {
		return nil
	}
	for _, p := range cmd.Products {
		switch {
		case p.Archived:
			return refusal.Invalid(ReasonArchivedNotForSale, p.ID)
		case p.Free():
			return refusal.Invalid(ReasonFreeNotForSale, p.ID)
		}
	}
	return nil
}
