{{- define "inc" }}[{{ . }}]{{ end }}{{ define "bad" }}

{{ .x.y.z }}{{ end }}{{ define "deep" }}{{ include "bad" . }}{{ end }}{{ define "boom" }}{{ fail "boom" }}{{ end }}{{ define "tb" }}{{ template "bad" . }}{{ end }}