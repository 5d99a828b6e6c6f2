// Package tabletest gives a test a table of its own: the embedded database in
// memory, and in it the table as the template declares it. Only tests import it.
package tabletest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	awsdynamodb "github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"windfall/local/dynamodb"
	"windfall/local/template"
)

// A Table is empty at first.
type Table struct {
	Template *template.Template
	DB       *dynamodb.DB
	Client   *awsdynamodb.Client // tries each request once
	Name     string
}

// New makes a table.
func New(t testing.TB, options ...func(*awsdynamodb.Options)) *Table {
	t.Helper()
	path, err := template.Find()
	must(t, err)
	stack, err := template.Load(path)
	must(t, err)
	db, err := dynamodb.Open(dynamodb.Options{})
	must(t, err)
	client := Client(db, options...)
	_, err = client.CreateTable(t.Context(), stack.Table.CreateTableInput())
	must(t, err)
	return &Table{Template: stack, DB: db, Client: client, Name: stack.Table.Name}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Client calls a database, each request once.
func Client(db *dynamodb.DB, options ...func(*awsdynamodb.Options)) *awsdynamodb.Client {
	return awsdynamodb.New(awsdynamodb.Options{Region: "us-east-1", BaseEndpoint: aws.String("http://dynamodb.local"),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""), HTTPClient: db.Client(), RetryMaxAttempts: 1}, options...)
}
