// Package template reads template.yaml, so that what runs on a laptop has the
// routes, the CORS rules and the table that are deployed, written once.
//
//	which functions are there?        function.go
//	which table, which indexes?       table.go
//	who may call from a browser?      cors.go
//	what does !Ref, !Sub, !If give?   intrinsic.go
//	where is template.yaml?           load.go
//
// Only what this project's template uses is understood; anything else is an
// error that names the place.
package template
