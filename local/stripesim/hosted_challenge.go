package stripesim

import "windfall/local/stripesim/hosted"

// challenge lets a page ask what the bank asks for this card before due is paid. The caller has
// done what the buyer wants already; until the bank has its answer the error
// undoes that.
//
// https://docs.stripe.com/testing#authentication-and-setup
func (c *call) challenge(method, bank string, due hosted.Challenge) (*hosted.Challenge, error) {
	if method == "" {
		return nil, nil
	}
	pm, err := c.usable(method)
	if err != nil || pm.State.Behavior != "authentication_required" || bank == hosted.Approve {
		return nil, err
	}
	v := verdict{"payment_intent_authentication_failure", "", "We are unable to authenticate your payment method. Please choose a different payment method and try again."}
	if bank == hosted.Fail {
		return nil, declined(v)
	}
	due.Last4 = pm.Card.Last4
	return &due, declined(v)
}
