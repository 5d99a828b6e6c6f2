package catalog

import (
	"fmt"
	"strings"
)

// longestMade leaves room for a number at the end of an id that is made.
const longestMade = maxSlug - 4

// IDFrom makes an id of a name: its letters and digits of ASCII in lower case, and one "_"
// for whatever stands between them: "Summer Sale, 20 %" is "summer_sale_20". usual is the
// id of a name without any. One that is taken, or can't be an id, gets the first free
// number: "summer_sale_20_2".
func IDFrom(name, usual string, taken func(id string) bool) string {
	id := strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			return r
		}
		return ' '
	}, name)
	id = strings.Join(strings.Fields(id), "_")
	if id == "" {
		id = usual
	}
	id = strings.TrimRight(id[:min(len(id), longestMade)], "_")
	for n, made := 2, id; ; n++ {
		if !IsReserved(made) && !taken(made) {
			return made
		}
		made = fmt.Sprintf("%s_%d", id, n)
	}
}
