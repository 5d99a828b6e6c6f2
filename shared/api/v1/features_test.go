package v1_test

import (
	"testing"
)

func TestFeaturesOfEveryAgeOfClient(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, body, want string }{
		{"single use", `{"id":"f","name":"Messages","type":"single_use","display":{"singular":"message","plural":"messages"},"event_names":["sent"]}`,
			`{"id":"f","name":"Messages","type":"single_use","display":{"singular":"message","plural":"messages"},"credit_schema":null,"event_names":["sent"],"archived":false}`},
		{"boolean", `{"id":"f","type":"boolean"}`,
			`{"id":"f","name":"F","type":"boolean","display":null,"credit_schema":null,"event_names":[],"archived":false}`},
		{"static", `{"id":"f","type":"static","name":null}`,
			`{"id":"f","name":"F","type":"boolean","display":null,"credit_schema":null,"event_names":[],"archived":false}`},
		{"metered with config", `{"id":"f","type":"metered","config":{"filters":[{"property":"event_name","operator":"in","value":["a","b"]}],"aggregate":{"type":"sum"},"usage_type":"continuous_use"}}`,
			`{"id":"f","name":"F","type":"continuous_use","display":null,"credit_schema":null,"event_names":["a","b"],"archived":false}`},
		{"metered and nothing else", `{"id":"f","type":"metered"}`,
			`{"id":"f","name":"F","type":"single_use","display":null,"credit_schema":null,"event_names":[],"archived":false}`},
		{"metered and not consumable", `{"id":"f","type":"metered","consumable":false}`,
			`{"id":"f","name":"F","type":"continuous_use","display":null,"credit_schema":null,"event_names":[],"archived":false}`},
		{"credits by the unit", `{"id":"f","type":"credit_system","credit_schema":[{"metered_feature_id":"action","credit_cost":0.2}]}`,
			`{"id":"f","name":"F","type":"credit_system","display":null,"credit_schema":[{"metered_feature_id":"action","credit_cost":0.2}],"event_names":[],"archived":false}`},
		{"credits by amounts", `{"id":"f","type":"credit_system","config":{"schema":[{"metered_feature_id":"action","feature_amount":5,"credit_amount":1}],"usage_type":"single_use"}}`,
			`{"id":"f","name":"F","type":"credit_system","display":null,"credit_schema":[{"metered_feature_id":"action","credit_cost":0.2}],"event_names":[],"archived":false}`},
		{"on several rows", `{"id":"f","type":"single_use","write_shards":4}`,
			`{"id":"f","name":"F","type":"single_use","display":null,"credit_schema":null,"event_names":[],"archived":false,"write_shards":4}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			s.ok("POST", "/v1/features", `{"id":"action","type":"single_use"}`)
			sameJSON(t, s.ok("POST", "/v1/features", tt.body), tt.want)
			sameJSON(t, s.ok("GET", "/v1/features/f", ""), tt.want)
			sameJSON(t, s.ok("POST", "/v1/features/f", tt.want), tt.want) // an answer can be sent back
		})
	}
}

func TestTheCreditsOfOlderClientsCanChange(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/features", `{"id":"action","type":"single_use"}`)
	s.ok("POST", "/v1/features", `{"id":"credits","type":"credit_system","credit_schema":[{"metered_feature_id":"action","credit_cost":1}]}`)
	edited := s.ok("POST", "/v1/features/credits", `{"config":{"schema":[{"metered_feature_id":"action","credit_amount":2}],"usage_type":"single_use"}}`)
	if edited["type"] != "credit_system" {
		t.Errorf("the usage_type of its config made it %v", edited["type"])
	}
	sameJSON(t, edited["credit_schema"], `[{"metered_feature_id":"action","credit_cost":2}]`)
}

func TestFeaturesAreListedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	sameJSON(t, s.ok("GET", "/v1/features", ""), `{"list":[]}`)
	s.ok("POST", "/v1/features", `{"id":"b","type":"boolean"}`)
	s.ok("POST", "/v1/features", `{"id":"a","type":"boolean"}`)
	s.ok("POST", "/v1/features/b", `{"name":"Bee","archived":true}`)
	sameJSON(t, s.ok("GET", "/v1/features?", ""), `{"list":[
		{"id":"a","name":"A","type":"boolean","display":null,"credit_schema":null,"event_names":[],"archived":false},
		{"id":"b","name":"Bee","type":"boolean","display":null,"credit_schema":null,"event_names":[],"archived":true}]}`)
	sameJSON(t, s.ok("DELETE", "/v1/features/b", ""), `{"success":true}`)
	s.refused("GET", "/v1/features/b", "", 404, "feature_not_found")
	s.refused("DELETE", "/v1/features/b", "", 404, "feature_not_found")
	s.refused("POST", "/v1/features/b", "{}", 404, "feature_not_found")
}

func TestFeaturesRefuseWhatTheyCannotBe(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.ok("POST", "/v1/features", `{"id":"taken","type":"single_use"}`)
	s.ok("POST", "/v1/products", `{"id":"pro","items":[{"feature_id":"taken"}]}`)
	for _, tt := range []struct {
		method, path, body string
		status             int
		code               string
	}{
		{"POST", "/v1/features", `{"id":"taken","type":"boolean"}`, 409, "duplicate_feature_id"},
		{"POST", "/v1/features", `{"type":"boolean"}`, 400, "invalid_feature"},
		{"POST", "/v1/features", ``, 400, "invalid_feature"},
		{"POST", "/v1/features", `{"id":"f","type":"metered","config":{"filters":[{"property":"plan","operator":"in","value":["x"]}]}}`, 400, "invalid_feature"},
		{"POST", "/v1/features", `{"id":"f","type":"credit_system","config":{"schema":[{"metered_feature_id":"taken","feature_amount":3,"credit_amount":1}]}}`, 400, "invalid_feature"},
		{"POST", "/v1/features", `{"id":"f","type":"credit_system","credit_schema":[{"metered_feature_id":"taken"}]}`, 400, "invalid_feature"},
		{"POST", "/v1/features", `{"id":"f","type":"credit_system","credit_schema":[{"metered_feature_id":"taken","credit_cost":"1"}]}`, 400, "invalid_inputs"},
		{"POST", "/v1/features", `{"id":5,"type":"boolean"}`, 400, "invalid_inputs"},
		{"POST", "/v1/features", `[]`, 400, "invalid_inputs"},
		{"POST", "/v1/features/taken", `{"type":"continuous_use"}`, 400, "invalid_feature"},
		{"POST", "/v1/features/taken", `{"config":{"usage_type":"continuous_use"}}`, 400, "invalid_feature"},
		{"POST", "/v1/features/taken", `{"id":"other"}`, 400, "invalid_feature"},
		{"DELETE", "/v1/features/taken", ``, 400, "invalid_feature"},
	} {
		s.refused(tt.method, tt.path, tt.body, tt.status, tt.code)
	}
}
