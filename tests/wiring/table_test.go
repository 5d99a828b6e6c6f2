package wiring

import (
	"reflect"
	"slices"
	"testing"

	"windfall/local/template"
)

func TestTheTable(t *testing.T) {
	p := load(t)
	table := p.prod.Table
	if table.Key != (template.Key{Partition: "PK", Sort: "SK"}) {
		t.Errorf("the table's key is %+v; shared/dynamo/keys.go writes PK and SK", table.Key)
	}
	if table.TTLAttribute != "ttl" {
		t.Errorf("TTL is on %q; shared/dynamo writes ttl", table.TTLAttribute)
	}
	want := []template.Index{
		{Name: "due", Key: template.Key{Partition: "due_pk", Sort: "due_sk"}, Projection: "KEYS_ONLY"},
		{Name: "list", Key: template.Key{Partition: "list_pk", Sort: "list_sk"}, Projection: "KEYS_ONLY"},
		{Name: "customer_ids", Key: template.Key{Partition: "list_pk", Sort: "find_id"}, Projection: "KEYS_ONLY"},
		{Name: "customer_emails", Key: template.Key{Partition: "list_pk", Sort: "find_email"}, Projection: "INCLUDE", Include: []string{"find_id"}},
		{Name: "customer_names", Key: template.Key{Partition: "list_pk", Sort: "find_name"}, Projection: "INCLUDE", Include: []string{"find_id", "find_email"}},
		{Name: "fingerprints", Key: template.Key{Partition: "device_pk", Sort: "list_sk"}, Projection: "KEYS_ONLY"},
	}
	if len(table.Indexes) != len(want) {
		t.Errorf("%d indexes, want %d", len(table.Indexes), len(want))
	}
	for _, w := range want {
		if !slices.ContainsFunc(table.Indexes, func(x template.Index) bool { return reflect.DeepEqual(x, w) }) {
			t.Errorf("no index %+v in template.yaml; every write would pay for more", w)
		}
	}
	for _, a := range table.Attributes {
		if a.Type != "S" {
			t.Errorf("key attribute %s has type %s; every key is a string", a.Name, a.Type)
		}
	}
}

// The table with all money must survive mistakes.
func TestTheTableIsHardToLose(t *testing.T) {
	p := load(t)
	properties := p.prod.Resources["Table"].Properties
	if properties["DeletionProtectionEnabled"] != true {
		t.Error("with Stage=prod, template.yaml must set DeletionProtectionEnabled on Table")
	}
	if p.dev.Resources["Table"].Properties["DeletionProtectionEnabled"] != false {
		t.Error("with Stage=dev, a try-out stack could not be deleted: DeletionProtectionEnabled must be false")
	}
	for name, path := range map[string][]string{
		"point-in-time recovery": {"PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"},
		"encryption":             {"SSESpecification", "SSEEnabled"},
	} {
		if part, _ := properties[path[0]].(map[string]any); part[path[1]] != true {
			t.Errorf("template.yaml: Table needs %s: %s.%s: true", name, path[0], path[1])
		}
	}
	if properties["BillingMode"] != "PAY_PER_REQUEST" {
		t.Error("template.yaml: Table must be PAY_PER_REQUEST; nothing runs when nothing happens")
	}
	for _, id := range []string{"Table", "StripeSecret"} {
		a := p.dev.Resources[id].Attributes
		if a["DeletionPolicy"] != "RetainExceptOnCreate" || a["UpdateReplacePolicy"] != "Retain" {
			t.Errorf("template.yaml: %s needs DeletionPolicy RetainExceptOnCreate and UpdateReplacePolicy Retain", id)
		}
	}
}
