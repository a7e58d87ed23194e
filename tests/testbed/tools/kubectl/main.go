// kubectl as Kubernetes' own cmd/kubectl starts it (cmd/kubectl/kubectl.go), without all of Kubernetes beside it.
package main

import (
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
)

func main() {
	if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
		os.Exit(1)
	}
}
