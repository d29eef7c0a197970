{{/* Jobs that run before an install or upgrade, and the test after one. */}}

{{/* The pod of the command line: dict "args" (list) "context" $ and, when wanted, "env" (text), "configMapName", "bare" (no settings). */}}
{{- define "pms.cliPod" -}}
{{- $root := .context -}}
{{- $pms := include "pms.values" $root | fromYaml -}}
{{- $with := set (omit $root "configMapName") "configMapName" (default "" .configMapName) -}}
{{- with include "pms.imagePullSecrets" (dict "image" $pms.cli.image "context" $root) -}}
{{ . }}
{{ end -}}
restartPolicy: Never
securityContext: {fsGroup: 1001}
containers:
  - name: pms
    image: {{ include "pms.cliImage" $root }}
    imagePullPolicy: {{ $pms.cli.image.pullPolicy }}
    securityContext: {{- include "pms.restricted" $root | nindent 6 }}
    args: {{- toYaml .args | nindent 6 }}
    {{- if not .bare }}
    env:
      - name: PMS__TELEMETRY__FORMAT
        value: json
      {{- with include "pms.env" $root | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with .env }}
      {{- . | nindent 6 }}
      {{- end }}
    {{- with include "pms.envFrom" $root | trim }}
    envFrom: {{- . | nindent 6 }}
    {{- end }}
    {{- with include "pms.volumeMounts" $root | trim }}
    volumeMounts: {{- . | nindent 6 }}
    {{- end }}
    {{- end }}
    resources: {{- toYaml $pms.cli.resources | nindent 6 }}
{{- if not .bare }}
{{- with include "pms.volumes" $with | trim }}
volumes: {{- . | nindent 2 }}
{{- end }}
{{- end }}
{{- end -}}

{{/*
Brings the schema up to date before the new pods start. Hooks run before the other
objects are there, so it has a copy of the configuration, and no account of its own.
*/}}
{{- define "pms.migrationJob" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- $named := include "pms.named" (dict "suffix" "migrate" "context" .) -}}
{{- if $pms.migration.enabled -}}
{{- if $pms.config }}
apiVersion: v1
kind: ConfigMap
metadata:
  {{- include "pms.metadata" (dict "suffix" "migrate" "annotations" (dict "helm.sh/hook" "pre-install,pre-upgrade" "helm.sh/hook-weight" "-5" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded") "context" $) | nindent 2 }}
data:
  pms.toml: {{ tpl $pms.config . | quote }}
---
{{- end }}
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "pms.metadata" (dict "suffix" "migrate" "annotations" (dict "helm.sh/hook" "pre-install,pre-upgrade" "helm.sh/hook-weight" "0" "helm.sh/hook-delete-policy" "before-hook-creation") "context" $) | nindent 2 }}
spec:
  backoffLimit: {{ $pms.migration.backoffLimit }}
  activeDeadlineSeconds: {{ $pms.migration.activeDeadlineSeconds }}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ $named }}
        app.kubernetes.io/instance: {{ .Release.Name }}
      annotations:
        {{- /* A mesh's sidecar would keep the pod from ever ending. */}}
        sidecar.istio.io/inject: "false"
    spec:
      automountServiceAccountToken: false
      {{- $env := "" }}
      {{- with $pms.migration.owner }}
      {{- if .existingSecret }}
      {{- $env = printf "- name: PMS_MIGRATE_USER\n  value: %s\n- name: PMS_MIGRATE_PASSWORD\n  valueFrom:\n    secretKeyRef: {name: %s, key: %s}" (quote .user) .existingSecret .passwordKey }}
      {{- end }}
      {{- end }}
      {{- include "pms.cliPod" (dict "args" (concat (list "migrate") $pms.migration.args) "env" $env "configMapName" (ternary $named "" (ne $pms.config "")) "context" $) | nindent 6 }}
{{- end -}}
{{- end -}}

{{/*
Makes the key encryption key in a secret of its own, if that is not there. A Job and
no template: every rendering would make another key. Nothing here ever changes or
deletes the secret, `helm uninstall` neither: without it no private key can be opened.
*/}}
{{- define "pms.kekJob" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if and $pms.kek.create (not $pms.kek.existingSecret) (eq $pms.keyManager.kind "embedded") -}}
{{- $before := dict "helm.sh/hook" "pre-install,pre-upgrade" "helm.sh/hook-weight" "-10" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded" -}}
{{- $named := include "pms.named" (dict "suffix" "make-kek" "context" .) -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  {{- include "pms.metadata" (dict "suffix" "make-kek" "annotations" $before "context" $) | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  {{- include "pms.metadata" (dict "suffix" "make-kek" "annotations" $before "context" $) | nindent 2 }}
rules:
  # Making alone: not reading, not changing, not deleting.
  - apiGroups: [""]
    resources: [secrets]
    verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  {{- include "pms.metadata" (dict "suffix" "make-kek" "annotations" $before "context" $) | nindent 2 }}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ $named }}}
subjects:
  - {kind: ServiceAccount, name: {{ $named }}, namespace: {{ .Release.Namespace }}}
---
apiVersion: batch/v1
kind: Job
metadata:
  {{- include "pms.metadata" (dict "suffix" "make-kek" "annotations" (dict "helm.sh/hook" "pre-install,pre-upgrade" "helm.sh/hook-weight" "-5" "helm.sh/hook-delete-policy" "before-hook-creation,hook-succeeded") "context" $) | nindent 2 }}
spec:
  backoffLimit: 2
  activeDeadlineSeconds: 300
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {{ $named }}
        app.kubernetes.io/instance: {{ .Release.Name }}
      annotations:
        sidecar.istio.io/inject: "false"
    spec:
      serviceAccountName: {{ $named }}
      {{- include "pms.cliPod" (dict "args" (list "keys" "make-kek" "--kubernetes-secret" (include "pms.kekSecret" .) "--secret-key" $pms.kek.key) "bare" true "context" $) | nindent 6 }}
{{- end -}}
{{- end -}}

{{/* `helm test`: looks at every peer and writes nothing. */}}
{{- define "pms.testPod" -}}
{{- $pms := include "pms.values" . | fromYaml -}}
{{- if $pms.test.enabled -}}
apiVersion: v1
kind: Pod
metadata:
  {{- $annotations := dict "helm.sh/hook" "test" "helm.sh/hook-delete-policy" "before-hook-creation" "sidecar.istio.io/inject" "false" }}
  {{- $metadata := include "pms.metadata" (dict "suffix" "check" "annotations" $annotations "context" $) | fromYaml }}
  {{- /* Not the labels of the service: its Service would send requests here. */}}
  {{- $_ := set $metadata.labels "app.kubernetes.io/name" $metadata.name }}
  {{- toYaml $metadata | nindent 2 }}
spec:
  automountServiceAccountToken: false
  {{- include "pms.cliPod" (dict "args" (list "check") "context" $) | nindent 2 }}
{{- end -}}
{{- end -}}
