package main
import ("fmt";"encoding/json";"github.com/stripe/stripe-mock/embedded";"github.com/getkin/kin-openapi/openapi3";_ "github.com/stripe/stripe-mock/param/coercer";_ "github.com/stripe/stripe-mock/param";"os")
func main(){ os.WriteFile("/tmp/probe/spec3.json", embedded.OpenAPISpec, 0o644); var m map[string]any; fmt.Println(json.Unmarshal(embedded.OpenAPISpec,&m)); d,e:=openapi3.NewLoader().LoadFromData(embedded.OpenAPISpec); fmt.Println(e, d.Paths.Len(), len(d.Components.Schemas)) }
