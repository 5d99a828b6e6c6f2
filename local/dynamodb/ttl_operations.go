package dynamodb

import (
	"strconv"

	"windfall/local/dynamodb/protocol"
)

func (ex *exchange) updateTimeToLive(r *protocol.Reader) error {
	attribute, enabled := "", false
	t, err := ex.named(r, func(name string) {
		if name != "TimeToLiveSpecification" {
			r.Skip()
			return
		}
		r.Object(func(name string) {
			switch name {
			case "AttributeName":
				attribute = r.Text()
			case "Enabled":
				enabled = r.Boolean()
			default:
				r.Skip()
			}
		})
	})
	if err != nil {
		return err
	}
	if attribute == "" {
		return missingMember("timeToLiveSpecification.attributeName")
	}
	if err := ex.db.store.SetTTL(t, attribute, enabled); err != nil {
		return err
	}
	ex.out = protocol.AppendText(append(ex.out, `{"TimeToLiveSpecification":{"AttributeName":`...), attribute)
	ex.out = strconv.AppendBool(protocol.Member(ex.out, "Enabled"), enabled)
	ex.out = append(ex.out, '}', '}')
	return nil
}

func (ex *exchange) describeTimeToLive(r *protocol.Reader) error {
	t, err := ex.named(r, func(string) { r.Skip() })
	if err != nil {
		return err
	}
	attribute, err := t.TimeToLive()
	if err != nil {
		return err
	}
	ex.out = append(ex.out, `{"TimeToLiveDescription":{`...)
	status := "DISABLED"
	if attribute != "" {
		status = "ENABLED"
		ex.out = protocol.AppendText(protocol.Member(ex.out, "AttributeName"), attribute)
	}
	ex.out = protocol.AppendText(protocol.Member(ex.out, "TimeToLiveStatus"), status)
	ex.out = append(ex.out, '}', '}')
	return nil
}
