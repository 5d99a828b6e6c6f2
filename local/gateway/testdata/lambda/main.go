// Command lambda is the function of bootstrap_test.go: it follows the commands
// in its event.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

type order struct {
	Do  string `json:"do"`
	URL string `json:"url"` // visited before answering
}

type answer struct {
	PID       int    `json:"pid"`
	Color     string `json:"color"`     // the variable that the test sets
	Name      string `json:"name"`      // the function's own name
	Remaining int64  `json:"remaining"` // milliseconds until the deadline
}

func main() {
	switch os.Getenv("AT_START") {
	case "exit":
		os.Exit(3)
	case "hang":
		hang()
	}
	lambda.Start(run)
}

// hang waits longer than any test. Without a timer Go would end the process, as no goroutine could ever run.
func hang() { time.Sleep(time.Hour) }

func run(ctx context.Context, o order) (answer, error) {
	switch o.Do {
	case "exit":
		os.Exit(7)
	case "hang":
		hang()
	case "panic":
		panic("as told")
	case "fail":
		return answer{}, errors.New("as told")
	case "print":
		fmt.Println("a line of the log")
	}
	if o.URL != "" {
		res, err := http.Get(o.URL)
		if err != nil {
			return answer{}, err
		}
		if err := res.Body.Close(); err != nil {
			return answer{}, err
		}
	}
	deadline, _ := ctx.Deadline()
	return answer{
		PID: os.Getpid(), Color: os.Getenv("COLOR"), Name: os.Getenv("AWS_LAMBDA_FUNCTION_NAME"),
		Remaining: time.Until(deadline).Milliseconds(),
	}, nil
}
