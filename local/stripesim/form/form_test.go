package form

import (
	"errors"
	"net/url"
	"testing"
)

var schema = Compile("name! count:i on:b at:tn rate:d tags:[s] mode:(one,two,three) meta:m items:[{price! quantity:i}] created:r")

func decode(t *testing.T, text string) (*Params, error) {
	t.Helper()
	values, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	return Decode(schema, values)
}

func TestDecode(t *testing.T) {
	t.Parallel()
	p, err := decode(t, "name=a&count=5&on=true&at=now&rate=1.5&tags[]=x&tags[]=y&meta[k]=v&meta[gone]=&items[1][price]=q&items[0][price]=p&items[0][quantity]=2&created[gte]=10")
	if err != nil {
		t.Fatal(err)
	}
	items := p.List("items")
	if p.Int("count") != 5 || !p.Bool("on") || !p.Now("at") || len(p.Strings("tags")) != 2 || p.Map("meta")["k"] != "v" || len(items) != 2 || items[0].Str("price") != "p" || items[0].Path("price") != "items[0][price]" {
		t.Errorf("decoded %v", p)
	}
	if !p.InRange("created", 10) || p.InRange("created", 9) || !p.InRange("absent", 1) {
		t.Error("ranges")
	}
	p, err = decode(t, "name=a&count=&meta=")
	if err != nil || !p.Cleared("count") || !p.Cleared("meta") || p.Given("count") || !p.Has("count") {
		t.Errorf("cleared: %v %v", p, err)
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Error{
		"count=1":                      {Code: "parameter_missing", Param: "name"},
		"name=":                        {Code: "parameter_invalid_empty", Param: "name"},
		"name=a&count=x":               {Code: "parameter_invalid_integer", Param: "count"},
		"name=a&on=maybe":              {Param: "on"},
		"name=a&rate=1e3":              {Param: "rate"},
		"name=a&mode=four":             {Param: "mode", Message: "Invalid mode: must be one of one, two, or three"},
		"name=a&other=1":               {Code: "parameter_unknown", Param: "other"},
		"name=a&items[0][quantity]=1":  {Code: "parameter_missing", Param: "items[0][price]"},
		"name=a&items[0][p]=1":         {Code: "parameter_unknown", Param: "items[0][p]"},
		"name=a&items[x][price]=1":     {Param: "items"},
		"name=a&items=1":               {Param: "items"},
		"name=a&count[0]=1":            {Param: "count"},
		"name=a&meta[k][deeper]=1":     {Param: "meta[k]"},
		"name[x]=a&name[y]=b&count=12": {Param: "name"},
	} {
		_, err := decode(t, text)
		var e *Error
		if !errors.As(err, &e) || e.Code != want.Code || e.Param != want.Param || want.Message != "" && e.Message != want.Message {
			t.Errorf("%s: %v (code %q, param %q), want %+v", text, err, e.Code, e.Param, want)
		}
	}
}

func TestCompilePanics(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a:x", "a:{b", "a:[s", "!"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%q was accepted", text)
				}
			}()
			Compile(text)
		}()
	}
}
