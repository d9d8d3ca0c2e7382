// Renders charts as `helm template` does, all in one process: what sealift is measured against.
//
// Arguments are chart archives. It prints, for each, the microseconds that loading and rendering took and the
// bytes of the manifests, or what went wrong.
package main

import (
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"helm.sh/helm/v4/pkg/action"
	ci "helm.sh/helm/v4/pkg/chart"
	"helm.sh/helm/v4/pkg/chart/common"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	release "helm.sh/helm/v4/pkg/release/v1"
)

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	for _, path := range os.Args[1:] {
		start := time.Now()
		bytes, err := render(path)
		took := time.Since(start).Microseconds()
		if err != nil {
			fmt.Printf("%d\t-\t%s\n", took, path)
			continue
		}
		fmt.Printf("%d\t%d\t%s\n", took, bytes, path)
	}
}

func render(path string) (int, error) {
	chart, err := loader.Load(path)
	if err != nil {
		return 0, err
	}
	version, err := common.ParseKubeVersion("v1.33.0")
	if err != nil {
		return 0, err
	}
	install := action.NewInstall(action.NewConfiguration())
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
