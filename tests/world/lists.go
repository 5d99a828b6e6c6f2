package world

import "net/url"

// IDsOf returns the ids of a page, in its order.
func IDsOf(page JSON) (out []string) {
	for _, c := range page["list"].([]any) {
		id, _ := c.(JSON)["id"].(string)
		out = append(out, id)
	}
	return out
}

// AllIDs reads every page of a list from the first one on; path has a query.
func (w *World) AllIDs(path string) (out []string) {
	w.Helper()
	for cursor, n := "", 0; ; n++ {
		page := w.Get(path + "&cursor=" + url.QueryEscape(cursor))
		out = append(out, IDsOf(page)...)
		next, more := page["next_cursor"].(string)
		if !more {
			return out
		}
		if cursor = next; n > 100 {
			w.Fatal("the pages have no end")
		}
	}
}
