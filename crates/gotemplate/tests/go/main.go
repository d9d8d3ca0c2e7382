// Renders cases with Go's own text/template: one JSON object a line in, one out.
//
// `go run main.go < cases.jsonl`, where a case has `tpl`, `mk` (the option missingkey)
// and `data`, or no data: then it gets `host()`, which ../host/mod.rs builds as well.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"
)

type Values map[string]any

func (v Values) Table(name string) (Values, error) {
	if m, ok := v[name].(map[string]any); ok {
		return m, nil
	}
	return nil, fmt.Errorf("%q is not a table", name)
}

func (v Values) Size() int { return len(v) }

type Set []string

func (s Set) Has(name string) bool {
	for _, n := range s {
		if n == name {
			return true
		}
	}
	return false
}

type Version struct {
	Version string
	Major   int
	Extra   any
	Next    *Version
	Labels  map[string]string
}

func (v *Version) Join(sep string, more ...int) string {
	return strings.Trim(fmt.Sprint(v.Version, sep, more), " ")
}

func (v *Version) Fail() (string, error) { return "", errors.New("it fails") }

type Name struct{ First string }

func (n *Name) String() string { return "I am " + n.First }

func host() any {
	return map[string]any{
		"int": 7, "i8": int8(-8), "i16": int16(16), "i32": int32(32), "i64": int64(64),
		"uint": uint(7), "u8": uint8(200), "u16": uint16(16), "u32": uint32(32), "u64": uint64(1) << 63,
		"f32": float32(0.1), "f64": 2.0, "c": complex(1, -2), "t": true, "s": "text", "bad": "a\xffb",
		"bytes": []byte("by\xfftes"), "strs": []string{"a", "b"}, "ints": []int{3, 1, 2},
		"nilmap": map[string]any(nil), "nillist": []any(nil), "nilver": (*Version)(nil), "nilbytes": []byte(nil), "nil": nil,
		"labels": map[string]string{"k": "v"}, "lists": [][]string{{"x"}, nil},
		"vals": Values{"a": map[string]any{"b": 1}, "n": 1.5}, "set": Set{"v1", "apps/v1"},
		"files": map[string][]byte{"f.txt": []byte("hi")},
		"ver": &Version{Version: "v1.2", Major: 1, Extra: 5, Next: &Version{Version: "n"}, Labels: map[string]string{"z": "1"}},
		"name": &Name{"Bob"}, "any": []any{1, int64(2), uint8(3), "s", nil, []string{"q"}, true},
		"func": func(a int, b ...string) string { return fmt.Sprint(a, b) },
	}
}

var functions = template.FuncMap{
	"fstr":    func(s string) string { return "<" + s + ">" },
	"fint":    func(i int) int { return i + 1 },
	"fi64":    func(i int64) int64 { return i + 1 },
	"fuint":   func(i uint) uint { return i },
	"fu8":     func(i uint8) uint8 { return i },
	"ffloat":  func(f float64) float64 { return f / 2 },
	"ff32":    func(f float32) float32 { return f },
	"fcomplex": func(c complex128) complex128 { return c },
	"fbool":   func(b bool) bool { return !b },
	"fmap":    func(m map[string]any) int { return len(m) },
	"flist":   func(l []any) int { return len(l) },
	"fstrs":   func(s ...string) []string { return s },
	"fany":    func(v any) any { return v },
	"fanys":   func(v ...any) []any { return v },
	"fmix":    func(s string, v any, n ...int) string { return fmt.Sprint(s, v, n) },
	"ferr":    func(s string) (string, error) { return "", errors.New("no " + s) },
	"fbytes":  func(b []byte) string { return string(b) },
	"fnil":    func() any { return nil },
	"fnilmap": func() map[string]any { return nil },
	"fvals":   func(v Values) int { return len(v) },
	"fver":    func(v *Version) string { return v.Version },
	"ftype":   func(v any) string { return fmt.Sprintf("%T", v) },
	"dict": func(kv ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i+1 < len(kv); i += 2 {
			m[fmt.Sprint(kv[i])] = kv[i+1]
		}
		return m
	},
	"set": func(m map[string]any, k string, v any) map[string]any { m[k] = v; return m },
}

type Case struct {
	Tpl, Mk string
	Data    *any
}

func run(c Case) (string, string) {
	mk := c.Mk
	if mk == "" {
		mk = "default"
	}
	t := template.New("t").Option("missingkey=" + mk)
	data := host()
	if c.Data != nil {
		data = *c.Data
	} else {
		t.Funcs(functions)
	}
	if _, err := t.Parse(c.Tpl); err != nil {
		return "", err.Error()
	}
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return b.String(), err.Error()
	}
	return b.String(), ""
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<26)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for in.Scan() {
		var c Case
		if err := json.Unmarshal(in.Bytes(), &c); err != nil {
			panic(err)
		}
		o, e := run(c)
		encoder.Encode(map[string]string{"Out": o, "Err": e})
	}
}
