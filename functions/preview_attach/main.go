// Command preview_attach serves POST /v1/attach/preview and POST /v1/checkout: what an attach would charge.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	v1 "windfall/shared/api/v1"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(v1.PreviewAttach(withstripe.App())) }
