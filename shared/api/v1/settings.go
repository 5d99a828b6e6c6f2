package v1

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"windfall/shared/admin"
	"windfall/shared/api"
	"windfall/shared/api/fields"
	"windfall/shared/app"
	"windfall/shared/billing"
	"windfall/shared/catalog"
	"windfall/shared/money"
)

// Settings serves /v1/settings: a company's settings of an environment, and the
// history of their changes.
func Settings(a *app.App) api.Dialect {
	s := settings{admin.Of(a)}
	return dialect(
		api.Route{Pattern: "GET /v1/settings", Access: api.Secret, Handle: s.get, Replays: false},
		api.Route{Pattern: "PATCH /v1/settings", Access: api.Secret, Handle: s.edit, Replays: true},
		api.Route{Pattern: "GET /v1/settings/audit", Access: api.Secret, Handle: s.audit, Replays: false},
		api.Route{Pattern: "GET /v1/organization/me", Access: api.Secret, Handle: fields.Organization, Replays: false})
}

type settings struct{ admin *admin.Admin }

// settingsJSON always has every setting; an unset one has its default.
type settingsJSON struct {
	KeepAccessWhenPastDue     bool           `json:"keep_access_when_past_due"`
	PublishableReadsCustomers bool           `json:"publishable_reads_customers"`
	PublishableCheckout       bool           `json:"publishable_checkout"`
	RefundEndsAccess          bool           `json:"refund_ends_access"`
	DisputeEndsAccess         bool           `json:"dispute_ends_access"`
	AutomaticTax              bool           `json:"automatic_tax"`
	TaxIDCollection           bool           `json:"tax_id_collection"`
	UsageEventDays            int            `json:"usage_event_days"`
	MaxUsagePerCall           int64          `json:"max_usage_per_call"`
	Currency                  money.Currency `json:"currency"`
	Env                       catalog.Env    `json:"env"`
}

func settingsAnswer(s catalog.Settings, env catalog.Env) settingsJSON {
	return settingsJSON{s.KeepAccessWhenPastDue, s.PublishableReadsCustomers, s.PublishableCheckout, s.RefundEndsAccess, s.DisputeEndsAccess,
		s.AutomaticTax, s.TaxIDCollection, s.EventDays(), s.UsagePerCall(), s.Currency, env}
}

func (s settings) get(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req); err != nil {
		return nil, err
	}
	now, err := s.admin.Settings(ctx, req.Caller)
	return settingsAnswer(now, req.Env), err
}

func (s settings) edit(ctx context.Context, req api.Request) (any, error) {
	if err := api.TakesQuery(req); err != nil {
		return nil, err
	}
	cmd, err := settingsCommand(req)
	if err != nil {
		return nil, err
	}
	now, err := s.admin.EditSettings(ctx, req.Caller, cmd)
	return settingsAnswer(now, req.Env), err
}

// settingsCommand reads the settings to change, each by its exact name. null is
// not a value of any.
func settingsCommand(req api.Request) (cmd billing.EditSettings, err error) {
	in, err := api.Decode[map[string]json.RawMessage](req)
	if err != nil {
		return cmd, err
	}
	flags := map[string]**bool{
		"keep_access_when_past_due":   &cmd.KeepAccessWhenPastDue,
		"publishable_reads_customers": &cmd.PublishableReadsCustomers,
		"publishable_checkout":        &cmd.PublishableCheckout,
		"refund_ends_access":          &cmd.RefundEndsAccess,
		"dispute_ends_access":         &cmd.DisputeEndsAccess,
		"automatic_tax":               &cmd.AutomaticTax,
		"tax_id_collection":           &cmd.TaxIDCollection,
	}
	numbers := map[string]struct {
		to    any
		given func() bool
	}{
		"usage_event_days":   {&cmd.UsageEventDays, func() bool { return cmd.UsageEventDays != nil }},
		"max_usage_per_call": {&cmd.MaxUsagePerCall, func() bool { return cmd.MaxUsagePerCall != nil }},
	}
	for _, name := range slices.Sorted(maps.Keys(in)) {
		flag, isFlag := flags[name]
		number, isNumber := numbers[name]
		switch {
		case isFlag:
			if json.Unmarshal(in[name], flag) != nil || *flag == nil {
				return cmd, api.InvalidInputs("%s: expected true or false.", name)
			}
		case isNumber:
			if json.Unmarshal(in[name], number.to) != nil || !number.given() {
				return cmd, api.InvalidInputs("%s: expected a whole number.", name)
			}
		case name == "currency":
			if json.Unmarshal(in[name], &cmd.Currency) != nil || cmd.Currency == nil {
				return cmd, api.InvalidInputs("currency: expected the code of a currency, three small letters.")
			}
		case name == "env": // of an answer that is sent back
			if env := ""; json.Unmarshal(in[name], &env) != nil || env != string(req.Env) {
				return cmd, api.InvalidInputs("env: this key is for %s.", req.Env)
			}
		default:
			known := slices.Concat([]string{"currency"}, slices.Sorted(maps.Keys(flags)), slices.Sorted(maps.Keys(numbers)))
			return cmd, api.InvalidInputs("%.80s: there is no such setting; there are %s.", name, strings.Join(known, ", "))
		}
	}
	return cmd, nil
}

func (s settings) audit(ctx context.Context, req api.Request) (any, error) {
	return auditPageOf(req, func(cursor string, limit int) ([]billing.Audit, string, error) {
		return s.admin.SettingsAudit(ctx, req.Caller, cursor, limit)
	})
}
