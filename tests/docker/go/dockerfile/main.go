// Reads a Dockerfile by Docker's own code, for machines without Docker: `dockerfile FILE CONTEXT APP` prints what `docker build --check` complains of,
// the files of the context that the ignore file beside FILE lets through, the stages that APP needs, and the configuration of its image.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/moby/buildkit/client/llb/sourceresolver"
	"github.com/moby/buildkit/frontend/dockerfile/dockerfile2llb"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerui"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	"github.com/opencontainers/go-digest"
)

type step struct {
	Kind    string            `json:"kind"`
	Path    string            `json:"path,omitempty"`
	Run     string            `json:"run,omitempty"`
	From    string            `json:"from,omitempty"`
	Sources []string          `json:"sources,omitempty"`
	Owner   string            `json:"owner,omitempty"`
	Env     map[string]string `json:"env,omitempty"`
}

type stage struct {
	Name  string `json:"name"`
	Base  string `json:"base"`
	Steps []step `json:"steps"`
}

type report struct {
	Complaints []string `json:"complaints"`
	Context    []string `json:"context"`
	Stages     []stage  `json:"stages"`
	Image      any      `json:"image"`
}

func main() {
	if len(os.Args) != 4 {
		fail(fmt.Errorf("usage: dockerfile FILE CONTEXT APP"))
	}
	file, folder, app := os.Args[1], os.Args[2], os.Args[3]
	text, err := os.ReadFile(file)
	check(err)
	complaints, image := convert(text, app)
	check(json.NewEncoder(os.Stdout).Encode(report{
		Complaints: complaints,
		Context:    contextOf(folder, file+".dockerignore"),
		Stages:     stagesOf(text),
		Image:      image,
	}))
}

// An image of which nothing is known: what a base image brings along is not asked for.
type unknownImages struct{}

func (unknownImages) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	config := []byte(`{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/usr/local/bin:/usr/bin:/bin"]}}`)
	return ref, digest.FromBytes(config), config, nil
}

func convert(text []byte, app string) ([]string, any) {
	complaints := []string{}
	result, err := dockerfile2llb.Dockerfile2LLB(context.Background(), text, dockerfile2llb.ConvertOpt{
		Config:       dockerui.Config{BuildArgs: map[string]string{"APP": app}, LinterConfig: &linter.Config{}},
		MetaResolver: unknownImages{},
		Warn: func(rule, _, _, message string, at []parser.Range) {
			line := 0
			if len(at) > 0 {
				line = at[0].Start.Line
			}
			complaints = append(complaints, fmt.Sprintf("line %d: %s (%s)", line, message, rule))
		},
	})
	check(err)
	return complaints, result.Image.Config
}

func stagesOf(text []byte) []stage {
	parsed, err := parser.Parse(strings.NewReader(string(text)))
	check(err)
	found, _, err := instructions.Parse(parsed.AST, nil)
	check(err)
	stages := []stage{}
	for _, each := range found {
		stages = append(stages, stage{Name: each.Name, Base: each.BaseName, Steps: stepsOf(each.Commands)})
	}
	return stages
}

func stepsOf(commands []instructions.Command) []step {
	steps := []step{}
	for _, command := range commands {
		switch known := command.(type) {
		case *instructions.WorkdirCommand:
			steps = append(steps, step{Kind: "workdir", Path: known.Path})
		case *instructions.RunCommand:
			if !known.PrependShell || len(known.Files) > 0 {
				fail(fmt.Errorf("RUN is understood as one line for a shell alone: %s", known))
			}
			steps = append(steps, step{Kind: "run", Run: strings.Join(known.CmdLine, " ")})
		case *instructions.CopyCommand:
			steps = append(steps, step{Kind: "copy", From: known.From, Sources: known.SourcePaths, Path: known.DestPath, Owner: known.Chown})
		case *instructions.EnvCommand:
			env := map[string]string{}
			for _, pair := range known.Env {
				env[pair.Key] = pair.Value
			}
			steps = append(steps, step{Kind: "env", Env: env})
		}
	}
	return steps
}

func contextOf(folder, ignoreFile string) []string {
	ignored, err := os.Open(ignoreFile)
	check(err)
	patterns, err := ignorefile.ReadAll(ignored)
	check(err)
	matcher, err := patternmatcher.New(patterns)
	check(err)
	files := []string{}
	check(filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(folder, path)
		if err != nil || name == "." {
			return err
		}
		// Never sent, and by far the most there is.
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			if matches, err := matcher.MatchesOrParentMatches(name); err != nil || matches {
				return fs.SkipDir
			}
		}
		if entry.IsDir() {
			return nil
		}
		matches, err := matcher.MatchesOrParentMatches(name)
		if err == nil && !matches {
			files = append(files, filepath.ToSlash(name))
		}
		return err
	}))
	return files
}

func check(err error) {
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
