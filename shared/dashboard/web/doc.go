// Package web serves the dashboard: it finds the page of a request and who asks, keeps strangers
// out, and answers. The pages are in packages of their own; each is a list of routes.
//
//	Which page is asked for?                      route.go
//	Who asks, and may they?                       session.go, guard.go
//	What is a form, and what when it is refused?  form.go
//	What is a command in two steps?               command.go, preview.go
//	How much may be typed, and is shown again?    typed.go
//	What is sent back?                            answer.go, site.go
//	Who is told what, in the log?                 site.go
//
// The time of a request comes with its event, as everywhere.
package web
