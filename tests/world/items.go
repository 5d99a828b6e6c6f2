package world

// Price is a monthly price in major units.
func Price(amount float64) JSON { return JSON{"price": amount, "interval": "month"} }

// In adds what an item costs in other currencies.
func In(item JSON, prices JSON) JSON { return Merge(JSON{}, item, JSON{"prices": prices}) }

// OneTimePrice is a price paid once.
func OneTimePrice(amount float64) JSON { return JSON{"price": amount, "interval": nil} }

// BooleanFeature grants a boolean feature.
func BooleanFeature(feature string) JSON { return JSON{"feature_id": feature} }

// Messages grants messages each month.
func Messages(n int) JSON { return Consumable("messages", n) }

// Consumable grants n of a feature each month.
func Consumable(feature string, n int) JSON {
	return JSON{"feature_id": feature, "included_usage": n, "interval": "month", "reset_usage_when_enabled": true}
}

// Lifetime grants n of a feature once.
func Lifetime(feature string, n int) JSON {
	return JSON{"feature_id": feature, "included_usage": n, "interval": nil}
}

// Unlimited grants a feature without a limit.
func Unlimited(feature string) JSON {
	return JSON{"feature_id": feature, "included_usage": "inf", "interval": "month"}
}

// Overage grants included units each month and bills usage beyond.
func Overage(feature string, included int, price float64, units int) JSON {
	return JSON{"feature_id": feature, "included_usage": included, "interval": "month", "price": price,
		"billing_units": units, "usage_model": "pay_per_use", "reset_usage_when_enabled": true}
}

// Seats grants included units of a continuous_use feature, and bills more of
// them in advance; "" leaves a rule of billing to the default.
func Seats(feature string, included int, price float64, onIncrease, onDecrease string) JSON {
	config := JSON{}
	if onIncrease != "" {
		config["on_increase"] = onIncrease
	}
	if onDecrease != "" {
		config["on_decrease"] = onDecrease
	}
	return JSON{"feature_id": feature, "included_usage": included, "interval": "month", "price": price,
		"usage_model": "pay_per_use", "config": config}
}

// Prepaid sells packs of a feature; interval "" sells them once and for good.
func Prepaid(feature string, price float64, units int, interval string) JSON {
	item := JSON{"feature_id": feature, "included_usage": 0, "price": price, "billing_units": units,
		"usage_model": "prepaid", "reset_usage_when_enabled": true, "interval": nil}
	if interval != "" {
		item["interval"] = interval
	}
	return item
}

// Quantity buys units of a prepaid feature.
func Quantity(feature string, n int) JSON {
	return JSON{"options": []JSON{{"feature_id": feature, "quantity": n}}}
}

// Every is an item that repeats in another interval: "year".
func Every(interval string, item JSON) JSON { return Merge(item, JSON{"interval": interval}) }
