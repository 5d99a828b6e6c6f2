package accounts

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"windfall/shared/app"
)

// How often one may try within a quarter of an hour: for an e-mail address, and from an address of the net.
const (
	triesOfEmail = 5
	triesFrom    = 20
	triesWithin  = 15 * time.Minute
)

var (
	errWrong   = refuse(http.StatusUnauthorized, "E-mail or password is wrong.")
	errTooMany = refuse(http.StatusTooManyRequests, "Too many attempts. Try again in 15 minutes.")
)

// SignIn finds the user of an e-mail address and a password. Each attempt is counted before the password is looked at, so
// that many at once are not more; one that succeeds is taken back. Unknown addresses get the same answers in the
// same time.
func (a Accounts) SignIn(ctx context.Context, email, password, from string, now time.Time) (app.User, error) {
	email = Address(email)
	byEmail, byAddress := "email "+email, "from "+network(from)
	for _, limit := range []struct {
		of   string
		most int
	}{{byAddress, triesFrom}, {byEmail, triesOfEmail}} {
		within, err := a.Store.CountAttempt(ctx, limit.of, limit.most, triesWithin, now)
		if err != nil {
			return app.User{}, err
		}
		if !within {
			return app.User{}, errTooMany
		}
	}
	user, err := a.Store.User(ctx, email)
	if err != nil {
		return app.User{}, err
	}
	if !fits(password, user.Password) {
		return app.User{}, errWrong
	}
	for _, of := range []string{byAddress, byEmail} {
		if err := a.Store.ForgiveAttempt(ctx, of); err != nil {
			return app.User{}, err
		}
	}
	return user, nil
}

// network is what one attempt's address of the net is counted under. Whoever has an IPv6 address has the 2^64 of its
// prefix, too; an IPv4 address is one, also where IPv6 writes it.
func network(from string) string {
	address, err := netip.ParseAddr(from)
	if err != nil {
		return from
	}
	if address = address.Unmap().WithZone(""); address.Is4() {
		return address.String()
	}
	return netip.PrefixFrom(address, 64).Masked().String()
}

// Address is an e-mail address as users are known by it: people write it in any case.
func Address(typed string) string { return strings.ToLower(strings.TrimSpace(typed)) }
