// Renders charts as `helm template` does, all in one process: what sealift is measured against.
//
// Arguments are chart archives; before them may stand --fixed-keys, so that no time goes into prime numbers. It prints, for each, the microseconds that loading and rendering took and the
// bytes of the manifests, or what went wrong.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/template"
	"time"

	"helm.sh/helm/v4/pkg/action"
	ci "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	release "helm.sh/helm/v4/pkg/release/v1"
)

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	paths := os.Args[1:]
	fixed := len(paths) > 0 && paths[0] == "--fixed-keys"
	if fixed {
		paths = paths[1:]
	}
	for _, path := range paths {
		start := time.Now()
		bytes, err := render(path, fixed)
		took := time.Since(start).Microseconds()
		if err != nil {
			fmt.Printf("%d\t-\t%s\n", took, path)
			continue
		}
		fmt.Printf("%d\t%d\t%s\n", took, bytes, path)
	}
}

// certificate has the fields that sprig's certificates have.
type certificate struct{ Cert, Key string }

func fixedKeys() template.FuncMap {
	made := certificate{Cert: strings.Repeat("certificate\n", 80), Key: strings.Repeat("key\n", 400)}
	give := func(...any) certificate { return made }
	return template.FuncMap{
		"genCA":                    give,
		"genCAWithKey":             give,
		"genPrivateKey":            func(string) string { return made.Key },
		"genSelfSignedCert":        give,
		"genSelfSignedCertWithKey": give,
		"genSignedCert":            give,
		"genSignedCertWithKey":     give,
	}
}

func render(path string, fixed bool) (int, error) {
	chart, err := loader.Load(path)
	if err != nil {
		return 0, err
	}
	version, err := common.ParseKubeVersion("v1.33.0")
	if err != nil {
		return 0, err
	}
	configuration := action.NewConfiguration()
	if fixed {
		configuration.CustomTemplateFuncs = fixedKeys()
	}
	install := action.NewInstall(configuration)
	install.DryRunStrategy = action.DryRunClient
	install.ReleaseName = "rel"
	install.Namespace = "ns"
	install.Replace = true
	install.KubeVersion = version
	accessor, err := ci.NewAccessor(chart)
	if err != nil {
		return 0, err
	}
	if err := action.CheckDependencies(chart, accessor.MetaDependencies()); err != nil {
		return 0, err
	}
	made, err := install.Run(chart, map[string]any{})
	if err != nil {
		return 0, err
	}
	return len(made.(*release.Release).Manifest), nil
}
