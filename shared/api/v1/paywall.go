package v1

import (
	"context"
	"fmt"

	"windfall/shared/api"
	"windfall/shared/app"
	"windfall/shared/entitlement"
)

// paywallJSON is what check adds with with_preview when the answer is no.
type paywallJSON struct {
	Scenario    string        `json:"scenario"` // usage_limit or feature_flag
	Title       string        `json:"title"`
	Message     string        `json:"message"`
	FeatureID   string        `json:"feature_id"`
	FeatureName string        `json:"feature_name"`
	Products    []productJSON `json:"products"` // that would give more
}

// paywall is null if the customer may use the feature.
func paywall(ctx context.Context, a *app.App, req api.Request, in checkRequest, access entitlement.Access) (*paywallJSON, error) {
	w, cat, err := a.Paywall(ctx, req.Caller, in.CustomerID, in.FeatureID, access)
	if w == nil || err != nil {
		return nil, err
	}
	out := &paywallJSON{Scenario: "feature_flag", Title: w.Feature.Name + " is not included",
		Message:   fmt.Sprintf("Your current plan does not include %s.", w.Feature.Name),
		FeatureID: w.Feature.ID, FeatureName: w.Feature.Name, Products: []productJSON{}}
	if w.Reached {
		out.Scenario, out.Title = "usage_limit", w.Feature.Name+": limit reached"
		out.Message = fmt.Sprintf("You have used all that your plan includes of %s.", w.Feature.Name)
	}
	if len(w.Products) > 0 {
		out.Message += fmt.Sprintf(" %s would give you more.", w.Products[0].Name)
	}
	for _, p := range w.Products {
		out.Products = append(out.Products, productAnswer(p, cat, req.Env))
	}
	return out, nil
}
