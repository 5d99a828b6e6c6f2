package template

import (
	"errors"
	"time"
)

// CORS says which pages may call the API from a browser. The zero value means
// that the API has no CORS configuration.
type CORS struct {
	AllowOrigins     []string
	AllowMethods     []string
	AllowHeaders     []string
	ExposeHeaders    []string
	AllowCredentials bool
	MaxAge           time.Duration
}

func cors(all map[string]Resource) (CORS, error) {
	for _, r := range all {
		if r.Type != "AWS::Serverless::HttpApi" {
			continue
		}
		c := asMap(r.Properties["CorsConfiguration"])
		return CORS{
			AllowOrigins:     asStrings(c["AllowOrigins"]),
			AllowMethods:     asStrings(c["AllowMethods"]),
			AllowHeaders:     asStrings(c["AllowHeaders"]),
			ExposeHeaders:    asStrings(c["ExposeHeaders"]),
			AllowCredentials: c["AllowCredentials"] == true,
			MaxAge:           asSeconds(c["MaxAge"]),
		}, nil
	}
	return CORS{}, errors.New("no AWS::Serverless::HttpApi in the template")
}
