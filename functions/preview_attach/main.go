// Command preview_attach serves POST /v1/attach/preview and POST /v1/checkout: what an attach would charge.
package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"windfall/shared/api/endpoints"
	"windfall/shared/wire/withstripe"
)

func main() { lambda.Start(endpoints.PreviewAttach(withstripe.App())) }
