package stripesim

import "windfall/local/stripesim/object"

var accountRoutes = []endpoint{
	{"GET /v1/balance", "", getBalance},
	{"GET /v1/account", "", getAccount},
}

// getBalance: clients read livemode here to be sure that they are not about to
// move real money.
func getBalance(*call) (any, error) {
	none := []map[string]any{{"amount": 0, "currency": "usd", "source_types": map[string]int64{"card": 0}}}
	return map[string]any{"object": "balance", "livemode": false, "available": none, "pending": none}, nil
}

func getAccount(c *call) (any, error) {
	return map[string]any{
		"id": "acct_1" + word(c.s.seed, "account", 0, 15), "object": "account", "country": "US", "default_currency": "usd", "charges_enabled": true,
		"payouts_enabled": true, "details_submitted": true, "email": "simulator@example.com", "business_profile": map[string]any{"name": c.s.shop}, "type": "standard", "metadata": object.Metadata{},
	}, nil
}
