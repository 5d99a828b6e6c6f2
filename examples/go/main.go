// Command go is a referral program with plain HTTP: who brings a friend gets 50 exports, and
// so does the friend.
package main

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

var (
	base = cmp.Or(os.Getenv("WINDFALL_URL"), "http://127.0.0.1:8787")
	key  = cmp.Or(os.Getenv("WINDFALL_KEY"), "am_sk_test_local")
)

type object = map[string]any

// A refusal is an error that Windfall answers: a stable code, and a sentence for a person.
type refusal struct {
	Status  int
	Code    string `json:"code"`
	Message string `json:"message"`
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.Status, r.Code, r.Message) }

// call makes one call and decodes its answer. With the key a repetition of the call, after a
// lost answer, changes nothing; repeat what failed with 429 or 5xx, or had no answer.
func call[Out any](operation, idempotencyKey string, in object) (out Out, err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return out, err
	}
	req, err := http.NewRequest(http.MethodPost, base+"/v1/"+operation, bytes.NewReader(body))
	if err != nil {
		return out, err
	}
	req.Header.Set("Authorization", "Bearer "+key)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("x-api-version", "2.4.0") // this dialect for good, whatever comes later
	if idempotencyKey != "" {
		req.Header.Set("Idempotency-Key", idempotencyKey)
	}
	client := http.Client{Timeout: 30 * time.Second}
	res, err := client.Do(req)
	if err != nil {
		return out, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode/100 != 2 {
		refused := &refusal{Status: res.StatusCode}
		if err := json.NewDecoder(res.Body).Decode(refused); err != nil {
			return out, fmt.Errorf("%s: %s", operation, res.Status)
		}
		return out, refused
	}
	return out, json.NewDecoder(res.Body).Decode(&out)
}

// sell makes what is offered, once and for all: the program last.
func sell() error {
	if _, err := call[object]("referral_programs.get", "", object{"referral_program_id": "bring-a-friend"}); err == nil {
		return nil
	}
	for _, made := range []struct {
		operation string
		body      object
	}{
		{"features.create", object{"feature_id": "exports", "name": "Exports", "type": "metered", "consumable": true}},
		{"rewards.create", object{"feature_grant": object{"id": "fifty-exports", "name": "50 exports", "promo_codes": []string{},
			"grants": []object{{"feature_id": "exports", "included": 50, "expiry": nil}}}}},
		{"referral_programs.create", object{"id": "bring-a-friend", "reward_id": "fifty-exports", "redeem_on": "customer_creation", "received_by": "all"}},
	} {
		_, err := call[object](made.operation, "", made.body)
		var r *refusal
		if errors.As(err, &r) && (r.Code == "duplicate_feature_id" || r.Code == "duplicate_reward_id") {
			continue // made by a run that did not get further
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func run() error {
	if err := sell(); err != nil {
		return err
	}
	friend := "friend-" + rand.Text()[:8] // each run brings another one
	for _, id := range []string{"grace", friend} {
		if _, err := call[object]("customers.get_or_create", "", object{"customer_id": id}); err != nil {
			return err
		}
	}

	// The same customer has the same code each time: show it, or put it into a link.
	code, err := call[struct{ Code string }]("referrals.create_code", "", object{"customer_id": "grace", "program_id": "bring-a-friend"})
	if err != nil {
		return err
	}
	fmt.Println("Grace's code is", code.Code)

	redeem := object{"code": code.Code, "customer_id": friend}
	if _, err := call[object]("referrals.redeem_code", "redeem-"+friend, redeem); err != nil {
		return err
	}
	for _, id := range []string{"grace", friend} {
		seen, err := call[struct {
			Balance struct{ Remaining float64 }
		}]("balances.check", "", object{"customer_id": id, "feature_id": "exports"})
		if err != nil {
			return err
		}
		fmt.Printf("%s has %g exports\n", id, seen.Balance.Remaining)
	}

	_, err = call[object]("referrals.redeem_code", "", redeem)
	fmt.Println("Once more:", err)
	return nil
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
