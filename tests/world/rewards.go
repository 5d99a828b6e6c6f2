package world

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// TenPercentOff is a reward of ten percent, once; more is merged into it.
func TenPercentOff(more ...JSON) JSON {
	return Merge(JSON{"name": "Ten", "type": "percentage_discount", "discount_config": JSON{
		"discount_value": 10, "duration_type": "one_off", "duration_value": 0, "apply_to_all": true, "price_ids": []string{}}}, more...)
}

// PromoCodes gives a reward these promotion codes.
func PromoCodes(texts ...string) JSON {
	list := []JSON{}
	for _, c := range texts {
		list = append(list, JSON{"code": c})
	}
	return JSON{"promo_codes": list}
}

// CreateFiveRewards makes five rewards and a program for each, a minute apart.
func (w *World) CreateFiveRewards() {
	w.Helper()
	for i := range 5 {
		w.AdvanceTo(T0.Add(time.Duration(i) * time.Minute))
		id := fmt.Sprintf("r%d", i)
		w.Post("/v1/rewards", JSON{"id": id, "name": "Reward", "type": "percentage_discount", "promo_codes": []any{JSON{"code": "CODE" + id}},
			"discount_config": JSON{"discount_value": 10, "duration_type": "one_off", "duration_value": 0}})
		w.Post("/v1/reward_programs", JSON{"id": id, "when": "customer_creation", "reward_id": id, "received_by": "referrer"})
	}
}

// TablesButGuesses is the table without the counts of unknown codes, which a refusal may
// write.
func (w *World) TablesButGuesses() string {
	lines := strings.SplitAfter(w.Stack.Tables(), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool {
		return strings.Contains(line, "#LIMIT#codes#") || strings.Contains(line, `"SK":{"S":"GUESSES"}`)
	}), "")
}
