package customers

import (
	"errors"

	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/dashboard/web"
	"windfall/shared/refusal"
)

// ofQuantity are the reasons that begin with the feature whose quantity they are about.
var ofQuantity = map[refusal.Reason]bool{
	billing.ReasonQuantityMissing: true, billing.ReasonQuantityNegative: true, billing.ReasonQuantityOfNothing: true,
	billing.ReasonQuantityTooExpensive: true, billing.ReasonQuantityPaidOnce: true,
}

// is reports whether an error is a refusal for a reason.
func is(err error, reason refusal.Reason) bool {
	var no *refusal.Error
	return errors.As(err, &no) && no.Reason == reason
}

// atField ties what is wrong with a customer's own terms, or with a quantity, to the field where it was typed.
func atField(err error, p catalog.Product) error {
	var no *refusal.Error
	if !errors.As(err, &no) {
		return err
	}
	if ofQuantity[no.Reason] && len(no.Args) > 0 {
		if feature, named := no.Args[0].(string); named && is(err, billing.ReasonQuantityMissing) {
			return web.On("quantity."+feature, web.Invalid("Enter a quantity: %s is paid in advance by it.", p.Name))
		} else if named {
			return web.On("quantity."+feature, err)
		}
	}
	if i := no.Item - 1; i >= 0 && i < len(p.Items) {
		return web.On(termField(p.Items[i]), err)
	}
	return err
}

// termField is the field of a customer's own terms that changes an item.
func termField(i catalog.Item) string {
	if i.FeatureID == "" {
		return "price"
	}
	return "included." + i.FeatureID
}
