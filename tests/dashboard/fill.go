package dashboard

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed fill.json
var calls []byte

// An API makes a call that must succeed, and returns its answer: World.Call.
type API interface {
	Helper()
	Fatal(...any)
	Call(method, path string, body any) map[string]any
}

// Fill makes the calls of fill.json, after which every page of pages_*.txt is there: customers with products, usage,
// invoices and referrals, a failed payment, a redemption that is held. The browser's tests make the same.
func Fill(w API) {
	w.Helper()
	var all []struct {
		Post string
		Body map[string]any
		Keep string // a field of the answer, for "$keep" in later calls
	}
	if err := json.Unmarshal(calls, &all); err != nil {
		w.Fatal(err)
	}
	kept := map[string]string{}
	for _, c := range all {
		for name, value := range c.Body {
			if text, is := value.(string); is && strings.HasPrefix(text, "$") && kept[text[1:]] != "" {
				c.Body[name] = kept[text[1:]]
			}
		}
		if answer := w.Call("POST", c.Post, c.Body); c.Keep != "" {
			kept[c.Keep] = fmt.Sprint(answer[c.Keep])
		}
	}
}
