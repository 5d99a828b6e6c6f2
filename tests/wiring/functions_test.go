package wiring

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryFolderHasOneResource(t *testing.T) {
	p := load(t)
	for _, folder := range p.folders {
		if _, ok := p.dev.Function(folder); !ok {
			t.Errorf("functions/%s is not deployed: add %s to template.yaml (copy AttachFunction and AttachLogs)", folder, logicalID(folder))
		}
		if text, err := os.ReadFile(p.path("functions", folder, "main.go")); err != nil {
			t.Errorf("functions/%s has no main.go: copy functions/attach/main.go and change one word", folder)
		} else if !strings.HasPrefix(string(text), "// Command "+folder+" ") {
			t.Errorf("functions/%s/main.go must begin with a comment: // Command %s …", folder, folder)
		}
	}
	for _, f := range p.dev.Functions {
		if !slices.Contains(p.folders, f.Folder) {
			t.Errorf("%s in template.yaml has no code: add functions/%s/main.go, or remove the resource", f.LogicalID, f.Folder)
		}
		if f.LogicalID != logicalID(f.Folder) {
			t.Errorf("%s: the name of functions/%s is %s", f.LogicalID, f.Folder, logicalID(f.Folder))
		}
	}
}

func TestEveryResourceSaysWhatItIs(t *testing.T) {
	p := load(t)
	for _, f := range p.dev.Functions {
		above := "  # functions/" + f.Folder + ": "
		if !strings.Contains(p.text, above) || !regexp.MustCompile(regexp.QuoteMeta(above)+`.+\n  `+f.LogicalID+":\n").MatchString(p.text) {
			t.Errorf("template.yaml: the line above %s must be a comment: # functions/%s: what it does", f.LogicalID, f.Folder)
		}
	}
}

func TestEveryFunctionCanBeCalled(t *testing.T) {
	p := load(t)
	for _, f := range p.dev.Functions {
		if len(f.Routes) == 0 && f.Schedule == "" && f.Stream == "" {
			t.Errorf("nothing calls %s: give it an HttpApi, ScheduleV2 or DynamoDB event in template.yaml", f.LogicalID)
		}
	}
}

// SAM runs `make build-<LogicalId>`, and `make binaries` builds the folder.
func TestEveryFunctionIsBuiltByMake(t *testing.T) {
	p := load(t)
	if !strings.Contains(p.makefile, "\nbuild-%:\n") || !strings.Contains(p.makefile, "-tags=lambda.norpc") {
		t.Error("Makefile: the rule build-%, with -tags=lambda.norpc, is gone; `sam build` needs it")
	}
	for _, f := range p.dev.Functions {
		if f.BuildMethod != "makefile" {
			t.Errorf("%s needs `Metadata: {BuildMethod: makefile}`: SAM's own build makes twice the size", f.LogicalID)
		}
	}
	if s := samconfig(t, p); !strings.Contains(s, "cached = false") || strings.Contains(s, "cached = true") {
		t.Error("samconfig.toml must keep `cached = false`: SAM's cache does not see edits in shared/")
	}
}

func TestEveryFunctionHasItsLogs(t *testing.T) {
	p := load(t)
	owner := map[string]string{}
	for _, f := range p.dev.Functions {
		logs := p.dev.Resources[f.LogGroup]
		if logs.Type != "AWS::Logs::LogGroup" {
			t.Errorf("%s has no log group of its own: add one with RetentionInDays, else its logs are kept forever", f.LogicalID)
			continue
		}
		if logs.Properties["RetentionInDays"] == nil {
			t.Errorf("%s needs RetentionInDays: !Ref LogRetentionDays", f.LogGroup)
		}
		if other, taken := owner[f.LogGroup]; taken {
			t.Errorf("%s and %s write to one log group, %s", other, f.LogicalID, f.LogGroup)
		}
		owner[f.LogGroup] = f.LogicalID
	}
}

func TestFunctionsEndBeforeTheirCallersGiveUp(t *testing.T) {
	p := load(t)
	for _, f := range p.dev.Functions {
		most := 29 * time.Second // API Gateway answers 503 after 30
		if len(f.Routes) == 0 {
			most = 5 * time.Minute // the next run of the schedule begins
		}
		if f.Timeout <= 0 || f.Timeout > most {
			t.Errorf("%s: Timeout is %s, must be at most %s", f.LogicalID, f.Timeout, most)
		}
		if f.Memory < 128 || f.Memory > 1024 {
			t.Errorf("%s: MemorySize is %d MB; none needs less than 128 or more than 1024", f.LogicalID, f.Memory)
		}
	}
}

func samconfig(t *testing.T, p *project) string {
	t.Helper()
	text, err := os.ReadFile(p.path("samconfig.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
