package wiring

import (
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var overrides = regexp.MustCompile(`(?m)^sam (build|deploy) --config-env (\S+) --parameter-overrides (.*)$`)

// Build and deploy get the same parameters.
func TestBuildAndDeployTakeTheSameParameters(t *testing.T) {
	p := load(t)
	for given, want := range map[string][]string{
		"":                   {"Stage=dev", "Architecture=arm64"},
		"ARCH=x86_64":        {"Stage=dev", "Architecture=x86_64"},
		"ENV=prod":           {"Stage=prod", "Architecture=arm64"},
		"ENV=default":        {"Stage=dev", "Architecture=arm64"},
		"ALARM_EMAIL=a@b.io": {"Stage=dev", "Architecture=arm64", "AlarmEmail=a@b.io"},
		"ENV=prod ARCH=x86_64 ALARM_EMAIL=a@b.io PARAMS=ThrottleRate=100": {"Stage=prod", "Architecture=x86_64", "AlarmEmail=a@b.io", "ThrottleRate=100"},
	} {
		for _, asVariables := range []bool{false, true} { // ARCH=… make deploy, and make deploy ARCH=…
			cmd := exec.Command("make", "-n", "deploy")
			if cmd.Dir = p.root; asVariables {
				cmd.Env = append(cmd.Environ(), strings.Fields(given)...)
			} else {
				cmd.Args = append(cmd.Args, strings.Fields(given)...)
			}
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("make -n deploy %s: %v\n%s", given, err, out)
			}
			ran := overrides.FindAllStringSubmatch(string(out), -1)
			if len(ran) != 2 || ran[0][1] != "build" || ran[1][1] != "deploy" {
				t.Fatalf("make deploy %s must run sam build, then sam deploy:\n%s", given, out)
			}
			for _, r := range ran {
				if got := strings.Fields(r[3]); !slices.Equal(got, want) {
					t.Errorf("make deploy %s: sam %s gets %q, want %q", given, r[1], got, want)
				}
			}
			if ran[0][2] != ran[1][2] {
				t.Errorf("make deploy %s: built as %s, deployed as %s", given, ran[0][2], ran[1][2])
			}
			if told := strings.Contains(string(out), "No ALARM_EMAIL is given"); told == strings.Contains(given, "ALARM_EMAIL") {
				t.Errorf("make deploy %s says that alarms go nowhere: %t", given, told)
			}
		}
	}
	if strings.Contains(samconfig(t, p), "parameter_overrides") {
		t.Error("samconfig.toml has parameter_overrides: parameters are in the Makefile alone")
	}
}

// An unknown architecture is refused before anything is built.
func TestAnUnknownArchitectureIsNotBuilt(t *testing.T) {
	p := load(t)
	for _, arch := range []string{"x86", "amd64", "ARM64"} {
		cmd := exec.Command("make", "build", "ARCH="+arch)
		cmd.Dir = p.root
		cmd.Env = append(cmd.Environ(), "PATH=/usr/bin:/bin") // without sam: it must stop before
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "must be arm64 or x86_64") {
			t.Errorf("ARCH=%s: %v\n%s", arch, err, out)
		}
	}
}

// A value in the template would overwrite the operator's, by the first
// deployment that changes it.
func TestNoDeploymentWritesStripesKeys(t *testing.T) {
	p := load(t)
	for id, r := range p.dev.Resources {
		if r.Type != "AWS::SecretsManager::Secret" {
			continue
		}
		for _, value := range []string{"SecretString", "GenerateSecretString"} {
			if r.Properties[value] != nil {
				t.Errorf("template.yaml: %s must have no %s", id, value)
			}
		}
	}
	sweep, _ := p.dev.Function("close_periods")
	if !slices.Equal(grants(sweep, "StripeSecret"), []string{"secretsmanager:GetSecretValue"}) || !slices.Contains(sweep.Env, "STRIPE_SECRET_ARN") {
		t.Error("close_periods must read the secret that the template makes")
	}
}
