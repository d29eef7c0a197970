{{/*
Names and labels. They are those of the reference's charts to the letter: the
selector of a Deployment can't be changed, and `helm upgrade` from an installed
release of the reference must work.
*/}}

{{- define "pms.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "pms.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The fullname with a suffix, within 63 characters: dict "suffix" "…" "context" $ */}}
{{- define "pms.named" -}}
{{- $room := sub 62 (len .suffix) | int -}}
{{- printf "%s-%s" (include "pms.fullname" .context | trunc $room | trimSuffix "-") .suffix -}}
{{- end -}}

{{- define "pms.matchLabels" -}}
app.kubernetes.io/name: {{ include "pms.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "pms.standardLabels" -}}
app.kubernetes.io/name: {{ include "pms.name" . }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}

{{/* Labels of an object: the standard ones and commonLabels. */}}
{{- define "pms.labels" -}}
{{- $common := include "pms.render" (dict "value" .Values.commonLabels "context" $) | fromYaml -}}
{{- $standard := include "pms.standardLabels" . | fromYaml -}}
{{- mergeOverwrite (dict) $common $standard | toYaml -}}
{{- end -}}

{{/* Metadata of an object: dict "suffix" "…" (may be empty) "annotations" (dict) "context" $ */}}
{{- define "pms.metadata" -}}
{{- $root := .context -}}
name: {{ if .suffix }}{{ include "pms.named" . }}{{ else }}{{ include "pms.fullname" $root }}{{ end }}
namespace: {{ $root.Release.Namespace }}
labels:
  {{- include "pms.labels" $root | nindent 2 }}
{{- $annotations := include "pms.render" (dict "value" $root.Values.commonAnnotations "context" $root) | fromYaml }}
{{- $annotations = mergeOverwrite (dict) $annotations (default (dict) .annotations) }}
{{- with $annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* A value that may hold templates, or be nothing: dict "value" … "context" $ */}}
{{- define "pms.render" -}}
{{- if .value -}}
{{- if typeIs "string" .value -}}
{{- tpl .value .context -}}
{{- else -}}
{{- tpl (toYaml .value) .context -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "pms.serviceAccountName" -}}
{{- $account := default (dict) .Values.serviceAccount -}}
{{- if $account.create -}}
{{- default (include "pms.fullname" .) $account.name -}}
{{- else -}}
{{- default "default" $account.name -}}
{{- end -}}
{{- end -}}

{{/* registry/repository:tag: dict "image" (dict) "context" $ */}}
{{- define "pms.imageName" -}}
{{- $global := default (dict) .context.Values.global -}}
{{- $registry := default .image.registry $global.imageRegistry -}}
{{- $tag := default .context.Chart.AppVersion .image.tag | toString -}}
{{- $separator := ":" -}}
{{- with .image.digest -}}
{{- $separator = "@" -}}
{{- $tag = . | toString -}}
{{- end -}}
{{- if $registry -}}
{{- printf "%s/%s%s%s" $registry .image.repository $separator $tag -}}
{{- else -}}
{{- printf "%s%s%s" .image.repository $separator $tag -}}
{{- end -}}
{{- end -}}

{{/* imagePullSecrets of a pod: global and of the image; names or {name: …}. */}}
{{- define "pms.imagePullSecrets" -}}
{{- $global := default (dict) .context.Values.global -}}
{{- $names := list -}}
{{- range concat (default (list) $global.imagePullSecrets) (default (list) .image.pullSecrets) -}}
{{- if kindIs "map" . -}}{{- $names = append $names .name -}}{{- else -}}{{- $names = append $names . -}}{{- end -}}
{{- end -}}
{{- with $names | uniq -}}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end -}}
{{- end -}}

{{/* The image of the command line, for Jobs and the test. */}}
{{- define "pms.cliImage" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- include "pms.imageName" (dict "image" $pms.cli.image "context" .) -}}
{{- end -}}
