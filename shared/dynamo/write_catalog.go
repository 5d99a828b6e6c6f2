package dynamo

import "windfall/shared/app"

func (t table) catalogItems(w app.Write) items {
	switch w := w.(type) {
	case app.SaveFeature:
		r := newRow(catalogKey(t.env, featurePrefix, w.Feature.ID))
		r.setJSON("data", w.Feature)
		return items{t.put(r, ifNew(w.New), nil)}
	case app.DeleteFeature:
		return items{t.remove(catalogKey(t.env, featurePrefix, w.ID), isThere, nil)}
	case app.SaveProduct:
		r := newRow(productKey(t.env, w.Product.ID, w.Product.Version))
		r.setJSON("data", w.Product)
		if w.New {
			return items{t.put(r, isNew, nil)}
		}
		if w.Held {
			r.setFlag("held", true)
			return items{t.put(r, isThere, nil)}
		}
		return items{t.put(r, isThere+" AND attribute_not_exists(held)", nil)}
	case app.DeleteProduct:
		return items{t.remove(productKey(t.env, w.ID, w.Version), isThere+" AND attribute_not_exists(held)", nil)}
	case app.MarkVersionInUse:
		return items{t.update(productKey(t.env, w.ProductID, w.Version), "SET held = :yes", isThere, values{":yes": flag(true)})}
	case app.SaveStripePrice:
		r := newRow(catalogKey(t.env, pricePrefix, w.ItemID))
		r.setText("stripe", w.StripeID)
		return items{t.put(r, whenever, nil)}
	case app.SaveSettings:
		r := newRow(catalogKey(t.env, settingsSK, ""))
		r.setJSON("data", w.Settings)
		r.setInt("ver", w.Settings.Version+1)
		condition, v := atVersion(w.Settings.Version)
		return items{t.put(r, condition, v)}
	}
	return nil
}
