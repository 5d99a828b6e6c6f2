package payments_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stripe/stripe-go/v76/webhook"

	"windfall/shared/app"
	"windfall/shared/catalog"
	"windfall/shared/payments"
	"windfall/shared/refusal"
)

const paidEvent = `{"id":"evt_1","object":"event","type":"invoice.paid","api_version":"2099-01-01","data":{"object":{"id":"in_1","object":"invoice","customer":"cus_1"}}}`

func sign(body, secret string, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: []byte(body), Secret: secret, Timestamp: at}).Header
}

func TestEventBelongsToTheEnvironmentWhoseSecretFits(t *testing.T) {
	t.Parallel()
	now := time.Now()
	secrets := map[catalog.Env]payments.Secrets{
		catalog.Sandbox: {WebhookSecrets: []string{"", "whsec_new", "whsec_old"}},
		catalog.Live:    {WebhookSecrets: []string{"whsec_live"}},
	}
	for name, c := range map[string]struct {
		body, signature string
		env             catalog.Env
	}{
		"the new secret":              {paidEvent, sign(paidEvent, "whsec_new", now), catalog.Sandbox},
		"the old secret":              {paidEvent, sign(paidEvent, "whsec_old", now), catalog.Sandbox},
		"the live secret":             {paidEvent, sign(paidEvent, "whsec_live", now), catalog.Live},
		"signed twice while rolled":   {paidEvent, sign(paidEvent, "whsec_gone", now) + ",v1=" + strings.Split(sign(paidEvent, "whsec_live", now), "v1=")[1], catalog.Live},
		"a foreign secret":            {paidEvent, sign(paidEvent, "whsec_foreign", now), ""},
		"an empty secret":             {paidEvent, sign(paidEvent, "", now), ""},
		"a changed body":              {strings.Replace(paidEvent, "in_1", "in_2", 1), sign(paidEvent, "whsec_new", now), ""},
		"six minutes old":             {paidEvent, sign(paidEvent, "whsec_new", now.Add(-6*time.Minute)), ""},
		"another moment put in":       {paidEvent, strings.Replace(sign(paidEvent, "whsec_new", now.Add(-6*time.Minute)), "t=", "t=9", 1), ""},
		"no signature":                {paidEvent, "", ""},
		"a signature that is not one": {paidEvent, "t=1,v1=zz", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := payments.New(fixed(secrets), payments.Options{Now: time.Now})
			env, event, err := s.Event(t.Context(), []byte(c.body), c.signature)
			if c.env == "" {
				if !errors.Is(err, app.ErrBadSignature) || env != "" {
					t.Fatalf("env %q, err %v; want ErrBadSignature", env, err)
				}
				return
			}
			want := app.Event{ID: "evt_1", Type: "invoice.paid", ObjectID: "in_1", ObjectType: "invoice", CustomerID: "cus_1"}
			if err != nil || env != c.env || event != want {
				t.Fatalf("got %q, %+v, %v", env, event, err)
			}
		})
	}
}

func TestEventReadsIDs(t *testing.T) {
	t.Parallel()
	for object, want := range map[string]app.Event{
		`{"id":"sub_1","object":"subscription","customer":{"id":"cus_2","object":"customer"}}`:                                                {ObjectID: "sub_1", ObjectType: "subscription", CustomerID: "cus_2"},
		`{"id":"cus_3","object":"customer"}`:                                                                                                  {ObjectID: "cus_3", ObjectType: "customer", CustomerID: "cus_3"},
		`{"id":"cus_4","object":"customer","deleted":true}`:                                                                                   {ObjectID: "cus_4", ObjectType: "customer", CustomerID: "cus_4"},
		`{"id":"cs_1","object":"checkout.session","customer":null}`:                                                                           {ObjectID: "cs_1", ObjectType: "checkout.session"},
		`{"id":"sub_sched_1","object":"subscription_schedule","customer":"cus_6","subscription":"sub_6"}`:                                     {ObjectID: "sub_6", ObjectType: "subscription_schedule", CustomerID: "cus_6"},
		`{"id":"sub_sched_1","object":"subscription_schedule","customer":"cus_6","subscription":null,"released_subscription":{"id":"sub_7"}}`: {ObjectID: "sub_7", ObjectType: "subscription_schedule", CustomerID: "cus_6"},
		`{"id":"sub_sched_2","object":"subscription_schedule","customer":"cus_6","subscription":null}`:                                        {ObjectID: "sub_sched_2", ObjectType: "subscription_schedule", CustomerID: "cus_6"},
		`{"id":"in_6","object":"invoice","customer":"cus_6","subscription":"sub_6"}`:                                                          {ObjectID: "in_6", ObjectType: "invoice", CustomerID: "cus_6"},
		`{"id":"ch_1","object":"charge","customer":"cus_1"}`:                                                                                  {ObjectID: "ch_1", ObjectType: "charge", CustomerID: "cus_1"},
		`{"id":"ch_1","object":"charge","customer":null}`:                                                                                     {ObjectID: "ch_1", ObjectType: "charge"},
		`{"id":"re_1","object":"refund","charge":"ch_1"}`:                                                                                     {ObjectID: "ch_1", ObjectType: "charge"},
		`{"id":"dp_1","object":"dispute","charge":{"id":"ch_1"}}`:                                                                             {ObjectID: "ch_1", ObjectType: "charge"},
		`{"object":"invoice","customer":"cus_5"}`:                                                                                             {ObjectType: "invoice", CustomerID: "cus_5"},
		`{"id":"x","object":"invoice","customer":7}`:                                                                                          {ObjectID: "x", ObjectType: "invoice"},
	} {
		body := `{"id":"evt_2","type":"some.thing","data":{"object":` + object + `}}`
		want.ID, want.Type = "evt_2", "some.thing"
		_, got, err := over(nil).Event(t.Context(), []byte(body), sign(body, "whsec_old", time.Now()))
		if err != nil || got != want {
			t.Errorf("%s: got %+v, %v", object, got, err)
		}
	}
}

func TestEventRefusesSignedNonsense(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "null", "[]", `"x"`, `{"id":""}`, `{"id":"evt_1"}`, "{", "\xff"} {
		_, _, err := over(nil).Event(t.Context(), []byte(body), sign(body, "whsec_old", time.Now()))
		var refused *refusal.Error
		if !errors.As(err, &refused) || refused.Kind != refusal.KindInvalid {
			t.Errorf("%q: %v", body, err)
		}
	}
}
