package gateway

import (
	"net/url"
	"strings"
)

// decodePath returns the rawPath of an HTTP API for the path of a request,
// which is not raw. Requests sent to a real HTTP API show two decodings with a
// cut between them:
//
//	sent                    rawPath
//	/a/space%20value        /a/space value
//	/a/slash%2Fvalue        /a/slash/value
//	/a/hash%23value         /a/hash#value
//	/a/question%3Fvalue     /a/question        cut at the decoded "?"
//	/a/literal%252Fvalue    /a/literal/value   decoded twice
//	/a/literal%253Fvalue    /a/literal?value
//	/a/percent%25done       400: the second decoding fails
//
// REST APIs and function URLs keep the encoding. The captures are published
// at github.com/hotsock/voker (vokerhttp/testdata, July 2026).
func decodePath(sent string) (string, error) {
	once, err := url.PathUnescape(sent)
	if err != nil {
		return "", err
	}
	once, _, _ = strings.Cut(once, "?")
	return url.PathUnescape(once)
}
