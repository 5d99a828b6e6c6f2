package dynamodb

import "strconv"

func (ex *exchange) updateTimeToLive(r *jsonReader) error {
	attribute, enabled := "", false
	t, err := ex.named(r, func(name string) {
		if name != "TimeToLiveSpecification" {
			r.skip()
			return
		}
		r.object(func(name string) {
			switch name {
			case "AttributeName":
				attribute = r.text()
			case "Enabled":
				enabled = r.boolean()
			default:
				r.skip()
			}
		})
	})
	if err != nil {
		return err
	}
	if attribute == "" {
		return missingMember("timeToLiveSpecification.attributeName")
	}
	if err := ex.db.store.setTTL(t, attribute, enabled); err != nil {
		return err
	}
	ex.out = appendText(append(ex.out, `{"TimeToLiveSpecification":{"AttributeName":`...), attribute)
	ex.out = strconv.AppendBool(member(ex.out, "Enabled"), enabled)
	ex.out = append(ex.out, '}', '}')
	return nil
}

func (ex *exchange) describeTimeToLive(r *jsonReader) error {
	t, err := ex.named(r, func(string) { r.skip() })
	if err != nil {
		return err
	}
	attribute, err := t.timeToLive()
	if err != nil {
		return err
	}
	ex.out = append(ex.out, `{"TimeToLiveDescription":{`...)
	status := "DISABLED"
	if attribute != "" {
		status = "ENABLED"
		ex.out = appendText(member(ex.out, "AttributeName"), attribute)
	}
	ex.out = appendText(member(ex.out, "TimeToLiveStatus"), status)
	ex.out = append(ex.out, '}', '}')
	return nil
}
