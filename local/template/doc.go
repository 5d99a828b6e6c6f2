// Package template reads template.yaml, so that a laptop has the routes, the
// CORS rules and the table of the deployment, written once.
//
//	which functions are there?        function.go
//	which table, which indexes?       table.go
//	who may call from a browser?      cors.go
//	what does !Ref, !Sub, !If give?   intrinsic.go
//	where is template.yaml?           load.go
//
// Only the constructs of this project's template are supported; any other is an
// error that names the place.
package template
