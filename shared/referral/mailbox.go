package referral

import "strings"

// googleMail are the domains of one provider, which ignores dots.
var googleMail = map[string]bool{"gmail.com": true, "googlemail.com": true}

// mailbox is an e-mail address in the form in which two that reach one mailbox are
// equal: lower case, without the tag behind a plus sign; at Google Mail also without
// dots, and with one domain. An address of which nothing would be left stays as it is.
//
// Source: https://support.google.com/mail/answer/7436150 (dots),
// https://www.rfc-editor.org/rfc/rfc5233 (tags)
func mailbox(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	name, domain := address[:at], strings.TrimSuffix(address[at+1:], ".")
	name, _, _ = strings.Cut(name, "+")
	if googleMail[domain] {
		name, domain = strings.ReplaceAll(name, ".", ""), "gmail.com"
	}
	if name == "" {
		return address
	}
	return name + "@" + domain
}
