// Reads a history of registers as JSON lines (one event a line, as test/check/history.ts writes them) from standard input and lets
// porcupine judge it: prints ok, illegal or unknown. A second opinion on the checker of this project.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/anishathalye/porcupine"
)

type event struct {
	Index   int             `json:"index"`
	Type    string          `json:"type"`
	Process int             `json:"process"`
	F       string          `json:"f"`
	Key     string          `json:"key"`
	Value   json.RawMessage `json:"value"`
}

type input struct {
	f        string
	key      string
	value    *int64
	expected *int64
}

// known is false when no answer came.
type output struct {
	known   bool
	value   *int64
	swapped bool
}

func same(left, right *int64) bool {
	if left == nil || right == nil {
		return left == right
	}
	return *left == *right
}

var model = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := map[string][]porcupine.Operation{}
		for _, operation := range history {
			key := operation.Input.(input).key
			parts[key] = append(parts[key], operation)
		}
		var all [][]porcupine.Operation
		for _, part := range parts {
			all = append(all, part)
		}
		return all
	},
	Init: func() interface{} { return (*int64)(nil) },
	Step: func(state, in, out interface{}) (bool, interface{}) {
		now, asked, answer := state.(*int64), in.(input), out.(output)
		switch asked.f {
		case "read":
			return !answer.known || same(now, answer.value), now
		case "write":
			return true, asked.value
		default:
			swaps := same(now, asked.expected)
			if answer.known && answer.swapped != swaps {
				return false, now
			}
			if swaps {
				return true, asked.value
			}
			return true, now
		}
	},
	Equal: func(left, right interface{}) bool { return same(left.(*int64), right.(*int64)) },
}

func main() {
	scanner := bufio.NewScanner(os.Stdin)
	scanner.Buffer(make([]byte, 1<<20), 1<<26)
	open := map[int]*porcupine.Operation{}
	var done []porcupine.Operation
	last := int64(0)
	for scanner.Scan() {
		var read event
		if err := json.Unmarshal(scanner.Bytes(), &read); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		last = int64(read.Index)
		if read.Type == "invoke" {
			asked := input{f: read.F, key: read.Key}
			if read.F == "cas" {
				var pair []json.RawMessage
				must(json.Unmarshal(read.Value, &pair))
				must(json.Unmarshal(pair[0], &asked.expected))
				must(json.Unmarshal(pair[1], &asked.value))
			} else {
				must(json.Unmarshal(read.Value, &asked.value))
			}
			open[read.Process] = &porcupine.Operation{ClientId: read.Process, Input: asked, Call: last, Output: output{}}
			continue
		}
		operation := open[read.Process]
		if read.Type == "info" {
			// The process may ask again: what it asked before stays open under way for ever.
			done = append(done, porcupine.Operation{
				ClientId: len(done) + 1<<20, Input: operation.Input, Call: operation.Call, Output: output{}, Return: -1,
			})
			delete(open, read.Process)
			continue
		}
		delete(open, read.Process)
		if read.Type == "fail" {
			continue
		}
		answer := output{known: true}
		switch read.F {
		case "read":
			must(json.Unmarshal(read.Value, &answer.value))
		case "cas":
			var triple []json.RawMessage
			must(json.Unmarshal(read.Value, &triple))
			must(json.Unmarshal(triple[2], &answer.swapped))
		}
		operation.Output, operation.Return = answer, last
		done = append(done, *operation)
	}
	for _, operation := range open {
		operation.Return = -1
		done = append(done, *operation)
	}
	for i := range done {
		if done[i].Return < 0 {
			done[i].Return = last + 1
		}
	}
	switch porcupine.CheckOperationsTimeout(model, done, 20*time.Second) {
	case porcupine.Ok:
		fmt.Println("ok")
	case porcupine.Illegal:
		fmt.Println("illegal")
	default:
		fmt.Println("unknown")
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
