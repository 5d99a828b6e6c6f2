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
			return refusal.Invalid("Product %q is archived, and a publishable key opens pages only for what is sold. Attach it with a secret key.", p.ID)
		case p.Free():
			return refusal.Invalid("A publishable key can only open a checkout page, and what is free has none. Attach %q with a secret key.", p.ID)
		}
	}
	return nil
}
